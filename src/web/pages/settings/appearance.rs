//! How the pages look.

use std::fs::File;
use std::io::BufReader;

use minijinja::context;

use crate::app::App;
use crate::domain::appearance::{self, Appearance, Change, IconChange, THEMES, Theme, accent_of, own_css, themes};
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::media::make_icons;
use crate::store::database::settings;
use crate::web::locale::{Language, Message};
use crate::web::pages::rejected;
use crate::web::render;

/// The colour schemes, with their labels. The first is the default.
const SCHEMES: [(&str, Message); 3] = [
    ("auto", Message::new("appearance-auto")),
    ("light", Message::new("appearance-light")),
    ("dark", Message::new("appearance-dark")),
];

/// The label of each theme, in the order of [`THEMES`].
const LABELS: [Message; THEMES.len()] = [
    Message::new("theme-default"),
    Message::new("theme-paper"),
    Message::new("theme-forest"),
    Message::new("theme-sea"),
    Message::new("theme-heather"),
    Message::new("theme-contrast"),
];

/// The name of the choice that leaves the language to the browser.
const AUTOMATIC: &str = "auto";

/// What the page shows: what is stored, or what was entered in a form that was rejected.
struct Entered {
    theme: String,
    accent: String,
    scheme: Option<String>,
    language: Option<String>,
    css: String,
    error: Option<Message>,
}

impl Entered {
    fn stored(app: &App) -> Result<Self> {
        app.domain.store.read(|c| {
            let appearance = Appearance::read(c)?;
            Ok(Self {
                theme: appearance.theme().name.to_owned(),
                accent: appearance.accent().map(|colour| colour.to_string()).unwrap_or_default(),
                scheme: settings::get(c, settings::COLOUR_SCHEME)?,
                language: settings::get(c, settings::INTERFACE_LANGUAGE)?,
                css: own_css::read(c)?,
                error: None,
            })
        })
    }
}

/// `GET /settings/appearance`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, Entered::stored(app)?)
}

fn show_form(app: &App, request: &Request, entered: Entered) -> Result<Response> {
    let context = context! {
        themes => THEMES.iter().map(|theme| theme.name).zip(LABELS).collect::<Vec<_>>(),
        theme => entered.theme,
        accent => entered.accent,
        schemes => SCHEMES,
        chosen => entered.scheme.as_deref().unwrap_or(SCHEMES[0].0),
        languages => Language::ALL.map(|language| (language.code(), language.name())),
        language => entered.language,
        has_avatar => avatar(app)?.is_some(),
        css => entered.css,
        css_kib => limits::OWN_CSS / 1024,
        error => entered.error,
    };
    render::page(app, request, "settings_appearance.html", context)
}

fn avatar(app: &App) -> Result<Option<String>> {
    let owner = app.domain.owner()?.id;
    Ok(app.domain.store.read(|c| crate::store::actors::get(c, owner))?.and_then(|actor| actor.avatar))
}

/// `POST /settings/appearance`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match store(app, &form) {
        Ok(()) => Ok(Response::see_other("/settings/appearance?done=settings-saved")),
        Err(e) => rejected(&e, request, |message| {
            let get = |key: &str| form.get(key).unwrap_or_default().to_owned();
            let scheme = form.get("scheme").map(str::to_owned);
            let language = form.get("interface_language").map(str::to_owned);
            let (theme, accent, error) = (get("theme"), get("accent"), Some(message));
            show_form(app, request, Entered { theme, accent, scheme, language, error, ..Entered::stored(app)? })
        }),
    }
}

/// `POST /settings/appearance/css`: the style rules of the owner.
pub(crate) fn save_css(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let css = form.get("css").unwrap_or_default();
    match form.present("css").and_then(|css| own_css::change(&app.domain, css)) {
        Ok(()) => Ok(Response::see_other("/settings/appearance?done=settings-saved#css")),
        Err(e) => rejected(&e, request, |message| {
            let (css, error) = (css.to_owned(), Some(message));
            show_form(app, request, Entered { css, error, ..Entered::stored(app)? })
        }),
    }
}

fn store(app: &App, form: &Form) -> Result<()> {
    let stored = appearance::appearance(&app.domain)?;
    let names = THEMES.iter().map(|theme| theme.name).collect::<Vec<_>>().join(", ");
    let theme = form.one_of("theme", &names, themes::by_name)?.unwrap_or(stored.theme());
    let accent = form.get("accent").map_or(Ok(stored.accent()), accent_of)?;
    let known = |name: &str| SCHEMES.iter().map(|(scheme, _)| *scheme).find(|scheme| *scheme == name);
    let scheme = form.one_of("scheme", "auto, light, dark", known)?;
    let known = |code: &str| match code {
        AUTOMATIC => Some(None),
        code => Language::of_code(code).map(Some),
    };
    let language = form.one_of("interface_language", "auto, en, de, es", known)?;
    let icon = icon(app, form, theme)?;
    appearance::change(&app.domain, Change { theme, accent, icon })?;
    app.domain.store.write_quietly(move |c| {
        scheme.map_or(Ok(()), |scheme| settings::set(c, settings::COLOUR_SCHEME, scheme))?;
        match language {
            Some(Some(language)) => settings::set(c, settings::INTERFACE_LANGUAGE, language.code()),
            Some(None) => settings::remove(c, settings::INTERFACE_LANGUAGE),
            None => Ok(()),
        }
    })
}

/// The icon that the form requests: a picture that was uploaded, or one of the choices.
fn icon(app: &App, form: &Form, theme: &Theme) -> Result<IconChange> {
    let ground = theme.light.bg;
    if let Some(file) = form.file("picture") {
        return Ok(IconChange::New(make_icons(file.open(), ground)?));
    }
    let known = |name: &str| ["keep", "default", "avatar"].into_iter().find(|known| *known == name);
    Ok(match form.one_of("icon", "keep, default, avatar", known)? {
        Some("default") => IconChange::Default,
        Some("avatar") => {
            let avatar = avatar(app)?.ok_or_else(|| Error::invalid(SettingRefusal::NoAvatar))?;
            let (path, _) = app.media.locate(&avatar)?;
            IconChange::New(make_icons(BufReader::new(File::open(path)?), ground)?)
        }
        _ => IconChange::Kept,
    })
}
