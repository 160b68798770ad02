//! Authorization of apps by the owner: the request, and the code that it grants.

use super::apps::app;
use super::redirects;
use super::scopes::Scopes;
use crate::domain::Domain;
use crate::error::refusal::OAuthRefusal;
use crate::error::{Error, OAuthCode, Result};
use crate::limits;
use crate::protocol::secret;
use crate::store::account::apps::{self, App, AuthCode};

/// A valid authorization request.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// The app.
    pub app: App,
    /// The redirect URI: byte for byte one of the app's.
    pub redirect_uri: String,
    /// The requested scopes.
    pub scopes: Scopes,
    /// The PKCE challenge (S256).
    pub code_challenge: Option<String>,
}

/// The parameters of an authorization request, not checked yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuthorizationParameters<'a> {
    /// `client_id`.
    pub client_id: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: &'a str,
    /// `response_type`.
    pub response_type: &'a str,
    /// `scope`.
    pub scope: &'a str,
    /// `code_challenge`.
    pub code_challenge: Option<&'a str>,
    /// `code_challenge_method`.
    pub method: Option<&'a str>,
}

/// Checks an authorization request.
///
/// # Errors
/// An OAuth error that must be shown to the owner, not sent to the redirect URI, because that is not trusted yet.
pub fn check_request(domain: &Domain, parameters: &AuthorizationParameters<'_>) -> Result<AuthorizationRequest> {
    let app = app(domain, parameters.client_id)?;
    let redirect_uri = parameters.redirect_uri;
    // An app may have been registered before a rule existed.
    if !app.redirect_uris.iter().any(|u| u == redirect_uri) || redirects::check(redirect_uri).is_err() {
        return Err(Error::oauth(OAuthCode::InvalidRequest, OAuthRefusal::RedirectUri));
    }
    match parameters.response_type {
        "code" => {}
        "" => {
            return Err(Error::oauth(OAuthCode::InvalidRequest, OAuthRefusal::ResponseTypeMissing));
        }
        _ => return Err(Error::oauth(OAuthCode::UnsupportedResponseType, OAuthRefusal::ResponseType)),
    }
    let scopes = Scopes::parse(parameters.scope)?;
    if !Scopes::parse(&app.scopes)?.cover_all(&scopes) {
        return Err(Error::oauth(
            OAuthCode::InvalidScope,
            OAuthRefusal::ScopeExceeded { registered: app.scopes, requested: scopes.to_string() },
        ));
    }
    let code_challenge = challenge(parameters)?;
    Ok(AuthorizationRequest { app, redirect_uri: redirect_uri.to_owned(), scopes, code_challenge })
}

/// The PKCE challenge of a request. A method without a challenge is an error too, because an attacker may have removed the
/// challenge (RFC 9700 section 2.1.1).
fn challenge(parameters: &AuthorizationParameters<'_>) -> Result<Option<String>> {
    let wrong = |refusal: OAuthRefusal| Err(Error::oauth(OAuthCode::InvalidRequest, refusal));
    let filled = |value: Option<&str>| value.filter(|v| !v.is_empty()).map(str::to_owned);
    match (filled(parameters.code_challenge), filled(parameters.method)) {
        (None, None) => Ok(None),
        (None, Some(_)) => wrong(OAuthRefusal::ChallengeMissing),
        (Some(_), method) if method.as_deref() != Some("S256") => wrong(OAuthRefusal::ChallengeMethod),
        (Some(c), _) if c.len() == limits::PKCE_CHALLENGE_CHARS && c.bytes().all(is_base64url) => Ok(Some(c)),
        (Some(_), _) => wrong(OAuthRefusal::Challenge),
    }
}

fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')
}

/// Records that the owner has opened the authorization page of an app, so that the app is not removed meanwhile.
pub fn opened(domain: &Domain, app: &App) -> Result<()> {
    let (id, now) = (app.id, domain.now());
    domain.store.write_quietly(move |conn| apps::touch(conn, id, now))
}

/// Grants an authorization request: returns a code that the app can exchange for a token once.
pub fn grant(domain: &Domain, request: &AuthorizationRequest) -> Result<String> {
    let code = secret::generate()?;
    let hash = secret::hash(&code);
    let row = AuthCode {
        app_id: request.app.id,
        redirect_uri: request.redirect_uri.clone(),
        scopes: request.scopes.to_string(),
        code_challenge: request.code_challenge.clone(),
        created_at: domain.now(),
        used_at: None,
        token_id: None,
    };
    domain.store.write_quietly(move |conn| {
        apps::touch(conn, row.app_id, row.created_at)?;
        apps::insert_code(conn, &hash, &row)
    })?;
    Ok(code)
}
