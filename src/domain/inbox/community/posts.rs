//! Posts that a community or a relay announces by id.

use crate::domain::Domain;
use crate::domain::inbox::inbound::Inbound;
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::domain::relationships::timelines;
use crate::error::Result;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::store::queues::jobs;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::Status;
use crate::store::{Conn, statuses};

/// Fetches a public post that a relay names. It appears in the public timeline.
pub(crate) fn fetch_relayed(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    if inbound.domain.site.owns(object) || statuses::by_uri(inbound.conn, object)?.is_some() {
        return Ok(Ignored(Reason::AlreadyStored));
    }
    inbound.enqueue_as_followed(&jobs::Task::FetchObject(object.to_owned()))?;
    Ok(Applied)
}

/// Fetches a post that a followed community names. A person can distribute posts too, but they belong to no community.
pub(crate) fn fetch_post(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    if !inbound.is_followed()? {
        return Ok(Ignored(Reason::NotFollowed));
    }
    let task = match inbound.signer.kind {
        ActorKind::Group => jobs::Task::FetchForGroup(inbound.signer.id, object.to_owned()),
        _ => jobs::Task::FetchObject(object.to_owned()),
    };
    inbound.enqueue_as_followed(&task)?;
    Ok(Applied)
}

/// Records that a followed community has announced a post of the owner. This is not a boost.
pub(crate) fn add_own_post(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    let Inbound { conn, domain, signer, .. } = inbound;
    if !inbound.is_followed()? {
        return Ok(Ignored(Reason::NotFollowed));
    }
    let status = statuses::by_uri(conn, object)?.filter(|s| s.boost_of.is_none() && s.visibility.is_open());
    let Some(status) = status else { return Ok(Ignored(Reason::UnknownPost)) };
    add_to_community(conn, domain, signer.id, &status)?;
    Ok(Applied)
}

/// Records that a community has announced a post. Posts of a followed community appear in the home timeline; comments appear
/// only in their threads.
pub fn add_to_community(conn: &Conn, domain: &Domain, community: ActorId, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    if !status.visibility.is_open() {
        return Ok(());
    }
    if status.group.is_none() {
        statuses::set_group(conn, status.id, community)?;
    }
    let followed = follows::is_accepted(conn, owner, community)?;
    if followed && status.in_reply_to_uri.is_none() && !blocks::exists(conn, owner, status.actor_id)? {
        timelines::add_of_community(conn, domain, community, status)?;
    }
    Ok(())
}
