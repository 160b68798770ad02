//! How a remote object becomes a status, and how it changes.

use std::borrow::Cow;

use super::revisions::revise;
use super::{Need, Outcome};
use crate::domain::interactions::quotes;
use crate::domain::posts::{self, VoteOutcome};
use crate::domain::{Domain, addressing, federation_policy, notifications};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{ActorKind, Audience, Object, ObjectKind};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::notifications::NotificationKind;
use crate::store::queues::jobs;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::polls as stored_polls;
use crate::store::statuses::{self, tags, tombstones};
use crate::store::statuses::{ApprovalState, NewStatus, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, media, search, timelines};

/// How an object came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Its author sent it: it may cause a notification.
    Delivered,
    /// We fetched it from its own server: it appears at its own date, silently.
    Fetched,
    /// As fetched, because this community passed it on.
    ForGroup(ActorId),
}

fn vote_outcome(outcome: VoteOutcome) -> Outcome {
    match outcome {
        VoteOutcome::Counted => Outcome::Applied,
        VoteOutcome::Repeated => Outcome::Ignored("the vote is here already"),
        VoteOutcome::NotOwnPoll => Outcome::Ignored("a vote in no poll of ours"),
        VoteOutcome::NotVisible => Outcome::Refused("there is no such poll for the actor"),
        VoteOutcome::PollOver => Outcome::Refused("the poll is over"),
        VoteOutcome::NoSuchOption => Outcome::Refused("the poll has no such option"),
        VoteOutcome::AlreadyVoted => Outcome::Refused("the actor has voted already"),
    }
}

/// Takes a delivered object, if it concerns the owner: by somebody followed, to the owner, or an answer to the owner or a
/// quote.
pub(crate) fn deliver(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    object: &Object,
    audience: &Audience,
) -> Result<Outcome> {
    if let Some(choice) = &object.vote {
        return Ok(vote_outcome(posts::receive_vote(conn, domain, author, object, choice)?));
    }
    if object.type_name == "Story" {
        return Ok(Outcome::Ignored("a story is gone tomorrow"));
    }
    if !concerns_owner(conn, domain, author, object, audience)? {
        return Ok(Outcome::Ignored("it is by nobody whom the owner follows and not for the owner"));
    }
    Ok(match store_object(conn, domain, author, object, Some(audience), Source::Delivered)? {
        Some(_) => Outcome::Stored,
        // A Create that its Delete has overtaken, or a post that its author has restored: its own server knows.
        None => Outcome::Needs(Need::Current(object.id.clone())),
    })
}

/// Takes a post that was fetched from its own server because an activity said that there is something new: as if its author
/// had sent what is shown there. That it is shown ends its deletion.
///
/// # Errors
/// When the database cannot be written.
pub fn take_current(conn: &Conn, domain: &Domain, author: &Actor, object: &Object) -> Result<Outcome> {
    if let Some(known) = statuses::by_uri(conn, &object.id)? {
        if known.actor_id != author.id {
            return Ok(Outcome::Refused("the post is by another author here"));
        }
        revise(conn, domain, author, &known, object, None)?;
    } else if concerns_owner(conn, domain, author, object, &Audience::default())? {
        tombstones::lift(conn, &object.id)?;
    }
    deliver(conn, domain, author, object, &Audience::default())
}

fn concerns_owner(conn: &Conn, domain: &Domain, author: &Actor, object: &Object, outer: &Audience) -> Result<bool> {
    let owner = domain.owner()?;
    let named = object.mentions.iter().any(|m| m.href == owner.uri)
        || [&object.audience, outer].iter().any(|a| a.to.contains(&owner.uri) || a.cc.contains(&owner.uri));
    let answers = object.in_reply_to.as_deref().is_some_and(|uri| domain.site.owns(uri));
    let followed = || follows::is_accepted(conn, owner.id, author.id);
    Ok(named
        || answers
        || followed()?
        || joins_followed_thread(conn, owner.id, author, object, outer)?
        || quotes_owner(conn, domain, author, object)?)
}

