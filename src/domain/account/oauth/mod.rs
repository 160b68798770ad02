//! Apps and what they may do in the owner's name.

mod redirects;

use std::fmt;
use std::sync::Arc;

use crate::domain::Domain;
use crate::error::{Error, OAuthCode, Result};
use crate::limits;
use crate::protocol::ids::{AppId, TokenId};
use crate::protocol::secret;
use crate::protocol::text::is_hidden;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::account::apps::{self, App, AuthCode, Token};

/// The redirect URI that shows the code on a page instead (out of band).
pub const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

/// Every scope that is offered.
pub const SCOPES: &[&str] = &[
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
    "profile",
];

/// A set of granted scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<&'static str>);

impl Scopes {
    /// Reads scopes separated by spaces or plus signs. Unknown ones are left out, so that apps from the future
    /// can sign in; nothing known at all is an error. An empty text means `read`.
    ///
    /// # Errors
    /// `invalid_scope` when none of the scopes is known.
    pub fn parse(text: &str) -> Result<Self> {
        let asked: Vec<&str> = text.split([' ', '+', ',']).filter(|s| !s.is_empty()).collect();
        if asked.is_empty() {
            return Ok(Self(vec!["read"]));
        }
        let known: Vec<&'static str> = SCOPES.iter().copied().filter(|s| asked.contains(s)).collect();
        if known.is_empty() {
            return Err(Error::oauth(
                OAuthCode::InvalidScope,
                format!(
                    "The requested scope is invalid, unknown, or malformed: {}",
                    text.chars().take(100).collect::<String>()
                ),
            ));
        }
        Ok(Self(known))
    }

    /// True if these scopes cover one: `read` covers `read:statuses`, `follow` covers follows, blocks and mutes.
    pub fn cover(&self, scope: &str) -> bool {
        self.0.iter().any(|granted| {
            *granted == scope
                || scope.split_once(':').is_some_and(|(family, part)| {
                    *granted == family || (*granted == "follow" && matches!(part, "follows" | "blocks" | "mutes"))
                })
                || (scope == "profile" && *granted == "read")
        })
    }

    /// True if every scope of `other` is covered by these.
    pub fn cover_all(&self, other: &Self) -> bool {
        other.0.iter().all(|s| self.cover(s))
    }

    /// The scopes one by one.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// What an app says of itself when it registers.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    /// Its name.
    pub name: String,
    /// Its page.
    pub website: Option<String>,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// Scopes that it may ask for.
    pub scopes: String,
    /// The client address that registers it; a /64 of IPv6.
    pub address: String,
}

/// Registers an app. Answers it with its secret in clear, which is shown only now.
///
/// # Errors
/// [`Error::Invalid`] naming the field that is missing or wrong; [`Error::RateLimited`] after too many from one address.
pub fn register(domain: &Domain, r: Registration) -> Result<(App, String)> {
    let scopes = Scopes::parse(&r.scopes)?;
    let name: String = r.name.chars().filter(|c| !is_hidden(*c) && !matches!(c, '\t' | '\r' | '\n')).collect();
    if name.trim().is_empty() {
        return Err(Error::invalid("Application name can't be blank"));
    }
    if r.redirect_uris.is_empty() || r.redirect_uris.len() > limits::APP_REDIRECT_URIS {
        return Err(Error::invalid(format!("Redirect URI: give 1 to {} of them", limits::APP_REDIRECT_URIS)));
    }
    for text in r.redirect_uris.iter().chain([&r.name]).chain(&r.website) {
        if text.len() > limits::APP_FIELD_CHARS {
            return Err(Error::invalid(format!("Application fields have at most {} bytes", limits::APP_FIELD_CHARS)));
        }
    }
    for uri in &r.redirect_uris {
        redirects::check(uri)?;
    }
    let (client_id, secret) = (secret::generate()?, secret::generate()?);
    let now = domain.now();
    let app = App {
        id: AppId(domain.next_id()),
        client_id,
        client_secret: secret::hash(&secret),
        name,
        website: r.website.filter(|w| crate::protocol::html::is_web_link(w)),
        redirect_uris: r.redirect_uris,
        scopes: scopes.to_string(),
        created_at: now,
        address: Some(r.address.clone()),
        used_at: None,
    };
    let row = app.clone();
    domain.store.write_quietly(move |conn| {
        make_room(conn, &r.address, now)?;
        apps::insert(conn, &row)
    })?;
    Ok((app, secret))
}

