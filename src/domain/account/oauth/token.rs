//! Access tokens: issuing, checking and revoking them.

use std::sync::Arc;

use super::apps::unknown_client;
use super::scopes::Scopes;
use crate::domain::Domain;
use crate::error::{Error, OAuthCode, Result};
use crate::limits;
use crate::protocol::ids::{AppId, TokenId};
use crate::protocol::secret;
use crate::store::account::apps::{self, App, AuthCode, OwnerToken, Token};

/// A new token.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The token itself, of which only the hash is stored.
    pub secret: String,
    /// Its row.
    pub token: Token,
}

/// A request to exchange a code for a token.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The client has sent its secret.
    pub authenticated: bool,
    /// `code`.
    pub code: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `code_verifier`.
    pub verifier: Option<String>,
}

/// Exchanges a code for a token. A second exchange by the same client revokes the token of the first. By another client it
/// has no effect, because otherwise a leaked code would be enough to sign the owner out.
///
/// # Errors
/// `invalid_grant` if the code, its redirect URI or its verifier is wrong, or the code is used or expired;
/// `invalid_client` if a confidential app has not sent its secret.
pub fn exchange(domain: &Arc<Domain>, app: &App, request: Exchange) -> Result<Issued> {
    let (hash, app) = (secret::hash(&request.code), app.clone());
    let issued =
        Issued { secret: secret::generate()?, token: new_token(domain, Some(app.id), Holder::Owner, String::new()) };
    let ctx = domain.clone();
    let issued = domain.store.write(move |conn| {
        let row = apps::code(conn, &hash)?.filter(|c| c.app_id == app.id).ok_or_else(invalid_grant)?;
        let fresh = row.created_at >= ctx.now().minus(limits::AUTH_CODE_AGE);
        if request.redirect_uri != row.redirect_uri || !is_verified(&row, request.verifier.as_deref()) {
            return Err(invalid_grant());
        }
        if !request.authenticated && row.code_challenge.is_none() {
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
    issued.ok_or_else(invalid_grant)
}

/// True if the verifier matches the challenge. A verifier without a challenge does not, because an attacker may have removed
/// the challenge from the request (RFC 9700 section 2.1.1).
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

/// In whose name a token acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The owner.
    Owner,
    /// The app itself (client credentials).
    App,
}

fn new_token(domain: &Domain, app_id: Option<AppId>, holder: Holder, scopes: String) -> Token {
    Token {
        id: TokenId(domain.next_id()),
        app_id,
        owner: holder == Holder::Owner,
        scopes,
        created_at: domain.now(),
        used_at: None,
    }
}

/// Issues a token without an authorization request: for an app itself, or on the command line for the owner.
pub fn issue(domain: &Domain, app_id: Option<AppId>, holder: Holder, scopes: &Scopes) -> Result<Issued> {
    let token = new_token(domain, app_id, holder, scopes.to_string());
    let issued = Issued { secret: secret::generate()?, token };
    let row = issued.clone();
    let most = match (app_id, holder) {
        (None, _) => limits::TOKENS_WITHOUT_APP,
        (Some(_), Holder::Owner) => limits::TOKENS_PER_APP,
        (Some(_), Holder::App) => limits::APP_TOKENS_PER_APP,
    };
    domain.store.write(move |conn| apps::insert_token(conn, &secret::hash(&row.secret), &row.token, most))?;
    Ok(issued)
}

/// A valid token of a request, with its scopes.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Its row.
    pub token: Token,
    /// The scopes that it grants.
    pub scopes: Scopes,
}

/// The token of a request.
///
/// # Errors
/// [`Error::Unauthorized`] if there is no such token.
pub fn bearer(domain: &Domain, presented: &str) -> Result<Bearer> {
    let hash = secret::hash(presented);
    if let Some(token) = cached_token(domain, &hash) {
        return with_scopes(token);
    }
    let generation = domain.store.generation();
    let token = domain
        .store
        .read(|c| apps::token(c, &hash))?
        .ok_or_else(|| Error::Unauthorized("The access token is invalid".into()))?;
    record_use(domain, &token);
    if let Some(generation) = generation {
        domain.tokens.put(hash, token.clone(), generation, domain.now());
    }
    with_scopes(token)
}

/// The owner's token of a request, if it is cached.
pub fn cached_bearer(domain: &Domain, presented: &str) -> Option<Bearer> {
    with_scopes(cached_token(domain, &secret::hash(presented))?).ok()
}

fn cached_token(domain: &Domain, hash: &str) -> Option<Token> {
    domain.tokens.get(hash, domain.store.generation()?, domain.now())
}

fn with_scopes(token: Token) -> Result<Bearer> {
    let scopes = Scopes::parse(&token.scopes)?;
    Ok(Bearer { token, scopes })
}

/// Records that a token is used, at most once in [`limits::TOKEN_LAST_USE_INTERVAL`].
fn record_use(domain: &Domain, token: &Token) {
    let (id, now) = (token.id, domain.now());
    if token.used_at.is_some_and(|used| used.plus(limits::TOKEN_LAST_USE_INTERVAL) > now) {
        return;
    }
    // The request does not depend on it, and the next one tries again.
    if let Err(e) = domain.store.write_quietly(move |conn| apps::touch_token(conn, id, now)) {
        tracing::warn!(error = %e, "use of a token could not be recorded");
    }
}

/// The app of a token.
pub fn app_of(domain: &Domain, token: &Token) -> Result<Option<App>> {
    match token.app_id {
        Some(id) => domain.store.read(|c| apps::get(c, id)),
        None => Ok(None),
    }
}

/// The tokens that act for the owner, the last used first.
pub fn owner_tokens(domain: &Domain) -> Result<Vec<OwnerToken>> {
    domain.store.read(|c| apps::owner_tokens(c, limits::TOKENS_LISTED))
}

/// Revokes a token of the owner.
///
/// # Errors
/// [`Error::NotFound`] if there is no such token.
pub fn revoke_by_id(domain: &Domain, id: TokenId) -> Result<()> {
    match domain.store.write(move |conn| apps::revoke_of_owner(conn, id))? {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

/// Revokes every token.
pub fn revoke_all(domain: &Domain) -> Result<()> {
    domain.store.write(apps::revoke_all)
}

/// Revokes a token of an app. An unknown token counts as revoked.
///
/// # Errors
/// [`OAuthCode::UnauthorizedClient`] if the token belongs to another app.
pub fn revoke(domain: &Domain, app: &App, presented: &str) -> Result<()> {
    let (hash, app) = (secret::hash(presented), app.id);
    domain.store.write(move |conn| match apps::token(conn, &hash)? {
        Some(token) if token.app_id == Some(app) => apps::revoke(conn, token.id),
        Some(_) => Err(Error::oauth(OAuthCode::UnauthorizedClient, "You are not authorized to revoke this token")),
        None => Ok(()),
    })
}
