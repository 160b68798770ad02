//! Follows, relationships and follow requests.

use std::sync::Arc;

use serde_json::json;

use super::lookup::{MOST_IDS, find, list};
use crate::api::entities::Context;
use crate::api::entities::account::account;
use crate::api::entities::relationship::relationship;
use crate::api::paging;
use crate::app::App;
use crate::domain::queries;
use crate::domain::relationships::follow::{self, FollowOptions, FollowResponse};
use crate::domain::relationships::relation::{relation, relations};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::store::actors::Actor;
use crate::store::relationships::follows::Direction;

fn follow_list(app: &App, request: &Request, side: Direction) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let id: ActorId = request.id("id")?;
    let viewer = request.viewer(app.domain.owner()?.id);
    let rows = queries::accounts::follows(&app.domain, viewer, id, side, &page)?;
    Ok(list(app, request, &page, &rows))
}

/// `GET /api/v1/accounts/:id/followers`.
pub(crate) fn followers(app: &App, request: &Request) -> Result<Response> {
    follow_list(app, request, Direction::Followers)
}

/// `GET /api/v1/accounts/:id/following`.
pub(crate) fn following(app: &App, request: &Request) -> Result<Response> {
    follow_list(app, request, Direction::Following)
}

/// The owner's relationship with an actor as a response.
pub(crate) fn show_relation(app: &App, id: ActorId) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let relation = app.domain.store.read(|c| relation(c, owner, id))?;
    Ok(Response::json(&relationship(id, relation)))
}

fn follow_options(form: &Form) -> Result<FollowOptions> {
    Ok(FollowOptions {
        boosts: form.choice("reblogs")?,
        notify: form.choice("notify")?,
        languages: form.languages("languages")?,
    })
}

/// `POST /api/v1/accounts/:id/follow`: of a followed account, changes the options.
pub(crate) fn follow(app: &App, request: &Request) -> Result<Response> {
    let options = follow_options(&request.form()?)?;
    let id: ActorId = request.id("id")?;
    follow::follow(&app.domain, id, options)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unfollow`.
pub(crate) fn unfollow(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::unfollow(&app.domain, id)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/remove_from_followers`.
pub(crate) fn remove_follower(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    find(app, id)?;
    match follow::respond(&app.domain, id, FollowResponse::Reject) {
        Ok(()) | Err(Error::NotFound) => show_relation(app, id),
        Err(e) => Err(e),
    }
}

/// `GET /api/v1/accounts/relationships?id[]=…`: a list, also for one id.
pub(crate) fn relationships(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let owner = app.domain.owner()?.id;
    let ids: Vec<ActorId> = form.ids("id", MOST_IDS);
    let found = app.domain.store.read(|c| relations(c, owner, &ids))?;
    let found: Vec<_> = found.into_iter().map(|(id, relation)| relationship(id, relation)).collect();
    Ok(paging::shared_by_owner(request, Response::json(&found)))
}

/// `GET /api/v1/accounts/familiar_followers?id[]=…`: the followers of each account that the owner follows.
pub(crate) fn familiar_followers(app: &App, request: &Request) -> Result<Response> {
    let ids: Vec<ActorId> = request.form()?.ids("id", MOST_IDS);
    let ctx = Context::of(app, request);
    let found = queries::accounts::familiar(&app.domain, &ids, limits::CONVERSATION_ACTORS)?;
    let entity = |(id, accounts): &(ActorId, Vec<Arc<Actor>>)| json!({"id": id, "accounts": accounts.iter().map(|a| account(ctx, a)).collect::<Vec<_>>()});
    Ok(Response::json(&found.iter().map(entity).collect::<Vec<_>>()))
}

/// `GET /api/v1/follow_requests`.
pub(crate) fn follow_requests(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = queries::accounts::follow_requests(&app.domain, &page)?;
    Ok(list(app, request, &page, &rows))
}

/// `POST /api/v1/follow_requests/:id/authorize`.
pub(crate) fn accept_request(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::respond(&app.domain, id, FollowResponse::Accept)?;
    show_relation(app, id)
}

/// `POST /api/v1/follow_requests/:id/reject`.
pub(crate) fn reject_request(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::respond(&app.domain, id, FollowResponse::Reject)?;
    show_relation(app, id)
}
