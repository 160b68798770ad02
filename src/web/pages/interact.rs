//! Remote interaction: visitors act from their own servers, and the owner acts on posts of other servers.

use minijinja::context;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::account::handle::handle;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Request, Response, cookies};
use crate::protocol::discovery::webfinger::{self, Resource};
use crate::store::actors;
use crate::web::render;

/// What a visitor does on the own server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intent {
    /// Follow the owner.
    Follow,
    /// Reply to a post, boost it or favourite it.
    Interact,
}

impl Intent {
    /// The intent with a URI of this server.
    fn of(app: &App, uri: &str) -> Self {
        if app.domain.owner().is_ok_and(|owner| owner.uri == uri) { Self::Follow } else { Self::Interact }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Follow => "Follow from your own server",
            Self::Interact => "Continue on your own server",
        }
    }

    fn explanation(self) -> &'static str {
        match self {
            Self::Follow => "Enter your handle. Your server then opens this profile, where you can follow it.",
            Self::Interact => {
                "Enter your handle. Your server then opens this post, where you can reply, boost or favourite it."
            }
        }
    }
}

/// `POST /follow`: a visitor follows the owner.
pub(crate) fn follow(app: &App, request: &Request) -> Result<Response> {
    let uri = app.domain.owner()?.uri.clone();
    continue_elsewhere(app, request, &uri)
}

/// `GET /interact?uri=…`: a visitor interacts with a post.
pub(crate) fn interact(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if render::is_owner(request) {
        return Ok(Response::see_other(&format!("/search?q={}", encode(uri))));
    }
    ask_for_handle(app, request, uri, None)
}

/// `POST /interact`.
pub(crate) fn send(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uri = form.require("uri")?;
    if !app.domain.site.owns(uri) {
        return Err(Error::invalid("The address does not belong to this server"));
    }
    continue_elsewhere(app, request, uri)
}

/// The form for the visitor's handle, with what was entered last.
fn ask_for_handle(app: &App, request: &Request, uri: &str, error: Option<&str>) -> Result<Response> {
    let intent = Intent::of(app, uri);
    let entered = request.form()?.get("handle").map(str::to_owned);
    let handle = entered.or_else(|| cookies::visitor(request)).unwrap_or_default();
    let context = context! {
        heading => intent.heading(),
        lines => [error.unwrap_or(intent.explanation())],
        form => context! { action => "/interact", uri, handle, label => "Your handle" },
        copy => context! { label => "Or copy this address into the search field of your server", text => uri },
    };
    let page = render::page(app, request, "message.html", context)?;
    Ok(if error.is_some() { page.with_status(hyper::StatusCode::UNPROCESSABLE_ENTITY) } else { page })
}

/// A page that leads to the visitor's own server. It is a page and no redirect: browsers forbid forms to redirect to
/// servers that the content security policy does not name.
fn continue_elsewhere(app: &App, request: &Request, uri: &str) -> Result<Response> {
    let form = request.form()?;
    let handle = form.get("handle").unwrap_or_default().trim();
    let Ok(Resource::Account { username, host }) = Resource::parse(handle) else {
        let why = "The handle is not valid. Enter a handle like you@your.server";
        return ask_for_handle(app, request, uri, Some(why));
    };
    if app.domain.site.owns_domain(&host) {
        return ask_for_handle(
            app,
            request,
            uri,
            Some("This is a handle of this server. Enter the one of your server."),
        );
    }
    let address = match app.domain.remote()?.interaction_page(&username, &host) {
        Ok(Some(template)) => webfinger::expand(&template, uri),
        // Mastodon and compatible servers have this page, also if their WebFinger does not name it.
        Ok(None) | Err(Error::Busy { .. }) => webfinger::expand(&format!("https://{host}{DEFAULT_PAGE}"), uri),
        Err(Error::Internal(e)) => return Err(Error::Internal(e)),
        Err(e) => {
            tracing::debug!(error = %e, host, "server of a visitor could not be found");
            let why =
                format!("{host} did not respond, or has no account {username}. Check the spelling of your handle.");
            return ask_for_handle(app, request, uri, Some(&why));
        }
    };
    let context = context! {
        heading => Intent::of(app, uri).heading(),
        lines => [format!("Opening {host} …")],
        onward => context! { address, label => format!("Continue on {host}") },
        copy => context! { label => "If nothing happens, copy this address into the search field of your server", text => uri },
    };
    let response = render::page(app, request, "message.html", context)?;
    Ok(cookies::set_visitor(response, &format!("{username}@{host}"), !app.domain.site.is_loopback()))
}

/// The page of Mastodon that opens an object of another server.
const DEFAULT_PAGE: &str = "/authorize_interaction?uri={uri}";

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
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
            Ok(Response::see_other(&format!("/u/{}", handle(&app.domain, &actor))))
        }
        Resolved::Status(id) => Ok(Response::see_other(&format!("/t/{id}"))),
    }
}
