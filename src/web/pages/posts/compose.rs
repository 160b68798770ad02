//! The compose form: new posts, replies, quotes and edits.

use hyper::StatusCode;
use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::domain::posts::polls::DraftPoll;
use crate::domain::posts::{self, Draft, Revision};
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response, error_response};
use crate::limits;
use crate::media::store_image;
use crate::protocol::ids::{MediaId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::database::settings;

use crate::web::{render, view};

/// The values of the compose form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FormDraft {
    text: String,
    warning: String,
    language: String,
    visibility: &'static str,
    in_reply_to: Option<String>,
    quote: Option<String>,
    editing: bool,
    media_count: usize,
    limit: usize,
}

/// An empty form with the owner's defaults.
pub(crate) fn empty_draft(app: &App) -> Result<FormDraft> {
    let (visibility, language) = app
        .domain
        .store
        .read(|c| Ok((posts::default_visibility(c)?, settings::get(c, settings::DEFAULT_LANGUAGE)?)))?;
    Ok(FormDraft {
        text: String::new(),
        warning: String::new(),
        language: language.unwrap_or_default(),
        visibility: visibility.as_str(),
        in_reply_to: None,
        quote: None,
        editing: false,
        media_count: 0,
        limit: limits::POST_CHARS,
    })
}

/// The poll of the form, if an option is filled in.
fn poll(form: &Form) -> Option<DraftPoll> {
    let options: Vec<String> =
        form.list("option").into_iter().filter(|o| !o.trim().is_empty()).map(str::to_owned).collect();
    let seconds = form.number("poll_seconds").unwrap_or(86_400);
    let multiple = form.flag("poll_multiple").unwrap_or(false);
    (!options.is_empty()).then_some(DraftPoll { options, seconds, multiple, hide_totals: false })
}

/// The form of a reply: it mentions the author and everyone mentioned, and its visibility is not wider than the parent's.
fn reply_draft(app: &App, parent: &StatusView) -> Result<FormDraft> {
    let parent = parent.content();
    let own = app.domain.owner()?.id;
    let mut names: Vec<String> = Vec::new();
    if parent.author.id != own {
        names.push(format!("@{}", crate::domain::account::profile::handle(&app.domain, &parent.author)));
    }
    for m in parent.mentions.iter().filter(|m| m.actor_id != own && m.actor_id != parent.author.id && !m.silent) {
        names.push(crate::domain::outbox::builders::mention_name(&app.domain.site, m));
    }
    names.dedup();
    let mut text = names.join(" ");
    if !text.is_empty() {
        text.push(' ');
    }
    let empty = empty_draft(app)?;
    let default = Visibility::parse(empty.visibility).unwrap_or(Visibility::Public);
    Ok(FormDraft {
        text,
        warning: parent.status.summary.clone(),
        visibility: default.max(parent.status.visibility).as_str(),
        in_reply_to: Some(parent.status.id.to_string()),
        ..empty
    })
}

fn find_parent(app: &App, id: Option<StatusId>) -> Result<Option<StatusView>> {
    id.map(|id| queries::statuses::get(&app.domain, app.domain.as_owner()?, id)).transpose()
}

/// `GET /compose`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let parent = find_parent(app, form.number::<i64>("reply_to").map(StatusId))?;
    let mut draft = match &parent {
        Some(parent) => reply_draft(app, parent)?,
        None => empty_draft(app)?,
    };
    if let Some(handle) = form.filled("mention") {
        draft.text = format!("@{handle} ");
    }
    let quoted = find_parent(app, form.number::<i64>("quote").map(StatusId))?;
    draft.quote = quoted.as_ref().map(|q| q.content().status.id.to_string());
    show_form(app, request, draft, parent.as_ref().or(quoted.as_ref()), None)
}

