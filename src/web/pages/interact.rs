//! Remote interaction: visitors act from their own servers, and the owner acts on posts of other servers.

use minijinja::context;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::account::handle::handle;
use crate::domain::queries;
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::http::{Request, Response, cookies};
use crate::protocol::discovery::webfinger::{self, Resource};
use crate::store::actors;
use crate::web::locale::Message;
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

    fn heading(self) -> Message {
        match self {
            Self::Follow => Message::new("interact-follow"),
            Self::Interact => Message::new("interact-post"),
        }
    }

    fn explanation(self) -> Message {
        match self {
            Self::Follow => Message::new("interact-follow-hint"),
            Self::Interact => Message::new("interact-post-hint"),
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
        return Err(Error::invalid(RequestRefusal::AddressOfOtherServer));
    }
    continue_elsewhere(app, request, uri)
}

/// The form for the visitor's handle, with what was entered last.
fn ask_for_handle(app: &App, request: &Request, uri: &str, error: Option<Message>) -> Result<Response> {
    let intent = Intent::of(app, uri);
    let entered = request.form()?.get("handle").map(str::to_owned);
    let handle = entered.or_else(|| cookies::visitor(request)).unwrap_or_default();
    let is_rejected = error.is_some();
    let context = context! {
        heading => intent.heading(),
        lines => [error.unwrap_or_else(|| intent.explanation())],
        form => context! { action => "/interact", uri, handle, label => Message::new("interact-handle") },
        copy => context! { label => Message::new("interact-copy"), text => uri },
    };
    let page = render::page(app, request, "message.html", context)?;
    Ok(if is_rejected { page.with_status(hyper::StatusCode::UNPROCESSABLE_ENTITY) } else { page })
}

/// A page that leads to the visitor's own server. It is a page and no redirect: browsers forbid forms to redirect to
/// servers that the content security policy does not name.
fn continue_elsewhere(app: &App, request: &Request, uri: &str) -> Result<Response> {
    let form = request.form()?;
    let handle = form.get("handle").unwrap_or_default().trim();
    let Ok(Resource::Account { username, host }) = Resource::parse(handle) else {
        let why = Message::new("interact-invalid");
        return ask_for_handle(app, request, uri, Some(why));
    };
    if app.domain.site.owns_domain(&host) {
        return ask_for_handle(app, request, uri, Some(Message::new("interact-this-server")));
    }
    let address = match app.domain.remote()?.interaction_page(&username, &host) {
        Ok(Some(template)) => webfinger::expand(&template, uri),
        // Mastodon and compatible servers have this page, also if their WebFinger does not name it.
        Ok(None) | Err(Error::Busy { .. }) => webfinger::expand(&format!("https://{host}{DEFAULT_PAGE}"), uri),
        Err(Error::Internal(e)) => return Err(Error::Internal(e)),
        Err(e) => {
            tracing::debug!(error = %e, host, "server of a visitor could not be found");
            let why = Message::new("interact-no-answer").with("host", host.as_str()).with("name", username);
            return ask_for_handle(app, request, uri, Some(why));
        }
    };
    let context = context! {
        heading => Intent::of(app, uri).heading(),
        lines => [Message::new("interact-opening").with("host", host.as_str())],
        onward => context! { address, label => Message::new("interact-continue").with("host", host.as_str()) },
        copy => context! { label => Message::new("interact-copy-fallback"), text => uri },
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