/// Keeps the apps that nobody has authorized within their limits. The oldest make room for new ones, but never those that
/// were registered so recently that the owner may be signing in with them.
fn make_room(conn: &Conn, address: &str, now: Timestamp) -> Result<()> {
    let (of_address, of_all) = apps::count_unused(conn, address)?;
    let whose = if of_address >= limits::UNUSED_APPS_PER_ADDRESS {
        Some(address)
    } else if of_all >= limits::UNUSED_APPS {
        None
    } else {
        return Ok(());
    };
    let Some((oldest, since)) = apps::oldest_unused(conn, whose)? else { return Ok(()) };
    let replaceable = since.plus(limits::APP_GRACE);
    if replaceable > now {
        let seconds = (replaceable.seconds() - now.seconds()).clamp(1, 3_600);
        return Err(Error::RateLimited { retry_after: seconds as u32 });
    }
    apps::delete(conn, oldest)
}

/// The app with this public id.
///
/// # Errors
/// `invalid_client` when there is none.
pub fn app(domain: &Domain, client_id: &str) -> Result<App> {
    domain.store.read(|c| apps::by_client_id(c, client_id))?.ok_or_else(unknown_client)
}

fn unknown_client() -> Error {
    Error::oauth(
        OAuthCode::InvalidClient,
        "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
    )
}

/// The app with this id and secret.
///
/// # Errors
/// `invalid_client` when they do not belong together.
pub fn authenticate(domain: &Domain, client_id: &str, client_secret: &str) -> Result<App> {
    let app = app(domain, client_id)?;
    if secret::same(&app.client_secret, &secret::hash(client_secret)) { Ok(app) } else { Err(unknown_client()) }
}

/// What an app asks the owner for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The app.
    pub app: App,
    /// Where the answer goes; one of the app's, byte-exact.
    pub redirect_uri: String,
    /// What is asked for.
    pub scopes: Scopes,
    /// PKCE challenge (S256).
    pub code_challenge: Option<String>,
}

/// The parameters of a request for authorization, as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
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

/// Checks a request for authorization.
///
/// # Errors
/// An OAuth error that must be shown to the owner and never sent to the redirect URI, because that is not trusted yet.
pub fn check_request(domain: &Domain, asked: &Asked<'_>) -> Result<Request> {
    let app = app(domain, asked.client_id)?;
    let redirect_uri = asked.redirect_uri;
    // An app may have been registered before a rule was added.
    if !app.redirect_uris.iter().any(|u| u == redirect_uri) || redirects::check(redirect_uri).is_err() {
        return Err(Error::oauth(OAuthCode::InvalidRequest, "The redirect uri included is not valid."));
    }
    match asked.response_type {
        "code" => {}
        "" => {
            return Err(Error::oauth(OAuthCode::InvalidRequest, "The parameter `response_type` is missing: use code."));
        }
        _ => return Err(Error::oauth(OAuthCode::UnsupportedResponseType, "The response_type must be code.")),
    }
    let scopes = Scopes::parse(asked.scope)?;
    if !Scopes::parse(&app.scopes)?.cover_all(&scopes) {
        return Err(Error::oauth(
            OAuthCode::InvalidScope,
            format!("The app registered for `{}` and may not ask for `{scopes}`.", app.scopes),
        ));
    }
    let code_challenge = challenge(asked)?;
    Ok(Request { app, redirect_uri: redirect_uri.to_owned(), scopes, code_challenge })
}

