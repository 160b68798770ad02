//! The owner's actions on posts and accounts: forms that redirect back to their page.

use minijinja::context;

use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::interactions::{bookmark, boost, emoji_reaction, favourite, pin};
use crate::domain::posts::{self, UploadRetention};
use crate::domain::queries;
use crate::domain::relationships::block;
use crate::domain::relationships::follow::{self, FollowOptions, FollowResponse};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::{ActorId, StatusId};
use crate::web::pages::origin;
use crate::web::{render, view};

/// A redirect to the page that the form was on, at the post that it was about.
fn back_to_post(app: &App, request: &Request, id: StatusId) -> Response {
    Response::see_other(&format!("{}#p-{id}", origin(app, request)))
}

/// A redirect to the page that the form was on, which then shows a notice.
fn back_with(app: &App, request: &Request, done: &str) -> Response {
    let page = origin(app, request);
    let sign = if page.contains('?') { '&' } else { '?' };
    Response::see_other(&format!("{page}{sign}done={done}"))
}

/// `GET /posts/ID`: all options of a post.
pub(crate) fn more(app: &App, request: &Request) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let found = queries::statuses::get(&app.domain, viewer, request.id("id")?)?;
    render::page(app, request, "more.html", context! { p => view::post(app, &found, viewer) })
}

/// `POST /posts/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let domain = &app.domain;
    let of = match request.param("action") {
        "boost" => {
            boost::add(domain, id, None)?;
            id
        }
        "unboost" => boost::remove(domain, id)?,
        "favourite" => favourite::add(domain, id)?,
        "unfavourite" => favourite::remove(domain, id)?,
        "bookmark" => bookmark::add(domain, id)?,
        "unbookmark" => bookmark::remove(domain, id)?,
        "pin" => pin::add(domain, id)?,
        "unpin" => pin::remove(domain, id)?,
        "vote" => {
            let form = request.form()?;
            let choices: Option<Vec<usize>> = form.list("choice").into_iter().map(|c| c.parse().ok()).collect();
            posts::vote(domain, id, choices.ok_or(Error::NotFound)?)?;
            id
        }
        "react" => emoji_reaction::add(domain, id, request.form()?.require("emoji")?.trim().to_owned())?,
        "unreact" => emoji_reaction::remove(domain, id, request.form()?.require("emoji")?.to_owned())?,
        "refresh" => {
            backfill::thread_of(domain, id, BackfillReason::Requested)?;
            id
        }
        "delete" => {
            posts::delete(domain, id, UploadRetention::Remove)?;
            return Ok(Response::see_other("/home?done=deleted"));
        }
        _ => return Err(Error::NotFound),
    };
    Ok(back_to_post(app, request, of))
}

/// `POST /accounts/ID/follow`.
pub(crate) fn follow(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::follow(&app.domain, id, FollowOptions::default())?;
    Ok(back_with(app, request, "followed"))
}

/// `POST /accounts/ID/unfollow`.
pub(crate) fn unfollow(app: &App, request: &Request) -> Result<Response> {
    follow::unfollow(&app.domain, request.id("id")?)?;
    Ok(back_with(app, request, "unfollowed"))
}

/// `POST /accounts/ID/refresh`: fetches new posts from the account's server.
pub(crate) fn refresh_account(app: &App, request: &Request) -> Result<Response> {
    backfill::profile(&app.domain, request.id("id")?, BackfillReason::Requested)?;
    Ok(back_with(app, request, "refreshing"))
}

/// `POST /accounts/ID/block`.
pub(crate) fn block_account(app: &App, request: &Request) -> Result<Response> {
    block::block(&app.domain, request.id("id")?)?;
    Ok(back_with(app, request, "blocked"))
}

/// `POST /accounts/ID/unblock`.
pub(crate) fn unblock_account(app: &App, request: &Request) -> Result<Response> {
    block::unblock(&app.domain, request.id("id")?)?;
    Ok(back_with(app, request, "unblocked"))
}

/// `POST /requests/ID/accept`.
pub(crate) fn accept(app: &App, request: &Request) -> Result<Response> {
    follow::respond(&app.domain, request.id("id")?, FollowResponse::Accept)?;
    Ok(back_with(app, request, "accepted"))
}

/// `POST /requests/ID/reject`.
pub(crate) fn reject(app: &App, request: &Request) -> Result<Response> {
    follow::respond(&app.domain, request.id("id")?, FollowResponse::Reject)?;
    Ok(back_with(app, request, "rejected"))
}
