//! Actors, posts and their activities as documents.

use hyper::StatusCode;
use serde_json::json;

use super::authenticate;
use crate::app::App;
use crate::domain::account::key_rotation;
use crate::domain::custom_emoji::usage;
use crate::domain::interactions::emoji_reaction::{self, TaggedReaction};
use crate::domain::interactions::quotes;
use crate::domain::outbox::builders;
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::relationships::follow as follow_rules;
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::activitystreams::types::Reaction;
use crate::protocol::activitystreams::write::{self, CONTENT_TYPE};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::custom_emoji;
use crate::store::interactions::{favourites, interaction_approvals, reactions};
use crate::store::peers::{hosts, relays};
use crate::store::relationships::follows;
use crate::store::statuses::{self, tombstones};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// Checks that the name in the path is the owner's.
pub(super) fn check_name(app: &App, request: &Request) -> Result<()> {
    let owner = app.domain.owner()?;
    if request.param("name").eq_ignore_ascii_case(&owner.username) { Ok(()) } else { Err(Error::NotFound) }
}

/// `GET /users/NAME`: the owner's actor, also for unsigned requests: two servers in secure mode could not verify each other
/// otherwise.
///
/// A deleted account leaves a Tombstone and no key. Servers that got its Delete have the key already; those that ask for the
/// actor to confirm the deletion must find it gone.
pub(super) fn actor(app: &App, request: &Request) -> Result<Response> {
    if let Ok(former) = app.domain.owner_or_former()
        && let Some(deleted_at) = former.deleted_at
        && request.param("name").eq_ignore_ascii_case(&former.username)
    {
        let document = write::tombstone(&former.uri, "Person", deleted_at);
        return Ok(Response::document(CONTENT_TYPE, &document).with_status(StatusCode::GONE));
    }
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let document = app.domain.store.read(|c| {
        let actor = actors::get(c, owner.id)?.ok_or(Error::NotFound)?;
        builders::actor_document(c, &app.domain.site, &actor)
    })?;
    key_document(app, request, owner.id, &document)
}

/// The document of a local actor. After a key rotation responses are not cached, and each signer that fetches the document is
/// recorded as knowing the new key.
fn key_document(app: &App, request: &Request, actor: ActorId, document: &serde_json::Value) -> Result<Response> {
    let response = Response::document(CONTENT_TYPE, document);
    if !key_rotation::changed_recently(&app.domain, actor)? {
        return Ok(response.into_public());
    }
    if let Some(reader) = authenticate::known_signer(app, request)? {
        let (signer, now) = (key_rotation::signer_of(&app.domain, actor)?, app.domain.now());
        app.domain.store.write_quietly(move |c| hosts::knows_keys(c, &reader.host, signer, now))?;
    }
    Ok(response)
}

/// `GET /actor`: the instance actor.
pub(super) fn instance_actor(app: &App, request: &Request) -> Result<Response> {
    let instance = app.domain.instance()?;
    let document = app.domain.store.read(|c| {
        let actor = actors::get(c, instance.id)?.ok_or(Error::NotFound)?;
        builders::actor_document(c, &app.domain.site, &actor)
    })?;
    key_document(app, request, instance.id, &document)
}

/// A status of the owner that the requester may see. A signature is verified only if the status is not public: most requests
/// are signed, and verification may have to fetch the key.
///
/// # Errors
/// [`Error::Gone`] if the status was deleted; [`Error::NotFound`] if the requester may not see it.
pub(super) fn visible_status(app: &App, request: &Request) -> Result<StatusView> {
    match status_for(app, request, Viewer::Anonymous) {
        Err(Error::NotFound) => match authenticate::viewer(app, request) {
            Viewer::Anonymous => Err(Error::NotFound),
            peer => status_for(app, request, peer),
        },
        other => other,
    }
}

