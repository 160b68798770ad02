//! Registration and authentication of apps.

use super::redirects;
use super::scopes::Scopes;
use crate::domain::Domain;
use crate::error::refusal::OAuthRefusal;
use crate::error::{Error, OAuthCode, Result};
use crate::limits;
use crate::protocol::ids::AppId;
use crate::protocol::secret;
use crate::protocol::text::is_hidden;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::account::apps::{self, App};

/// A registration request of an app.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    /// Its name.
    pub name: String,
    /// Its website.
    pub website: Option<String>,
    /// Its redirect URIs.
    pub redirect_uris: Vec<String>,
    /// The scopes that it may request.
    pub scopes: String,
    /// The address of the client; the /64 network for IPv6.
    pub address: String,
}

/// Registers an app. Returns it with its secret, of which only the hash is stored.
///
/// # Errors
/// [`Error::Invalid`] with the field that is missing or wrong; [`Error::RateLimited`] after too many from one address.
pub fn register(domain: &Domain, r: Registration) -> Result<(App, String)> {
    let address = r.address.clone();
    let (app, secret) = check(domain, r)?;
    let row = app.clone();
    domain.store.write_quietly(move |conn| {
        make_room(conn, &address, row.created_at)?;
        apps::insert(conn, &row)
    })?;
    Ok((app, secret))
}

/// Registers an app for the owner: it counts as used, so the limits of unused apps, which others can fill, do not apply.
///
/// # Errors
/// [`Error::Invalid`] with the field that is missing or wrong.
pub fn register_for_owner(domain: &Domain, r: Registration) -> Result<(App, String)> {
    let (app, secret) = check(domain, r)?;
    let app = App { used_at: Some(app.created_at), address: None, ..app };
    let row = app.clone();
    domain.store.write_quietly(move |conn| apps::insert(conn, &row))?;
    Ok((app, secret))
}

/// The app of a valid request, with its secret.
fn check(domain: &Domain, r: Registration) -> Result<(App, String)> {
    let scopes = Scopes::parse(&r.scopes)?;
    let name: String = r.name.chars().filter(|c| !is_hidden(*c) && !matches!(c, '\t' | '\r' | '\n')).collect();
    if name.trim().is_empty() {
        return Err(Error::invalid(OAuthRefusal::NoName));
    }
    if r.redirect_uris.is_empty() || r.redirect_uris.len() > limits::APP_REDIRECT_URIS {
        return Err(Error::invalid(OAuthRefusal::RedirectUriCount(limits::APP_REDIRECT_URIS)));
    }
    for text in r.redirect_uris.iter().chain([&r.name]).chain(&r.website) {
        if text.len() > limits::APP_FIELD_CHARS {
            return Err(Error::invalid(OAuthRefusal::FieldTooLong(limits::APP_FIELD_CHARS)));
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
        address: Some(r.address),
        used_at: None,
    };
    Ok((app, secret))
}

/// Keeps the apps that have never been authorized within their limits. New ones replace the oldest, but not those that were
/// registered so recently that the owner may be signing in with them.
fn make_room(conn: &Conn, address: &str, now: Timestamp) -> Result<()> {
    let (of_address, of_all) = apps::count_unused(conn, address)?;
    let scope = if of_address >= limits::UNUSED_APPS_PER_ADDRESS {
        Some(address)
    } else if of_all >= limits::UNUSED_APPS {
        None
    } else {
        return Ok(());
    };
    let Some((oldest, since)) = apps::oldest_unused(conn, scope)? else { return Ok(()) };
    let replaceable = since.plus(limits::APP_GRACE);
    if replaceable > now {
        let seconds = (replaceable.seconds() - now.seconds()).clamp(1, 3_600);
        return Err(Error::RateLimited { retry_after: seconds as u32 });
    }
    apps::delete(conn, oldest)
}

/// The app with this client id.
///
/// # Errors
/// `invalid_client` if there is none.
pub fn app(domain: &Domain, client_id: &str) -> Result<App> {
    domain.store.read(|c| apps::by_client_id(c, client_id))?.ok_or_else(unknown_client)
}

pub(super) fn unknown_client() -> Error {
    Error::oauth(OAuthCode::InvalidClient, OAuthRefusal::UnknownClient)
}

/// The app with this client id and secret.
///
/// # Errors
/// `invalid_client` if there is no such app or the secret is wrong.
pub fn authenticate(domain: &Domain, client_id: &str, client_secret: &str) -> Result<App> {
    let app = app(domain, client_id)?;
    if secret::same(&app.client_secret, &secret::hash(client_secret)) { Ok(app) } else { Err(unknown_client()) }
}
