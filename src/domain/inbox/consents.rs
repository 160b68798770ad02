//! Follows and other wishes, and the answers to ours.

use serde_json::{Value, json};

use super::{Outcome, type_of};
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::interactions::interaction_policy;
use crate::domain::interactions::{quotes as quoting, reply_approval};
use crate::domain::outbox::{builders, queue, relay as relaying};
use crate::domain::relationships::follow::{self, FollowResponse};
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner, notifications};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, Interaction, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::{ActorId, FollowId};
use crate::store::actors::Actor;
use crate::store::interactions::{favourites, interaction_approvals, quotes};
use crate::store::notifications::NotificationKind;
use crate::store::peers::relays;
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::relationships::follows::Follow;
use crate::store::statuses::{self, tombstones};
use crate::store::statuses::{ApprovalState, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, timelines};

use Outcome::{Applied, Ignored, Refused};

pub(crate) fn followed(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    let Some(object) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    if object == domain.instance()?.uri {
        return followed_by_relay(conn, domain, signer, activity);
    }
    if object != owner.uri {
        // Friendica subscribes to a thread by following a post.
        return Ok(Ignored("only the owner can be followed"));
    }
    // Without an id the answer embeds the follow, which says as much; it is stored under an empty one.
    let uri = activity.id.as_deref().unwrap_or_default();
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::Follow)? {
        let follow = pending(uri, signer, owner.id);
        follow::send_answer(conn, domain, &owner, &follow, FollowResponse::Reject)?;
        return Ok(Refused(why));
    }
    // Not for long: Misskey uses the same id each time.
    if !uri.is_empty()
        && tombstones::covers_since(conn, uri, &signer.uri, domain.now().minus(limits::EARLY_UNDO_MEMORY))?
    {
        return Ok(Ignored("it was taken back already"));
    }
    let locked = actors::get(conn, owner.id)?.is_some_and(|a| a.locked);
    let before = follows::between(conn, signer.id, owner.id)?;
    let accepted = !locked || before.as_ref().is_some_and(|f| f.accepted);
    let id = FollowId(domain.next_id());
    if let Some(before) = before.filter(|f| f.uri != uri && !f.uri.is_empty()) {
        // Its Undo may still be on the way, and must not end the new one.
        tombstones::insert_unseen(conn, &before.uri, &signer.uri, domain.now())?;
    }
    let follow = follows::insert(conn, id, uri, signer.id, owner.id, accepted, domain.now())?;
    if accepted {
        follow::send_answer(conn, domain, &owner, &follow, FollowResponse::Accept)?;
        notifications::tell(conn, domain, NotificationKind::Follow, signer.id, None)?;
    } else {
        notifications::tell(conn, domain, NotificationKind::FollowRequest, signer.id, None)?;
    }
    Ok(Applied)
}

fn followed_by_relay(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let uri = activity.id.as_deref();
    let refusal = authorization::refusal(conn, domain, signer, Action::Follow)?;
    let relay = relaying::spoken_for(conn, signer)?.filter(|_| refusal.is_none());
    let Some(relay) = relay else {
        // Without an answer it would be pending over there permanently.
        relaying::reject_follow(conn, domain, signer, uri)?;
        return Ok(Refused(refusal.unwrap_or("only relays that were asked can follow this server")));
    };
    relaying::accept_follow(conn, domain, &relay, signer, uri)?;
    Ok(Applied)
}

fn pending(uri: &str, follower: &Actor, target: ActorId) -> Follow {
    Follow {
        id: FollowId(0),
        uri: uri.to_owned(),
        follower: follower.id,
        target,
        accepted: false,
        show_boosts: true,
        notify: false,
        failure: None,
    }
}

/// Accept of a follow, of a relay subscription, of a quote, or of an answer of ours to a guarded post.
pub(crate) fn accepted(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    if let Some(relay) = relay_meant(conn, activity)? {
        if !relaying::speaks_for(signer, &relay) {
            return Ok(Refused("it is not the relay that was asked"));
        }
        relays::accept(conn, relay.id, signer.id)?;
        return Ok(Applied);
    }
    // Without a consent that its giver's server holds, a yes is none.
    let consent = activity.result.as_deref().filter(|r| same_origin(r, &signer.uri));
    if consent.is_some() && quote_answered(conn, domain, signer, activity, consent)? {
        return Ok(Applied);
    }
    if let Some(status) = answer_meant(conn, domain, signer, activity)? {
        // GoToSocial says yes without one to an answer that came unasked.
        if consent.is_none() {
            return Ok(Ignored("it agrees to an answer of ours, and there is no consent to show"));
        }
        reply_approval::apply_decision(conn, domain, &status, consent)?;
        return Ok(Applied);
    }
    let follow = match follow_meant(conn, domain, signer, activity)? {
        Ok(follow) => follow,
        Err(outcome) => return Ok(outcome),
    };
    if follows::accept(conn, &follow)? {
        jobs::enqueue(conn, &jobs::Task::Backfill(signer.uri.clone()), domain.now())?;
    }
    Ok(Applied)
}

