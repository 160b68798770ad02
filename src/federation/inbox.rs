//! Deliveries from peers: cheap checks, authentication, a row in the queue. The activity is applied later.

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

/// Checks the head of a delivery before its body is read.
///
/// # Errors
/// 401 without a signature, 404 for the inbox of a name that is not the owner's, 415 for another content type, 503 if the
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
/// 400 if the body is not an activity, 401 for an invalid signature, 403 for a suspended server, 404 for the inbox of a name
/// that is not the owner's, 415 for another content type, 429 above the quota of a domain, 503 if the queue is full or the
/// signer's key cannot be fetched now.
pub(super) fn post(app: &App, request: &Request) -> Result<Response> {
    check_owner_path(app, request)?;
    check_type(request)?;
    let value =
        json::parse(&request.body).map_err(|e| Error::bad_request(format!("The body is not valid JSON: {e}")))?;
    let activity = activitystreams::read_activity(&value)
        .map_err(|e| Error::bad_request(format!("The body is not an activity: {e}")))?;
    // A sender without a valid signature must not learn what is stored, not even from the text of a refusal. Therefore an
    // unsigned activity is refused before any lookup, all invalid signatures get the same text, and duplicates are recognised
    // only for their own sender.
    authenticate::check_form(app, request)?;
    let actor_host = host_of(&activity.actor).unwrap_or_default();
    if federation_policy::of_host(&app.domain, &actor_host)?.is_suspended() {
        return Err(Error::Forbidden("This server does not federate with yours".into()));
    }
    // Deletes and Updates of unknown actors arrive by the thousand and must not cost a key fetch. They get 202; so a known one
    // that does not verify gets 202 too, and has no effect.
    let is_quiet = matches!(activity.kind, ActivityKind::Delete | ActivityKind::Update);
    if is_quiet && has_no_effect(app, &activity)? {
        return Ok(accepted());
    }
    let received = if is_from_deleted_actor(app, &activity)? {
        Err(Error::Gone)
    } else {
        receive(app, request, &activity, &value)
    };
    match received {
        Err(e @ (Error::Unauthorized(_) | Error::Gone | Error::Busy { .. })) if is_quiet => {
            check_origin(app, &activity, &e)?;
            Ok(accepted())
        }
        Err(Error::Gone) => Err(unverified()),
        other => other,
    }
}

/// The error for every signature that does not verify, whether its key is known or not.
fn unverified() -> Error {
    Error::Unauthorized("the signature does not verify with the key that it names, or that key cannot be found".into())
}

/// Authenticates an activity and queues it.
fn receive(app: &App, request: &Request, activity: &Activity, value: &Value) -> Result<Response> {
    let signer = authenticate::signer(app, request).map_err(|e| match e {
        Error::Unauthorized(_) => unverified(),
        other => other,
    })?;
    if !inbox::has_own_id(activity) {
        return Err(Error::bad_request("The activity's id is on a different server than its actor"));
    }
    check_quota(app, &signer, request.body.len())?;
    let sync = followers_sync(app, request, &signer)?;
    let (author, author_uri) = author(app, &signer, activity, value)?;
    let arrival = NewActivity {
        host: signer.host.clone(),
        signer: author,
        key: seen_key(activity, &request.body, &author_uri, &signer.signature),
        body: request.body.to_vec(),
    };
    enqueue(app, signer, arrival, sync)?;
    Ok(accepted())
}

