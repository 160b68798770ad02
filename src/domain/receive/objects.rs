//! How a remote object becomes a status, and how it changes.

use std::borrow::Cow;

use super::Outcome;
use crate::domain::{Domain, audience, host_policy, notify, polls, quotes};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, ActorKind, Audience, Object, ObjectKind, Poll};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::notifications::Kind as Told;
use crate::store::polls as stored_polls;
use crate::store::quotes as stored_quotes;
use crate::store::statuses::{ConsentState, Edit, NewStatus, Quoted, Status};
use crate::store::visible::Viewer;
use crate::store::{Conn, actors, blocks, follows, media, search, statuses, tags, timelines, tombstones};

/// How an object came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Its author sent it: it may cause a notification.
    Delivered,
    /// We fetched it from its own server: it appears at its own date, silently.
    Fetched,
    /// As fetched, because this community passed it on.
    ForGroup(ActorId),
}

/// Takes a delivered object, if it concerns the owner: by somebody followed, to the owner, or an answer to the owner or a
/// quote.
pub(super) fn deliver(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    object: &Object,
    activity: &Activity,
) -> Result<Outcome> {
    if let Some(choice) = &object.vote {
        return polls::receive_vote(conn, domain, author, object, choice);
    }
    if object.type_name == "Story" {
        return Ok(Outcome::Ignored("a story is gone tomorrow"));
    }
    if !concerns_owner(conn, domain, author, object, activity)? {
        return Ok(Outcome::Ignored("it is by nobody whom the owner follows and not for the owner"));
    }
    Ok(match store_object(conn, domain, author, object, Some(&activity.audience), How::Delivered)? {
        Some(_) => Outcome::Stored,
        None => Outcome::Ignored("it was deleted"),
    })
}

fn concerns_owner(conn: &Conn, domain: &Domain, author: &Actor, object: &Object, activity: &Activity) -> Result<bool> {
    let owner = domain.owner()?;
    let named = object.mentions.iter().any(|m| m.href == owner.uri)
        || [&object.audience, &activity.audience]
            .iter()
            .any(|a| a.to.contains(&owner.uri) || a.cc.contains(&owner.uri));
    let answers = object.in_reply_to.as_deref().is_some_and(|uri| domain.site.owns(uri));
    let followed = || follows::is_accepted(conn, owner.id, author.id);
    Ok(named
        || answers
        || followed()?
        || joins_followed_thread(conn, owner.id, author, object, activity)?
        || quotes_owner(conn, domain, author, object)?)
}

/// An open reply to a stored post of an actor whom the owner follows, or in a thread that one began: as in Mastodon it is
/// stored, so that the thread is whole when it is opened.
fn joins_followed_thread(
    conn: &Conn,
    owner: ActorId,
    author: &Actor,
    object: &Object,
    activity: &Activity,
) -> Result<bool> {
    let Some(uri) = &object.in_reply_to else { return Ok(false) };
    if !audience::visibility_of(object, Some(&activity.audience), author).is_open() {
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
    if quote.state != ConsentState::Accepted || !domain.site.owns(&quote.uri) {
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
    how: How,
) -> Result<Option<Status>> {
    if let Some(status) = statuses::by_uri(conn, &object.id)? {
        if let How::ForGroup(group) = how {
            into_group(conn, domain, group, &status)?;
        }
        return Ok(Some(status));
    }
    if tombstones::covers(conn, &object.id, &author.uri)? {
        return Ok(None);
    }
    let object = &*permitted(conn, domain, author, object)?;
    let visibility = audience::visibility_of(object, addressed, author);
    let new = row(conn, domain, author, object, visibility)?;
    let Some(status) = statuses::insert(conn, &new)? else {
        return statuses::by_uri(conn, &object.id);
    };
    quotes::follow_up(conn, domain, &status)?;
    attach(conn, domain, status.id, object, addressed)?;
    arrive(conn, domain, author, &status, how)?;
    Ok(Some(status))
}

/// The object without the media that this server does not take.
fn permitted<'a>(conn: &Conn, domain: &Domain, author: &Actor, object: &'a Object) -> Result<Cow<'a, Object>> {
    let place = author.place();
    let attachments = host_policy::taken_media(conn, domain, &place, &object.attachments, |a| &a.url)?;
    let emoji = host_policy::taken_media(conn, domain, &place, &object.emoji, |e| &e.url)?;
    if (attachments.len(), emoji.len()) == (object.attachments.len(), object.emoji.len()) {
        return Ok(Cow::Borrowed(object));
    }
    Ok(Cow::Owned(Object { attachments, emoji, ..object.clone() }))
}

