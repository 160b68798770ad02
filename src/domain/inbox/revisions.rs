//! How a stored post changes when a newer state of it comes.

use super::note::{attach, bring_home, fetch_group, group_of, names_owner, permitted, set_mentions, tell_of};
use crate::domain::interactions::{boost, quotes};
use crate::domain::posts::polls;
use crate::domain::{Domain, addressing, notifications};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Audience, Object, Poll};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::interactions::quotes as stored_quotes;
use crate::store::notifications::NotificationKind;
use crate::store::statuses::polls as stored_polls;
use crate::store::statuses::{ApprovalState, Edit, Quoted, Status};
use crate::store::{Conn, media, statuses, timelines};

/// Applies a newer state of a stored object; nothing of an older one. What comes without a time takes the place of what was
/// here, silently, and so does what differs in nothing that is shown: PeerTube dates a video anew for each like.
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
    let updated = object.updated.map(|u| u.min(domain.now()));
    let state_at = statuses::state_at(conn, before.id)?;
    if updated.zip(state_at).is_some_and(|(at, last)| at < last) {
        return Ok(());
    }
    let signed = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    statuses::set_counts(conn, before.id, signed(object.shares), signed(object.likes))?;
    let other_poll = revise_poll(conn, domain, before, object)?;
    revise_quote(conn, domain, author, before, object)?;
    if let Some(group) = group_of(conn, object)?.filter(|group| before.group != Some(*group)) {
        statuses::set_group(conn, before.id, group)?;
    }
    fetch_group(conn, domain, author, object)?;
    // Times on the wire have whole seconds, so an edit may carry the very time of what it edits.
    let last = before.edited_at.unwrap_or(before.created_at);
    if updated.is_some_and(|at| at < last) {
        return Ok(());
    }
    if let Some(at) = updated {
        statuses::set_state_at(conn, before.id, at)?;
    }
    if before.kind == "Question" && object.poll.is_none() {
        stored_polls::remove(conn, before.id)?;
    }
    let told_before = names_owner(conn, domain.owner()?.id, before)?;
    let other_quote = requote(conn, domain, author, before, object)?;
    let edited = rewrite(conn, domain, before, object, (addressed, other_poll || other_quote))?;
    revise_visibility(conn, domain, author, before, object)?;
    let Some(after) = statuses::get(conn, before.id)? else { return Ok(()) };
    if other_quote || !told_before && names_owner(conn, domain.owner()?.id, &after)? {
        tell_of(conn, domain, &after)?;
    }
    if edited { tell_of_edit(conn, domain, &after) } else { Ok(()) }
}

/// Writes the new state of a post. Returns whether that is an edit, of which the former state is kept.
fn rewrite(
    conn: &Conn,
    domain: &Domain,
    before: &Status,
    object: &Object,
    (addressed, other_parts): (Option<&Audience>, bool),
) -> Result<bool> {
    let media = media::of_status(conn, before.id)?;
    let same_media = media::are_these(&media, &object.attachments);
    let words = object.html != before.content || object.summary.as_deref().unwrap_or_default() != before.summary;
    let last = before.edited_at.unwrap_or(before.created_at);
    let unedited = new_state(object, before.edited_at);
    let shown = words || !same_media || other_parts || !is_shown_as_before(before, &unedited);
    // A time to come would be newer each time that it is read.
    let updated = object.updated.map(|u| u.min(domain.now())).filter(|at| *at >= last);
    let edited = updated.filter(|at| words || (shown && *at > last && object.updated == Some(*at)));
    if edited.is_some() {
        let media_before: Vec<_> = media.iter().map(|m| m.id).collect();
        statuses::edit(conn, before, &media_before, &Edit { edited_at: edited, ..unedited })?;
        attach(conn, domain, before.id, object, addressed)?;
    } else if shown || !is_as_before(before, &unedited) {
        statuses::replace(conn, before.id, &unedited)?;
        attach(conn, domain, before.id, object, addressed)?;
    }
    Ok(edited.is_some())
}

