//! The compose page: new posts, replies, quotes and edits.

use hyper::StatusCode;
use minijinja::context;

use super::compose_form::{self, ComposeForm, ComposeView, Picture, Purpose, Step};
use crate::app::App;
use crate::domain::account::profile;
use crate::domain::outbox::builders;
use crate::domain::posts;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::ids::StatusId;
use crate::web::{pages, render, view};

/// An empty form with the owner's defaults.
pub(crate) fn empty_form(app: &App) -> Result<ComposeView> {
    compose_form::view(app, &ComposeForm::empty(app)?, Purpose::New)
}

/// The form of a reply: it mentions the author and everyone mentioned, and its visibility is not wider than the parent's.
fn reply_form(app: &App, parent: &StatusView) -> Result<ComposeForm> {
    let parent = parent.content();
    let own = app.domain.owner()?.id;
    let mut names: Vec<String> = Vec::new();
    if parent.author.id != own {
        names.push(format!("@{}", profile::handle(&app.domain, &parent.author)));
    }
    for m in parent.mentions.iter().filter(|m| m.actor_id != own && m.actor_id != parent.author.id && !m.silent) {
        names.push(builders::mention_name(&app.domain.site, m));
    }
    names.dedup();
    let mut text = names.join(" ");
    if !text.is_empty() {
        text.push(' ');
    }
    let empty = ComposeForm::empty(app)?;
    Ok(ComposeForm {
        text,
        warning: parent.status.summary.clone(),
        visibility: empty.visibility.max(parent.status.visibility),
        in_reply_to: Some(parent.status.id),
        ..empty
    })
}

fn find_parent(app: &App, id: Option<StatusId>) -> Result<Option<StatusView>> {
    id.map(|id| queries::statuses::get(&app.domain, app.domain.as_owner()?, id)).transpose()
}

/// `GET /compose`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let mut entered = match find_parent(app, form.number::<i64>("reply_to").map(StatusId))? {
        Some(parent) => reply_form(app, &parent)?,
        None => ComposeForm::empty(app)?,
    };
    if let Some(handle) = form.filled("mention") {
        entered.text = format!("@{handle} ");
    }
    entered.quote = find_parent(app, form.number::<i64>("quote").map(StatusId))?.map(|q| q.content().status.id);
    show_form(app, request, &entered, None)
}

/// The form of a new post, with what was entered.
fn show_form(app: &App, request: &Request, entered: &ComposeForm, error: Option<String>) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    // A post that has been deleted in the meantime is not shown, and is reported when the form is sent.
    let parent = find_parent(app, entered.in_reply_to.or(entered.quote)).or_else(not_found_is_none)?;
    let context = context! {
        heading => match (entered.in_reply_to, entered.quote) {
            (Some(_), _) => "Reply",
            (None, Some(_)) => "Quote",
            (None, None) => "New post",
        },
        parent => parent.map(|p| view::post(app, &p, viewer)),
        action => "/posts",
        draft => compose_form::view(app, entered, Purpose::New)?,
        visibilities => view::visibilities(),
        error,
    };
    render::page(app, request, "compose.html", context)
}

fn not_found_is_none<T>(error: Error) -> Result<Option<T>> {
    match error {
        Error::NotFound | Error::Gone => Ok(None),
        other => Err(other),
    }
}

/// `POST /posts`. A rejected post is shown again in the form, with the error.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let mut entered = ComposeForm::parse(app, &form)?;
    let outcome = entered.attach(app, &form).and_then(|()| match entered.step {
        Step::Attach => Ok(None),
        Step::Send => posts::create(&app.domain, entered.draft(app)?).map(Some),
    });
    match outcome {
        Ok(Some(id)) if entered.in_reply_to.is_some() => {
            Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username)))
        }
        Ok(Some(_)) => Ok(Response::see_other("/home?done=posted")),
        Ok(None) => show_form(app, request, &entered, None),
        Err(e) => rejected(&e, request, |message| show_form(app, request, &entered, Some(message))),
    }
}

/// Shows the form again with the error. The status is that of the error.
fn rejected(error: &Error, request: &Request, show: impl FnOnce(String) -> Result<Response>) -> Result<Response> {
    let page = pages::rejected(error, request, |message| match error {
        Error::NotFound | Error::Gone => show("A post or picture that this one refers to has been deleted".to_owned()),
        _ => show(message),
    })?;
    Ok(if page.status == StatusCode::PAYLOAD_TOO_LARGE {
        page.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    } else {
        page
    })
}

/// `GET /posts/ID/edit`.
pub(crate) fn edit(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    posts::own_status(&app.domain, &app.domain.owner()?, id)?;
    let current = queries::statuses::get(&app.domain, app.domain.as_owner()?, id)?;
    let s = &current.status;
    let pictures = current.media.iter();
    let entered = ComposeForm {
        text: s.source.clone().unwrap_or_default(),
        warning: s.summary.clone(),
        language: s.language.clone().unwrap_or_default(),
        pictures: pictures
            .map(|m| Picture { id: m.id, description: m.description.clone().unwrap_or_default() })
            .collect(),
        ..ComposeForm::empty(app)?
    };
    show_edit(app, request, id, &entered, None)
}

fn show_edit(
    app: &App,
    request: &Request,
    id: StatusId,
    entered: &ComposeForm,
    error: Option<String>,
) -> Result<Response> {
    let context = context! {
        heading => "Edit",
        action => format!("/posts/{id}/edit"),
        draft => compose_form::view(app, entered, Purpose::Edit)?,
        visibilities => view::visibilities(),
        error,
    };
    render::page(app, request, "compose.html", context)
}

/// `POST /posts/ID/edit`. A rejected edit is shown again in the form, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: StatusId = request.id("id")?;
    let mut entered = ComposeForm::parse(app, &form)?;
    let outcome = entered.attach(app, &form).and_then(|()| match entered.step {
        Step::Attach => Ok(Step::Attach),
        Step::Send => posts::edit(&app.domain, id, entered.revision()).map(|_| Step::Send),
    });
    match outcome {
        Ok(Step::Send) => Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username))),
        Ok(Step::Attach) => show_edit(app, request, id, &entered, None),
        Err(e) => rejected(&e, request, |message| show_edit(app, request, id, &entered, Some(message))),
    }
}

/// Returns `true` if a form of this path holds a text that must not be lost.
pub fn is_compose(path: &str) -> bool {
    path == "/posts" || edited(path).is_some()
}

/// The post that a path edits.
fn edited(path: &str) -> Option<StatusId> {
    path.strip_prefix("/posts/")?.strip_suffix("/edit")?.parse().ok().map(StatusId)
}

/// Shows a form again that was not accepted because its session had ended or changed. Nothing was published.
///
/// # Errors
/// [`Error::Internal`] if the page cannot be rendered.
pub fn resume(app: &App, request: &Request, path: &str, form: &Form) -> Result<Response> {
    let entered = ComposeForm::parse(app, form)?;
    let message = Some("You are signed in again. Check what you wrote, and send it.".to_owned());
    match edited(path) {
        Some(id) => show_edit(app, request, id, &entered, message),
        None => show_form(app, request, &entered, message),
    }
}