fn show_form(
    app: &App,
    request: &Request,
    draft: FormDraft,
    parent: Option<&StatusView>,
    error: Option<String>,
) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let context = context! {
        heading => match (&draft.in_reply_to, &draft.quote) {
            (Some(_), _) => "Reply",
            (None, Some(_)) => "Quote",
            (None, None) => "New post",
        },
        parent => parent.map(|p| view::post(app, p, viewer)),
        action => "/posts",
        draft,
        visibilities => view::visibilities(),
        error,
    };
    render::page(app, request, "compose.html", context)
}

/// `POST /posts`. A rejected post is shown again in the form, with the error.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let in_reply_to = form.number::<i64>("in_reply_to").map(StatusId);
    let outcome = upload(app, &form).and_then(|media| {
        let draft = Draft {
            text: form.get("text").unwrap_or_default().replace("\r\n", "\n"),
            summary: form.get("warning").unwrap_or_default().to_owned(),
            visibility: form.get("visibility").and_then(Visibility::parse),
            language: form.filled("language").map(str::to_ascii_lowercase),
            in_reply_to,
            quote: form.number("quote"),
            poll: poll(&form),
            media,
            ..Draft::default()
        };
        posts::create(&app.domain, draft)
    });
    match outcome {
        Ok(id) if in_reply_to.is_some() => Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username))),
        Ok(_) => Ok(Response::see_other("/home")),
        Err(e @ (Error::Invalid(_) | Error::TooLarge { .. } | Error::Storage(_))) => {
            let parent = find_parent(app, in_reply_to)?;
            let default = empty_draft(app)?;
            let draft = FormDraft {
                text: form.get("text").unwrap_or_default().to_owned(),
                warning: form.get("warning").unwrap_or_default().to_owned(),
                visibility: form
                    .get("visibility")
                    .and_then(Visibility::parse)
                    .map_or(default.visibility, Visibility::as_str),
                in_reply_to: in_reply_to.map(|id| id.to_string()),
                quote: form.filled("quote").map(str::to_owned),
                ..default
            };
            let message = error_response::message(&e).replace("Validation failed: ", "");
            let page = show_form(app, request, draft, parent.as_ref(), Some(message))?;
            let is_storage = matches!(e, Error::Storage(_));
            if is_storage {
                error_response::log(&e, "POST", "/posts");
            }
            Ok(page.with_status(if is_storage { error_response::status(&e) } else { StatusCode::UNPROCESSABLE_ENTITY }))
        }
        Err(e) => Err(e),
    }
}

fn upload(app: &App, form: &Form) -> Result<Vec<MediaId>> {
    let Some(file) = form.file("picture") else { return Ok(Vec::new()) };
    let stored = store_image(&app.media, &file.bytes)?;
    let about = MediaDetails { description: form.filled("alt").map(str::to_owned), focus: None };
    Ok(vec![attachments::add(&app.domain, stored, about, None)?.id])
}

/// `GET /posts/ID/edit`.
pub(crate) fn edit(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    posts::own_status(&app.domain, &app.domain.owner()?, id)?;
    let current = queries::statuses::get(&app.domain, app.domain.as_owner()?, id)?;
    let s = &current.status;
    let draft = FormDraft {
        text: s.source.clone().unwrap_or_default(),
        warning: s.summary.clone(),
        language: s.language.clone().unwrap_or_default(),
        editing: true,
        media_count: current.media.len(),
        ..empty_draft(app)?
    };
    let context = context! {
        heading => "Edit",
        action => format!("/posts/{id}/edit"),
        draft,
        visibilities => view::visibilities(),
    };
    render::page(app, request, "compose.html", context)
}

/// `POST /posts/ID/edit`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: StatusId = request.id("id")?;
    let revision = Revision {
        text: form.get("text").map(|t| t.replace("\r\n", "\n")),
        summary: form.get("warning").map(str::to_owned),
        language: form.filled("language").map(str::to_ascii_lowercase),
        ..Revision::default()
    };
    posts::edit(&app.domain, id, revision)?;
    Ok(Response::see_other(&format!("/@{}/{id}", app.domain.owner()?.username)))
}
