//! Accounts and their statuses.

use std::sync::Arc;

use crate::api::entities::Context;
use crate::api::entities::account::account;
use crate::api::paging::{self, Rows};
use crate::api::timelines as statuses_page;
use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::queries;
use crate::domain::queries::search::SearchQuery;
use crate::domain::queries::timelines::{AccountPosts, WithCursors};
use crate::domain::relationships::account_move;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::text::folded_hashtag;
use crate::store::actors::{self, Actor, Among};
use crate::store::database::pagination::Page;
use crate::store::peers::domain_policies::Severity;
use crate::store::statuses::AccountFilter;

/// The most accounts that one request may name.
pub(super) const MOST_IDS: usize = 80;

/// A stored actor whose server is not suspended.
pub(super) fn find(app: &App, id: ActorId) -> Result<Actor> {
    let found = app.domain.store.read(|c| actors::get(c, id))?;
    found.filter(|a| a.limited != Severity::Suspend).ok_or(Error::NotFound)
}

/// A page of accounts with its links.
pub(crate) fn list(app: &App, request: &Request, page: &Page, rows: &WithCursors<Arc<Actor>>) -> Response {
    let ctx = Context::of(app, request);
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    let items: Vec<_> = rows.iter().map(|(_, a)| account(ctx, a)).collect();
    paging::respond(app, request, Rows { page, count: rows.len(), cursors }, &items)
}

/// `GET /api/v1/accounts/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let actor = find(app, request.id("id")?)?;
    account_move::fetch_successor(&app.domain, &actor)?;
    Ok(Response::json(&account(Context::of(app, request), &actor)))
}

/// `GET /api/v1/accounts?id[]=…`.
pub(crate) fn get_many(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let ctx = Context::of(app, request);
    let ids = form.ids::<ActorId>("id", MOST_IDS);
    let found = queries::accounts::get_many(&app.domain, &ids)?;
    Ok(Response::json(&found.iter().map(|a| account(ctx, a)).collect::<Vec<_>>()))
}

/// `GET /api/v1/accounts/lookup?acct=…`: a stored account. Nothing is fetched.
pub(crate) fn by_handle(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let acct = form.require("acct")?.trim_start_matches('@');
    let (username, host) = acct.split_once('@').unwrap_or((acct, app.domain.site.handle_domain()));
    let id = queries::accounts::by_handle(&app.domain, username, host)?.ok_or(Error::NotFound)?;
    Ok(Response::json(&account(Context::of(app, request), &find(app, id)?)))
}

/// The parameters of a list of an account's statuses.
struct StatusesQuery {
    page: Page,
    filter: AccountFilter,
    pinned: bool,
    tag: Option<String>,
}

impl StatusesQuery {
    fn read(form: &Form) -> Self {
        let filter = AccountFilter {
            without_replies: form.is_set("exclude_replies"),
            without_boosts: form.is_set("exclude_reblogs"),
            only_media: form.is_set("only_media"),
            only_open: false,
        };
        Self {
            page: paging::page(form, paging::STATUSES),
            filter,
            pinned: form.is_set("pinned"),
            tag: form.filled("tagged").map(folded_hashtag),
        }
    }
}

/// `GET /api/v1/accounts/:id/statuses`.
pub(crate) fn statuses(app: &App, request: &Request) -> Result<Response> {
    let query = StatusesQuery::read(&request.form()?);
    let id: ActorId = request.id("id")?;
    let viewer = request.viewer(app.domain.owner()?.id);
    if viewer.is_owner()
        && let Err(e) = backfill::profile(&app.domain, id, BackfillReason::Opened)
    {
        tracing::debug!(error = %e, "cannot queue the backfill of a profile");
    }
    if query.pinned {
        find(app, id)?;
        let views = queries::timelines::pinned(&app.domain, viewer, id, &query.page)?;
        return Ok(statuses_page::plain(app, request, &views));
    }
    let posts = AccountPosts { actor: id, filter: query.filter, tag: query.tag.as_deref() };
    let views = queries::timelines::account(&app.domain, viewer, posts, &query.page)?;
    Ok(statuses_page::list(app, request, &query.page, &views))
}

/// `GET /api/v1/accounts/search`.
pub(crate) fn search(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let among = if form.is_set("following") { Among::Followed } else { Among::Known };
    let limit = form.number::<u32>("limit").unwrap_or(40).clamp(1, 80);
    let query = SearchQuery {
        resolve: form.is_set("resolve"),
        offset: form.number::<u32>("offset").unwrap_or(0).min(limits::SEARCH_OFFSET),
        ..SearchQuery::accounts(form.get("q").unwrap_or_default(), among, limit)
    };
    let found = queries::search::search(&app.domain, app.domain.as_owner()?, &query)?;
    let ctx = Context::of(app, request);
    Ok(Response::json(&found.actors.iter().map(|a| account(ctx, a)).collect::<Vec<_>>()))
}
