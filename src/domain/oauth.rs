//! Apps and what they may do in the owner's name.

use std::fmt;
use std::sync::Arc;

use super::Domain;
use crate::error::{Error, OAuthCode, Result};
use crate::limits;
use crate::protocol::ids::{AppId, TokenId};
use crate::protocol::secret;
use crate::store::apps::{self, App, AuthCode, Token};

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
}

/// Registers an app. Answers it with its secret in clear, which is shown only now.
///
/// # Errors
/// [`Error::Invalid`] naming the field that is missing or wrong.
pub fn register(domain: &Domain, r: Registration) -> Result<(App, String)> {
    let scopes = Scopes::parse(&r.scopes)?;
    if r.name.trim().is_empty() {
        return Err(Error::invalid("Application name can't be blank"));
    }
    if r.redirect_uris.is_empty() || r.redirect_uris.len() > limits::APP_REDIRECTS {
        return Err(Error::invalid(format!("Redirect URI: give 1 to {} of them", limits::APP_REDIRECTS)));
    }
    for text in r.redirect_uris.iter().chain([&r.name]).chain(&r.website) {
        if text.len() > limits::APP_FIELD {
            return Err(Error::invalid(format!("Application fields have at most {} bytes", limits::APP_FIELD)));
        }
    }
    for uri in &r.redirect_uris {
        check_redirect(uri)?;
    }
    let (client_id, secret) = (secret::generate()?, secret::generate()?);
    let now = domain.now();
    let app = App {
        id: AppId(domain.next_id()),
        client_id,
        client_secret: secret::hash(&secret),
        name: r.name,
        website: r.website.filter(|w| w.starts_with("https://") || w.starts_with("http://")),
        redirect_uris: r.redirect_uris,
        scopes: scopes.to_string(),
        created_at: now,
    };
    let row = app.clone();
    domain.store.write_quietly(move |conn| {
        apps::purge_unused(conn, now.minus(limits::APP_UNUSED_AGE), limits::APPS_UNUSED)?;
        apps::insert(conn, &row)
    })?;
    Ok((app, secret))
}