fn status_for(app: &App, request: &Request, viewer: Viewer) -> Result<StatusView> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let id: StatusId = request.id("id")?;
    let uri = app.domain.site.status(&owner.username, id);
    app.domain.store.read(|c| {
        let found = statuses::get(c, id)?.filter(|s| s.actor_id == owner.id);
        if found.is_none() && tombstones::own(c, &uri)?.is_some_and(|t| t.open || viewer != Viewer::Anonymous) {
            return Err(Error::Gone);
        }
        let id = found.ok_or(Error::NotFound)?.id;
        StatusLoader::new(c, viewer).status(id)?.ok_or(Error::NotFound)
    })
}

/// A response with the visibility of its status: only public and unlisted ones are cached.
fn respond(document: &serde_json::Value, view: &StatusView) -> Response {
    let response = Response::document(CONTENT_TYPE, document);
    if view.status.visibility.is_open() { response.into_public() } else { response }
}

fn gone(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let uri = app.domain.site.status(&owner.username, request.id("id")?);
    let gone = app.domain.store.read(|c| tombstones::own(c, &uri))?.ok_or(Error::NotFound)?;
    let document = write::tombstone(&uri, &gone.kind, gone.deleted_at);
    Ok(Response::document(CONTENT_TYPE, &document).with_status(StatusCode::GONE))
}

/// `GET /users/NAME/statuses/ID`: a post, or the Announce of a boost.
pub(super) fn status(app: &App, request: &Request) -> Result<Response> {
    let view = match visible_status(app, request) {
        Err(Error::Gone) => return gone(app, request),
        other => other?,
    };
    let document = app.domain.store.read(|c| {
        if view.boost_of.is_some() {
            builders::origin_activity(c, &app.domain.site, &view)
        } else {
            builders::note_document(c, &app.domain.site, &view)
        }
    })?;
    Ok(respond(&write::with_context(document), &view))
}

/// `GET /users/NAME/statuses/ID/activity`: the Create or Announce of a post.
pub(super) fn activity(app: &App, request: &Request) -> Result<Response> {
    let view = match visible_status(app, request) {
        Err(Error::Gone) => return gone(app, request),
        other => other?,
    };
    let document = app.domain.store.read(|c| builders::origin_activity(c, &app.domain.site, &view))?;
    Ok(respond(&write::with_context(document), &view))
}

/// `GET /users/NAME/follows/ID`: a Follow of the owner, only for the server of its target: Fedify fetches it to verify it.
pub(super) fn follow(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let Viewer::Peer(peer) = authenticate::viewer(app, request) else { return Err(Error::NotFound) };
    let uri = format!("{}/follows/{}", owner.uri, request.param("id"));
    let document = app.domain.store.read(|c| {
        let follow = follows::by_uri(c, &uri, owner.id)?.ok_or(Error::NotFound)?;
        let peer = actors::get(c, peer)?.ok_or(Error::NotFound)?;
        let target = actors::get(c, follow.target)?.filter(|a| a.host == peer.host).ok_or(Error::NotFound)?;
        Ok(follow_rules::follow_document(&owner, &follow, &target))
    })?;
    Ok(Response::document(CONTENT_TYPE, &json!(document)))
}

/// `GET /users/NAME/likes/ID`: a Like of the owner, only for the server of the post's author.
pub(super) fn like(app: &App, request: &Request) -> Result<Response> {
    liked(app, request, |c, owner, uri| Ok(favourites::by_uri(c, uri, owner)?.map(|status| (status, None))))
}

/// `GET /users/NAME/reactions/ID`: an emoji reaction of the owner, only for the server of the post's author.
pub(super) fn reaction(app: &App, request: &Request) -> Result<Response> {
    liked(app, request, |c, owner, uri| {
        let Some((status, emoji)) = reactions::by_uri(c, uri, owner)? else { return Ok(None) };
        let all = reactions::of_actor(c, owner, status)?;
        Ok(all.into_iter().find(|(r, _)| r.text == emoji).map(|(reaction, _)| (status, Some(reaction))))
    })
}

