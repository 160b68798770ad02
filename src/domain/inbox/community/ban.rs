//! Bans of the owner from a community, or from a server with all its communities, as Lemmy sends them: a Block with a `target`.

use crate::domain::inbox::inbound::Inbound;
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored, Refused};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::error::Result;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind};
use crate::store::actors;
use crate::store::relationships::follows::{self, Follow};

/// Ends the owner's memberships, as the server has done, and keeps the reason for the page of the community.
pub(crate) fn ban(inbound: Inbound<'_>) -> Result<Outcome> {
    let memberships = match memberships(inbound)? {
        Ok(memberships) => memberships,
        Err(outcome) => return Ok(outcome),
    };
    let mut reason = "The moderators have banned you".to_owned();
    if let Some(words) = &inbound.activity.content {
        reason = format!("{reason}: {words}");
    }
    for follow in &memberships {
        follows::fail(inbound.conn, follow, &reason)?;
    }
    Ok(if memberships.is_empty() { Ignored(Reason::NotAMember) } else { Applied })
}

/// Ends a ban: `inbound` has the Block as its activity. The memberships stay ended, but their pages no longer show the reason.
pub(crate) fn unban(inbound: Inbound<'_>) -> Result<Outcome> {
    let memberships = match memberships(inbound)? {
        Ok(memberships) => memberships,
        Err(outcome) => return Ok(outcome),
    };
    let mut ended = memberships.iter().filter(|follow| follow.failure.is_some()).peekable();
    let is_known = ended.peek().is_some();
    for follow in ended {
        follows::remove(inbound.conn, follow)?;
    }
    Ok(if is_known { Applied } else { Ignored(Reason::NothingToUndo) })
}

/// The ban that an Undo ends.
pub(crate) fn ban_in(undo: &Activity) -> Option<&Activity> {
    undo.inner.as_deref().filter(|inner| inner.kind == ActivityKind::Block && inner.target.is_some())
}

/// The memberships that a ban ends. Only actors on the origin of a community can ban from it; moderators on other servers reach
/// this server through the community, which announces the ban.
fn memberships(inbound: Inbound<'_>) -> Result<std::result::Result<Vec<Follow>, Outcome>> {
    let Inbound { conn, signer, activity, .. } = inbound;
    let owner = inbound.owner()?;
    let Some(target) = activity.target.as_deref() else { return Ok(Err(Ignored(Reason::NoTarget))) };
    if inbound.object_id() != Some(owner.uri.as_str()) {
        return Ok(Err(Ignored(Reason::NotTheOwner)));
    }
    if !same_origin(target, &signer.uri) {
        return Ok(Err(Refused(Reason::ForeignCommunity)));
    }
    let community = actors::by_uri(conn, target)?.filter(|a| a.kind != ActorKind::Application);
    if let Some(community) = community {
        return Ok(Ok(follows::between(conn, owner.id, community.id)?.into_iter().collect()));
    }
    let mut all = Vec::new();
    for follow in follows::on_host(conn, owner.id, &signer.host)? {
        if actors::get(conn, follow.target)?.is_some_and(|a| a.kind == ActorKind::Group) {
            all.push(follow);
        }
    }
    // The id of a server is its root URL (Lemmy, PieFed) or that of its instance actor.
    let is_server = actors::by_uri(conn, target)?.is_some() || is_root(target);
    Ok(Ok(if is_server { all } else { Vec::new() }))
}

fn is_root(id: &str) -> bool {
    url::Url::parse(id).is_ok_and(|url| url.path() == "/")
}