/// Redirect URIs are opaque (apps use private schemes), but some are never right.
fn check_redirect(uri: &str) -> Result<()> {
    let lower = uri.to_ascii_lowercase();
    let forbidden = ["javascript:", "data:", "vbscript:", "file:", "about:", "blob:"];
    let bad = uri.is_empty()
        || !uri.contains(':')
        || uri.contains('#')
        || uri.chars().any(|c| c.is_control() || c.is_whitespace())
        || forbidden.iter().any(|scheme| lower.starts_with(scheme));
    if bad {
        return Err(Error::invalid(format!(
            "Redirect URI must be an absolute URI without a fragment: {}",
            uri.chars().take(100).collect::<String>()
        )));
    }
    Ok(())
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

/// Checks a request for authorisation.
///
/// # Errors
/// An OAuth error that must be shown to the owner and never sent to the redirect URI, because that is not trusted yet.
pub fn check_request(
    domain: &Domain,
    client_id: &str,
    redirect_uri: &str,
    scope: &str,
    code_challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Request> {
    let app = app(domain, client_id)?;
    if !app.redirect_uris.iter().any(|u| u == redirect_uri) {
        return Err(Error::oauth(OAuthCode::InvalidRequest, "The redirect uri included is not valid."));
    }
    let scopes = Scopes::parse(scope)?;
    if !Scopes::parse(&app.scopes)?.cover_all(&scopes) {
        return Err(Error::oauth(
            OAuthCode::InvalidScope,
            format!("The app registered for `{}` and may not ask for `{scopes}`.", app.scopes),
        ));
    }
    let code_challenge = code_challenge.filter(|c| !c.is_empty());
    if code_challenge.is_some() && method != Some("S256") {
        return Err(Error::oauth(OAuthCode::InvalidRequest, "The code_challenge_method must be S256."));
    }
    Ok(Request {
        app,
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        code_challenge: code_challenge.map(str::to_owned),
    })
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
        apps::purge_codes(conn, row.created_at.minus(limits::AUTH_CODE_AGE * 6))?;
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

/// Exchanges a code for a token. A second try with the same code revokes the token of the first.
///
/// # Errors
/// `invalid_grant` when the code, its redirect URI or its verifier is wrong, or it is used or too old;
/// `invalid_client` when a confidential app does not prove itself.
pub fn exchange(
    domain: &Arc<Domain>,
    app: &App,
    proven: bool,
    code: &str,
    redirect_uri: Option<&str>,
    verifier: Option<&str>,
) -> Result<Issued> {
    let (hash, app) = (secret::hash(code), app.clone());
    let (redirect_uri, verifier) = (redirect_uri.map(str::to_owned), verifier.map(str::to_owned));
    let issued = Issued { secret: secret::generate()?, token: new_token(domain, Some(app.id), true, String::new()) };
    let ctx = domain.clone();
    let replayed = domain.store.write_quietly(move |conn| {
        let row = apps::code(conn, &hash)?.filter(|c| c.app_id == app.id).ok_or_else(invalid_grant)?;
        if let Some(first) = row.token_id {
            apps::revoke(conn, first)?;
            return Ok(None);
        }
        let fresh = row.created_at >= ctx.now().minus(limits::AUTH_CODE_AGE);
        let right_place = redirect_uri.is_none_or(|uri| uri == row.redirect_uri);
        let proof = match (&row.code_challenge, &verifier) {
            (Some(challenge), Some(verifier)) => secret::same(challenge, &secret::pkce_challenge(verifier)),
            (Some(_), None) => false,
            (None, _) => true,
        };
        if !(fresh && right_place && proof) {
            return Err(invalid_grant());
        }
        if !proven && row.code_challenge.is_none() {
            return Err(unknown_client());
        }
        let mut issued = issued;
        issued.token.scopes = row.scopes;
        apps::insert_token(conn, &secret::hash(&issued.secret), &issued.token, limits::TOKENS)?;
        apps::use_code(conn, &hash, issued.token.id, ctx.now())?;
        Ok(Some(issued))
    })?;
    replayed.ok_or_else(invalid_grant)
}

fn invalid_grant() -> Error {
    Error::oauth(
        OAuthCode::InvalidGrant,
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    )
}

fn new_token(domain: &Domain, app_id: Option<AppId>, owner: bool, scopes: String) -> Token {
    Token { id: TokenId(domain.next_id()), app_id, owner, scopes, created_at: domain.now() }
}

/// Issues a token without asking: for an app alone (client credentials), or on the command line for the owner.
///
/// # Errors
/// When the database cannot be written.
pub fn issue(domain: &Domain, app_id: Option<AppId>, owner: bool, scopes: &Scopes) -> Result<Issued> {
    let issued = Issued { secret: secret::generate()?, token: new_token(domain, app_id, owner, scopes.to_string()) };
    let row = issued.clone();
    domain
        .store
        .write_quietly(move |conn| apps::insert_token(conn, &secret::hash(&row.secret), &row.token, limits::TOKENS))?;
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
    let scopes = Scopes::parse(&token.scopes)?;
    Ok(Bearer { token, scopes })
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

    #[test]
    fn redirects_are_opaque_but_never_scripts() {
        for good in [
            OOB,
            "icecubesapp://",
            "com.tapbots.Ivory.10217:/request_token/A",
            "http://localhost:3000/",
            "https://elk.zone/api/h/oauth/https%3A%2F%2Felk.zone",
        ] {
            assert!(check_redirect(good).is_ok(), "{good}");
        }
        for bad in
            ["", "nothing", "javascript:alert(1)", "DATA:text/html,x", "https://a/#f", "https://a/ b", "vbscript:x"]
        {
            assert!(check_redirect(bad).is_err(), "{bad}");
        }
    }
}
