//! Reports.

use serde_json::json;

use crate::api::entities::Context;
use crate::api::entities::account::account;
use crate::app::App;
use crate::domain::relationships::report::{self, Filed};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors;

/// The parameters of a report.
struct ReportForm {
    target: ActorId,
    posts: Vec<StatusId>,
    comment: String,
    category: &'static str,
    forward: bool,
}

impl ReportForm {
    fn read(form: &Form) -> Result<Self> {
        let target = form.require("account_id")?.parse().map_err(|_| Error::NotFound)?;
        let posts: Option<Vec<StatusId>> = form.list("status_ids").into_iter().map(|id| id.parse().ok()).collect();
        let known = |name: &str| ["spam", "legal", "violation", "other"].into_iter().find(|c| *c == name);
        let forward = form.choice("forward")?.unwrap_or(false);
        let category = form.one_of("category", "spam, legal, violation, other", known)?.unwrap_or("other");
        form.refuse("rule_ids", "This server has no rules that a report could name")?;
        let comment = form.get("comment").unwrap_or_default().to_owned();
        Ok(Self { target, posts: posts.ok_or(Error::NotFound)?, comment, category, forward })
    }
}

/// `POST /api/v1/reports`.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let ReportForm { target, posts, comment, category, forward } = ReportForm::read(&request.form()?)?;
    let status_ids: Vec<String> = posts.iter().map(ToString::to_string).collect();
    let Filed { report, forwarded } = report::report(&app.domain, target, posts, comment, forward)?;
    let target = app.domain.store.read(|c| actors::get(c, target))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&json!({
        "id": report.id.to_string(),
        "action_taken": false,
        "action_taken_at": null,
        "category": category,
        "comment": report.comment,
        "forwarded": forwarded,
        "created_at": report.created_at.to_api(),
        "status_ids": status_ids,
        "rule_ids": [],
        "target_account": account(Context::of(app, request), &target),
    })))
}
