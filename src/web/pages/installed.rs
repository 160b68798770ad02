//! Dassie as an app in the owner's browser: its manifest, service worker and offline page.

use hyper::StatusCode;
use hyper::header::CACHE_CONTROL;
use minijinja::context;
use serde_json::json;

use crate::app::App;
use crate::domain::appearance::appearance;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::media::MEDIA_TYPES;
use crate::web::assets;
use crate::web::locale;
use crate::web::look::Look;
use crate::web::pages::posts::shared_text;
use crate::web::{render, templates};

/// The page that the service worker shows while there is no connection.
const OFFLINE: &str = "/offline";

/// `GET /manifest.webmanifest`.
pub(crate) fn manifest(app: &App, request: &Request) -> Result<Response> {
    let appearance = appearance(&app.domain)?;
    let look = Look::of(&appearance);
    let ground = appearance.palettes().0.bg.to_string();
    let icon = |name: &str, size: &str, purpose: &str| {
        let src = format!("/icons/{name}.png?v={}", look.icon_version());
        json!({"src": src, "sizes": size, "type": "image/png", "purpose": purpose})
    };
    let language = locale::language(app, request);
    let text = |id: &str| templates::message(&app.templates, language, id);
    let shortcut = |path: &str, name: String| json!({"name": name, "url": path});
    let manifest = json!({
        "id": "/home",
        "name": app.title(),
        "short_name": app.title(),
        "lang": language.code(),
        "dir": language.direction(),
        "start_url": "/home",
        "scope": "/",
        "display": "standalone",
        "background_color": ground,
        "theme_color": ground,
        "icons": [
            icon("192", "192x192", "any"),
            icon("512", "512x512", "any"),
            icon("maskable", "512x512", "maskable"),
        ],
        "shortcuts": [
            shortcut("/compose", text("layout-compose")?),
            shortcut("/notifications", text("layout-notifications")?),
            shortcut("/search", text("layout-search")?),
        ],
        "share_target": {
            "action": shared_text::PATH,
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": shared_text::FILES, "accept": MEDIA_TYPES}],
            },
        },
    });
    // It depends on the language that the browser requests.
    let body = serde_json::to_vec(&manifest).unwrap_or_default();
    Ok(Response::new(StatusCode::OK, "application/manifest+json", body)
        .with_header(CACHE_CONTROL, "private, max-age=3600"))
}

/// `GET /sw.js`: the service worker. Browsers install it again when it or one of its files has changed.
pub(crate) fn service_worker(app: &App, request: &Request) -> Result<Response> {
    let look = Look::of(&appearance(&app.domain)?);
    let files = [
        OFFLINE.to_owned(),
        format!("/static/dassie.css?v={}", look.style()),
        format!("/icons/192.png?v={}", look.icon_version()),
    ];
    let version = format!("{}-{}", look.style(), look.icon_version());
    let script = assets::named_file(app, request, "sw.js")?;
    let head = format!("const VERSION = {}, FILES = {};\n", json!(version), json!(files));
    let body = [head.as_bytes(), &script.body[..]].concat();
    Ok(Response::new(StatusCode::OK, "text/javascript; charset=utf-8", body).with_header(CACHE_CONTROL, "no-cache"))
}

/// `GET /offline`.
pub(crate) fn offline(app: &App, request: &Request) -> Result<Response> {
    render::page(app, request, "offline.html", context! {})
}
