//! The home timeline and the notifications that a post causes.

use super::incoming::{IncomingPost, Source};
use crate::domain::inbox::community::add_to_community;
use crate::domain::{Domain, notifications};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::notifications::NotificationKind;
use crate::store::relationships::follows::{self, Follow};
use crate::store::statuses::{self, ApprovalState, Status, mentions};
use crate::store::{Conn, timelines};

/// Adds a new status to the home timeline, and notifies the owner of it.
pub(super) fn add(post: IncomingPost<'_>, status: &Status) -> Result<()> {
    let IncomingPost { conn, domain, author, source, .. } = post;
    let follow = add_to_home(post, status)?;
    if follow.is_some_and(|f| f.notify) && source == Source::Delivered {
        notifications::notify(conn, domain, NotificationKind::Status, author.id, Some(status.id))?;
    }
    if let Source::ForGroup(group) = source {
        add_to_community(conn, domain, group, status)?;
    }
    add_replies_to_home(conn, domain.owner()?.id, status)?;
    if source == Source::Delivered { notify(conn, domain, status) } else { Ok(()) }
}

/// Adds a post to the home timeline if it belongs there. In that case, returns the owner's follow of its author.
pub(super) fn add_to_home(post: IncomingPost<'_>, status: &Status) -> Result<Option<Follow>> {
    let owner = post.domain.owner()?.id;
    let follow = follows::between(post.conn, owner, post.author.id)?.filter(|f| f.accepted);
    if follow.is_none() || !belongs_home(post.conn, owner, status)? {
        return Ok(None);
    }
    timelines::insert(post.conn, timelines::HOME, status.id)?;
    Ok(follow)
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

/// Adds the replies to a post to the home timeline that arrived before the post: whether they belong there depends on its
/// author.
fn add_replies_to_home(conn: &Conn, owner: ActorId, status: &Status) -> Result<()> {
    for id in statuses::answers_by_followed(conn, owner, status.id, limits::EARLY_REPLIES_SHOWN)? {
        let Some(reply) = statuses::get(conn, id)? else { continue };
        if belongs_home(conn, owner, &reply)? {
            timelines::insert(conn, timelines::HOME, id)?;
        }
    }
    Ok(())
}

/// Returns `false` for direct posts, which appear only in notifications, and for replies to actors that the owner does not
/// follow, as in Mastodon.
fn belongs_home(conn: &Conn, owner: ActorId, status: &Status) -> Result<bool> {
    if status.visibility == Visibility::Direct {
        return Ok(false);
    }
    if status.in_reply_to_uri.is_none() {
        return Ok(true);
    }
    let Some(parent) = status.in_reply_to_actor else { return Ok(false) };
    Ok(parent == owner || parent == status.actor_id || follows::is_accepted(conn, owner, parent)?)
}