/// An open reply to a stored post of an actor whom the owner follows, or in a thread that one began: as in Mastodon it is
/// stored, so that the thread is whole when it is opened.
fn joins_followed_thread(
    conn: &Conn,
    owner: ActorId,
    author: &Actor,
    object: &Object,
    outer: &Audience,
) -> Result<bool> {
    let Some(uri) = &object.in_reply_to else { return Ok(false) };
    if !addressing::visibility_of(object, Some(outer), author).is_open() {
        return Ok(false);
    }
    let Some(parent) = statuses::by_uri(conn, uri)? else { return Ok(false) };
    let first = if parent.thread == parent.id { None } else { statuses::get(conn, parent.thread)? };
    for post in [Some(parent), first].into_iter().flatten() {
        for actor in [Some(post.actor_id), post.group].into_iter().flatten() {
            if follows::is_accepted(conn, owner, actor)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Most servers send a quote to the followers of who quotes and to whoever is quoted, without a word for the owner in it.
/// One that needs a consent which was not given is not for the owner.
fn quotes_owner(conn: &Conn, domain: &Domain, author: &Actor, object: &Object) -> Result<bool> {
    let Some(quote) = quotes::of_object(conn, domain, author, object)? else { return Ok(false) };
    if quote.state != ApprovalState::Accepted || !domain.site.owns(&quote.uri) {
        return Ok(false);
    }
    let Some(status) = statuses::by_uri(conn, &quote.uri)?.filter(|s| s.local && s.boost_of.is_none()) else {
        return Ok(false);
    };
    Ok(statuses::visible(conn, Viewer::Peer(author.id), status.id)?.is_some())
}

/// Stores an object of this author with its media, tags, mentions and poll, and puts it where it belongs. The
/// caller has made sure that the author is its author. Answers what is stored: the same status when it is here
/// already, nothing when it was deleted.
///
/// # Errors
/// When the database cannot be written.
pub fn store_object(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    object: &Object,
    addressed: Option<&Audience>,
    how: Source,
) -> Result<Option<Status>> {
    if let Some(status) = statuses::by_uri(conn, &object.id)? {
        if let Source::ForGroup(group) = how {
            into_group(conn, domain, group, &status)?;
        }
        if status.actor_id == author.id {
            come_again(conn, domain, author, &status, object, how)?;
        }
        return Ok(Some(status));
    }
    if tombstones::covers(conn, &object.id, &author.uri)? {
        return Ok(None);
    }
    let object = &*permitted(conn, domain, author, object)?;
    let visibility = addressing::visibility_of(object, addressed, author);
    let new = row(conn, domain, author, object, visibility)?;
    let Some(status) = statuses::insert(conn, &new)? else {
        return statuses::by_uri(conn, &object.id);
    };
    quotes::enqueue_fetches(conn, domain, &status)?;
    fetch_group(conn, domain, author, object)?;
    attach(conn, domain, status.id, object, addressed)?;
    if let Some(updated) = object.updated {
        statuses::set_state_at(conn, status.id, updated.min(domain.now()))?;
    }
    if how != Source::Delivered {
        statuses::await_author(conn, status.id)?;
    }
    arrive(conn, domain, author, &status, how)?;
    Ok(Some(status))
}

/// A post that is here already comes again. If it was only fetched, the Create of its author has all the effects that it
/// would have had; its content is taken if it is newer than what is here.
fn come_again(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    status: &Status,
    object: &Object,
    how: Source,
) -> Result<()> {
    if how != Source::Delivered {
        return bring_home(conn, domain, author, status).map(|_| ());
    }
    let last = statuses::state_at(conn, status.id)?.or(status.edited_at).unwrap_or(status.created_at);
    if object.updated.is_some_and(|at| at > last) {
        revise(conn, domain, author, status, object, None)?;
    }
    if statuses::author_sent(conn, status.id)? {
        arrive(conn, domain, author, status, how)?;
    }
    Ok(())
}

/// The community that an object names, if it is stored.
pub(crate) fn group_of(conn: &Conn, object: &Object) -> Result<Option<ActorId>> {
    let Some(uri) = &object.group else { return Ok(None) };
    Ok(actors::by_uri(conn, uri)?.filter(|a| a.kind == ActorKind::Group).map(|a| a.id))
}

/// Fetches a post by a followed actor once more, with the community of its server that it is in and that is new here.
pub(crate) fn fetch_group(conn: &Conn, domain: &Domain, author: &Actor, object: &Object) -> Result<()> {
    let Some(uri) = object.group.as_ref().filter(|uri| same_origin(uri, &author.uri)) else { return Ok(()) };
    if actors::id_by_uri(conn, uri)?.is_some() || !domain.owner_follows(conn, author.id)? {
        return Ok(());
    }
    let task = jobs::Task::FetchObject(object.id.clone());
    jobs::enqueue_for(conn, &task, jobs::Cause::Followed, domain.now()).map(|_| ())
}

/// The object without the media that this server does not take.
pub(crate) fn permitted<'a>(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    object: &'a Object,
) -> Result<Cow<'a, Object>> {
    let place = author.place();
    let attachments = federation_policy::taken_media(conn, domain, &place, &object.attachments, |a| &a.url)?;
    let emoji = federation_policy::taken_media(conn, domain, &place, &object.emoji, |e| &e.url)?;
    if (attachments.len(), emoji.len()) == (object.attachments.len(), object.emoji.len()) {
        return Ok(Cow::Borrowed(object));
    }
    Ok(Cow::Owned(Object { attachments, emoji, ..object.clone() }))
}

fn row(conn: &Conn, domain: &Domain, author: &Actor, object: &Object, visibility: Visibility) -> Result<NewStatus> {
    let now = domain.now();
    // A clock that is a little ahead is believed: Misskey drops a boost or reply that is dated before the post.
    let soon = now.plus(limits::PUBLISHED_CLOCK_SKEW);
    let published = object.published.filter(|at| *at <= soon).unwrap_or(now);
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
        visibility,
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
        group: group_of(conn, object)?,
    })
}