/// Reject of the same things; of a follow also later, which ends it.
pub(crate) fn rejected(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    if let Some(relay) = relay_meant(conn, activity)? {
        if !relaying::speaks_for(signer, &relay) {
            return Ok(Refused("it is not the relay that was asked"));
        }
        relays::remove(conn, relay.id)?;
        return Ok(Applied);
    }
    if quote_answered(conn, domain, signer, activity, None)? {
        return Ok(Applied);
    }
    if let Some(status) = answer_meant(conn, domain, signer, activity)? {
        reply_approval::apply_decision(conn, domain, &status, None)?;
        return Ok(Applied);
    }
    let follow = match follow_meant(conn, domain, signer, activity)? {
        Ok(follow) => follow,
        Err(outcome) => return Ok(outcome),
    };
    follows::remove(conn, &follow)?;
    timelines::remove_actor(conn, timelines::HOME, signer.id)?;
    Ok(Applied)
}

/// A reply of the owner under a video is shown there, or not: its author says so, also of a reply to a comment.
pub(crate) fn reply_judged(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
    state: ApprovalState,
) -> Result<Outcome> {
    let Some(id) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    let owner = domain.owner()?;
    let Some(status) = statuses::by_uri(conn, id)?.filter(|s| s.actor_id == owner.id && s.in_reply_to_uri.is_some())
    else {
        return Ok(Ignored("it is not about a reply of ours"));
    };
    let root = statuses::get(conn, status.thread)?.map(|s| s.actor_id);
    if ![status.in_reply_to_actor, root].contains(&Some(signer.id)) {
        return Ok(Refused("it is not the author of what the reply answers"));
    }
    quotes::set_reply_state(conn, status.id, state, None)?;
    Ok(Applied)
}

fn relay_meant(conn: &Conn, activity: &Activity) -> Result<Option<relays::Relay>> {
    match activity.objects.first().and_then(Item::id) {
        Some(id) => relays::by_follow(conn, id),
        None => Ok(None),
    }
}

/// The follow of ours that an answer is to: by its id; else, where a server rewrites ids, by who follows whom.
fn follow_meant(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
) -> Result<std::result::Result<Follow, Outcome>> {
    let owner = domain.owner()?;
    let Some(item) = activity.objects.first() else { return Ok(Err(Ignored("it has no object"))) };
    let named = match item.id() {
        Some(id) => follows::by_uri(conn, id, owner.id)?,
        None => None,
    };
    let between = || follows::between(conn, owner.id, signer.id);
    let meant = match named {
        Some(follow) => Some(follow),
        // A follow by somebody else, or of somebody else, is none of ours.
        None if type_of(item).as_deref() == Some("Follow") => match is_follow_by(item, &owner.uri, &signer.uri) {
            true => between()?,
            false => None,
        },
        // An id that nobody knows, in answer to the one follow that waits. What is ours but no follow is not meant.
        None => match item.id() {
            Some(id) if matches!(item, Item::Id(_)) && !domain.site.owns(id) => between()?.filter(|f| !f.accepted),
            _ => None,
        },
    };
    let Some(follow) = meant else { return Ok(Err(Ignored("it answers no follow of ours"))) };
    Ok(match authorization::refusal(conn, domain, signer, Action::Answer(&follow))? {
        Some(why) => Err(Refused(why)),
        None => Ok(follow),
    })
}

/// True unless an embedded Follow says that it is by another actor than `follower`, or of another than `target`.
fn is_follow_by(item: &Item, follower: &str, target: &str) -> bool {
    let Item::Embedded(value) = item else { return true };
    let Ok(follow) = activitystreams::read_activity(value) else { return true };
    follow.actor == follower && follow.objects.first().and_then(Item::id).is_none_or(|object| object == target)
}

fn quote_answered(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
    consent: Option<&str>,
) -> Result<bool> {
    match activity.objects.first().and_then(Item::id) {
        Some(id) if domain.site.owns(id) => quoting::apply_response(conn, domain, signer, id, consent),
        _ => Ok(false),
    }
}

