//! What a post said before it was edited.

use minijinja::context;

use super::status::id_of_own;
use crate::app::App;
use crate::domain::posts::edit_history;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::web::{render, view};

/// `GET /@NAME/ID/history`: of a post of the owner, for everybody who may see it.
pub(in crate::web) fn own(app: &App, request: &Request) -> Result<Response> {
    show(app, request, id_of_own(app, request)?, true)
}

/// `GET /t/ID/history`: of any post, for the owner.
pub(in crate::web) fn any(app: &App, request: &Request) -> Result<Response> {
    show(app, request, request.id("id")?, false)
}

fn show(app: &App, request: &Request, id: StatusId, must_be_own: bool) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let (found, mut states) = edit_history::versions(&app.domain, viewer, id)?;
    if found.boost_of.is_some() || must_be_own && !found.author.local {
        return Err(Error::NotFound);
    }
    states.reverse();
    let p = view::post(app, &found, render::is_owner(request));
    let context = context! { p, states => view::states(app, &states) };
    if found.status.visibility.is_open() {
        render::public_page(app, request, "history.html", context)
    } else {
        render::page(app, request, "history.html", context)
    }
}