/// PeerTube and Funkwhale date a recording anew whenever it is counted, so on arrival that is no sign of an edit.
fn is_recording(object: &Object) -> bool {
    matches!(object.kind, ObjectKind::Video | ObjectKind::Audio)
}

/// Media, tags, mentions, poll and search text of a stored object.
pub(crate) fn attach(
    conn: &Conn,
    domain: &Domain,
    id: StatusId,
    object: &Object,
    addressed: Option<&Audience>,
) -> Result<()> {
    media::replace_remote(conn, id, &object.attachments, || domain.next_id(), domain.now())?;
    tags::set_tags(conn, id, &object.hashtags)?;
    set_mentions(conn, id, object, addressed)?;
    if let (ObjectKind::Question, Some(poll)) = (object.kind, &object.poll) {
        stored_polls::set(conn, id, poll)?;
    }
    search::index(conn, id, &object.plain)
}

pub(crate) fn set_mentions(conn: &Conn, id: StatusId, object: &Object, addressed: Option<&Audience>) -> Result<()> {
    let mut named = mentions(conn, object, addressed)?;
    // An edit takes a post from nobody to whom it was sent.
    named.extend(tags::mentions_of(conn, id)?.into_iter().map(|m| (m.actor_id, true)));
    tags::set_mentions(conn, id, &named)
}

/// Those named in the text, and silently those only addressed. Actors that we do not know are left out: a stranger
/// must not make us fetch whom it names.
fn mentions(conn: &Conn, object: &Object, addressed: Option<&Audience>) -> Result<Vec<(ActorId, bool)>> {
    let mut found = Vec::new();
    for mention in object.mentions.iter().take(limits::REMOTE_MENTIONS) {
        if let Some(id) = actors::id_by_uri(conn, &mention.href)? {
            found.push((id, false));
        }
    }
    let outer = addressed.map(|a| a.to.iter().chain(&a.cc)).into_iter().flatten();
    for uri in object.audience.to.iter().chain(&object.audience.cc).chain(outer).take(limits::REMOTE_MENTIONS * 2) {
        if let Some(id) = actors::id_by_uri(conn, uri)? {
            found.push((id, true));
        }
    }
    Ok(found)
}