/// Checks the hourly quota of activities and bytes of a domain: every accepted activity uses storage. Only followed accounts
/// and relays are exempt, because everyone can follow the owner.
fn check_quota(app: &App, signer: &Signer, bytes: usize) -> Result<()> {
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

/// Queues an authenticated activity, and records that its host is alive.
fn enqueue(app: &App, signer: Signer, arrival: NewActivity, sync: Option<(Task, jobs::Cause)>) -> Result<()> {
    let now = app.domain.now();
    let revived = app.domain.store.write_quietly(move |conn| {
        // The actor may have been deleted during the verification; then the activity has no effect.
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

/// Queues a fetch of the object of a Delete or Update that cannot be verified, if the object is stored: a deleted actor has no
/// key any longer, and the server of a key may be down.
fn check_origin(app: &App, activity: &Activity, error: &Error) -> Result<()> {
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

/// The actor on whose behalf the activity is applied, as local id and URI: the activity's actor if it signed the request or
/// the activity, else the signer if it may forward activities.
fn author(app: &App, signer: &Signer, activity: &Activity, value: &Value) -> Result<(ActorId, String)> {
    if signer.key.actor_uri == activity.actor {
        return Ok((signer.key.actor_id, activity.actor.clone()));
    }
    let refusal = || Error::Unauthorized("the signer is not the activity's actor".into());
    let forwarder = app.domain.store.read(|c| actors::get(c, signer.key.actor_id))?.ok_or_else(refusal)?;
    if !app
        .domain
        .store
        .read(|c| inbox::may_forward(Inbound { conn: c, domain: &app.domain, signer: &forwarder, activity }))?
    {
        return Err(refusal());
    }
    // An actor's document is fetched from its own server: it names the keys that all its proofs depend on.
    let changes_itself =
        activity.kind == ActivityKind::Update && activity.objects.first().and_then(Item::id) == Some(&activity.actor);
    // A repeatable activity must come from its actor: a forwarder could replay it with its proof.
    let is_own = changes_itself || is_repeatable(activity);
    let prover = if is_own { None } else { authenticate::prover(app, value)? };
    let prover = prover.filter(|key| key.actor_uri == activity.actor);
    Ok(prover.map_or((forwarder.id, forwarder.uri), |key| (key.actor_id, key.actor_uri)))
}

/// The synchronization job if the sender's digest of its followers on this server differs from ours (FEP-8fcf).
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

/// Checks that a personal inbox is the owner's.
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

/// Returns `true` for a Delete or Update that cannot have an effect, so that no key is fetched and no signature verified for
/// it. Servers send the deletion of each of their accounts to all known servers, thousands a day.
fn has_no_effect(app: &App, activity: &Activity) -> Result<bool> {
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

/// Returns `true` if an activity or its object addresses or mentions the owner: an edit may be the first to do so.
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

/// Returns `true` if the actor was deleted recently ([`limits::DELETED_ACTOR_MEMORY`]) and has not been looked up since: fetching its
/// key would store it again.
fn is_from_deleted_actor(app: &App, activity: &Activity) -> Result<bool> {
    let since = app.domain.now().minus(limits::DELETED_ACTOR_MEMORY);
    app.domain.store.read(|c| {
        let gone = tombstones::deleted_at(c, &activity.actor)?.is_some_and(|at| at > since);
        Ok(gone && actors::id_by_uri(c, &activity.actor)?.is_none())
    })
}

/// Returns `true` for an activity that may be repeated with the same id: Misskey reuses the id of a follow, Hollo that of its
/// response to a follower, and Mastodon's Add and Remove have none. Only a repeated signature marks a duplicate.
fn is_repeatable(activity: &Activity) -> bool {
    use ActivityKind::{Accept, Add, Block, Follow, Like, Reject, Remove, Undo};
    activity.id.is_none() || matches!(activity.kind, Follow | Undo | Like | Block | Add | Remove | Accept | Reject)
}

/// The key that identifies duplicates: actor, type and id (WriteFreely uses the object's id for its Create). Of an Update also
/// the bytes: WriteFreely gives all updates the id of the object. Of a forwarded activity also the forwarder: it is only a
/// hint, and must not block the original.
fn seen_key(activity: &Activity, body: &[u8], author_uri: &str, signature: &[u8]) -> String {
    let distinction = if is_repeatable(activity) {
        secret::hex(signature)
    } else if activity.kind == ActivityKind::Update {
        secret::hex(ring::digest::digest(&ring::digest::SHA256, body).as_ref())
    } else {
        String::new()
    };
    let id = activity.id.as_deref().unwrap_or_default();
    let forwarder = if author_uri == activity.actor { "" } else { author_uri };
    secret::hash(&format!("{}\n{:?}\n{id}\n{distinction}\n{forwarder}", activity.actor, activity.kind))
}
