//! Deliveries from peers: refused cheaply, authenticated, written down, answered. The effect comes later.

use hyper::StatusCode;
use serde_json::Value;

use super::authenticate::{self, Signer};
use crate::app::App;
use crate::domain::federation_policy;
use crate::domain::inbox::{self, Inbound};
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item};
use crate::protocol::ids::ActorId;
use crate::protocol::{activitystreams, followers_sync, json, secret, signature};
use crate::store::peers::hosts;
use crate::store::queues::inbox_queue::{self, NewActivity};
use crate::store::queues::jobs::Task;
use crate::store::queues::{deliveries, jobs};
use crate::store::relationships::follows;
use crate::store::statuses::{self, tombstones};
use crate::store::{actors, quota};

/// Refuses a delivery by its head, before its body is read.
///
/// # Errors
/// 401 without a signature, 404 for the inbox of a name that is not the owner's, 415 for another content type, 503 when the
/// disk is nearly full.
pub(crate) fn check_head(app: &App, request: &Request) -> Result<()> {
    check_owner_path(app, request)?;
    check_type(request)?;
    if !request.headers.contains_key("signature") {
        return Err(signature::Refusal::Missing.into());
    }
    app.domain.disk.check()
}

/// `POST /inbox` and the owner's own inbox.
///
/// # Errors
/// 400 for what is no activity, 401 for a signature that does not hold, 403 for a suspended server, 404 for the inbox of
/// a name that is not the owner's, 415 for another content type, 429 for more than strangers of one server may send, 503
/// when the queue is full or the signer's key cannot be had now.
pub(super) fn post(app: &App, request: &Request) -> Result<Response> {
    check_owner_path(app, request)?;
    check_type(request)?;
    let value =
        json::parse(&request.body).map_err(|e| Error::bad_request(format!("The body is not valid JSON: {e}")))?;
    let activity = activitystreams::read_activity(&value)
        .map_err(|e| Error::bad_request(format!("The body is no activity: {e}")))?;
    // Whoever cannot sign learns nothing here of what is stored, not even by how a refusal reads. So what is unsigned is
    // refused before anything is looked up, every signature that does not verify gets one text, and what comes again is
    // recognised only of its own sender.
    authenticate::check_form(app, request)?;
    let actor_host = host_of(&activity.actor).unwrap_or_default();
    if federation_policy::of_host(&app.domain, &actor_host)?.is_suspended() {
        return Err(Error::Forbidden("This server does not federate with yours".into()));
    }
    // Deletes and Updates of actors that nobody here knows come by the thousand and cost no fetch of a key. They are
    // answered 202, so one that is known and does not verify is answered 202 too, and has no effect.
    let is_quiet = matches!(activity.kind, ActivityKind::Delete | ActivityKind::Update);
    if is_quiet && costs_nothing(app, &activity)? {
        return Ok(accepted());
    }
    let taken = if is_farewell(app, &activity)? { Err(Error::Gone) } else { take(app, request, &activity, &value) };
    match taken {
        Err(e @ (Error::Unauthorized(_) | Error::Gone | Error::Busy { .. })) if is_quiet => {
            ask_origin(app, &activity, &e)?;
            Ok(accepted())
        }
        Err(Error::Gone) => Err(unverified()),
        other => other,
    }
}

/// The one text for every signature that does not verify, whatever is known of its key.
fn unverified() -> Error {
    Error::Unauthorized("the signature does not verify with the key that it names, or that key cannot be found".into())
}

/// Authenticates an activity and writes it down.
fn take(app: &App, request: &Request, activity: &Activity, value: &Value) -> Result<Response> {
    let signer = authenticate::signer(app, request).map_err(|e| match e {
        Error::Unauthorized(_) => unverified(),
        other => other,
    })?;
    if !inbox::has_own_id(activity) {
        return Err(Error::bad_request("The activity's id is on another server than its actor"));
    }
    check_stranger(app, &signer, request.body.len())?;
    let sync = followers_sync(app, request, &signer)?;
    let (speaker, speaks_for) = speaker(app, &signer, activity, value)?;
    let arrival = NewActivity {
        host: signer.host.clone(),
        signer: speaker,
        key: seen_key(activity, &request.body, &speaks_for, &signer.signature),
        body: request.body.to_vec(),
    };
    write_down(app, signer, arrival, sync)?;
    Ok(accepted())
}

/// Strangers of one domain together may send so many activities and bytes in an hour: all that is taken leaves something
/// behind. Only accounts that the owner follows, and relays, are exempt; to follow the owner is open to everyone.
fn check_stranger(app: &App, signer: &Signer, bytes: usize) -> Result<()> {
    let (actor, now) = (signer.key.actor_id, app.domain.now());
    let (is_exempt, name) =
        app.domain.store.read(|c| Ok((quota::is_exempt(c, actor)?, quota::key(c, &signer.host)?)))?;
    let (counts, sizes) = (&app.domain.remote_activities, &app.domain.remote_bytes);
    if is_exempt
        || counts.take(&name, limits::UNFOLLOWED_ACTIVITIES_PER_DOMAIN_PER_HOUR, now)
            && sizes.take_many(&name, bytes, limits::UNFOLLOWED_BYTES_PER_DOMAIN_PER_HOUR, now)
    {
        return Ok(());
    }
    Err(Error::RateLimited { retry_after: limits::UNFOLLOWED_RETRY_AFTER })
}

