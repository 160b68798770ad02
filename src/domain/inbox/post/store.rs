//! Stores an object as a status.

use super::home;
use super::incoming::{IncomingPost, Source};
use super::parts::{attach, fetch_group, group_of, permitted};
use super::revision::revise;
use crate::domain::inbox::community::add_to_community;
use crate::domain::interactions::quotes;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Object, ObjectKind};
use crate::store::statuses::{self, NewStatus, Status, tombstones};

impl IncomingPost<'_> {
    /// Stores the object with its media, hashtags, mentions and poll, and adds it to the timelines. Returns the stored status,
    /// also if it was stored before, or `None` if it was deleted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn store(self) -> Result<Option<Status>> {
        let Self { conn, domain, author, source, .. } = self;
        if let Some(status) = statuses::by_uri(conn, &self.object.id)? {
            if let Source::ForGroup(group) = source {
                add_to_community(conn, domain, group, &status)?;
            }
            if status.actor_id == author.id {
                store_again(self, &status)?;
            }
            return Ok(Some(status));
        }
        if tombstones::covers(conn, &self.object.id, &author.uri)? {
            return Ok(None);
        }
        let object = &*permitted(self)?;
        let post = IncomingPost { object, ..self };
        let Some(status) = statuses::insert(conn, &row(post)?)? else {
            return statuses::by_uri(conn, &object.id);
        };
        quotes::enqueue_fetches(conn, domain, &status)?;
        fetch_group(post)?;
        attach(post, status.id)?;
        if let Some(updated) = object.updated {
            statuses::set_state_at(conn, status.id, updated.min(domain.now()))?;
        }
        if source != Source::Delivered {
            statuses::await_author(conn, status.id)?;
        }
        home::add(post, &status)?;
        Ok(Some(status))
    }

    /// Applies a fetched state of a stored post, or stores the post. Returns `None` if it was deleted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn store_or_revise(self) -> Result<Option<Status>> {
        let known = statuses::by_uri(self.conn, &self.object.id)?;
        if let Some(known) = known.filter(|s| s.actor_id == self.author.id) {
            revise(self, &known)?;
        }
        self.store()
    }
}

/// Applies an object that is stored already. If it was only fetched before, its delivery has all the effects that it would have
/// had; its content is applied if it is newer than the stored one.
fn store_again(post: IncomingPost<'_>, status: &Status) -> Result<()> {
    let IncomingPost { conn, object, .. } = post;
    if post.source != Source::Delivered {
        return home::add_to_home(post, status).map(|_| ());
    }
    let last = statuses::state_at(conn, status.id)?.or(status.edited_at).unwrap_or(status.created_at);
    if object.updated.is_some_and(|at| at > last) {
        revise(IncomingPost { addressed: None, ..post }, status)?;
    }
    if statuses::author_sent(conn, status.id)? {
        home::add(post, status)?;
    }
    Ok(())
}

fn row(post: IncomingPost<'_>) -> Result<NewStatus> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    let now = domain.now();
    // A clock that is slightly ahead is accepted: Misskey drops a boost or reply that is dated before its post.
    let latest = now.plus(limits::PUBLISHED_CLOCK_SKEW);
    let published = object.published.filter(|at| *at <= latest).unwrap_or(now);
    let count = |n: Option<u64>| i64::try_from(n.unwrap_or(0)).unwrap_or(0);
    Ok(NewStatus {
        id: statuses::free_id(conn, published.min(now))?,
        uri: object.id.clone(),
        url: object.url.clone(),
        local: false,
        actor_id: author.id,
        boost_of: None,
        in_reply_to_uri: object.in_reply_to.clone(),
        conversation: object.conversation.clone(),
        kind: object.type_name.clone(),
        visibility: post.visibility(),
        content: object.html.clone(),
        source: None,
        title: object.title.clone(),
        summary: object.summary.clone().unwrap_or_default(),
        sensitive: object.sensitive,
        language: object.language.clone(),
        emoji: object.emoji.clone(),
        app_id: None,
        created_at: published,
        edited_at: object.updated.map(|u| u.min(now)).filter(|u| *u > published && !is_recording(object)),
        replies_uri: object.replies.clone(),
        counts: (count(object.shares), count(object.likes)),
        quote: quotes::of_object(conn, domain, author, object)?,
        policy: object.policy.clone(),
        details: object.details.clone(),
        group: group_of(post)?,
    })
}

/// PeerTube and Funkwhale change the date of a recording whenever it is counted, so a new one does not mean an edit.
fn is_recording(object: &Object) -> bool {
    matches!(object.kind, ObjectKind::Video | ObjectKind::Audio)
}
