//! The compose page: new posts, replies, quotes and edits.

use hyper::StatusCode;
use minijinja::context;

use super::compose_form::{ComposeForm, Picture, Step};
use super::compose_view::{self, ComposeView, PreviewView, Purpose};
use super::shared_text;
use crate::app::App;
use crate::domain::account::handle::handle;
use crate::domain::custom_emoji::usage::UsedEmoji;
use crate::domain::outbox::builders;
use crate::domain::posts::{self, TextFormat, drafts, scheduled};
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::error::refusal::PostRefusal;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::web::locale::Message;
use crate::web::{pages, render, view};

/// An empty form with the owner's defaults.
pub(crate) fn empty_form(app: &App) -> Result<ComposeView> {
    compose_view::view(app, &ComposeForm::empty(app)?, Purpose::New)
}

/// The form of a reply: it mentions the author and everyone mentioned, and its visibility is not wider than the parent's.
fn reply_form(app: &App, parent: &StatusView) -> Result<ComposeForm> {
    let parent = parent.content();
    let own = app.domain.owner()?.id;
    let mut names: Vec<String> = Vec::new();
    if parent.author.id != own {
        names.push(format!("@{}", handle(&app.domain, &parent.author)));
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
    if let Some(visibility) = form.get("visibility").and_then(Visibility::parse) {
        entered.visibility = visibility;
    }
    entered.quote = find_parent(app, form.number::<i64>("quote").map(StatusId))?.map(|q| q.content().status.id);
    show_form(app, request, &entered, None)
}

/// The form of a new post, with what was entered.
pub(super) fn show_form(
    app: &App,
    request: &Request,
    entered: &ComposeForm,
    error: Option<Message>,
) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    // A post that has been deleted in the meantime is not shown, and is reported when the form is sent.
    let parent = find_parent(app, entered.in_reply_to.or(entered.quote)).or_else(not_found_is_none)?;
    let context = context! {
        heading => match (entered.scheduled, entered.in_reply_to, entered.quote) {
            (Some(_), _, _) => Message::new("compose-heading-scheduled"),
            (None, Some(_), _) => Message::new("compose-heading-reply"),
            (None, None, Some(_)) => Message::new("compose-heading-quote"),
            (None, None, None) => Message::new("compose-heading-new"),
        },
        parent => parent.map(|p| view::post(app, &p, viewer)),
        action => "/posts",
        preview => preview(app, entered)?,
        draft => compose_view::view(app, entered, Purpose::New)?,
        error,
    };
    render::page(app, request, "compose.html", context)
}

/// The preview, if the form requests it.
fn preview(app: &App, entered: &ComposeForm) -> Result<Option<PreviewView>> {
    if entered.step != Step::Preview {
        return Ok(None);
    }
    let html = posts::preview(&app.domain, &entered.text, entered.format, entered.in_reply_to)?;
    let texts = || [html.as_str(), entered.warning.as_str()].into_iter();
    let emoji = app.domain.store.read(|c| UsedEmoji::read(c, texts()))?.of(texts());
    Ok(Some(PreviewView::new(&entered.warning, &html, &emoji)))
}

fn not_found_is_none<T>(error: Error) -> Result<Option<T>> {
    match error {
        Error::NotFound | Error::Gone => Ok(None),
        other => Err(other),
    }
}

/// What a submitted form has led to.
enum Outcome {
    /// A new post.
    Published(StatusId),
    /// A scheduled post.
    Scheduled,
    /// A draft.
    Kept,
    /// A draft, while the owner writes on.
    Autosaved,
    /// The form is shown again.
    Shown,
}

/// `POST /posts`. A rejected post is shown again in the form, with the error. What is not published is kept as a draft.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let mut entered = ComposeForm::parse(app, &form)?;
    let outcome = proceed(app, &form, &mut entered);
    if matches!(outcome, Ok(Outcome::Shown) | Err(_)) {
        keep_quietly(app, &mut entered);
    }
    match outcome {
        Ok(Outcome::Published(id)) if entered.in_reply_to.is_some() => {
            Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username)))
        }
        Ok(Outcome::Published(_)) => Ok(Response::see_other("/home?done=posted")),
        Ok(Outcome::Scheduled) => Ok(Response::see_other("/scheduled?done=scheduled")),
        Ok(Outcome::Kept) => Ok(Response::see_other("/drafts?done=draft-saved")),
        Ok(Outcome::Autosaved) => render::page(
            app,
            request,
            "compose_saved.html",
            context! { draft => entered.draft.map(|id| id.to_string()) },
        ),
        Ok(Outcome::Shown) => show_form(app, request, &entered, None),
        Err(e) => rejected(&e, request, |message| show_form(app, request, &entered, Some(message))),
    }
}

fn proceed(app: &App, form: &Form, entered: &mut ComposeForm) -> Result<Outcome> {
    entered.attach(app, form)?;
    match entered.step {
        Step::Attach | Step::Preview => Ok(Outcome::Shown),
        Step::Keep if entered.is_blank() => Err(Error::invalid(PostRefusal::NothingToSave)),
        Step::Keep => keep(app, entered).map(|()| Outcome::Kept),
        Step::Autosave => autosave(app, entered).map(|()| Outcome::Autosaved),
        Step::Send => {
            ComposeForm::check(form)?;
            entered.language = form.language("language")?.unwrap_or_default();
            send(app, entered)
        }
    }
}