/// The PKCE challenge of a request. A method without a challenge is refused too: the challenge may have been taken out on
/// the way (RFC 9700 section 2.1.1).
fn challenge(asked: &Asked<'_>) -> Result<Option<String>> {
    let wrong = |text: &'static str| Err(Error::oauth(OAuthCode::InvalidRequest, text));
    let filled = |value: Option<&str>| value.filter(|v| !v.is_empty()).map(str::to_owned);
    match (filled(asked.code_challenge), filled(asked.method)) {
        (None, None) => Ok(None),
        (None, Some(_)) => wrong("The parameter code_challenge is missing."),
        (Some(_), method) if method.as_deref() != Some("S256") => wrong("The code_challenge_method must be S256."),
        (Some(c), _) if c.len() == limits::PKCE_CHALLENGE_CHARS && c.bytes().all(is_base64url) => Ok(Some(c)),
        (Some(_), _) => wrong("The code_challenge must be the SHA-256 of the verifier in base64url."),
    }
}

fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')
}

/// Notes that the owner has opened the authorization page of an app, so that it is not removed meanwhile.
///
/// # Errors
/// When the database cannot be written.
pub fn opened(domain: &Domain, app: &App) -> Result<()> {
    let (id, now) = (app.id, domain.now());
    domain.store.write_quietly(move |conn| apps::touch(conn, id, now))
}

/// The owner consents: a code that the app can exchange for a token once.
///
/// # Errors
/// When the database cannot be written.
pub fn grant(domain: &Domain, request: &Request) -> Result<String> {
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

/// A token in clear, with what is stored of it.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The token itself, shown only now.
    pub secret: String,
    /// Its row.
    pub token: Token,
}

/// A request to exchange a code.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The client sent its secret.
    pub proven: bool,
    /// `code`.
    pub code: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `code_verifier`.
    pub verifier: Option<String>,
}

/// Exchanges a code for a token. A second try with the same code by the same client revokes the token of the first; by
/// anybody else it has no effect, or reading a code would be enough to sign the owner out.
///
/// # Errors
/// `invalid_grant` when the code, its redirect URI or its verifier is wrong, or it is used or too old;
/// `invalid_client` when a confidential app does not prove itself.
pub fn exchange(domain: &Arc<Domain>, app: &App, asked: Exchange) -> Result<Issued> {
    let (hash, app) = (secret::hash(&asked.code), app.clone());
    let issued = Issued { secret: secret::generate()?, token: new_token(domain, Some(app.id), true, String::new()) };
    let ctx = domain.clone();
    let replayed = domain.store.write_quietly(move |conn| {
        let row = apps::code(conn, &hash)?.filter(|c| c.app_id == app.id).ok_or_else(invalid_grant)?;
        let fresh = row.created_at >= ctx.now().minus(limits::AUTH_CODE_AGE);
        if asked.redirect_uri != row.redirect_uri || !is_verified(&row, asked.verifier.as_deref()) {
            return Err(invalid_grant());
        }
        if !asked.proven && row.code_challenge.is_none() {
            return Err(unknown_client());
        }
        if let Some(first) = row.token_id {
            apps::revoke(conn, first)?;
            return Ok(None);
        }
        if !fresh {
            return Err(invalid_grant());
        }
        let mut issued = issued;
        issued.token.scopes = row.scopes;
        apps::insert_token(conn, &secret::hash(&issued.secret), &issued.token, limits::TOKENS_PER_APP)?;
        apps::use_code(conn, &hash, issued.token.id, ctx.now())?;
        Ok(Some(issued))
    })?;
    replayed.ok_or_else(invalid_grant)
}

