//! The notification policy.

use minijinja::context;
use serde::Serialize;

use super::browser_push;
use crate::app::App;
use crate::domain::notifications::policy::{self, NotificationPolicy, PolicyChange, Treatment};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::notifications::requests;
use crate::web::locale::Message;
use crate::web::render;

/// The choice for one group of accounts.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    /// The field.
    name: &'static str,
    /// The group of accounts.
    label: Message,
    /// The treatment of their notifications.
    value: &'static str,
}

fn choices(policy: &NotificationPolicy) -> [Choice; 6] {
    let choice = |name, label, treatment: Treatment| Choice { name, label, value: treatment.as_str() };
    [
        choice("not_following", Message::new("policy-not-following"), policy.not_following),
        choice("not_followers", Message::new("policy-not-followers"), policy.not_followers),
        choice("new_accounts", Message::new("policy-new-accounts"), policy.new_accounts),
        choice("private_mentions", Message::new("policy-private-mentions"), policy.private_mentions),
        choice("limited_accounts", Message::new("policy-limited-accounts"), policy.limited_accounts),
        choice("bots", Message::new("policy-bots"), policy.bots),
    ]
}

/// `GET /settings/notifications`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let (policy, (waiting, _)) = app.domain.store.read(|c| Ok((policy::get(c)?, requests::count(c)?)))?;
    let push = browser_push::view(app, request)?;
    let context = context! { choices => choices(&policy), waiting, push };
    render::page(app, request, "settings_notifications.html", context)
}

/// `POST /settings/notifications`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let before = app.domain.store.read(policy::get)?;
    let change = PolicyChange::read(&before, |group, _| form.one_of(group, "accept, filter, drop", Treatment::parse))?;
    policy::change(&app.domain, change)?;
    Ok(Response::see_other("/settings/notifications?done=settings-saved"))
}