/// Puts a new status into the home timeline, and tells the owner if it names the owner.
fn arrive(conn: &Conn, domain: &Domain, author: &Actor, status: &Status, how: Source) -> Result<()> {
    let owner = domain.owner()?;
    if bring_home(conn, domain, author, status)?.is_some_and(|f| f.notify) && how == Source::Delivered {
        notifications::tell(conn, domain, NotificationKind::Status, author.id, Some(status.id))?;
    }
    if let Source::ForGroup(group) = how {
        into_group(conn, domain, group, status)?;
    }
    bring_answers_home(conn, owner.id, status)?;
    if how != Source::Delivered {
        return Ok(());
    }
    tell_of(conn, domain, status)
}

/// Puts a post into the home timeline if it belongs there. Returns the owner's follow of its author then.
pub(crate) fn bring_home(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    status: &Status,
) -> Result<Option<follows::Follow>> {
    let owner = domain.owner()?.id;
    let follow = follows::between(conn, owner, author.id)?.filter(|f| f.accepted);
    if follow.is_none() || !belongs_home(conn, owner, status)? {
        return Ok(None);
    }
    timelines::insert(conn, timelines::HOME, status.id)?;
    Ok(follow)
}

/// Notifies the owner of a post that quotes or names the owner.
pub(crate) fn tell_of(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    if let Some(quoted) = status.quote.as_ref().filter(|q| q.state == ApprovalState::Accepted).and_then(|q| q.status)
        && statuses::get(conn, quoted)?.is_some_and(|s| s.actor_id == owner)
    {
        // Whoever quotes mostly names too whom it quotes; that is told once.
        return notifications::tell(conn, domain, NotificationKind::Quote, status.actor_id, Some(status.id))
            .map(|_| ());
    }
    if names_owner(conn, owner, status)? {
        notifications::tell(conn, domain, NotificationKind::Mention, status.actor_id, Some(status.id))?;
    }
    Ok(())
}

/// True if a post names the owner. Addressed but not named is silent, except in a direct message (Soapbox sends those
/// without a mention).
pub(crate) fn names_owner(conn: &Conn, owner: ActorId, status: &Status) -> Result<bool> {
    let mention = tags::mentions_of(conn, status.id)?.into_iter().find(|m| m.actor_id == owner);
    Ok(mention.is_some_and(|m| !m.silent || status.visibility == Visibility::Direct))
}

/// Whether an answer belongs at home hangs on whom it answers, which is known only now if it came first.
fn bring_answers_home(conn: &Conn, owner: ActorId, status: &Status) -> Result<()> {
    for id in statuses::answers_by_followed(conn, owner, status.id, limits::EARLY_REPLIES_SHOWN)? {
        let Some(answer) = statuses::get(conn, id)? else { continue };
        if belongs_home(conn, owner, &answer)? {
            timelines::insert(conn, timelines::HOME, id)?;
        }
    }
    Ok(())
}

/// Notes that a community has passed a post on. Of a community that the owner follows the posts are at home; comments are
/// in their threads.
///
/// # Errors
/// When the database cannot be written.
pub fn into_group(conn: &Conn, domain: &Domain, group: ActorId, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    if !status.visibility.is_open() {
        return Ok(());
    }
    if status.group.is_none() {
        statuses::set_group(conn, status.id, group)?;
    }
    let followed = follows::is_accepted(conn, owner, group)?;
    if followed && status.in_reply_to_uri.is_none() && !blocks::exists(conn, owner, status.actor_id)? {
        timelines::insert(conn, timelines::HOME, status.id)?;
    }
    Ok(())
}

/// Direct messages are in notifications and not at home; an answer is at home when the owner follows the other
/// side too, as in Mastodon.
fn belongs_home(conn: &Conn, owner: ActorId, status: &Status) -> Result<bool> {
    if status.visibility == Visibility::Direct {
        return Ok(false);
    }
    if status.in_reply_to_uri.is_none() {
        return Ok(true);
    }
    let Some(other) = status.in_reply_to_actor else { return Ok(false) };
    Ok(other == owner || other == status.actor_id || follows::is_accepted(conn, owner, other)?)
}
