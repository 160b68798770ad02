//! What an incoming activity does. Runs inside one write transaction, after the activity was authenticated.

mod announce;
pub mod authorization;
mod consents;
mod forwarding;
mod interactions;
mod moderation;
mod note;
mod profile;
mod revisions;

use super::Domain;
use super::account::profile as accounts;
use super::interactions::boost;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::store::Conn;
use crate::store::actors::Actor;
use crate::store::actors::{self, actor_gc};
use crate::store::interactions::quotes;
use crate::store::peers::relays;
use crate::store::queues::jobs;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::ApprovalState;
use crate::store::statuses::{self, tombstones};
use authorization::Action;

pub use forwarding::{forward, is_to_forward, is_worth_forwarding, may_forward};
pub use note::{Source, into_group, store_object, take_current};
pub use revisions::revise;

/// What came of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It became something to read.
    Stored,
    /// It had its effect.
    Applied,
    /// It is nothing that concerns us.
    Ignored(&'static str),
    /// It may not do what it wants.
    Refused(&'static str),
    /// It cannot be judged before something is here; fetch it and ask again.
    Needs(Need),
    /// What it says is not confirmed by what was fetched just now, which may be out of date: judge it again later, and
    /// refuse it after a few attempts.
    Doubted(&'static str),
}

/// What an activity cannot be judged without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The post with this id.
    Object(String),
    /// The document of this actor as it is now.
    Actor(String),
    /// The post with this id as its own server has it now, which is all that there is to apply: the activity names it, or
    /// brings a state of it that only its server can confirm.
    Current(String),
}

impl Need {
    /// The id of what is to be fetched.
    pub fn address(&self) -> &str {
        match self {
            Self::Object(uri) | Self::Actor(uri) | Self::Current(uri) => uri,
        }
    }
}

use Outcome::{Applied, Ignored, Refused};

/// Applies an activity that `signer` brought. Of its own actor, who signed it or proved it, it is believed; of anybody
/// else it is a hint.
///
/// # Errors
/// When the database cannot be written; the activity is tried again then.
pub fn apply(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    if activity.actor != signer.uri {
        return crate::domain::inbox::forwarding::hint(conn, domain, signer, activity);
    }
    if !has_own_id(activity) {
        return Ok(Refused("the activity's id is on another server than its actor"));
    }
    match &activity.kind {
        ActivityKind::Create => create(conn, domain, signer, activity),
        ActivityKind::Update => update(conn, domain, signer, activity),
        ActivityKind::Delete => delete(conn, domain, signer, activity),
        ActivityKind::Follow => consents::followed(conn, domain, signer, activity),
        ActivityKind::Accept => consents::accepted(conn, domain, signer, activity),
        ActivityKind::Reject => consents::rejected(conn, domain, signer, activity),
        ActivityKind::Request(wish) => consents::requested(conn, domain, signer, activity, *wish),
        ActivityKind::ApproveReply => consents::reply_judged(conn, domain, signer, activity, ApprovalState::Accepted),
        ActivityKind::RejectReply => consents::reply_judged(conn, domain, signer, activity, ApprovalState::Rejected),
        ActivityKind::Undo => interactions::undo(conn, domain, signer, activity),
        ActivityKind::Like => interactions::like(conn, domain, signer, activity),
        ActivityKind::Announce => announce::announce(conn, domain, signer, activity),
        ActivityKind::Block => moderation::block(conn, domain, signer, activity),
        ActivityKind::Flag => moderation::flag(conn, domain, signer, activity),
        ActivityKind::Add => profile::pin(conn, signer, activity, true, domain),
        ActivityKind::Remove => profile::pin(conn, signer, activity, false, domain),
        ActivityKind::Move => profile::moved(conn, domain, signer, activity),
        ActivityKind::Other(_) => Ok(Ignored("an activity of this type has no effect here")),
    }
}

/// True unless an activity has an id on another server than its actor: no server gives out ids of another, and answers
/// to such an activity would name what its own server does not have.
pub fn has_own_id(activity: &Activity) -> bool {
    activity.id.as_deref().is_none_or(|id| same_origin(id, &activity.actor))
}

/// On whose account something is fetched that an actor brings to our notice.
fn cause(conn: &Conn, domain: &Domain, actor: &Actor) -> Result<jobs::Cause> {
    let followed = domain.owner_follows(conn, actor.id)?;
    let known = followed || relays::is_relay(conn, actor.id)?;
    Ok(if known { jobs::Cause::Followed } else { jobs::Cause::Stranger })
}

fn type_of(item: &Item) -> Option<String> {
    match item {
        Item::Id(_) => None,
        Item::Embedded(value) => activitystreams::kind_of(value),
    }
}

fn create(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let mut outcome = Ignored("it has no object");
    for item in &activity.objects {
        let value = match item {
            Item::Embedded(value) => value,
            Item::Id(id) if domain.site.owns(id) => return Ok(Ignored("the object is ours")),
            Item::Id(id) => {
                let new = match statuses::by_uri(conn, id)? {
                    Some(status) => statuses::is_awaited(conn, status.id)?,
                    None => true,
                };
                if new && is_to_fetch(conn, domain, signer, activity, id)? {
                    return Ok(Outcome::Needs(Need::Current(id.clone())));
                }
                continue;
            }
        };
        let Ok(object) = value.object() else {
            outcome = Ignored("the object is nothing that becomes a post");
            continue;
        };
        if is_of_group(conn, domain, signer, &object.id, &object.attributed_to)? {
            return Ok(Outcome::Needs(Need::Current(object.id.clone())));
        }
        if let Some(why) = authorization::refusal(conn, domain, signer, Action::Write(object))? {
            return Ok(Refused(why));
        }
        let next = note::deliver(conn, domain, signer, object, &activity.audience)?;
        if matches!(next, Outcome::Needs(_)) {
            return Ok(next);
        }
        // Of several votes in one Create (GoToSocial) the last may be one too many; the others have counted.
        if !matches!(outcome, Outcome::Stored | Applied) {
            outcome = next;
        }
    }
    Ok(outcome)
}

fn update(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    let Some(id) = item.id() else { return Ok(Ignored("its object has no id")) };
    if id == signer.uri {
        return update_actor(conn, domain, signer, item);
    }
    if type_of(item).is_some_and(|t| activitystreams::is_actor_type(&t)) {
        return Ok(Refused("only the actor itself may change or delete it"));
    }
    let status = statuses::by_uri(conn, id)?;
    if let Some(status) = &status {
        let author = actors::get(conn, status.actor_id)?.map(|a| a.uri).unwrap_or_default();
        if is_of_group(conn, domain, signer, id, &author)? {
            return Ok(Outcome::Needs(Need::Current(id.to_owned())));
        }
        if let Some(why) = authorization::refusal(conn, domain, signer, Action::Change(status))? {
            return Ok(Refused(why));
        }
    }
    let object = match item {
        Item::Embedded(value) => value.object().ok(),
        Item::Id(_) => None,
    };
    let Some(object) = object else {
        // Only the id, or a stub: its own server has the whole.
        return Ok(match status.is_some() || is_to_fetch(conn, domain, signer, activity, id)? {
            true => Outcome::Needs(Need::Current(id.to_owned())),
            false => Ignored("the post is not here"),
        });
    };
    if is_of_group(conn, domain, signer, &object.id, &object.attributed_to)? {
        return Ok(Outcome::Needs(Need::Current(object.id.clone())));
    }
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::Write(object))? {
        return Ok(Refused(why));
    }
    match &status {
        Some(status) => revise(conn, domain, signer, status, object, Some(&activity.audience))?,
        // Its Create is still on the way, or was lost. When that comes, its older state does not replace this one.
        None if object.vote.is_none() => {
            return note::deliver(conn, domain, signer, object, &activity.audience);
        }
        None => return Ok(Ignored("a vote cannot be changed")),
    }
    Ok(Applied)
}

