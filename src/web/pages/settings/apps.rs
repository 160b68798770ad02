//! Apps and access tokens, and a page that makes one.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::oauth::{self, Holder, OOB, Registration, Scopes};
use crate::error::Result;
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::store::account::apps::OwnerToken;
use crate::web::locale::Message;
use crate::web::pages::account::oauth_authorize;
use crate::web::pages::rejected;
use crate::web::render;
use crate::web::templates::{Time, time};

/// An access token of the list.
#[derive(Debug, Clone, Serialize)]
struct TokenRow {
    id: String,
    /// The name of its app.
    app: Option<String>,
    website: Option<String>,
    scopes: String,
    /// What it permits, in words.
    permissions: Vec<Message>,
    since: Time,
    used: Option<Time>,
}

fn row(found: OwnerToken) -> Result<TokenRow> {
    let mut permissions: Vec<Message> =
        Scopes::parse(&found.token.scopes)?.iter().map(oauth_authorize::describe).collect();
    permissions.dedup();
    let (app, website) = found.app.map_or((None, None), |(name, website)| (Some(name), website));
    Ok(TokenRow {
        id: found.token.id.to_string(),
        app,
        website,
        scopes: found.token.scopes,
        permissions,
        since: time(found.token.created_at),
        used: found.token.used_at.map(time),
    })
}

/// `GET /settings/apps`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let tokens = oauth::owner_tokens(&app.domain)?.into_iter().map(row).collect::<Result<Vec<_>>>()?;
    render::page(app, request, "settings_apps.html", context! { tokens })
}

/// `POST /settings/apps/ID/revoke`.
pub(crate) fn revoke(app: &App, request: &Request) -> Result<Response> {
    oauth::revoke_by_id(&app.domain, request.id("id")?)?;
    Ok(Response::see_other("/settings/apps?done=token-revoked"))
}

/// `POST /settings/apps/revoke-all`.
pub(crate) fn revoke_all(app: &App, _: &Request) -> Result<Response> {
    oauth::revoke_all(&app.domain)?;
    Ok(Response::see_other("/settings/apps?done=tokens-revoked"))
}

/// The scopes that the form offers, with what they permit.
const OFFERED: [&str; 5] = ["read", "write", "follow", "push", "profile"];

/// What was entered in the form of a new app.
#[derive(Debug, Clone, Serialize)]
struct AppForm {
    name: String,
    website: String,
    redirect_uris: String,
    scopes: Vec<String>,
}

impl AppForm {
    fn parse(form: &Form) -> Self {
        let text = |key: &str| form.get(key).unwrap_or_default().trim().to_owned();
        Self {
            name: text("name"),
            website: text("website"),
            redirect_uris: text("redirect_uris").replace("\r\n", "\n"),
            scopes: form.list("scopes").into_iter().filter(|s| OFFERED.contains(s)).map(str::to_owned).collect(),
        }
    }

    fn registration(&self) -> Registration {
        Registration {
            name: self.name.clone(),
            website: Some(self.website.clone()).filter(|w| !w.is_empty()),
            redirect_uris: self.redirect_uris.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
            scopes: self.scopes.join(" "),
            address: String::new(),
        }
    }
}

/// `GET /settings/development`.
pub(crate) fn development(app: &App, request: &Request) -> Result<Response> {
    let form = AppForm {
        name: String::new(),
        website: String::new(),
        redirect_uris: OOB.to_owned(),
        scopes: vec!["read".to_owned()],
    };
    show_form(app, request, &form, None)
}

fn show_form(app: &App, request: &Request, form: &AppForm, error: Option<Message>) -> Result<Response> {
    let offered = OFFERED.map(|scope| (scope, oauth_authorize::describe(scope)));
    let context = context! { form, error, offered, limit => limits::APP_FIELD_CHARS };
    render::page(app, request, "settings_development.html", context)
}

/// `POST /settings/development`: registers an app and issues a token for it. The page shows both secrets once: they are not
/// stored in a readable form.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let entered = AppForm::parse(&form);
    let checked = form.choices("scopes", &OFFERED.join(", "), |scope| OFFERED.contains(&scope).then_some(()));
    let made = checked.and_then(|_| oauth::register_for_owner(&app.domain, entered.registration()));
    let made = made.and_then(|(registered, secret)| {
        let scopes = Scopes::parse(&registered.scopes)?;
        let token = oauth::issue(&app.domain, Some(registered.id), Holder::Owner, &scopes)?;
        Ok((registered, secret, token.secret))
    });
    match made {
        Ok((registered, secret, token)) => {
            let context = context! {
                name => registered.name,
                client_id => registered.client_id,
                scopes => registered.scopes,
                secret,
                token,
            };
            render::page(app, request, "settings_app_made.html", context)
        }
        Err(e) => rejected(&e, request, |message| show_form(app, request, &entered, Some(message))),
    }
}
