//! The home timeline and the notifications that a post causes.

use super::incoming::{IncomingPost, Source};
use crate::domain::inbox::community::add_to_community;
use crate::domain::relationships::timelines;
use crate::domain::{Domain, notifications};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::notifications::NotificationKind;
use crate::store::relationships::follows::{self, Follow};
use crate::store::statuses::{self, ApprovalState, Status, mentions};

/// Adds a new status to the home timeline, and notifies the owner of it.
pub(super) fn add(post: IncomingPost<'_>, status: &Status) -> Result<()> {
    let IncomingPost { conn, domain, author, source, .. } = post;
    let follow = add_to_home(post, status)?;
    if follow.is_none() {
        timelines::add_tagged(conn, domain, author, status)?;
    }
    let is_reply_to_other = status.in_reply_to_uri.is_some() && status.in_reply_to_actor != Some(author.id);
    if follow.is_some_and(|f| f.notify) && source == Source::Delivered && !is_reply_to_other {
        notifications::notify(conn, domain, NotificationKind::Status, author.id, Some(status.id))?;
    }
    if let Source::ForGroup(group) = source {
        add_to_community(conn, domain, group, status)?;
    }
    add_replies_to_home(conn, domain, status)?;
    if source == Source::Delivered { notify(conn, domain, status) } else { Ok(()) }
}

/// Adds a post to the timelines that it belongs in. Returns the owner's follow of its author if that wants the post.
pub(super) fn add_to_home(post: IncomingPost<'_>, status: &Status) -> Result<Option<Follow>> {
    let owner = post.domain.owner()?.id;
    let Some(follow) = follows::between(post.conn, owner, post.author.id)? else { return Ok(None) };
    Ok(timelines::add_followed(post.conn, post.domain, &follow, status)?.then_some(follow))
}

/// Notifies the owner of a post that quotes or mentions the owner.
pub(super) fn notify(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    let quoted = status.quote.as_ref().filter(|q| q.state == ApprovalState::Accepted).and_then(|q| q.status);
    let kind = match quoted.map(|id| statuses::get(conn, id)).transpose()?.flatten() {
        // Most quotes also mention the quoted author. One notification is enough.
        Some(quoted) if quoted.actor_id == owner => NotificationKind::Quote,
        _ if mentions_owner(conn, owner, status)? => NotificationKind::Mention,
        _ => return Ok(()),
    };
    notifications::notify(conn, domain, kind, status.actor_id, Some(status.id)).map(|_| ())
}

/// Returns `true` if a post mentions the owner. Being addressed without a mention counts only in direct posts, which Soapbox
/// sends without a mention.
pub(super) fn mentions_owner(conn: &Conn, owner: ActorId, status: &Status) -> Result<bool> {
    let mention = mentions::of_status(conn, status.id)?.into_iter().find(|m| m.actor_id == owner);
    Ok(mention.is_some_and(|m| !m.silent || status.visibility == Visibility::Direct))
}

/// Adds the replies to a post to the timelines that arrived before the post: whether they belong there depends on its
/// author.
fn add_replies_to_home(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    for id in statuses::answers_by_followed(conn, owner, status.id, limits::EARLY_REPLIES_SHOWN)? {
        let Some(reply) = statuses::get(conn, id)? else { continue };
        if let Some(follow) = follows::between(conn, owner, reply.actor_id)? {
            timelines::add_followed(conn, domain, &follow, &reply)?;
        }
    }
    Ok(())
}