/// Puts an authenticated activity into the queue, and notes that its host is alive.
fn write_down(app: &App, signer: Signer, arrival: NewActivity, sync: Option<(Task, jobs::Cause)>) -> Result<()> {
    let now = app.domain.now();
    let revived = app.domain.store.write_quietly(move |conn| {
        // It may have deleted itself while this was verified; what follows that is of no effect.
        if actors::get(conn, arrival.signer)?.is_none() {
            return Ok(false);
        }
        let revived = hosts::heard(conn, &signer.host, signer.rfc9421, now)?;
        if revived {
            deliveries::hasten(conn, &signer.host, now)?;
        }
        actors::heard(conn, signer.key.actor_id)?;
        if let Some((what, cause)) = sync {
            jobs::enqueue_for(conn, &what, cause, now)?;
        }
        inbox_queue::enqueue(conn, &arrival, now)?;
        Ok(revived)
    })?;
    app.domain.signals.inbox.notify();
    if revived {
        app.domain.signals.delivery.notify();
    }
    Ok(())
}

/// What to do about a Delete or Update that cannot be verified: an actor that deletes itself takes its key with it, and the
/// server of a key may be away for a while. If it is about something that is here, the server of that is asked.
fn ask_origin(app: &App, activity: &Activity, error: &Error) -> Result<()> {
    let Some(object) = activity.objects.first().and_then(Item::id) else { return Ok(()) };
    if matches!(error, Error::Unauthorized(_)) || app.domain.site.owns(object) {
        return Ok(());
    }
    let (actor_known, post) =
        app.domain.store.read(|c| Ok((actors::id_by_uri(c, object)?.is_some(), statuses::by_uri(c, object)?)))?;
    let post_known = matches!(error, Error::Busy { .. }) && post.is_some_and(|s| s.visibility.is_open());
    let task = match activity.kind {
        _ if actor_known && object == activity.actor => Task::RefreshActor(object.to_owned()),
        ActivityKind::Delete if post_known => Task::CheckGone(object.to_owned()),
        ActivityKind::Update if post_known => Task::FetchObject(object.to_owned()),
        _ => return Ok(()),
    };
    let now = app.domain.now();
    app.domain.store.write_quietly(move |conn| jobs::enqueue_for(conn, &task, jobs::Cause::Stranger, now))?;
    app.domain.signals.jobs.notify();
    Ok(())
}

/// In whose name the activity is applied, by our id and its own: its actor's, if that signed the request or the activity
/// itself; else, if it may bring us those of others, whoever brought it.
fn speaker(app: &App, signer: &Signer, activity: &Activity, value: &Value) -> Result<(ActorId, String)> {
    if signer.key.actor_uri == activity.actor {
        return Ok((signer.key.actor_id, activity.actor.clone()));
    }
    let stranger = || Error::Unauthorized("the signer is not the activity's actor".into());
    let forwarder = app.domain.store.read(|c| actors::get(c, signer.key.actor_id))?.ok_or_else(stranger)?;
    if !app
        .domain
        .store
        .read(|c| inbox::may_forward(Inbound { conn: c, domain: &app.domain, signer: &forwarder, activity }))?
    {
        return Err(stranger());
    }
    // An actor's document is asked of its own server: it names the keys that all its proofs depend on.
    let changes_itself =
        activity.kind == ActivityKind::Update && activity.objects.first().and_then(Item::id) == Some(&activity.actor);
    // What may be done and undone again under one proof is its actor's own to send: whoever has it could send it anew.
    let is_own = changes_itself || is_told_apart_by_signature(activity);
    let prover = if is_own { None } else { authenticate::prover(app, value)? };
    let prover = prover.filter(|key| key.actor_uri == activity.actor);
    Ok(prover.map_or((forwarder.id, forwarder.uri), |key| (key.actor_id, key.actor_uri)))
}

