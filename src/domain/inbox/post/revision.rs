//! Applies a newer state of a stored post.

use super::home;
use super::incoming::IncomingPost;
use super::parts::{attach, fetch_group, group_of, permitted, set_mentions};
use crate::domain::interactions::{boost, quotes};
use crate::domain::posts::polls;
use crate::domain::preview_cards::requests;
use crate::domain::{Domain, addressing, notifications};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Object, Poll};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::interactions::quotes as stored_quotes;
use crate::store::notifications::NotificationKind;
use crate::store::statuses::polls as stored_polls;
use crate::store::statuses::{self, ApprovalState, Edit, PartsBefore, Quoted, Status};
use crate::store::{Conn, media, timelines};

/// Which parts of a post have changed besides text and media.
#[derive(Clone, Copy)]
struct Changes {
    poll: bool,
    quote: bool,
}

/// Applies a newer state of a stored post; an older state is dropped. A state without a time replaces the stored one without an
/// edit, as does a state in which nothing visible differs: PeerTube changes the date of a video with each like.
pub(crate) fn revise(post: IncomingPost<'_>, before: &Status) -> Result<()> {
    let IncomingPost { conn, domain, .. } = post;
    let object = &*permitted(post)?;
    let post = IncomingPost { object, ..post };
    let updated = object.updated.map(|u| u.min(domain.now()));
    let state_at = statuses::state_at(conn, before.id)?;
    if updated.zip(state_at).is_some_and(|(at, last)| is_older(at, last)) {
        return Ok(());
    }
    let signed = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    statuses::set_counts(conn, before.id, signed(object.shares), signed(object.likes))?;
    let parts = statuses::parts_before(conn, before.id)?;
    let poll = revise_poll(post, before)?;
    revise_approval(post, before)?;
    if let Some(group) = group_of(post)?.filter(|group| before.group != Some(*group)) {
        statuses::set_group(conn, before.id, group)?;
    }
    fetch_group(post)?;
    let last = before.edited_at.unwrap_or(before.created_at);
    if updated.is_some_and(|at| is_older(at, last)) {
        return Ok(());
    }
    if let Some(at) = updated {
        statuses::set_state_at(conn, before.id, at.max(state_at.unwrap_or(at)))?;
    }
    if before.kind == "Question" && object.poll.is_none() {
        stored_polls::remove(conn, before.id)?;
    }
    let owner = domain.owner()?.id;
    let mentioned_before = home::mentions_owner(conn, owner, before)?;
    let quote = replace_quote(post, before)?;
    let edited = rewrite(post, before, &parts, Changes { poll, quote })?;
    revise_visibility(post, before)?;
    let Some(after) = statuses::get(conn, before.id)? else { return Ok(()) };
    requests::renew(conn, domain, &after)?;
    if quote || !mentioned_before && home::mentions_owner(conn, owner, &after)? {
        home::notify(conn, domain, &after)?;
    }
    if edited { notify_of_edit(conn, domain, &after) } else { Ok(()) }
}

/// Writes the new state of a post. Returns `true` if it is an edit, for which the former state is kept.
fn rewrite(post: IncomingPost<'_>, before: &Status, parts: &PartsBefore, changes: Changes) -> Result<bool> {
    let IncomingPost { conn, domain, object, .. } = post;
    let media = media::of_status(conn, before.id)?;
    let same_media = media::are_these(&media, &object.attachments);
    let words = object.html != before.content || object.summary.as_deref().unwrap_or_default() != before.summary;
    let last = before.edited_at.unwrap_or(before.created_at);
    let unedited = new_state(object, before.edited_at);
    let shown = words || !same_media || changes.poll || changes.quote || !is_shown_as_before(before, &unedited);
    // A time in the future would count as newer each time that the post is read.
    let updated = object.updated.map(|u| u.min(domain.now())).filter(|at| !is_older(*at, last)).map(|at| at.max(last));
    let edited = updated.filter(|at| words || (shown && *at > last && object.updated == Some(*at)));
    if edited.is_some() {
        statuses::edit(conn, before, parts, &Edit { edited_at: edited, ..unedited })?;
        attach(post, before.id)?;
    } else if shown || !is_as_before(before, &unedited) {
        statuses::replace(conn, before.id, &unedited)?;
        attach(post, before.id)?;
    }
    Ok(edited.is_some())
}

