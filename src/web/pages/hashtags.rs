//! The hashtags that the owner follows, and features on the profile.

use minijinja::context;

use super::{next, people};
use crate::app::App;
use crate::domain::account::hashtags;
use crate::domain::queries::hashtags as views;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::database::pagination::Page;
use crate::web::locale::Message;
use crate::web::{pages, render};

/// Hashtags on one page.
const SHOWN: u32 = 100;

/// `GET /hashtags`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    show(app, request, None)
}

fn show(app: &App, request: &Request, error: Option<Message>) -> Result<Response> {
    let form = request.form()?;
    let page = Page::before(form.number("before"), SHOWN);
    let found = views::followed(&app.domain, &page)?;
    let followed = found.iter().map(|(_, view)| {
        let uses: i64 = view.history.iter().map(|(_, uses, _)| uses).sum();
        context! { tag => view.tag, uses }
    });
    let context = context! {
        tabs => people::tabs(),
        followed => followed.collect::<Vec<_>>(),
        next => next(request, &page, found.len(), found.last().map(|(cursor, _)| *cursor)),
        featured => views::featured(&app.domain)?.into_iter().map(|f| f.name).collect::<Vec<_>>(),
        suggestions => views::suggestions(&app.domain)?.into_iter().map(|view| view.tag).collect::<Vec<_>>(),
        entered => form.get("name").unwrap_or_default(),
        error,
    };
    render::page(app, request, "hashtags.html", context)
}

/// `POST /hashtags/ACTION`. A name that is no hashtag is shown again in the form, with the error.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let name = form.get("name").unwrap_or_default();
    let (outcome, done) = match request.param("action") {
        "follow" => (hashtags::follow(&app.domain, name), "tag-followed"),
        "unfollow" => (hashtags::unfollow(&app.domain, name), "tag-unfollowed"),
        "feature" => (hashtags::feature(&app.domain, name), "tag-featured"),
        "unfeature" => (hashtags::end_feature(&app.domain, name), "tag-unfeatured"),
        _ => return Err(Error::NotFound),
    };
    match outcome {
        Ok(_) => Ok(pages::back_with(app, request, done)),
        Err(e) => pages::rejected(&e, request, |message| show(app, request, Some(message))),
    }
}
