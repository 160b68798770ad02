//! A request as handlers see it: body read, path decoded, sender authenticated.

use std::net::IpAddr;

use bytes::Bytes;
use hyper::{HeaderMap, Method};

use super::form::Form;
use super::multipart::Parts;
use crate::domain::account::oauth::{Bearer, Scopes};
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::store::account::sessions::Session;
use crate::store::visibility::Viewer;

/// The sender of a request, by its token or cookie.
#[derive(Debug, Clone, Default)]
pub enum Principal {
    /// No valid credentials.
    #[default]
    Anonymous,
    /// The bearer of a token.
    Token(Bearer),
    /// A browser session of the owner.
    Browser(Session),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its method; HEAD arrives as GET.
    pub method: Method,
    /// Its path, percent-decoded once, without a trailing slash.
    pub path: String,
    /// Path and query as received, which signatures cover.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// The parts of its body, if that was read as it arrived.
    pub parts: Option<Parts>,
    /// The address of the client (behind trusted proxies, the one that they state).
    pub client: IpAddr,
    /// The parameters of the path.
    pub params: Vec<(String, String)>,
    /// The sender, as far as the access of the route requires one.
    pub principal: Principal,
    /// The holder of its credentials, once they were looked up.
    pub identified: Option<Principal>,
}

impl Request {
    /// A parameter of the path; empty if the route does not have it.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// A parameter of the path as an id of ours.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not a number.
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

    /// Returns `true` if the request has a body.
    pub fn has_body(&self) -> bool {
        !self.body.is_empty() || self.parts.is_some()
    }

    /// The parameters of query and body.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the body does not have the type that it states.
    pub fn form(&self) -> Result<Form> {
        let content_type = self.header("content-type").unwrap_or_default();
        Form::read(self.query(), content_type, &self.body, self.parts.as_ref())
    }

    /// Returns `true` if the identified credentials are the owner's.
    pub fn is_from_owner(&self) -> bool {
        match &self.identified {
            Some(Principal::Token(bearer)) => bearer.token.owner,
            Some(Principal::Browser(_)) => true,
            _ => false,
        }
    }

    /// The owner if a token or session acts for the owner, otherwise anonymous.
    pub fn viewer(&self, owner: crate::protocol::ids::ActorId) -> Viewer {
        match &self.principal {
            Principal::Token(b) if b.token.owner => Viewer::Owner(owner),
            Principal::Browser(_) => Viewer::Owner(owner),
            _ => Viewer::Anonymous,
        }
    }

    /// The same request by the owner, whose session has just begun.
    pub fn in_session(&self, session: Session) -> Self {
        Self { principal: Principal::Browser(session), ..self.clone() }
    }

    /// The token of the request.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without one.
    pub fn bearer(&self) -> Result<&Bearer> {
        match &self.principal {
            Principal::Token(b) => Ok(b),
            _ => Err(Error::Unauthorized("The access token is invalid".into())),
        }
    }

    /// The scopes of the token; empty without a token.
    pub fn scopes(&self) -> Scopes {
        match &self.principal {
            Principal::Token(b) => b.scopes.clone(),
            _ => Scopes::default(),
        }
    }

    /// The browser session of the request.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without one.
    pub fn session(&self) -> Result<&Session> {
        match &self.principal {
            Principal::Browser(s) => Ok(s),
            _ => Err(Error::Unauthorized(RequestRefusal::SignInFirst.into())),
        }
    }
}