/// What to compare when the sender counts other followers on this server than we do (FEP-8fcf).
fn followers_sync(app: &App, request: &Request, signer: &Signer) -> Result<Option<(Task, jobs::Cause)>> {
    let Some(header) = request.header(followers_sync::HEADER).and_then(followers_sync::parse) else { return Ok(None) };
    let owner = app.domain.owner()?;
    app.domain.store.read(|c| {
        let actor = actors::get(c, signer.key.actor_id)?;
        let Some(actor) = actor.filter(|a| a.followers_uri.as_ref() == Some(&header.collection)) else {
            return Ok(None);
        };
        let follow = follows::between(c, owner.id, actor.id)?;
        let cause = if follow.is_some() { jobs::Cause::Followed } else { jobs::Cause::Stranger };
        let follows = follow.is_some_and(|f| f.accepted);
        let ours = followers_sync::digest(follows.then_some(owner.uri.as_str()));
        let differs = ours != header.digest && activitystreams::same_origin(&header.url, &actor.uri);
        Ok(differs.then_some((Task::SyncFollowers(actor.id, header.url), cause)))
    })
}

fn accepted() -> Response {
    Response::empty(StatusCode::ACCEPTED)
}

/// A personal inbox is the owner's or nobody's.
fn check_owner_path(app: &App, request: &Request) -> Result<()> {
    let name = request.param("name");
    let owner = app.domain.owner()?;
    if name.is_empty() || name == owner.username { Ok(()) } else { Err(Error::NotFound) }
}

fn check_type(request: &Request) -> Result<()> {
    let given = request.header("content-type").unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/activity+json" | "application/ld+json" | "application/json" => Ok(()),
        _ => Err(Error::UnsupportedMediaType("An activity must be sent as application/activity+json".into())),
    }
}

/// What can have no effect here is answered before any key is fetched or any signature checked. Servers send the
/// deletion of each of their accounts to everybody they know, thousands a day.
fn costs_nothing(app: &App, activity: &Activity) -> Result<bool> {
    let Some(object) = activity.objects.first().and_then(Item::id) else { return Ok(false) };
    match activity.kind {
        ActivityKind::Delete | ActivityKind::Update => app.domain.store.read(|c| {
            let actor_known = actors::id_by_uri(c, &activity.actor)?.is_some();
            let object_known = object == activity.actor || statuses::by_uri(c, object)?.is_some();
            Ok(!actor_known && (object == activity.actor || !object_known && !names_owner(app, activity)?))
        }),
        _ => Ok(false),
    }
}

/// True if an activity, or the object in it, is for the owner: an edit may name the owner first.
fn names_owner(app: &App, activity: &Activity) -> Result<bool> {
    let owner = app.domain.owner()?;
    let is_owner =
        |id: &String| *id == owner.uri || app.domain.site.id_of(id, &owner.username).as_ref() == Some(&owner.uri);
    let object = match activity.objects.first() {
        Some(Item::Embedded(value)) if activity.kind == ActivityKind::Update => {
            activitystreams::read_object(value).ok()
        }
        _ => None,
    };
    let audiences = std::iter::once(&activity.audience).chain(object.as_ref().map(|o| &o.audience));
    Ok(audiences.flat_map(|a| a.to.iter().chain(&a.cc)).any(is_owner)
        || object.as_ref().is_some_and(|o| o.mentions.iter().any(|m| is_owner(&m.href))))
}

/// True of what comes after the end of its actor ([`limits::DELETED_ACTOR_MEMORY`]), unless the owner has looked for it again:
/// fetching its key would bring it back.
fn is_farewell(app: &App, activity: &Activity) -> Result<bool> {
    let since = app.domain.now().minus(limits::DELETED_ACTOR_MEMORY);
    app.domain.store.read(|c| {
        let gone = tombstones::deleted_at(c, &activity.actor)?.is_some_and(|at| at > since);
        Ok(gone && actors::id_by_uri(c, &activity.actor)?.is_none())
    })
}

/// What can be done, undone and done again in the same words: Misskey's follows have one id for ever, as have Hollo's
/// answers to those of one follower, and Mastodon's Add and Remove of a pin none at all. Only under one signature it is
/// the same deed.
fn is_told_apart_by_signature(activity: &Activity) -> bool {
    use ActivityKind::{Accept, Add, Block, Follow, Like, Reject, Remove, Undo};
    activity.id.is_none() || matches!(activity.kind, Follow | Undo | Like | Block | Add | Remove | Accept | Reject)
}

/// The same activity is taken once: by actor, type and id (WriteFreely uses the object's id for its Create). An Update
/// is told apart by its bytes too: WriteFreely gives all of them the id of the object. What somebody else brings is
/// remembered as theirs alone: it is only a hint, and must not keep out the real one.
fn seen_key(activity: &Activity, body: &[u8], speaks_for: &str, signature: &[u8]) -> String {
    let apart = if is_told_apart_by_signature(activity) {
        secret::hex(signature)
    } else if activity.kind == ActivityKind::Update {
        secret::hex(ring::digest::digest(&ring::digest::SHA256, body).as_ref())
    } else {
        String::new()
    };
    let id = activity.id.as_deref().unwrap_or_default();
    let brought_by = if speaks_for == activity.actor { "" } else { speaks_for };
    secret::hash(&format!("{}\n{:?}\n{id}\n{apart}\n{brought_by}", activity.actor, activity.kind))
}
