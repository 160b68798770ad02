//! Remote interaction: visitors act from their own servers, and the owner acts on posts of other servers.

use minijinja::context;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::account::profile;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::discovery::webfinger::Resource;
use crate::store::actors;
use crate::web::render;

/// The page of a visitor's server that opens one of our URIs. Mastodon and compatible servers have it.
fn page_on_server_of(handle: &str, uri: &str) -> Result<String> {
    match Resource::parse(handle.trim()) {
        Ok(Resource::Account { host, .. }) => {
            let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
            Ok(format!("https://{host}/authorize_interaction?uri={uri}"))
        }
        _ => Err(Error::invalid("The handle is not valid. Enter a handle like you@your.server")),
    }
}

/// `POST /follow`: a visitor follows the owner.
pub(crate) fn follow(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let owner = app.domain.owner()?;
    Ok(Response::see_other(&page_on_server_of(form.get("handle").unwrap_or_default(), &owner.uri)?))
}

/// `GET /interact?uri=…`: a visitor interacts with a post.
pub(crate) fn interact(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if render::is_owner(request) {
        return Ok(Response::see_other(&format!("/search?q={}", encode(uri))));
    }
    let context = context! {
        heading => "Continue on your server",
        lines => ["Enter your handle. Your server then opens this post, where you can reply, boost or favourite it."],
        form => context! { action => "/interact", uri, label => "Your handle" },
    };
    render::page(app, request, "message.html", context)
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `POST /interact`.
pub(crate) fn send(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if !app.domain.site.owns(uri) {
        return Err(Error::invalid("The address does not belong to this server"));
    }
    Ok(Response::see_other(&page_on_server_of(form.get("handle").unwrap_or_default(), uri)?))
}

/// `GET /authorize_interaction?uri=…`: the owner follows a link from another server's page.
pub(crate) fn authorize(app: &App, request: &Request) -> Result<Response> {
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
