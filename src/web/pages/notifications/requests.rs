//! Notifications that the policy filters, by their actors.

use minijinja::context;
use serde::Serialize;

use super::super::{action, next, next_of, page};
use crate::app::App;
use crate::domain::notifications::requests::{RequestDecision, decide};
use crate::domain::queries::notifications::groups;
use crate::domain::queries::notifications::requests::{self, RequestView};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;
use crate::store::filters::FilterContext;
use crate::store::notifications::Selection;
use crate::store::notifications::groups::GroupedKinds;
use crate::web::render;
use crate::web::templates::{Time, time};
use crate::web::view::{self, Brief, Person};

/// The filtered notifications of an actor.
#[derive(Debug, Clone, Serialize)]
struct RequestRow {
    who: Person,
    count: i64,
    time: Time,
    post: Option<Brief>,
}

fn row(app: &App, request: &RequestView) -> Result<RequestRow> {
    let viewer = app.domain.as_owner()?;
    Ok(RequestRow {
        who: view::person(app, &request.actor, viewer),
        count: request.request.count,
        time: time(request.request.updated_at),
        post: request.last_status.as_ref().map(|s| view::brief_in(app, s, viewer, FilterContext::Notifications)),
    })
}

/// `GET /notifications/requests`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let found = requests::list(&app.domain, &page)?;
    let context = context! {
        requests => found.iter().map(|r| row(app, r)).collect::<Result<Vec<_>>>()?,
        next => next(request, &page, found.len(), found.last().map(|r| r.request.newest)),
    };
    render::page(app, request, "notification_requests.html", context)
}

/// `GET /notifications/requests/ID`: the notifications of one actor.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let actor: ActorId = request.id("id")?;
    let found = requests::get(&app.domain, actor)?;
    let listing = groups::list(&app.domain, &Selection::by(actor), GroupedKinds::of(&[]), &page(request)?)?;
    let context = context! {
        asked => row(app, &found)?,
        notifications => view::notifications(app, &listing, i64::MAX, app.domain.as_owner()?),
        next => next_of(request, listing.next()),
    };
    render::page(app, request, "notification_request.html", context)
}

/// `POST /notifications/requests/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let (decision, done) = match action(request)?.as_str() {
        "accept" => (RequestDecision::Accept, "request-accepted"),
        "dismiss" => (RequestDecision::Dismiss, "request-dismissed"),
        _ => return Err(Error::NotFound),
    };
    decide(&app.domain, request.id("id")?, decision)?;
    Ok(Response::see_other(&format!("/notifications/requests?done={done}")))
}
