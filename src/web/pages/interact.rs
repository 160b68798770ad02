//! Visitors follow, reply and boost from their own servers; and the owner comes back from others' pages.

use minijinja::context;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::account::profile;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::webfinger::Resource;
use crate::store::actors;
use crate::web::render;

/// The page on a visitor's own server that goes on with something here. Mastodon and all that follow its lead have it.
fn elsewhere(handle: &str, uri: &str) -> Result<String> {
    match Resource::parse(handle.trim()) {
        Ok(Resource::Account { host, .. }) => {
            let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
            Ok(format!("https://{host}/authorize_interaction?uri={uri}"))
        }
        _ => Err(Error::invalid("Your handle looks like you@your.server")),
    }
}

/// `POST /follow`: a visitor follows the owner.
pub(in crate::web) fn follow(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let owner = app.domain.owner()?;
    Ok(Response::see_other(&elsewhere(form.get("handle").unwrap_or_default(), &owner.uri)?))
}

/// `GET /interact?uri=…`: a visitor wants to do something with a post.
pub(in crate::web) fn interact(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if render::is_owner(request) {
        return Ok(Response::see_other(&format!("/search?q={}", encode(uri))));
    }
    let context = context! {
        heading => "From your own server",
        lines => ["Tell your handle, and your own server opens this post, where you can reply, boost or favourite it."],
        form => context! { action => "/interact", uri, label => "Your handle" },
    };
    render::page(app, request, "message.html", context)
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `POST /interact`.
pub(in crate::web) fn send(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if !app.domain.site.owns(uri) {
        return Err(Error::invalid("This address is not of this server"));
    }
    Ok(Response::see_other(&elsewhere(form.get("handle").unwrap_or_default(), uri)?))
}

/// `GET /authorize_interaction?uri=…`: the owner comes from another server's page.
pub(in crate::web) fn authorize(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?.to_owned();
    let found = match Resource::parse(&uri) {
        Ok(Resource::Account { username, host }) => {
            match queries::accounts::by_handle(&app.domain, &username, &host)? {
                Some(id) => Resolved::Actor(id),
                None => Resolved::Actor(app.domain.remote()?.actor_by_handle(&username, &host)?),
            }
        }
        _ => return Ok(Response::see_other(&format!("/search?q={}", encode(&uri)))),
    };
    match found {
        Resolved::Actor(id) => {
            let actor = app.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
            Ok(Response::see_other(&format!("/u/{}", profile::handle(&app.domain, &actor))))
        }
        Resolved::Status(id) => Ok(Response::see_other(&format!("/t/{id}"))),
    }
}
