//! The notification policy: in v2 with three values for each group of actors, in v1 with filtered or not.

use serde_json::json;

use crate::app::App;
use crate::domain::notifications::policy::{self, NotificationPolicy, PolicyChange, Treatment};
use crate::error::Result;
use crate::http::{Form, Request, Response};
use crate::store::notifications::requests;

fn read(app: &App) -> Result<NotificationPolicy> {
    app.domain.store.read(policy::get)
}

/// The summary of pending requests.
fn summary(app: &App) -> Result<serde_json::Value> {
    let (requests, notifications) = app.domain.store.read(requests::count)?;
    Ok(json!({"pending_requests_count": requests, "pending_notifications_count": notifications}))
}

fn v2(app: &App, policy: NotificationPolicy) -> Result<Response> {
    Ok(Response::json(&json!({
        "for_not_following": policy.not_following.as_str(),
        "for_not_followers": policy.not_followers.as_str(),
        "for_new_accounts": policy.new_accounts.as_str(),
        "for_private_mentions": policy.private_mentions.as_str(),
        "for_limited_accounts": policy.limited_accounts.as_str(),
        "for_bots": policy.bots.as_str(),
        "summary": summary(app)?,
    })))
}

fn v1(app: &App, policy: NotificationPolicy) -> Result<Response> {
    let filters = |treatment: Treatment| treatment != Treatment::Accept;
    Ok(Response::json(&json!({
        "filter_not_following": filters(policy.not_following),
        "filter_not_followers": filters(policy.not_followers),
        "filter_new_accounts": filters(policy.new_accounts),
        "filter_private_mentions": filters(policy.private_mentions),
        "filter_bots": filters(policy.bots),
        "summary": summary(app)?,
    })))
}

/// `GET /api/v2/notifications/policy`.
pub(crate) fn get(app: &App, _: &Request) -> Result<Response> {
    v2(app, read(app)?)
}

/// `PATCH /api/v2/notifications/policy`.
pub(crate) fn update(app: &App, request: &Request) -> Result<Response> {
    v2(app, change(app, request)?)
}

/// `GET /api/v1/notifications/policy`.
pub(crate) fn get_v1(app: &App, _: &Request) -> Result<Response> {
    v1(app, read(app)?)
}

/// `PUT` and `PATCH /api/v1/notifications/policy`. What was dropped stays so if the request filters it.
pub(crate) fn update_v1(app: &App, request: &Request) -> Result<Response> {
    v1(app, change(app, request)?)
}

/// Changes the policy. Both versions read the parameters of both, so that none is accepted without effect.
fn change(app: &App, request: &Request) -> Result<NotificationPolicy> {
    let form = request.form()?;
    let change = PolicyChange::read(&read(app)?, |group, before| treatment(&form, group, before))?;
    policy::change(&app.domain, change)
}

fn treatment(form: &Form, group: &str, before: Treatment) -> Result<Option<Treatment>> {
    let stated = form.one_of(&format!("for_{group}"), "accept, filter, drop", Treatment::parse)?;
    let filters = form.choice(&format!("filter_{group}"))?;
    let filtered = filters.map(|filters| if filters { before.max(Treatment::Filter) } else { Treatment::Accept });
    Ok(stated.or(filtered))
}
