//! Notifications in the browser: a subscription that ends with its session.

use serde::Serialize;

use crate::app::App;
use crate::domain::push::{self, NewSubscription, alert_bit};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::store::account::push::{PushChoice, PushHolder, PushPolicy};
use crate::web::locale::Message;

/// Kinds of notifications that are chosen together.
struct Kind {
    name: &'static str,
    label: Message,
    alerts: &'static [&'static str],
}

static KINDS: [Kind; 5] = [
    Kind { name: "mentions", label: Message::new("push-mentions"), alerts: &["mention", "quote"] },
    Kind { name: "follows", label: Message::new("push-follows"), alerts: &["follow", "follow_request"] },
    Kind { name: "reactions", label: Message::new("push-reactions"), alerts: &["favourite", "reblog"] },
    Kind { name: "posts", label: Message::new("push-posts"), alerts: &["status"] },
    Kind {
        name: "others",
        label: Message::new("push-others"),
        alerts: &["poll", "update", "quoted_update", "admin.report"],
    },
];

impl Kind {
    fn bits(&self) -> i64 {
        self.alerts.iter().map(|alert| alert_bit(alert)).sum()
    }
}

/// What the page shows of the subscription of the browser.
#[derive(Serialize)]
pub(super) struct BrowserPush {
    /// The browser has a subscription.
    on: bool,
    /// The key by which push services know this server.
    key: String,
    /// Name, label and choice of each kind.
    kinds: Vec<(&'static str, Message, bool)>,
}

fn holder(request: &Request) -> Result<PushHolder> {
    Ok(PushHolder::Browser(request.session()?.id))
}

pub(super) fn view(app: &App, request: &Request) -> Result<BrowserPush> {
    let found = match push::of(&app.domain, holder(request)?) {
        Err(Error::NotFound) => None,
        found => Some(found?.choice.alerts),
    };
    let kinds =
        KINDS.iter().map(|kind| (kind.name, kind.label.clone(), found.is_none_or(|bits| bits & kind.bits() != 0)));
    Ok(BrowserPush { on: found.is_some(), key: app.domain.push_keys()?.vapid.public(), kinds: kinds.collect() })
}

fn choice(form: &Form) -> Result<PushChoice> {
    let bits = |kind: &Kind| Ok(if form.checkbox(kind.name)? { kind.bits() } else { 0 });
    Ok(PushChoice { alerts: KINDS.iter().map(bits).sum::<Result<i64>>()?, policy: PushPolicy::All })
}

/// `POST /settings/notifications/browser/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let (form, holder) = (request.form()?, holder(request)?);
    match request.param("action") {
        "on" => {
            let required = |key: &str| form.require(key).map(str::to_owned);
            let new = NewSubscription {
                holder,
                secret: None,
                endpoint: required("endpoint")?,
                p256dh: required("p256dh")?,
                auth: required("auth")?,
                standard: true,
                choice: choice(&form)?,
            };
            push::subscribe(&app.domain, new)?;
        }
        "change" => drop(push::change(&app.domain, holder, choice(&form)?)?),
        "off" => push::remove(&app.domain, holder)?,
        _ => return Err(Error::NotFound),
    }
    Ok(Response::see_other("/settings/notifications?done=settings-saved"))
}
