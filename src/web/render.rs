//! Rendering of templates to pages.

use minijinja::Value;
use serde::Serialize;

use crate::app::App;
use crate::domain::appearance::Appearance;
use crate::domain::posts;
use crate::domain::queries::notifications;
use crate::error::Result;
use crate::http::{Principal, Request, Response};
use crate::protocol::time::zone::Zone;
use crate::store::database::settings;
use crate::store::notifications::Selection;
use crate::web::locale::{self, Language, Message};
use crate::web::look::{ASSETS, Look, has_own_css};
use crate::web::{notices, templates};

/// The values that every page has.
#[derive(Debug, Serialize)]
struct Frame<'a> {
    /// The title of the server.
    site_title: &'a str,
    /// The language of the page.
    lang: &'static str,
    /// The direction of its script.
    dir: &'static str,
    /// The owner is signed in.
    signed_in: bool,
    /// The owner's user name.
    owner_name: String,
    /// The id of the owner's actor, once the server is set up.
    owner_uri: Option<String>,
    /// The token that every form of the owner carries.
    csrf: String,
    /// The path of the page.
    here: &'a str,
    /// New notifications, at most 99.
    unread: i64,
    /// A notice after an action.
    done: Option<Message>,
    /// The version of static files.
    assets: &'static str,
    /// The name of the owner's time zone, if it is set.
    zone: Option<String>,
    /// `off` if the owner has switched off the keyboard shortcuts.
    keys: Option<String>,
    /// Light or dark, if the owner has chosen one of them.
    scheme: Option<String>,
    #[serde(flatten)]
    look: Look,
    /// The version of the owner's style rules, if the page has them.
    own_css: Option<String>,
}

/// Returns `true` if the owner is signed in.
pub(super) fn is_owner(request: &Request) -> bool {
    matches!(request.principal, Principal::Browser(_))
}

fn unread(app: &App) -> Result<i64> {
    notifications::unread(&app.domain, &Selection::all(), 99)
}

/// What the owner has chosen for pages. All but the appearance is for the owner alone.
#[derive(Default)]
struct Choices {
    appearance: Appearance,
    scheme: Option<String>,
    zone: Option<Zone>,
    keys: Option<String>,
}

impl Choices {
    fn read(app: &App, signed_in: bool) -> Result<Self> {
        app.domain.store.read(|c| {
            let appearance = Appearance::read(c)?;
            if !signed_in {
                return Ok(Self { appearance, ..Self::default() });
            }
            let scheme = settings::get(c, settings::COLOUR_SCHEME)?.filter(|scheme| scheme != "auto");
            let keys = settings::get(c, settings::KEYBOARD_SHORTCUTS)?;
            Ok(Self { appearance, scheme, zone: posts::time_zone(c)?, keys })
        })
    }
}

/// The notice that the address of a page requests.
fn done(request: &Request) -> Option<Message> {
    let (_, code) = url::form_urlencoded::parse(request.query().as_bytes()).find(|(key, _)| key == "done")?;
    notices::notice(&code)
}

/// Renders a page.
///
/// # Errors
/// [`Error::Internal`] if the template cannot be rendered.
pub(super) fn page(app: &App, request: &Request, template: &str, context: Value) -> Result<Response> {
    let signed_in = is_owner(request);
    let language = locale::language(app, request);
    let owner = app.domain.owner().ok();
    let Choices { appearance, scheme, zone, keys } = Choices::read(app, signed_in)?;
    let frame = Frame {
        site_title: app.title(),
        lang: language.code(),
        dir: language.direction(),
        signed_in,
        owner_name: owner.as_ref().map(|o| o.username.clone()).unwrap_or_default(),
        owner_uri: owner.map(|o| o.uri.clone()),
        csrf: request.session().map(|s| s.csrf.clone()).unwrap_or_default(),
        here: &request.path,
        done: done(request).filter(|_| signed_in),
        unread: if signed_in { unread(app)? } else { 0 },
        assets: ASSETS,
        zone: zone.as_ref().map(|zone| zone.name().to_owned()),
        keys,
        scheme,
        look: Look::of(&appearance),
        own_css: appearance.css.filter(|_| has_own_css(request)),
    };
    let context = minijinja::context! { ..context, ..Value::from_serialize(&frame) };
    let html = locale::in_zone(zone.unwrap_or_default(), || text(app, language, template, context))?;
    Ok(Response::html(html))
}

/// Renders a page that is the same for every visitor and may be cached; the owner gets a private one.
pub(super) fn public_page(app: &App, request: &Request, template: &str, context: Value) -> Result<Response> {
    let response = page(app, request, template, context)?;
    Ok(if is_owner(request) {
        response
    } else {
        // Signing in changes the page, so a browser must not show a visitor's copy to the owner.
        response.with_header(hyper::header::VARY, "Accept, Accept-Encoding, Accept-Language, Cookie").into_public()
    })
}

/// Renders a template to text in a language.
///
/// # Errors
/// As [`page`].
pub(super) fn text(app: &App, language: Language, template: &str, context: Value) -> Result<String> {
    templates::render(&app.templates, language, template, context)
}
