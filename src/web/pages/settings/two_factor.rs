//! Two-factor authentication: a secret as QR code, and recovery codes.

use minijinja::context;
use qrcodegen::{QrCode, QrCodeEcc};

use super::as_input;
use crate::app::App;
use crate::domain::account::two_factor;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::web::locale::Message;
use crate::web::pages::rejected;
use crate::web::render;

/// A QR code as the path of an SVG picture, with its width. Four units around it are empty, as the standard requires.
fn qr_path(text: &str) -> Result<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|e| Error::internal(format!("QR code of a TOTP secret: {e}")))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
        }
    }
    Ok((code.size() + 8, path))
}

/// `GET /settings/two-factor`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, None)
}

fn show_form(app: &App, request: &Request, error: Option<Message>) -> Result<Response> {
    if two_factor::is_enabled(&app.domain)? {
        let context = context! { enabled => true, left => two_factor::codes_left(&app.domain)?, error };
        return render::page(app, request, "settings_two_factor.html", context);
    }
    let secret = two_factor::offer(&app.domain)?;
    let uri = secret.uri(app.domain.site.authority(), &app.domain.owner()?.username);
    let (size, path) = qr_path(&uri)?;
    let context = context! { enabled => false, secret => secret.to_base32(), size, path, error };
    render::page(app, request, "settings_two_factor.html", context)
}

/// `POST /settings/two-factor/ACTION`. Each takes a code, because a browser may be left signed in.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let code = request.form()?.get("code").unwrap_or_default().to_owned();
    let domain = &app.domain;
    let outcome = app.counted(request, || match request.param("action") {
        "enable" => two_factor::enable(domain, &code).map(Some),
        "renew" => two_factor::check(domain, &code).and_then(|()| two_factor::renew_codes(domain)).map(Some),
        "disable" => two_factor::check(domain, &code).and_then(|()| two_factor::disable(domain)).map(|()| None),
        _ => Err(Error::NotFound),
    });
    match outcome {
        Ok(Some(codes)) => render::page(app, request, "settings_recovery_codes.html", context! { codes }),
        Ok(None) => Ok(Response::see_other("/settings/two-factor?done=two-factor-off")),
        Err(e) => rejected(&as_input(e), request, |message| show_form(app, request, Some(message))),
    }
}
