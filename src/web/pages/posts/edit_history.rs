//! Earlier versions of a post.

use minijinja::context;

use super::status::{Scope, id_of_own};
use crate::app::App;
use crate::domain::posts::edit_history;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::web::{render, view};

/// `GET /@NAME/ID/history`: of a post of the owner, for everyone who may see it.
pub(crate) fn own(app: &App, request: &Request) -> Result<Response> {
    show(app, request, id_of_own(app, request)?, Scope::OwnPosts)
}

/// `GET /t/ID/history`: of any post, for the owner.
pub(crate) fn any(app: &App, request: &Request) -> Result<Response> {
    show(app, request, request.id("id")?, Scope::AllPosts)
}

fn show(app: &App, request: &Request, id: StatusId, scope: Scope) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let (found, mut versions) = edit_history::versions(&app.domain, viewer, id)?;
    if found.boost_of.is_some() || scope == Scope::OwnPosts && !found.author.local {
        return Err(Error::NotFound);
    }
    versions.reverse();
    let p = view::post(app, &found, viewer);
    let context = context! { p, versions => view::versions(app, &versions, viewer) };
    if found.status.visibility.is_open() {
        render::public_page(app, request, "history.html", context)
    } else {
        render::page(app, request, "history.html", context)
    }
}
