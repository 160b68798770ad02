//! A request as handlers see it: read whole, its path decoded once, its sender known.

use std::net::IpAddr;

use bytes::Bytes;
use hyper::{HeaderMap, Method};

use super::form::Form;
use crate::domain::account::oauth::{Bearer, Scopes};
use crate::error::{Error, Result};
use crate::store::account::sessions::Session;
use crate::store::visibility::Viewer;

/// Who sent a request, as far as a token or cookie says.
#[derive(Debug, Clone, Default)]
pub enum Principal {
    /// Nobody in particular.
    #[default]
    Anonymous,
    /// The bearer of a token.
    Token(Bearer),
    /// The owner in a browser.
    Browser(Session),
}

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Its method; HEAD arrives as GET.
    pub method: Method,
    /// Its path, percent-decoded once, without a slash at the end.
    pub path: String,
    /// Path and query as received: what signatures cover.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// The address of the client (behind trusted proxies, the one that they name).
    pub client: IpAddr,
    /// The parts of the path that the route names.
    pub params: Vec<(&'static str, String)>,
    /// Who sent it, as far as the route asks for that.
    pub who: Principal,
    /// Whose its credentials are, once they were looked up.
    pub known: Option<Principal>,
}

impl Request {
    /// A part of the path. The route's pattern names it, so it is always there.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// A part of the path as one of our ids.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is no number: there can be no such thing.
    pub fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        self.param(name).parse().map_err(|_| Error::NotFound)
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The query part of the target, without the question mark.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, q)| q)
    }

    /// Query and body fields together, whatever form the body has.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the body cannot be read as what it says it is.
    pub fn form(&self) -> Result<Form> {
        Form::read(self)
    }

    /// Whether the credentials, which were looked up, are the owner's.
    pub fn is_of_owner(&self) -> bool {
        match &self.known {
            Some(Principal::Token(bearer)) => bearer.token.owner,
            Some(Principal::Browser(_)) => true,
            _ => false,
        }
    }

    /// The owner's viewer if a token or session acts for the owner, else anonymous.
    pub fn viewer(&self, owner: crate::protocol::ids::ActorId) -> Viewer {
        match &self.who {
            Principal::Token(b) if b.token.owner => Viewer::Owner(owner),
            Principal::Browser(_) => Viewer::Owner(owner),
            _ => Viewer::Anonymous,
        }
    }

    /// The token of the request.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without one.
    pub fn bearer(&self) -> Result<&Bearer> {
        match &self.who {
            Principal::Token(b) => Ok(b),
            _ => Err(Error::Unauthorized("The access token is invalid".into())),
        }
    }

    /// The scopes of the request's token; none without one.
    pub fn scopes(&self) -> Scopes {
        match &self.who {
            Principal::Token(b) => b.scopes.clone(),
            _ => Scopes::default(),
        }
    }

    /// The browser session of the request.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without one.
    pub fn session(&self) -> Result<&Session> {
        match &self.who {
            Principal::Browser(s) => Ok(s),
            _ => Err(Error::Unauthorized("Please sign in first".into())),
        }
    }
}
