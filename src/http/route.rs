//! Route tables: what serves a path, who may use it and how often.

use hyper::Method;

use super::{Request, Response};
use crate::error::Result;

/// Handles a request in the context `C`. Runs on a blocking thread: it may read the database and wait for other servers.
pub type Handler<C> = fn(&C, &Request) -> Result<Response>;

/// The surfaces: they differ in how errors look, in what `Accept` selects, and in who may read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The Mastodon client API and OAuth: JSON errors, CORS.
    Api,
    /// Pages: HTML errors, strict CSP.
    Web,
    /// Pictures, videos and recordings: HTML errors, CORS.
    Files,
    /// ActivityPub and discovery: plain JSON errors.
    Federation,
}

/// Who may use a route. Every route specifies it; there is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Public,
    /// Everyone; a token with this scope sees more.
    Optional(&'static str),
    /// A token of the owner with one of these scopes, separated by spaces.
    Token(&'static str),
    /// Any valid token, also that of an app alone.
    AnyToken,
    /// The owner in a browser; other visitors are redirected to the sign-in page. Forms carry the session's token.
    Session,
    /// Everyone; the owner in a browser sees more.
    OptionalSession,
    /// A form for everyone (sign-in, setup): it must be sent from our own pages.
    PublicForm,
    /// The owner's browser itself, not a page: it sends what another app shares, without a token. Nothing may be published.
    Shared,
    /// Peers. In secure mode they must sign; otherwise the handler checks the signature where it matters.
    Signed,
}

/// The rate limit of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// API reads and writes.
    Api,
    /// Pages and documents.
    Page,
    /// Sign-in attempts.
    Login,
    /// OAuth token requests.
    Token,
    /// App registrations.
    Apps,
    /// Deliveries to an inbox; limited by the queue.
    Inbox,
    /// Static files and health checks.
    Free,
}

/// The methods of routes, as a copyable value for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Verb {
    pub(super) const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    pub(super) fn of(method: &Method) -> Option<Self> {
        Some(match *method {
            Method::GET | Method::HEAD => Self::Get,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::PATCH => Self::Patch,
            Method::DELETE => Self::Delete,
            _ => return None,
        })
    }

    /// The HTTP methods that a route with this verb accepts.
    pub(super) fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Get => &["GET", "HEAD"],
            Self::Post => &["POST"],
            Self::Put => &["PUT"],
            Self::Patch => &["PATCH"],
            Self::Delete => &["DELETE"],
        }
    }
}

/// One row of a route table.
pub struct Route<C> {
    /// Its method.
    pub method: Verb,
    /// Its path: `/users/{name}`, `/@{name}/{id}`, `/media/{*file}`.
    pub path: &'static str,
    /// The surface that it belongs to.
    pub surface: Surface,
    /// Who may use it.
    pub access: Access,
    /// Its rate limit.
    pub class: Class,
    /// The maximum size of the request body in bytes.
    pub body: usize,
    /// It only reads a few rows: for the owner it may run without another thread.
    pub quick: bool,
    /// The function that handles it.
    pub handler: Handler<C>,
}

// Derived implementations would require `C: Copy`.
impl<C> Clone for Route<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Route<C> {}
