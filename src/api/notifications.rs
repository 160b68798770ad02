//! Notifications.

use serde_json::json;

use super::entities::Context;
use super::entities::notification::notification;
use super::paging;
use crate::app::App;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::ids::{ActorId, NotificationId};
use crate::store::Conn;
use crate::store::account::markers;
use crate::store::database::pagination::Page;
use crate::store::notifications as rows;
use crate::store::notifications::NotificationKind;

/// The kinds that a request asks for, and how a reaction is called. Names that we do not know are ignored.
fn kinds(form: &Form) -> (Vec<NotificationKind>, NotificationKind) {
    let parse = |key: &str| form.list(key).into_iter().filter_map(NotificationKind::parse).collect::<Vec<_>>();
    let (asked, excluded) = (parse("types"), parse("exclude_types"));
    // Typed apps do not know reactions and lose the whole page: they get favourites unless they ask for reactions.
    let reaction = if asked.contains(&NotificationKind::Reaction) {
        NotificationKind::Reaction
    } else {
        NotificationKind::Favourite
    };
    let called = |kind: NotificationKind| if kind == NotificationKind::Reaction { reaction } else { kind };
    let is_wanted = |kind: &NotificationKind| {
        let asked = !form.has_list("types") || asked.contains(&called(*kind));
        asked && !excluded.contains(kind) && !excluded.contains(&called(*kind))
    };
    (NotificationKind::ALL.into_iter().filter(is_wanted).collect(), reaction)
}

/// `GET /api/v1/notifications`.
pub(super) fn list(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::ACCOUNTS);
    let by = form.number::<i64>("account_id").map(ActorId);
    let (kinds, reaction) = kinds(&form);
    let views = queries::notifications::list(&app.domain, &kinds, by, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|v| notification(ctx, v, reaction)).collect();
    let cursors = views.first().zip(views.last()).map(|(first, last)| (first.row.id.0, last.row.id.0));
    Ok(paging::answer(app, request, &page, views.len(), cursors, &items))
}

/// `GET /api/v1/notifications/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let id: NotificationId = request.id("id")?;
    let page = Page { below: id.0.saturating_add(1), above: id.0.saturating_sub(1), ..Page::newest(1) };
    let (kinds, reaction) = kinds(&request.form()?);
    let views = queries::notifications::list(&app.domain, &kinds, None, &page)?;
    let view = views.first().ok_or(Error::NotFound)?;
    Ok(Response::json(&notification(Context::of(app, request), view, reaction)))
}

/// `POST /api/v1/notifications/:id/dismiss`.
pub(super) fn dismiss(app: &App, request: &Request) -> Result<Response> {
    let id: NotificationId = request.id("id")?;
    app.domain.store.write(move |c| rows::dismiss(c, Some(id)))?;
    Ok(Response::json(&json!({})))
}

/// `POST /api/v1/notifications/clear`.
pub(super) fn clear(app: &App, _: &Request) -> Result<Response> {
    app.domain.store.write(|c| rows::dismiss(c, None))?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/notifications/unread_count`.
pub(super) fn unread_count(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let most = form.number::<u32>("limit").unwrap_or(100).clamp(1, 1_000);
    let (kinds, _) = kinds(&form);
    let by = form.number::<i64>("account_id").map(ActorId);
    let count = app.domain.store.read(|c: &Conn| {
        let read = markers::get(c, "notifications")?.map_or(0, |m| m.last_read_id);
        rows::count_after(c, read, most, &kinds, by)
    })?;
    Ok(Response::json(&json!({"count": count})))
}