/// The answer of ours that GoToSocial agrees to or not: the object is the answer, or the request with the answer in it.
fn answer_meant(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Option<Status>> {
    let Some(item) = activity.objects.first() else { return Ok(None) };
    let instrument = match item {
        Item::Embedded(value) => activitystreams::read_activity(value).ok().and_then(|a| a.instrument),
        Item::Id(_) => None,
    };
    let ids = [item.id(), instrument.as_ref().and_then(Item::id)];
    reply_approval::find_reply(conn, domain, signer.id, ids.into_iter().flatten())
}

/// Somebody asks to be allowed to quote, like, answer or boost a post of the owner.
pub(crate) fn requested(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
    wish: Interaction,
) -> Result<Outcome> {
    let owner = domain.owner()?;
    let Some(target) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    let Some(interaction) = activity.instrument.as_ref().and_then(Item::id) else {
        return Ok(Ignored("it does not say what it asks for"));
    };
    let Some(request) = activity.id.as_deref() else {
        return Ok(Ignored("a request without an id cannot be answered"));
    };
    let Some(status) = own_post(conn, &owner, target, signer)? else {
        return Ok(Ignored("it is not of a post of ours"));
    };
    if !same_origin(interaction, &signer.uri) {
        return Ok(Refused("what it asks for lies on another server"));
    }
    if !is_by(activity.instrument.as_ref(), signer) {
        return Ok(Refused("what it asks for is by somebody else"));
    }
    let refusal = match authorization::refusal(conn, domain, signer, Action::React(&status))? {
        Some(why) => Some(why),
        None if !interaction_policy::allows_remote(conn, &owner, &status, signer, wish)? => {
            Some("the owner does not allow it")
        }
        None => None,
    };
    let asked = json!({
        "id": request, "type": format!("{}Request", wish.as_str()), "actor": signer.uri, "object": status.uri,
        "instrument": interaction,
    });
    if let Some(why) = refusal {
        send_answer(conn, domain, &owner, signer, asked, None)?;
        return Ok(Refused(why));
    }
    let (of, now) = ((status.id, signer.id), domain.now());
    let approval = interaction_approvals::give(conn, domain.next_id(), wish, of, interaction, now)?;
    if approval.revoked {
        send_answer(conn, domain, &owner, signer, asked, None)?;
        return Ok(Refused("the owner has taken the consent back"));
    }
    let consent = domain.site.approval(&owner.username, approval.id);
    send_answer(conn, domain, &owner, signer, asked, Some(consent))?;
    if wish == Interaction::Like
        && favourites::favourite(conn, domain.next_id(), signer.id, status.id, Some(interaction), now)?
    {
        notifications::tell(conn, domain, NotificationKind::Favourite, signer.id, Some(status.id))?;
    }
    store_instrument(conn, domain, signer, activity)?;
    Ok(Applied)
}

/// True unless what comes with a request says that somebody else wrote or did it.
fn is_by(instrument: Option<&Item>, who: &Actor) -> bool {
    let Some(Item::Embedded(value)) = instrument else { return true };
    let author = value.object().ok().map(|o| o.attributed_to.clone());
    author
        .or_else(|| activitystreams::read_activity(value).ok().map(|a| a.actor))
        .is_some_and(|author| author == who.uri)
}

/// A post of the owner that somebody may see. To refuse what concerns another would tell that it is there.
fn own_post(conn: &Conn, owner: &Owner, uri: &str, who: &Actor) -> Result<Option<Status>> {
    match statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner.id && s.boost_of.is_none()) {
        Some(status) => statuses::visible(conn, Viewer::Peer(who.id), status.id),
        None => Ok(None),
    }
}

/// Accept with the id of the consent, or Reject, of what was asked for.
fn send_answer(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    to: &Actor,
    asked: Value,
    consent: Option<String>,
) -> Result<()> {
    let (kind, action) = if consent.is_some() { ("Accept", OwnAction::Accept) } else { ("Reject", OwnAction::Reject) };
    let id = action.of(&owner.uri, domain.next_id());
    let mut document = builders::personal(&owner.uri, &id, kind, asked, &to.uri);
    if let Some(consent) = consent {
        document["result"] = json!(consent);
    }
    queue::send_to(conn, domain, owner.id, to, document)
}

/// The quoting or answering post comes with the request.
fn store_instrument(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<()> {
    let Some(Item::Embedded(value)) = &activity.instrument else { return Ok(()) };
    let Ok(object) = value.object() else { return Ok(()) };
    if authorization::refusal(conn, domain, signer, Action::Write(object))?.is_none() {
        crate::domain::inbox::note::deliver(conn, domain, signer, object, &activity.audience)?;
    }
    Ok(())
}
