//! What the owner does to posts and people: small forms that come back to where they were.

use minijinja::context;

use super::safe_next;
use crate::app::App;
use crate::domain::follow::{self, Answer, Wishes};
use crate::domain::{post, react, timeline};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::{ActorId, StatusId};
use crate::web::{render, view};

/// Back to the page that the form was on, at the post.
fn back(app: &App, request: &Request, anchor: &str) -> Response {
    let base = app.domain.site.base();
    let path = request.header("referer").and_then(|r| r.strip_prefix(&base)).map(|p| p.split('#').next().unwrap_or(p));
    Response::see_other(&format!("{}{anchor}", safe_next(path)))
}

/// `GET /posts/ID`: everything that can be done with a post.
pub(in crate::web) fn more(app: &App, request: &Request) -> Result<Response> {
    let found = timeline::status(&app.domain, app.domain.as_owner()?, request.id("id")?)?;
    render::page(app, request, "more.html", context! { p => view::post(app, &found, true) })
}

/// `POST /posts/ID/ACTION`.
pub(in crate::web) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let domain = &app.domain;
    let of = match request.param("action") {
        "boost" => {
            react::boost(domain, id, None)?;
            id
        }
        "unboost" => react::unboost(domain, id)?,
        "favourite" => react::favourite(domain, id)?,
        "unfavourite" => react::unfavourite(domain, id)?,
        "bookmark" => react::bookmark(domain, id, true)?,
        "unbookmark" => react::bookmark(domain, id, false)?,
        "pin" => react::pin(domain, id, true)?,
        "unpin" => react::pin(domain, id, false)?,
        "delete" => {
            post::delete(domain, id)?;
            return Ok(Response::see_other("/home"));
        }
        _ => return Err(Error::NotFound),
    };
    Ok(back(app, request, &format!("#p-{of}")))
}

/// `POST /accounts/ID/follow`.
pub(in crate::web) fn follow(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    follow::follow(&app.domain, id, Wishes::default())?;
    Ok(Response::see_other("/home?done=followed"))
}

/// `POST /accounts/ID/unfollow`.
pub(in crate::web) fn unfollow(app: &App, request: &Request) -> Result<Response> {
    follow::unfollow(&app.domain, request.id("id")?)?;
    Ok(back(app, request, ""))
}

/// `POST /requests/ID/accept`.
pub(in crate::web) fn accept(app: &App, request: &Request) -> Result<Response> {
    follow::answer(&app.domain, request.id("id")?, Answer::Accept)?;
    Ok(back(app, request, ""))
}

/// `POST /requests/ID/reject`.
pub(in crate::web) fn reject(app: &App, request: &Request) -> Result<Response> {
    follow::answer(&app.domain, request.id("id")?, Answer::Reject)?;
    Ok(back(app, request, ""))
}
