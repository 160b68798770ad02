//! Apps and tokens. The authorization page is part of `web`.

use std::net::{IpAddr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::App;
use crate::domain::account::oauth::{self, Exchange, Holder, Issued, Registration, Scopes};
use crate::error::{Error, OAuthCode, Result};
use crate::http::{Form, Request, Response};
use crate::store::account::apps;

/// `POST /api/v1/apps`.
pub(super) fn register(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let uris = form.values("redirect_uris")?;
    let uris = uris.iter().flat_map(|u| u.lines()).map(|u| u.trim().to_owned());
    let registration = Registration {
        name: form.get("client_name").unwrap_or_default().to_owned(),
        website: form.filled("website").map(str::to_owned),
        redirect_uris: uris.filter(|u| !u.is_empty()).collect(),
        // Some apps send a list, as `scopes` is one in the response.
        scopes: form.values("scopes")?.join(" "),
        address: network_of(request.client).to_string(),
    };
    let (registered, secret) = oauth::register(&app.domain, registration)?;
    let mut entity = application(app, &registered)?;
    entity["client_id"] = json!(registered.client_id);
    entity["client_secret"] = json!(secret);
    entity["client_secret_expires_at"] = json!(0);
    Ok(Response::json(&entity))
}

/// The address by which a client is counted: of IPv6 the /64 network, which one customer has.
fn network_of(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
        v4 => v4,
    }
}

fn application(app: &App, registered: &apps::App) -> Result<Value> {
    Ok(json!({
        "id": registered.id,
        "name": registered.name,
        "website": registered.website,
        "scopes": registered.scopes.split(' ').collect::<Vec<_>>(),
        "redirect_uri": registered.redirect_uris.join("\n"),
        "redirect_uris": registered.redirect_uris,
        "vapid_key": app.domain.push_keys()?.vapid.public(),
    }))
}

/// `GET /api/v1/apps/verify_credentials`.
pub(super) fn verify_app(app: &App, request: &Request) -> Result<Response> {
    match oauth::app_of(&app.domain, &request.bearer()?.token)? {
        Some(registered) => Ok(Response::json(&application(app, &registered)?)),
        None => Err(Error::NotFound),
    }
}

/// Id and secret of an app, from the body or HTTP Basic.
struct Client {
    id: String,
    secret: Option<String>,
}

fn client(form: &Form, request: &Request) -> Result<Client> {
    let id = form.filled("client_id").map(str::to_owned);
    let secret = form.filled("client_secret").map(str::to_owned);
    if let (Some(id), Some(_)) = (&id, &secret) {
        return Ok(Client { id: id.clone(), secret });
    }
    let basic = request
        .header("authorization")
        .and_then(|h| h.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, text)| STANDARD.decode(text.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match (id, basic.as_deref().and_then(|pair| pair.split_once(':'))) {
        (Some(named), Some((id, _))) if named != id => Err(Error::oauth(
            OAuthCode::InvalidClient,
            "The `client_id` differs from the one in the Authorization header",
        )),
        (_, Some((id, secret))) => Ok(Client { id: id.to_owned(), secret: Some(secret.to_owned()) }),
        (Some(id), None) => Ok(Client { id, secret: None }),
        (None, None) => Err(Error::oauth(OAuthCode::InvalidClient, "The parameter `client_id` is missing")),
    }
}

/// `POST /oauth/token`.
pub(super) fn token(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let client = client(&form, request)?;
    let registered = match &client.secret {
        Some(secret) => oauth::authenticate(&app.domain, &client.id, secret)?,
        None => oauth::app(&app.domain, &client.id)?,
    };
    let proven = client.secret.is_some();
    let required = |key: &str| {
        let missing = || Error::oauth(OAuthCode::InvalidRequest, format!("The parameter `{key}` is missing"));
        form.filled(key).map(str::to_owned).ok_or_else(missing)
    };
    let issued = match required("grant_type")?.as_str() {
        "authorization_code" => {
            let (code, redirect_uri) = (required("code")?, required("redirect_uri")?);
            let verifier = form.filled("code_verifier").map(str::to_owned);
            oauth::exchange(&app.domain, &registered, Exchange { authenticated: proven, code, redirect_uri, verifier })?
        }
        "client_credentials" if proven => {
            let scopes = Scopes::parse(form.get("scope").unwrap_or_default())?;
            if !Scopes::parse(&registered.scopes)?.cover_all(&scopes) {
                return Err(Error::oauth(OAuthCode::InvalidScope, "The requested scope exceeds the registered one"));
            }
            oauth::issue(&app.domain, Some(registered.id), Holder::App, &scopes)?
        }
        "client_credentials" => {
            return Err(Error::oauth(OAuthCode::InvalidClient, "The parameter `client_secret` is missing"));
        }
        other => {
            let shown: String = other.chars().take(64).collect();
            return Err(Error::oauth(
                OAuthCode::UnsupportedGrantType,
                format!("The grant type `{shown}` is not supported: use authorization_code or client_credentials"),
            ));
        }
    };
    Ok(Response::json(&token_entity(&issued)))
}

fn token_entity(issued: &Issued) -> Value {
    json!({
        "access_token": issued.secret,
        "token_type": "Bearer",
        "scope": issued.token.scopes,
        "created_at": issued.token.created_at.seconds(),
    })
}

/// `POST /oauth/revoke`.
pub(super) fn revoke(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let client = client(&form, request)?;
    let registered = match &client.secret {
        Some(secret) => oauth::authenticate(&app.domain, &client.id, secret)?,
        None => oauth::app(&app.domain, &client.id)?,
    };
    oauth::revoke(&app.domain, &registered, form.get("token").unwrap_or_default())?;
    Ok(Response::json(&json!({})))
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414).
pub(super) fn metadata(app: &App, _: &Request) -> Result<Response> {
    let url = |path: &str| app.domain.site.url(path);
    Ok(Response::json(&json!({
        "issuer": url("/"),
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": url("/oauth/authorize"),
        "token_endpoint": url("/oauth/token"),
        "app_registration_endpoint": url("/api/v1/apps"),
        "revocation_endpoint": url("/oauth/revoke"),
        "userinfo_endpoint": url("/oauth/userinfo"),
        "scopes_supported": oauth::SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    }))
    .into_public())
}

/// `GET /oauth/userinfo`.
pub(super) fn userinfo(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let actor = app.domain.store.read(|c| crate::store::actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    let ctx = super::entities::Context::of(app, request);
    Ok(Response::json(&json!({
        "iss": app.domain.site.url("/"),
        "sub": owner.uri,
        "name": actor.display_name,
        "preferred_username": owner.username,
        "profile": app.domain.site.profile(&owner.username),
        "picture": super::entities::account::avatar_url(ctx, &actor),
    })))
}
