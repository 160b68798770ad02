//! Reports.

use serde_json::json;

use crate::api::entities::Context;
use crate::api::entities::account::account;
use crate::app::App;
use crate::domain::relationships::report::{self, Filed, NewReport};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::actors;

const CATEGORIES: [&str; 4] = ["spam", "legal", "violation", "other"];

/// The parameters of a report. A report that names rules is about a violation of them.
fn read(form: &Form) -> Result<(NewReport, bool)> {
    let target = form.require("account_id")?.parse().map_err(|_| Error::NotFound)?;
    let posts: Option<Vec<StatusId>> = form.values("status_ids")?.into_iter().map(|id| id.parse().ok()).collect();
    let rules = form.values("rule_ids")?.into_iter().filter(|id| !id.trim().is_empty());
    // A text that is no id names no rule.
    let rules: Vec<u32> = rules.take(limits::RULES).map(|id| id.parse().unwrap_or(0)).collect();
    let known = |name: &str| CATEGORIES.into_iter().find(|c| *c == name);
    let category = form.one_of("category", "spam, legal, violation, other", known)?;
    let category = category.unwrap_or(if rules.is_empty() { "other" } else { "violation" }).to_owned();
    let forward = form.choice("forward")?.unwrap_or(false);
    let comment = form.text("comment")?.unwrap_or_default();
    Ok((NewReport { target, posts: posts.ok_or(Error::NotFound)?, comment, category, rules }, forward))
}

/// `POST /api/v1/reports`.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let (new, forward) = read(&request.form()?)?;
    let target = new.target;
    let Filed { report, posts, forwarded } = report::report(&app.domain, new, forward)?;
    let target = app.domain.store.read(|c| actors::get(c, target))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&json!({
        "id": report.id.to_string(),
        "action_taken": false,
        "action_taken_at": null,
        "category": report.category,
        "comment": report.comment,
        "forwarded": forwarded,
        "created_at": report.created_at.to_api(),
        "status_ids": posts,
        "rule_ids": report.rules.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "target_account": account(Context::of(app, request), &target),
    })))
}