fn liked(
    app: &App,
    request: &Request,
    find: impl Fn(&Conn, ActorId, &str) -> Result<Option<(StatusId, Option<Reaction>)>>,
) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let Viewer::Peer(peer) = authenticate::viewer(app, request) else { return Err(Error::NotFound) };
    let uri = app.domain.site.url(&request.path);
    let document = app.domain.store.read(|c| {
        let (status, reaction) = find(c, owner.id, &uri)?.ok_or(Error::NotFound)?;
        let status = statuses::get(c, status)?.ok_or(Error::NotFound)?;
        let peer = actors::get(c, peer)?.ok_or(Error::NotFound)?;
        let author = actors::get(c, status.actor_id)?.filter(|a| a.host == peer.host).ok_or(Error::NotFound)?;
        Ok(match reaction {
            None => builders::personal(&owner.uri, &uri, "Like", json!(status.uri), &author.uri),
            Some(reaction) => {
                let reaction = TaggedReaction::new(c, &app.domain.site, &reaction)?;
                emoji_reaction::document(&owner, &uri, &reaction, &status.uri, &author.uri)
            }
        })
    })?;
    Ok(Response::document(CONTENT_TYPE, &document))
}

/// `GET /emoji/ID`: a custom emoji of the owner.
pub(super) fn emoji(app: &App, request: &Request) -> Result<Response> {
    let id: i64 = request.param("id").parse().map_err(|_| Error::NotFound)?;
    let emoji = app.domain.store.read(|c| custom_emoji::get(c, id))?.ok_or(Error::NotFound)?;
    let document = write::with_context(write::emoji(&usage::tag(&app.domain.site, &emoji)));
    Ok(Response::document(CONTENT_TYPE, &document).into_public())
}

/// `GET /actor/follows/ID`: the Follow of a relay by the instance actor, only for the relay's host.
pub(super) fn relay_follow(app: &App, request: &Request) -> Result<Response> {
    let instance = app.domain.instance()?;
    let Viewer::Peer(peer) = authenticate::viewer(app, request) else { return Err(Error::NotFound) };
    let uri = app.domain.site.url(&request.path);
    let document = app.domain.store.read(|c| {
        let relay = relays::by_follow(c, &uri)?.ok_or(Error::NotFound)?;
        let peer = actors::get(c, peer)?.ok_or(Error::NotFound)?;
        if host_of(&relay.inbox).as_deref() != Some(peer.host.as_str()) {
            return Err(Error::NotFound);
        }
        Ok(builders::personal(&instance.uri, &uri, "Follow", json!(relay.followed), &relay.followed))
    })?;
    Ok(Response::document(CONTENT_TYPE, &document))
}

/// `GET /users/NAME/approvals/ID`: an approval by the owner, for everyone who may see the post that it belongs to. A revoked
/// approval is gone.
pub(super) fn approval(app: &App, request: &Request) -> Result<Response> {
    check_name(app, request)?;
    let owner = app.domain.owner()?;
    let number: i64 = request.param("id").parse().map_err(|_| Error::NotFound)?;
    let approval = app.domain.store.read(|c| interaction_approvals::get(c, number))?.ok_or(Error::NotFound)?;
    let visible_to = |viewer| app.domain.store.read(|c| statuses::visible(c, viewer, approval.status));
    let status = match visible_to(Viewer::Anonymous)? {
        Some(status) => status,
        None => visible_to(authenticate::viewer(app, request))?.ok_or(Error::NotFound)?,
    };
    if approval.revoked {
        return Err(Error::Gone);
    }
    let document = quotes::approval_document(&app.domain, &owner, &approval, &status);
    let response = Response::document(CONTENT_TYPE, &document);
    Ok(if status.visibility.is_open() { response.into_public() } else { response })
}