/// A post that says itself who it is for is for no more and no fewer people from now on.
fn revise_visibility(conn: &Conn, domain: &Domain, author: &Actor, before: &Status, object: &Object) -> Result<()> {
    let stated = !object.audience.to.is_empty() || !object.audience.cc.is_empty();
    let visibility = addressing::visibility_of(object, None, author);
    if !stated || visibility == before.visibility {
        return Ok(());
    }
    statuses::set_visibility(conn, before, visibility)?;
    set_mentions(conn, before.id, object, None)?;
    let after = Status { visibility, ..before.clone() };
    if visibility == Visibility::Direct {
        timelines::remove_status(conn, timelines::HOME, before.id)?;
    } else {
        bring_home(conn, domain, author, &after)?;
    }
    if visibility.is_open() { Ok(()) } else { boost::remove_of_status(conn, domain, &after) }
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

/// True if nothing that is shown changes but perhaps words and media.
fn is_shown_as_before(before: &Status, edit: &Edit) -> bool {
    before.kind == edit.kind
        && before.title == edit.title
        && before.sensitive == edit.sensitive
        && before.details == edit.details
}

/// True if nothing changes but perhaps words and media.
fn is_as_before(before: &Status, edit: &Edit) -> bool {
    is_shown_as_before(before, edit)
        && before.language == edit.language
        && before.emoji == edit.emoji
        && before.policy == edit.policy
}

/// Newer counts of a poll. The owner is told when its author has ended one that the owner voted in. Returns whether it has
/// other options than before.
fn revise_poll(conn: &Conn, domain: &Domain, before: &Status, object: &Object) -> Result<bool> {
    let Some(poll) = &object.poll else { return Ok(before.kind == "Question") };
    let known = stored_polls::get(conn, before.id)?;
    let same = |k: &Poll| k.options.iter().map(|o| &o.title).eq(poll.options.iter().map(|o| &o.title));
    let other = known.as_ref().is_none_or(|k| !same(k));
    if other {
        stored_polls::forget_votes(conn, before.id)?;
    }
    stored_polls::set(conn, before.id, poll)?;
    let now = domain.now();
    let closed = polls::is_over(poll, now) && known.is_some_and(|k| !polls::is_over(&k, now));
    if closed && !stored_polls::votes_of(conn, before.id, domain.owner()?.id)?.is_empty() {
        notifications::tell_of_poll(conn, domain, before)?;
    }
    Ok(other)
}

/// An edit quotes something else, or nothing any more. Returns whether it does.
fn requote(conn: &Conn, domain: &Domain, author: &Actor, before: &Status, object: &Object) -> Result<bool> {
    let quoted = |q: &Option<Quoted>| q.as_ref().map(|q| q.uri.clone());
    let now = quotes::of_object(conn, domain, author, object)?;
    if quoted(&now) == quoted(&before.quote) {
        return Ok(false);
    }
    stored_quotes::replace(conn, before.id, now.as_ref())?;
    if let Some(status) = statuses::get(conn, before.id)? {
        quotes::enqueue_fetches(conn, domain, &status)?;
    }
    Ok(true)
}

/// The consent to a quote comes with an Update, later than the quote.
fn revise_quote(conn: &Conn, domain: &Domain, author: &Actor, before: &Status, object: &Object) -> Result<()> {
    let Some(known) = &before.quote else { return Ok(()) };
    let Some(now) = quotes::of_object(conn, domain, author, object)?.filter(|q| q.uri == known.uri) else {
        return Ok(());
    };
    let settled = matches!(known.state, ApprovalState::Revoked | ApprovalState::Rejected);
    if settled || known.approval == now.approval && known.state == ApprovalState::Accepted {
        return Ok(());
    }
    stored_quotes::set_state(conn, before.id, now.state, now.approval.as_deref())?;
    match statuses::get(conn, before.id)? {
        Some(status) => quotes::enqueue_fetches(conn, domain, &status),
        None => Ok(()),
    }
}

fn tell_of_edit(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?;
    if statuses::boost_by(conn, status.id, owner.id)?.is_some() {
        notifications::tell(conn, domain, NotificationKind::Update, status.actor_id, Some(status.id))?;
    }
    Ok(())
}