/// True if the verifier belongs to the challenge. A verifier without a challenge is refused: somebody has taken the
/// challenge out of the request (RFC 9700 section 2.1.1).
fn is_verified(code: &AuthCode, verifier: Option<&str>) -> bool {
    match (&code.code_challenge, verifier) {
        (Some(challenge), Some(verifier)) => secret::same(challenge, &secret::pkce_challenge(verifier)),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn invalid_grant() -> Error {
    Error::oauth(
        OAuthCode::InvalidGrant,
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    )
}

fn new_token(domain: &Domain, app_id: Option<AppId>, owner: bool, scopes: String) -> Token {
    Token { id: TokenId(domain.next_id()), app_id, owner, scopes, created_at: domain.now(), used_at: None }
}

/// Issues a token without asking: for an app alone (client credentials), or on the command line for the owner.
///
/// # Errors
/// When the database cannot be written.
pub fn issue(domain: &Domain, app_id: Option<AppId>, owner: bool, scopes: &Scopes) -> Result<Issued> {
    let issued = Issued { secret: secret::generate()?, token: new_token(domain, app_id, owner, scopes.to_string()) };
    let row = issued.clone();
    let keep = match (app_id, owner) {
        (None, _) => limits::TOKENS_WITHOUT_APP,
        (Some(_), true) => limits::TOKENS_PER_APP,
        (Some(_), false) => limits::APP_TOKENS_PER_APP,
    };
    domain.store.write_quietly(move |conn| apps::insert_token(conn, &secret::hash(&row.secret), &row.token, keep))?;
    Ok(issued)
}

/// A token that somebody presents, with its scopes.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Its row.
    pub token: Token,
    /// What it grants.
    pub scopes: Scopes,
}

/// The token that somebody presents.
///
/// # Errors
/// [`Error::Unauthorized`] when there is no such token.
pub fn bearer(domain: &Domain, presented: &str) -> Result<Bearer> {
    let hash = secret::hash(presented);
    let token = domain
        .store
        .read(|c| apps::token(c, &hash))?
        .ok_or_else(|| Error::Unauthorized("The access token is invalid".into()))?;
    note_use(domain, &token);
    let scopes = Scopes::parse(&token.scopes)?;
    Ok(Bearer { token, scopes })
}

/// Notes that a token is in use, at most once in [`limits::TOKEN_LAST_USE_INTERVAL`].
fn note_use(domain: &Domain, token: &Token) {
    let (id, now) = (token.id, domain.now());
    if token.used_at.is_some_and(|used| used.plus(limits::TOKEN_LAST_USE_INTERVAL) > now) {
        return;
    }
    // The request does not depend on it: the next one tries again.
    if let Err(e) = domain.store.write_quietly(move |conn| apps::touch_token(conn, id, now)) {
        tracing::warn!(error = %e, "the use of a token could not be noted");
    }
}

/// The app of a token.
///
/// # Errors
/// When the database cannot be read.
pub fn app_of(domain: &Domain, token: &Token) -> Result<Option<App>> {
    match token.app_id {
        Some(id) => domain.store.read(|c| apps::get(c, id)),
        None => Ok(None),
    }
}

/// Revokes a token of this app. A token that is not there is as good as revoked.
///
/// # Errors
/// [`Error::Forbidden`] when the token is another app's.
pub fn revoke(domain: &Domain, app: &App, presented: &str) -> Result<()> {
    let (hash, app) = (secret::hash(presented), app.id);
    domain.store.write_quietly(move |conn| match apps::token(conn, &hash)? {
        Some(token) if token.app_id == Some(app) => apps::revoke(conn, token.id),
        Some(_) => Err(Error::Forbidden("You are not authorized to revoke this token".into())),
        None => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_cover_their_parts() {
        let s = |t| Scopes::parse(t).unwrap();
        assert!(s("read").cover("read:statuses") && !s("read").cover("write:statuses"));
        assert!(s("follow").cover("write:follows") && s("follow").cover("read:blocks"));
        assert!(!s("follow").cover("read:statuses") && !s("read:statuses").cover("read"));
        assert!(s("read+write").cover("write") && s("").cover("read"));
        assert_eq!(s("write from-the-future").to_string(), "write");
        assert!(Scopes::parse("nonsense").is_err());
    }
}
