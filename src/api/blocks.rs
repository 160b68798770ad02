//! Blocks and complaints.

use std::sync::Arc;

use serde_json::json;

use super::accounts::show_relation;
use super::entities::Context;
use super::entities::account::account;
use super::paging;
use crate::app::App;
use crate::domain::federation_policy::{self, Decision};
use crate::domain::relationships::block as rules;
use crate::domain::relationships::report::{self, Filed};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors;
use crate::store::peers::domain_policies;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::blocks;

/// `POST /api/v1/accounts/:id/block`.
pub(super) fn block(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::block(&app.domain, id)?;
    show_relation(app, id)
}

/// `POST /api/v1/accounts/:id/unblock`.
pub(super) fn unblock(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    rules::unblock(&app.domain, id)?;
    show_relation(app, id)
}

/// `GET /api/v1/blocks`.
pub(super) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let owner = app.domain.owner()?.id;
    let rows = app.domain.store.read(|c| {
        let mut rows = Vec::new();
        for (cursor, actor) in blocks::list(c, owner, &page)? {
            rows.extend(actors::get(c, actor)?.map(|a| (cursor, Arc::new(a))));
        }
        Ok(rows)
    })?;
    Ok(super::accounts::list(app, request, &page, &rows))
}

/// `POST /api/v1/reports`.
pub(super) fn report(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let target: ActorId = form.require("account_id")?.parse().map_err(|_| Error::NotFound)?;
    let posts: Option<Vec<StatusId>> = form.list("status_ids").into_iter().map(|id| id.parse().ok()).collect();
    let comment = form.get("comment").unwrap_or_default().to_owned();
    let forward = form.choice("forward")?.unwrap_or(false);
    let categories = ["spam", "legal", "violation", "other"];
    let known = |name: &str| categories.into_iter().find(|c| *c == name);
    let category = form.one_of("category", "spam, legal, violation, other", known)?.unwrap_or("other");
    form.refuse("rule_ids", "This server has no rules that a report could name")?;
    let posts = posts.ok_or(Error::NotFound)?;
    let shown: Vec<String> = posts.iter().map(ToString::to_string).collect();
    let Filed { report, forwarded } = report::report(&app.domain, target, posts, comment, forward)?;
    let about = app.domain.store.read(|c| actors::get(c, target))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&json!({
        "id": report.id.to_string(),
        "action_taken": false,
        "action_taken_at": null,
        "category": category,
        "comment": report.comment,
        "forwarded": forwarded,
        "created_at": report.created_at.to_api(),
        "status_ids": shown,
        "rule_ids": [],
        "target_account": account(Context::of(app, request), &about),
    })))
}

/// `GET /api/v1/domain_blocks`: the names of all suspended servers.
pub(super) fn domains(app: &App, _: &Request) -> Result<Response> {
    let all = app.domain.store.read(domain_policies::list)?;
    let names: Vec<_> = all.into_iter().filter(|p| p.severity == Severity::Suspend).map(|p| p.host).collect();
    Ok(Response::json(&names))
}

/// `POST /api/v1/domain_blocks`.
pub(super) fn block_domain(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let decision = Decision { severity: Severity::Suspend, ..Decision::default() };
    federation_policy::decide(&app.domain, form.require("domain")?, decision)?;
    Ok(Response::json(&json!({})))
}

/// `DELETE /api/v1/domain_blocks`: also of a server that was not blocked.
pub(super) fn unblock_domain(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match federation_policy::withdraw(&app.domain, form.require("domain")?) {
        Ok(()) | Err(Error::NotFound) => Ok(Response::json(&json!({}))),
        Err(e) => Err(e),
    }
}