/// True if a post that an activity only names is to be fetched: from the server of the signer, whom the owner follows or
/// who addresses the owner.
fn is_to_fetch(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity, id: &str) -> Result<bool> {
    let owner = domain.owner()?.uri;
    let to_owner = activity.audience.to.contains(&owner) || activity.audience.cc.contains(&owner);
    Ok(same_origin(id, &signer.uri) && (to_owner || domain.owner_follows(conn, signer.id)?))
}

/// True of a post of a group that the owner follows, which one of its members on the same server writes (Mobilizon). Only
/// that server knows who may, so the post is fetched.
fn is_of_group(conn: &Conn, domain: &Domain, signer: &Actor, id: &str, author: &str) -> Result<bool> {
    if author == signer.uri || !same_origin(id, &signer.uri) || !same_origin(author, &signer.uri) {
        return Ok(false);
    }
    let author = actors::by_uri(conn, author)?.filter(|a| a.kind != ActorKind::Person);
    author.map_or(Ok(false), |author| domain.owner_follows(conn, author.id))
}

fn update_actor(conn: &Conn, domain: &Domain, signer: &Actor, item: &Item) -> Result<Outcome> {
    let whole = match item {
        Item::Embedded(value) => value.actor().ok(),
        Item::Id(_) => None,
    };
    match whole {
        Some(doc) => {
            accounts::store_actor(conn, domain, doc, &signer.username, &signer.domain)?;
        }
        // A stub must never clear fields: the whole document is fetched.
        None => {
            let cause = cause(conn, domain, signer)?;
            jobs::enqueue_for(conn, &jobs::Task::RefreshActor(signer.uri.clone()), cause, domain.now())?;
        }
    }
    Ok(Applied)
}