fn row(conn: &Conn, domain: &Domain, author: &Actor, object: &Object, visibility: Visibility) -> Result<NewStatus> {
    let now = domain.now();
    // A clock that is a little ahead is believed: Misskey drops a boost or reply that is dated before the post.
    let soon = now.plus(limits::CLOCK_AHEAD);
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
        edited_at: object.updated.map(|u| u.min(now)).filter(|u| *u > published),
        replies_uri: object.replies.clone(),
        counts: (count(object.shares), count(object.likes)),
        quote: quotes::of_object(conn, domain, author, object)?,
        policy: object.policy.clone(),
        details: object.details.clone(),
        group: match &object.group {
            Some(uri) => actors::by_uri(conn, uri)?.filter(|a| a.kind == ActorKind::Group).map(|a| a.id),
            None => None,
        },
    })
}

/// Media, tags, mentions, poll and search text of a stored object.
fn attach(conn: &Conn, domain: &Domain, id: StatusId, object: &Object, addressed: Option<&Audience>) -> Result<()> {
    media::replace_remote(conn, id, &object.attachments, || domain.next_id(), domain.now())?;
    tags::set_tags(conn, id, &object.hashtags)?;
    let mut named = mentions(conn, object, addressed)?;
    // An edit takes a post from nobody to whom it was sent.
    named.extend(tags::mentions_of(conn, id)?.into_iter().map(|m| (m.actor_id, true)));
    tags::set_mentions(conn, id, &named)?;
    if let (ObjectKind::Question, Some(poll)) = (object.kind, &object.poll) {
        stored_polls::set(conn, id, poll)?;
    }
    search::index(conn, id, &object.plain)
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
fn arrive(conn: &Conn, domain: &Domain, author: &Actor, status: &Status, how: How) -> Result<()> {
    let owner = domain.owner()?;
    let follow = follows::between(conn, owner.id, author.id)?.filter(|f| f.accepted);
    if let Some(follow) = &follow
        && belongs_home(conn, owner.id, status)?
    {
        timelines::insert(conn, timelines::HOME, status.id)?;
        if follow.notify && how == How::Delivered {
            notify::tell(conn, domain, Told::Status, author.id, Some(status.id))?;
        }
    }
    if let How::ForGroup(group) = how {
        into_group(conn, domain, group, status)?;
    }
    bring_answers_home(conn, owner.id, status)?;
    if how != How::Delivered {
        return Ok(());
    }
    if let Some(quoted) = status.quote.as_ref().filter(|q| q.state == ConsentState::Accepted).and_then(|q| q.status)
        && statuses::get(conn, quoted)?.is_some_and(|s| s.actor_id == owner.id)
    {
        // Whoever quotes mostly names too whom it quotes; that is told once.
        return notify::tell(conn, domain, Told::Quote, author.id, Some(status.id)).map(|_| ());
    }
    let mention = tags::mentions_of(conn, status.id)?.into_iter().find(|m| m.actor_id == owner.id);
    // Addressed but not named is silent, except in a direct message (Soapbox sends those without a mention).
    if mention.is_some_and(|m| !m.silent || status.visibility == Visibility::Direct) {
        notify::tell(conn, domain, Told::Mention, author.id, Some(status.id))?;
    }
    Ok(())
}

/// Whether an answer belongs at home hangs on whom it answers, which is known only now if it came first.
fn bring_answers_home(conn: &Conn, owner: ActorId, status: &Status) -> Result<()> {
    for id in statuses::answers_by_followed(conn, owner, status.id, limits::ANSWERS_BROUGHT_HOME)? {
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

/// Applies a newer state of a stored object. Of an older one only its counts and poll are taken; what comes without a time
/// takes the place of what was here, silently.
///
/// # Errors
/// When the database cannot be written.
pub fn revise(
    conn: &Conn,
    domain: &Domain,
    author: &Actor,
    before: &Status,
    object: &Object,
    addressed: Option<&Audience>,
) -> Result<()> {
    let object = &*permitted(conn, domain, author, object)?;
    let signed = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    statuses::set_counts(conn, before.id, signed(object.shares), signed(object.likes))?;
    revise_poll(conn, domain, before, object)?;
    revise_quote(conn, domain, author, before, object)?;
    let now = domain.now();
    let updated = object.updated.map(|u| u.min(now));
    // Times on the wire have whole seconds, so an edit may carry the very time of what it edits.
    let last = before.edited_at.unwrap_or(before.created_at);
    if updated.is_some_and(|at| at < last) {
        return Ok(());
    }
    if before.kind == "Question" && object.poll.is_none() {
        stored_polls::remove(conn, before.id)?;
    }
    requote(conn, domain, author, before, object)?;
    let media = media::of_status(conn, before.id)?;
    let same_media = media::are_these(&media, &object.attachments);
    let words = object.html != before.content || object.summary.as_deref().unwrap_or_default() != before.summary;
    // A time to come would be newer each time that it is read.
    let edited = updated.filter(|at| words || *at > last && object.updated == Some(*at));
    let edit = new_state(object, edited.or(before.edited_at));
    if edited.is_some() {
        let media_before: Vec<_> = media.iter().map(|m| m.id).collect();
        statuses::edit(conn, before, &media_before, &edit)?;
        attach(conn, domain, before.id, object, addressed)?;
        return tell_of_edit(conn, domain, before);
    }
    if words || !same_media || !is_as_before(before, &edit) {
        statuses::replace(conn, before.id, &edit)?;
        attach(conn, domain, before.id, object, addressed)?;
    }
    Ok(())
}

fn new_state(object: &Object, edited_at: Option<Timestamp>) -> Edit {
    Edit {
        kind: object.type_name.clone(),
        content: object.html.clone(),
        source: None,
        title: object.title.clone(),
        summary: object.summary.clone().unwrap_or_default(),
        sensitive: object.sensitive,
        language: object.language.clone(),
        emoji: object.emoji.clone(),
        policy: object.policy.clone(),
        details: object.details.clone(),
        edited_at,
    }
}

/// True if nothing changes but perhaps words and media.
fn is_as_before(before: &Status, edit: &Edit) -> bool {
    before.kind == edit.kind
        && before.title == edit.title
        && before.sensitive == edit.sensitive
        && before.language == edit.language
        && before.emoji == edit.emoji
        && before.policy == edit.policy
        && before.details == edit.details
}

/// Newer counts of a poll. The owner is told when its author has ended one that the owner voted in.
fn revise_poll(conn: &Conn, domain: &Domain, before: &Status, object: &Object) -> Result<()> {
    let Some(poll) = &object.poll else { return Ok(()) };
    let known = stored_polls::get(conn, before.id)?;
    let same = |k: &Poll| k.options.iter().map(|o| &o.title).eq(poll.options.iter().map(|o| &o.title));
    if known.as_ref().is_some_and(|k| !same(k)) {
        stored_polls::forget_votes(conn, before.id)?;
    }
    stored_polls::set(conn, before.id, poll)?;
    let now = domain.now();
    let closed = polls::is_over(poll, now) && known.is_some_and(|k| !polls::is_over(&k, now));
    if closed && !stored_polls::votes_of(conn, before.id, domain.owner()?.id)?.is_empty() {
        notify::tell_of_poll(conn, domain, before)?;
    }
    Ok(())
}

/// An edit quotes something else, or nothing any more.
fn requote(conn: &Conn, domain: &Domain, author: &Actor, before: &Status, object: &Object) -> Result<()> {
    let quoted = |q: &Option<Quoted>| q.as_ref().map(|q| q.uri.clone());
    let now = quotes::of_object(conn, domain, author, object)?;
    if quoted(&now) == quoted(&before.quote) {
        return Ok(());
    }
    stored_quotes::replace(conn, before.id, now.as_ref())?;
    match statuses::get(conn, before.id)? {
        Some(status) => quotes::follow_up(conn, domain, &status),
        None => Ok(()),
    }
}

/// The consent to a quote comes with an Update, later than the quote.
fn revise_quote(conn: &Conn, domain: &Domain, author: &Actor, before: &Status, object: &Object) -> Result<()> {
    let Some(known) = &before.quote else { return Ok(()) };
    let Some(now) = quotes::of_object(conn, domain, author, object)?.filter(|q| q.uri == known.uri) else {
        return Ok(());
    };
    let settled = matches!(known.state, ConsentState::Revoked | ConsentState::Rejected);
    if settled || known.approval == now.approval && known.state == ConsentState::Accepted {
        return Ok(());
    }
    stored_quotes::set_state(conn, before.id, now.state, now.approval.as_deref())?;
    match statuses::get(conn, before.id)? {
        Some(status) => quotes::follow_up(conn, domain, &status),
        None => Ok(()),
    }
}

fn tell_of_edit(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?;
    if statuses::boost_by(conn, status.id, owner.id)?.is_some() {
        notify::tell(conn, domain, Told::Update, status.actor_id, Some(status.id))?;
    }
    Ok(())
}
