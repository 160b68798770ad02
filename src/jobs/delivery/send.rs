//! Sends one delivery: adapts the activity to the software of the host, signs and posts it.

use super::outcome::{Outcome, blames_signature, finish, record, skip};
use crate::domain::account::key_rotation;
use crate::domain::urls::OwnCollection;
use crate::domain::{Domain, federation_policy};
use crate::error::{Error, RemoteError, Result};
use crate::jobs::context::WorkerContext;
use crate::jobs::dialect;
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::activitystreams::write::POST_CONTENT_TYPE;
use crate::protocol::followers_sync;
use crate::protocol::signature::{self, RequestToSign, SignatureScheme};
use crate::store::actors;
use crate::store::actors::keys::OwnSigningKey;
use crate::store::peers::hosts::{self, Health};
use crate::store::queues::deliveries::{self, Delivery};
use crate::store::relationships::follows;

pub(super) fn deliver(ctx: &WorkerContext, delivery: &Delivery) -> Result<()> {
    let domain = &ctx.domain;
    let (body, health) =
        domain.store.read(|c| Ok((deliveries::body(c, delivery.outgoing_id)?, hosts::health(c, &delivery.host)?)))?;
    // It was undone meanwhile.
    let Some(body) = body else { return Ok(()) };
    let body = ctx.proven_bodies.get(domain, delivery, body)?;
    let body = match dialect::adapt(ctx, delivery, body) {
        Ok(Some(body)) => body,
        Ok(None) => return skip(domain, delivery),
        Err(Error::Remote(error)) => {
            return record(ctx, delivery, health, Outcome::failed(error), limits::DELIVERY_REFUSALS);
        }
        Err(e) => return Err(e),
    };
    let first = health.form(domain.now());
    let keys = key_rotation::for_host(domain, delivery.actor, &health)?;
    let key = keys.first().ok_or_else(|| Error::internal("a local actor has no RSA key"))?;
    let mut outcome = post(ctx, delivery, &body, (first, key))?;
    let mut taken = key;
    for other in &keys[1..] {
        if !outcome.may_mean_key() {
            break;
        }
        if let Outcome::Arrived = post(ctx, delivery, &body, (first, other))? {
            (outcome, taken) = (Outcome::Arrived, other);
        }
    }
    if may_mean_scheme(&outcome, &health) {
        let other = post(ctx, delivery, &body, (first.other(), key))?;
        if matches!(other, Outcome::Arrived) {
            let (host, form, now) = (delivery.host.clone(), first.other(), domain.now());
            domain.store.write_quietly(move |conn| hosts::takes(conn, &host, form, now))?;
            outcome = other;
        }
    }
    if !matches!(outcome, Outcome::Arrived) {
        let patience =
            if keys.len() > 1 { limits::DELIVERY_REFUSALS_AFTER_ROTATION } else { limits::DELIVERY_REFUSALS };
        return record(ctx, delivery, health, outcome, patience);
    }
    finish(domain, delivery)?;
    // An Update without a post is about the actor and contains its current keys.
    let announces = delivery.kind == ActivityKind::Update && delivery.status.is_none();
    let announced_at = announces.then_some(delivery.created_at);
    key_rotation::accepted(domain, &delivery.host, (delivery.actor, &keys), taken, announced_at)
}

/// 401 may always be caused by the signature scheme; other statuses only at hosts that are known to support both.
fn may_mean_scheme(outcome: &Outcome, health: &Health) -> bool {
    match outcome {
        Outcome::Failed(RemoteError::Status { status: 401, .. }, _) => true,
        Outcome::Failed(RemoteError::Status { status: 400 | 403, .. }, _) => health.rfc9421_at.is_some(),
        _ => false,
    }
}

/// Signs and sends. The signature is made now, because Takahē accepts none older than a minute.
fn post(
    ctx: &WorkerContext,
    delivery: &Delivery,
    body: &[u8],
    (form, key): (SignatureScheme, &OwnSigningKey),
) -> Result<Outcome> {
    // An inbox may be on another host than its actor. Undo and Reject are still delivered.
    let suspended = federation_policy::of_host(&ctx.domain, &delivery.host)?.is_suspended();
    if suspended && !matches!(delivery.kind, ActivityKind::Undo | ActivityKind::Reject) {
        return Ok(Outcome::failed(RemoteError::Refused("this server does not federate with that one".into())));
    }
    let (key_id, key) = (&key.id, key_rotation::private(&ctx.domain, key)?);
    let url = match ctx.http_client.url(&delivery.inbox) {
        Ok(url) => url,
        Err(e) => return Ok(Outcome::failed(e)),
    };
    let parsed = url::Url::parse(&delivery.inbox).map_err(|e| Error::internal(e.to_string()))?;
    let outgoing =
        RequestToSign { method: "POST", url: &parsed, body: Some(body), content_type: Some(POST_CONTENT_TYPE) };
    let mut headers = signature::sign(form, &outgoing, key_id, &key, ctx.domain.now());
    headers.push(("content-type", POST_CONTENT_TYPE.to_owned()));
    if delivery.private {
        headers.extend(followers_digest(&ctx.domain, delivery)?);
    }
    headers.push(("accept", POST_CONTENT_TYPE.to_owned()));
    Ok(match ctx.http_client.post(&url, &headers, body) {
        Ok(response) if (200..300).contains(&response.status) => Outcome::Arrived,
        Ok(response) => {
            tracing::debug!(host = %delivery.host, status = response.status, excerpt = %response.excerpt, "delivery was refused");
            let error = RemoteError::Status { status: response.status, retry_after: response.retry_after };
            if blames_signature(response.status, &response.excerpt) {
                Outcome::Unverified(error, response.excerpt)
            } else {
                Outcome::Failed(error, response.excerpt)
            }
        }
        Err(e) => Outcome::failed(e),
    })
}

/// The digest of the owner's followers on the receiving server (FEP-8fcf), also if there are none: the server may get a
/// post for followers because of a mention.
fn followers_digest(domain: &Domain, delivery: &Delivery) -> Result<Option<(&'static str, String)>> {
    let owner = domain.owner()?;
    if owner.id != delivery.actor {
        return Ok(None);
    }
    let ids = domain.store.read(|c| {
        let host = match actors::hosts_behind_inbox(c, &delivery.inbox)?.as_slice() {
            [] => delivery.host.clone(),
            [host] => host.clone(),
            // A shared inbox of several servers, each of which would miss the followers of the others.
            _ => return Ok(None),
        };
        follows::followers_on(c, delivery.actor, &host).map(Some)
    })?;
    let Some(ids) = ids else { return Ok(None) };
    let header = followers_sync::write(&followers_sync::Synchronization {
        collection: OwnCollection::Followers.of(&owner.uri),
        url: OwnCollection::FollowersSynchronization.of(&owner.uri),
        digest: followers_sync::digest(ids.iter().map(String::as_str)),
    });
    Ok(Some((followers_sync::HEADER, header)))
}
