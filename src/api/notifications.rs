//! Notifications.

use serde_json::json;

use super::entities::Context;
use super::entities::notification::notification;
use super::paging::{self, Rows};
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

/// The filter of a request. Unknown names of kinds are ignored.
struct NotificationQuery {
    /// The kinds to return.
    kinds: Vec<NotificationKind>,
    /// The kind that a reaction is shown as.
    reaction: NotificationKind,
    /// Only notifications caused by this actor.
    by: Option<ActorId>,
}

impl NotificationQuery {
    fn read(form: &Form) -> Self {
        let parse = |key: &str| form.list(key).into_iter().filter_map(NotificationKind::parse).collect::<Vec<_>>();
        let (requested, excluded) = (parse("types"), parse("exclude_types"));
        // Typed apps do not know reactions and would lose the whole page: they receive favourites unless they request reactions.
        let reaction = if requested.contains(&NotificationKind::Reaction) {
            NotificationKind::Reaction
        } else {
            NotificationKind::Favourite
        };
        let shown_as = |kind: NotificationKind| if kind == NotificationKind::Reaction { reaction } else { kind };
        let is_wanted = |kind: &NotificationKind| {
            let is_requested = !form.has_list("types") || requested.contains(&shown_as(*kind));
            is_requested && !excluded.contains(kind) && !excluded.contains(&shown_as(*kind))
        };
        let kinds = NotificationKind::ALL.into_iter().filter(is_wanted).collect();
        Self { kinds, reaction, by: form.number::<i64>("account_id").map(ActorId) }
    }
}

/// `GET /api/v1/notifications`.
pub(super) fn list(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::ACCOUNTS);
    let query = NotificationQuery::read(&form);
    let views = queries::notifications::list(&app.domain, &query.kinds, query.by, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|v| notification(ctx, v, query.reaction)).collect();
    let cursors = views.first().zip(views.last()).map(|(first, last)| (first.row.id.0, last.row.id.0));
    Ok(paging::respond(app, request, Rows { page: &page, count: views.len(), cursors }, &items))
}

/// The page on which only this notification can be.
pub(super) fn only(id: NotificationId) -> Page {
    Page { below: id.0.saturating_add(1), above: id.0.saturating_sub(1), ..Page::newest(1) }
}

/// `GET /api/v1/notifications/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let id: NotificationId = request.id("id")?;
    let query = NotificationQuery::read(&request.form()?);
    let views = queries::notifications::list(&app.domain, &query.kinds, None, &only(id))?;
    let view = views.first().ok_or(Error::NotFound)?;
    Ok(Response::json(&notification(Context::of(app, request), view, query.reaction)))
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
    let query = NotificationQuery::read(&form);
    let count = app.domain.store.read(|c: &Conn| {
        let read = markers::get(c, "notifications")?.map_or(0, |m| m.last_read_id);
        rows::count_after(c, read, most, &query.kinds, query.by)
    })?;
    Ok(Response::json(&json!({"count": count})))
}
