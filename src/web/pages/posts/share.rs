//! What other apps on the owner's device share: it becomes a draft, and nothing is published.

use super::compose;
use super::compose_form::ComposeForm;
use super::shared_text;
use crate::app::App;
use crate::domain::posts::drafts;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::web::pages::account::login;
use crate::web::render;

/// `POST /share`. The form has no token, because no page of ours has sent it: so it only fills the composer.
pub(crate) fn receive(app: &App, request: &Request) -> Result<Response> {
    if !render::is_owner(request) {
        return login::require(app, request);
    }
    let form = request.form()?;
    let mut entered = ComposeForm { text: shared_text::text(&form), ..ComposeForm::empty(app)? };
    let attached = entered.attach(app, &form);
    if entered.is_blank() && attached.is_ok() {
        return Ok(Response::see_other("/compose"));
    }
    match attached.and_then(|()| drafts::save(&app.domain, None, &entered.draft())) {
        Ok(id) => Ok(Response::see_other(&format!("/drafts/{id}"))),
        Err(e) => compose::rejected(&e, request, |message| compose::show_form(app, request, &entered, Some(message))),
    }
}
