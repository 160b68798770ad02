//! Push subscriptions (<https://docs.joinmastodon.org/methods/push/>). Each token has its own.

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::push::{self, ALERTS, NewSubscription, alert_bit};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::store::account::push::{PushChoice, PushHolder, PushPolicy, PushSubscription};

/// WebPushSubscription.
fn entity(app: &App, subscription: &PushSubscription) -> Result<Value> {
    let is_set = |name: &str| subscription.choice.alerts & alert_bit(name) != 0;
    let alerts: serde_json::Map<String, Value> =
        ALERTS.iter().map(|name| ((*name).to_owned(), json!(is_set(name)))).collect();
    Ok(json!({
        // A number: Ice Cubes and Tusky read no other type.
        "id": subscription.id,
        "endpoint": subscription.endpoint,
        "standard": subscription.standard,
        "alerts": alerts,
        "server_key": app.domain.push_keys()?.vapid.public(),
        "policy": subscription.choice.policy.as_str(),
    }))
}

fn choice(form: &Form) -> Result<PushChoice> {
    form.refuse("data[alerts]", "data[alerts] must be an object of names with true or false")?;
    let mut alerts = 0;
    for name in ALERTS {
        if form.choice(&format!("data[alerts][{name}]"))? == Some(true) {
            alerts |= alert_bit(name);
        }
    }
    let policy = match form.single_filled("data[policy]")?.or(form.single_filled("policy")?) {
        Some(name) => PushPolicy::parse(name)
            .ok_or_else(|| Error::invalid("Policy must be one of all, followed, follower, none"))?,
        None => PushPolicy::All,
    };
    Ok(PushChoice { alerts, policy })
}

fn holder(request: &Request) -> Result<PushHolder> {
    Ok(PushHolder::App(request.bearer()?.token.id))
}

/// The token of a request as the client sent it. Messages contain it, because apps recognise their account by it.
fn secret(request: &Request, form: &Form) -> Result<String> {
    let header = request.header("authorization").and_then(|h| h.split_once(' ')).map(|(_, token)| token.trim());
    let token = header.or_else(|| form.filled("access_token"));
    token.map(str::to_owned).ok_or_else(|| Error::Unauthorized("The access token is invalid".into()))
}

/// `POST /api/v1/push/subscription`: replaces the one that the token has.
pub(super) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let required = |key: &str| form.require(key).map(str::to_owned);
    let new = NewSubscription {
        holder: holder(request)?,
        secret: Some(secret(request, &form)?),
        endpoint: required("subscription[endpoint]")?,
        p256dh: required("subscription[keys][p256dh]")?,
        auth: required("subscription[keys][auth]")?,
        standard: form.choice("subscription[standard]")?.unwrap_or(false),
        choice: choice(&form)?,
    };
    Ok(Response::json(&entity(app, &push::subscribe(&app.domain, new)?)?))
}

/// `GET /api/v1/push/subscription`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let subscription = push::of(&app.domain, holder(request)?)?;
    Ok(Response::json(&entity(app, &subscription)?))
}

/// `PUT /api/v1/push/subscription`: changes alerts and policy.
pub(super) fn change(app: &App, request: &Request) -> Result<Response> {
    let choice = choice(&request.form()?)?;
    let subscription = push::change(&app.domain, holder(request)?, choice)?;
    Ok(Response::json(&entity(app, &subscription)?))
}

/// `DELETE /api/v1/push/subscription`.
pub(super) fn remove(app: &App, request: &Request) -> Result<Response> {
    push::remove(&app.domain, holder(request)?)?;
    Ok(Response::json(&json!({})))
}
