//! The files that depend on how the owner wants pages to look: the owner's style rules, icons and previews of themes.

use hyper::StatusCode;

use super::assets;
use crate::app::App;
use crate::domain::appearance::{self, Palette, own_css, themes};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::account::site_icons;

/// `GET /custom.css`: the style rules of the owner.
pub(super) fn own_css(app: &App, request: &Request) -> Result<Response> {
    let css = Some(app.domain.store.read(own_css::read)?).filter(|css| !css.is_empty()).ok_or(Error::NotFound)?;
    Ok(assets::kept(request, Response::new(StatusCode::OK, "text/css; charset=utf-8", css).into_public()))
}

/// `GET /icons/SIZE.png`, and `/favicon.ico`: the icon of the owner, or Dassie's.
pub(super) fn icon(app: &App, request: &Request) -> Result<Response> {
    let name = match request.param("file") {
        "" => "32",
        file => file.strip_suffix(".png").ok_or(Error::NotFound)?,
    };
    let built_in = match name {
        "32" | "180" | "192" => "icon.png",
        "512" | "maskable" => "icon-512.png",
        _ => return Err(Error::NotFound),
    };
    match app.domain.store.read(|c| site_icons::get(c, name))? {
        Some(png) => Ok(assets::kept(request, Response::new(StatusCode::OK, "image/png", png).into_public())),
        None => assets::named_file(app, request, built_in),
    }
}

/// `GET /themes/NAME.svg`: what a theme looks like, light and dark. `current` is the one that is chosen, with its accent.
pub(super) fn preview(app: &App, request: &Request) -> Result<Response> {
    let name = request.param("file").strip_suffix(".svg").ok_or(Error::NotFound)?;
    let (light, dark) = match name {
        "current" => appearance::appearance(&app.domain)?.palettes(),
        name => themes::by_name(name).map(|theme| (theme.light, theme.dark)).ok_or(Error::NotFound)?,
    };
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 128\" font-family=\"system-ui,sans-serif\" \
         font-size=\"11\">{}<g transform=\"translate(160)\">{}</g></svg>",
        drawing(&light),
        drawing(&dark)
    );
    let response = Response::new(StatusCode::OK, "image/svg+xml", svg).into_public();
    Ok(assets::as_media(assets::kept(request, response)))
}

/// A post with a link, a boost and buttons, in these colours.
fn drawing(p: &Palette) -> String {
    format!(
        "<path fill=\"{bg}\" d=\"M0 0h160v128H0z\"/><path fill=\"{raised}\" d=\"M0 0h160v22H0z\"/>\
         <path fill=\"{sand}\" d=\"M0 22h3v66H0z\"/><path stroke=\"{line}\" d=\"M3 88.5h157\"/>\
         <circle cx=\"12\" cy=\"11\" r=\"6\" fill=\"{sand}\"/><circle cx=\"22\" cy=\"42\" r=\"11\" fill=\"{boost}\"/>\
         <text x=\"24\" y=\"15\" font-weight=\"700\" fill=\"{text}\">Home</text>\
         <text x=\"40\" y=\"40\" font-weight=\"700\" fill=\"{text}\">Ada</text><text x=\"66\" y=\"40\" fill=\"{muted}\">@ada</text>\
         <text x=\"40\" y=\"56\" fill=\"{text}\">The tide is <tspan fill=\"{link}\" text-decoration=\"underline\">out</tspan></text>\
         <text x=\"40\" y=\"76\" fill=\"{boost}\">Boosted</text><text x=\"88\" y=\"76\" fill=\"{warn}\">Warning</text>\
         <rect x=\"10\" y=\"98\" width=\"56\" height=\"20\" rx=\"10\" fill=\"{link}\"/>\
         <text x=\"38\" y=\"112\" text-anchor=\"middle\" font-weight=\"700\" fill=\"{bg}\">Post</text>\
         <rect x=\"74.5\" y=\"98.5\" width=\"64\" height=\"19\" rx=\"9.5\" fill=\"{bg}\" stroke=\"{danger}\"/>\
         <text x=\"106\" y=\"112\" text-anchor=\"middle\" fill=\"{danger}\">Delete</text>",
        bg = p.bg,
        raised = p.raised,
        text = p.text,
        muted = p.muted,
        link = p.link,
        boost = p.boost,
        warn = p.warn,
        danger = p.danger,
        line = p.line,
        sand = p.sand,
    )
}