/// Publishes or schedules the post. The draft or scheduled post that it comes from goes.
fn send(app: &App, entered: &ComposeForm) -> Result<Outcome> {
    let domain = &app.domain;
    let due = entered.due()?;
    let mut draft = entered.draft();
    if let Some(id) = entered.scheduled {
        // Uploads of an app can only be used with its token.
        let before = scheduled::get(domain, id)?.draft;
        (draft.app, draft.token, draft.sensitive) = (before.app, before.token, before.sensitive);
    }
    entered.describe(app, draft.token)?;
    match (due, entered.scheduled) {
        (Some(due), Some(id)) => scheduled::replace(domain, id, draft, due)?,
        (Some(due), None) => drop(scheduled::schedule(domain, draft, due)?),
        (None, Some(id)) => return Ok(Outcome::Published(scheduled::publish_instead(domain, id, draft)?)),
        (None, None) => return Ok(Outcome::Published(drafts::publish(domain, entered.draft, draft)?)),
    }
    if let Some(id) = entered.draft {
        drafts::delete(domain, id).map(Some).or_else(not_found_is_none)?;
    }
    Ok(Outcome::Scheduled)
}

/// Keeps the post as a draft.
fn keep(app: &App, entered: &mut ComposeForm) -> Result<()> {
    entered.describe(app, None)?;
    entered.draft = Some(drafts::save(&app.domain, entered.draft, &entered.draft())?);
    Ok(())
}

/// As [`keep`]. The draft of a form that the owner has emptied goes.
fn autosave(app: &App, entered: &mut ComposeForm) -> Result<()> {
    if !entered.is_blank() {
        return keep(app, entered);
    }
    match entered.draft.take() {
        Some(id) => drafts::delete(&app.domain, id).map(Some).or_else(not_found_is_none).map(drop),
        None => Ok(()),
    }
}

/// As [`keep`], where the form is shown again and has everything anyway. A scheduled post stays as it was.
fn keep_quietly(app: &App, entered: &mut ComposeForm) {
    if entered.is_blank() || entered.scheduled.is_some() {
        return;
    }
    match drafts::save(&app.domain, entered.draft, &entered.draft()) {
        Ok(id) => entered.draft = Some(id),
        Err(e) => tracing::debug!(error = %e, "a post could not be kept as a draft"),
    }
}

/// Shows the form again with the error. The status is that of the error.
pub(super) fn rejected(
    error: &Error,
    request: &Request,
    show: impl FnOnce(Message) -> Result<Response>,
) -> Result<Response> {
    let page = pages::rejected(error, request, |message| match error {
        Error::NotFound | Error::Gone => show(Message::new("error-post-gone")),
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
    let entered = ComposeForm {
        text: s.source.clone().unwrap_or_default(),
        format: TextFormat::of_media_type(s.source_type.as_deref().unwrap_or_default()),
        warning: s.summary.clone(),
        language: s.language.clone().unwrap_or_default(),
        pictures: current.media.iter().map(Picture::of).collect(),
        ..ComposeForm::empty(app)?
    };
    show_edit(app, request, id, &entered, None)
}

fn show_edit(
    app: &App,
    request: &Request,
    id: StatusId,
    entered: &ComposeForm,
    error: Option<Message>,
) -> Result<Response> {
    let context = context! {
        heading => Message::new("compose-heading-edit"),
        action => format!("/posts/{id}/edit"),
        preview => preview(app, entered)?,
        draft => compose_view::view(app, entered, Purpose::Edit)?,
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
        Step::Send => {
            ComposeForm::check(&form)?;
            entered.language = form.language("language")?.unwrap_or_default();
            posts::edit(&app.domain, id, entered.revision()).map(|_| Step::Send)
        }
        other => Ok(other),
    });
    match outcome {
        Ok(Step::Send) => Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username))),
        Ok(_) => show_edit(app, request, id, &entered, None),
        Err(e) => rejected(&e, request, |message| show_edit(app, request, id, &entered, Some(message))),
    }
}

/// Returns `true` if what is sent to this path holds a text that must not be lost.
pub fn holds_text(path: &str) -> bool {
    is_compose(path) || path == shared_text::PATH
}

/// Returns `true` if this is the path of a compose form.
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
    let entered = ComposeForm { step: Step::Send, ..ComposeForm::parse(app, form)? };
    let message = Some(Message::new("compose-again"));
    match edited(path) {
        Some(id) => show_edit(app, request, id, &entered, message),
        None => show_form(app, request, &entered, message),
    }
}

/// As [`resume`], after the owner has entered the password again: a new post is kept as a draft too.
///
/// # Errors
/// As [`resume`].
pub(crate) fn resume_after_sign_in(app: &App, request: &Request, path: &str, form: &Form) -> Result<Response> {
    let mut entered = ComposeForm { step: Step::Send, ..ComposeForm::parse(app, form)? };
    if edited(path).is_some() {
        return resume(app, request, path, form);
    }
    keep_quietly(app, &mut entered);
    let message = Message::new("compose-again-kept");
    show_form(app, request, &entered, Some(message))
}