fn delete(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(id) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    if id == signer.uri {
        follows::end_all(conn, signer.id)?;
        let owner = domain.owner()?.id;
        let blocked = blocks::exists(conn, owner, signer.id)?;
        boost::remove_of_author(conn, domain, signer.id)?;
        actors::delete(conn, signer.id)?;
        if blocked {
            // It may come back under the same name.
            actors::insert_gone(conn, signer, domain.now())?;
            blocks::insert(conn, domain.next_id(), (owner, signer.id), None, domain.now())?;
        }
        // GoToSocial sends Undos of its follows after that, under a key that it still serves.
        tombstones::insert(conn, id, signer.kind.as_str(), domain.now())?;
        return Ok(Applied);
    }
    if actors::id_by_uri(conn, id)?.is_some() {
        return Ok(Refused("only the actor itself may change or delete it"));
    }
    if let Some(status) = statuses::by_uri(conn, id)? {
        let author = actors::get(conn, status.actor_id)?.map(|a| a.uri).unwrap_or_default();
        if is_of_group(conn, domain, signer, id, &author)? {
            return announce::check_gone(conn, domain, signer, id);
        }
        if let Some(why) = authorization::refusal(conn, domain, signer, Action::Change(&status))? {
            return Ok(Refused(why));
        }
        boost::remove_of_status(conn, domain, &status)?;
        statuses::delete(conn, &status)?;
        tombstones::insert(conn, id, &status.kind, domain.now())?;
        return Ok(Applied);
    }
    if !same_origin(id, &signer.uri) {
        return Ok(Refused("the object lies on another server"));
    }
    if revoked(conn, domain, signer, id)? {
        return Ok(Applied);
    }
    if !is_around(conn, domain, signer)? {
        return Ok(Ignored("the object is not here"));
    }
    // A late Create of it by the same actor must find that it is gone already.
    tombstones::insert_unseen(conn, id, &signer.uri, domain.now())?;
    Ok(Applied)
}

/// True of whoever follows or is followed, or has written something that is here. Of nobody else is it remembered what
/// they take back before it comes.
fn is_around(conn: &Conn, domain: &Domain, actor: &Actor) -> Result<bool> {
    let owner = domain.owner()?.id;
    Ok(domain.owner_follows(conn, actor.id)?
        || follows::is_accepted(conn, actor.id, owner)?
        || actor_gc::has_written(conn, actor.id)?)
}

/// The end of a consent to a quote (FEP-044f) or to an answer of ours (GoToSocial), by who gave it.
fn revoked(conn: &Conn, domain: &Domain, signer: &Actor, stamp: &str) -> Result<bool> {
    let owner = domain.owner()?;
    let mut any = false;
    for id in quotes::by_approval(conn, stamp)? {
        let Some(status) = statuses::get(conn, id)? else { continue };
        let quoted = status.quote.as_ref().and_then(|q| q.status);
        let author = quoted.map(|id| statuses::get(conn, id)).transpose()?.flatten().map(|s| s.actor_id);
        if author == Some(signer.id) {
            quotes::set_state(conn, id, statuses::ApprovalState::Revoked, None)?;
            if status.actor_id == owner.id {
                crate::domain::outbox::queue::send_update(conn, domain, &owner, id)?;
            }
            any = true;
        }
    }
    for id in quotes::replies_by_approval(conn, stamp)? {
        let Some(status) = statuses::get(conn, id)?.filter(|s| s.in_reply_to_actor == Some(signer.id)) else {
            continue;
        };
        crate::domain::interactions::reply_approval::apply_decision(conn, domain, &status, None)?;
        any = true;
    }
    Ok(any)
}
