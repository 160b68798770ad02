//! Moving the owner's account: to another account, and from other accounts (aliases).

use hyper::StatusCode;
use minijinja::context;

use super::{confirm_code, confirm_password};
use crate::app::App;
use crate::domain::account::handle::NamedAccount;
use crate::domain::account::moving::{self, Cooldown};
use crate::domain::account::two_factor;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::web::pages::rejected;
use crate::web::render;
use crate::web::templates::time;

const PATH: &str = "/settings/move";

fn link(account: &NamedAccount) -> minijinja::Value {
    context! { uri => account.uri, name => account.name(), handle => account.handle }
}

/// `GET /settings/move`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_with(app, request, context! {})
}

/// The page with what a rejected form has entered, and its error.
fn show_with(app: &App, request: &Request, entered: minijinja::Value) -> Result<Response> {
    let state = moving::state(&app.domain)?;
    let context = context! {
        handle => format!("@{}", app.domain.site.handle_of(&app.domain.owner()?.username)),
        moved => state.moved_to.as_ref().map(link),
        aliases => state.aliases.iter().map(link).collect::<Vec<_>>(),
        most_aliases => limits::ACTOR_ALIASES,
        next_move => state.next_move_at.map(time),
        two_factor => two_factor::is_enabled(&app.domain)?,
        cooldown_days => limits::MOVE_COOLDOWN.as_secs() / 86_400,
        ..entered
    };
    render::page(app, request, "settings_move.html", context)
}

fn done(code: &str) -> Response {
    Response::see_other(&format!("{PATH}?done={code}"))
}

/// `POST /settings/move`: moves the followers to another account, after the password was entered again, and a code if one is
/// required. The code is checked last, because it works once.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let account = form.get("account").unwrap_or_default().to_owned();
    let outcome = confirm_password(app, request, "password", AccountRefusal::WrongPassword)
        .and_then(|()| moving::check_target(&app.domain, &account, Cooldown::Respected))
        .and_then(|target| confirm_code(app, request).map(|()| target))
        .and_then(|target| moving::move_out(&app.domain, &target.uri, Cooldown::Respected));
    match outcome {
        Ok(_) => Ok(done("moved")),
        Err(e) => rejected(&e, request, |move_error| {
            show_with(app, request, context! { account_entered => account, move_error })
        }),
    }
}

/// `POST /settings/move/cancel`.
pub(crate) fn cancel(app: &App, _: &Request) -> Result<Response> {
    moving::cancel(&app.domain)?;
    Ok(done("move-cancelled"))
}

/// `POST /settings/move/aliases`.
pub(crate) fn add_alias(app: &App, request: &Request) -> Result<Response> {
    let alias = request.form()?.get("account").unwrap_or_default().to_owned();
    match moving::add_alias(&app.domain, &alias) {
        Ok(_) => Ok(done("alias-added")),
        Err(e) => rejected(&e, request, |alias_error| show_with(app, request, context! { alias, alias_error })),
    }
}

/// `POST /settings/move/aliases/remove`.
pub(crate) fn remove_alias(app: &App, request: &Request) -> Result<Response> {
    match moving::remove_alias(&app.domain, request.form()?.get("account").unwrap_or_default()) {
        Ok(_) => Ok(done("alias-removed")),
        // It was removed in another tab.
        Err(Error::Invalid(_)) => Ok(show(app, request)?.with_status(StatusCode::UNPROCESSABLE_ENTITY)),
        Err(e) => Err(e),
    }
}