/// Returns `true` if a state of the time `at` is older than one of the time `last`. Most documents have whole seconds, which may
/// mean any moment of the second; a post that states no time has the millisecond of its arrival.
fn is_older(at: Timestamp, last: Timestamp) -> bool {
    let seconds = |time: Timestamp| time.millis().div_euclid(1_000);
    match at.millis().rem_euclid(1_000) {
        0 => seconds(at) < seconds(last),
        _ => at < last,
    }
}

/// Applies the visibility that the post itself states.
fn revise_visibility(post: IncomingPost<'_>, before: &Status) -> Result<()> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    let stated = !object.audience.to.is_empty() || !object.audience.cc.is_empty();
    let visibility = addressing::visibility_of(object, None, author);
    if !stated || visibility == before.visibility {
        return Ok(());
    }
    statuses::set_visibility(conn, before, visibility)?;
    set_mentions(IncomingPost { addressed: None, ..post }, before.id)?;
    let after = Status { visibility, ..before.clone() };
    if visibility == Visibility::Direct {
        timelines::remove_status(conn, before.id)?;
    } else {
        home::add_to_home(post, &after)?;
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

/// Returns `true` if nothing visible changes, except perhaps text and media.
fn is_shown_as_before(before: &Status, edit: &Edit) -> bool {
    before.kind == edit.kind
        && before.title == edit.title
        && before.sensitive == edit.sensitive
        && before.details == edit.details
}

/// Returns `true` if nothing changes, except perhaps text and media.
fn is_as_before(before: &Status, edit: &Edit) -> bool {
    is_shown_as_before(before, edit)
        && before.language == edit.language
        && before.emoji == edit.emoji
        && before.policy == edit.policy
}

/// Applies newer counts of a poll, and notifies the owner if a poll has ended in which the owner voted. Returns `true` if the
/// options have changed.
fn revise_poll(post: IncomingPost<'_>, before: &Status) -> Result<bool> {
    let IncomingPost { conn, domain, object, .. } = post;
    let Some(poll) = &object.poll else { return Ok(before.kind == "Question") };
    let known = stored_polls::get(conn, before.id)?;
    let same = |k: &Poll| k.options.iter().map(|o| &o.title).eq(poll.options.iter().map(|o| &o.title));
    let changed = known.as_ref().is_none_or(|k| !same(k));
    if changed {
        stored_polls::forget_votes(conn, before.id)?;
    }
    stored_polls::set(conn, before.id, poll)?;
    let now = domain.now();
    let closed = polls::is_over(poll, now) && known.is_some_and(|k| !polls::is_over(&k, now));
    if closed && !stored_polls::votes_of(conn, before.id, domain.owner()?.id)?.is_empty() {
        notifications::notify_of_poll(conn, domain, before)?;
    }
    Ok(changed)
}

/// Replaces the quote if an edit quotes another post or none. Returns `true` if it does.
fn replace_quote(post: IncomingPost<'_>, before: &Status) -> Result<bool> {
    let IncomingPost { conn, domain, author, object, .. } = post;
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

/// Applies the approval of a quote, which an Update adds after the quote was sent.
fn revise_approval(post: IncomingPost<'_>, before: &Status) -> Result<()> {
    let IncomingPost { conn, domain, author, object, .. } = post;
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

/// Notifies the owner of the edit of a post that the owner has boosted or quotes.
fn notify_of_edit(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    for quote in stored_quotes::local_of(conn, status.id)? {
        notifications::notify(conn, domain, NotificationKind::QuotedUpdate, status.actor_id, Some(quote))?;
    }
    if statuses::boost_by(conn, status.id, domain.owner()?.id)?.is_some() {
        notifications::notify(conn, domain, NotificationKind::Update, status.actor_id, Some(status.id))?;
    }
    Ok(())
}
