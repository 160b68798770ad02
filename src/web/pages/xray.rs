//! Inspection of a post: its document, the result of reading it, and the deliveries of a post of the owner.

use minijinja::context;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::domain::inspect::{self, Xray};
use crate::domain::outbox::builders;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::activitystreams::write;
use crate::protocol::html;
use crate::store::queues::delivery_report;
use crate::web::templates::{Time, time};
use crate::web::{render, view};

#[derive(Debug, Clone, Serialize)]
struct DeliveryView {
    host: String,
    at: Option<Time>,
    error: Option<String>,
}

/// A line of the result.
#[derive(Debug, Clone, Serialize)]
struct LineView {
    label: &'static str,
    text: String,
    is_link: bool,
}

/// `GET /x/ID`: the document of a remote post is fetched from its server.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let found = queries::statuses::get(&app.domain, viewer, request.id("id")?)?;
    let found = found.content();
    let (raw, reading, problem) = if found.status.local { own(app, found)? } else { fetched(app, found) };
    let report = app.domain.store.read(|c| delivery_report::of_status(c, found.status.id))?;
    let arrived = report.iter().filter(|r| r.at.is_some() && r.error.is_none()).count();
    let deliveries: Vec<_> =
        report.into_iter().map(|r| DeliveryView { host: r.host, at: r.at.map(time), error: r.error }).collect();
    let context = context! {
        p => view::post(app, found, viewer),
        raw,
        lines => reading.as_ref().map(lines),
        reading,
        problem,
        arrived,
        deliveries,
    };
    render::page(app, request, "xray.html", context)
}

fn lines(reading: &Xray) -> Vec<LineView> {
    let lines = reading.lines().into_iter();
    lines.map(|(label, text)| LineView { is_link: html::is_web_link(&text), label, text }).collect()
}

type Parts = (String, Option<Xray>, Option<String>);

fn own(app: &App, found: &StatusView) -> Result<Parts> {
    let document = app.domain.store.read(|c| builders::note_document(c, &app.domain.site, found))?;
    let document = write::with_context(document);
    let reading = inspect::of_own(&document, &found.status, app.domain.now());
    Ok((pretty(&document), Some(reading), None))
}

/// A failed fetch is reported on the page and hides nothing else.
fn fetched(app: &App, found: &StatusView) -> Parts {
    let uri = &found.status.uri;
    let fetched = app.domain.remote().and_then(|remote| remote.examine(uri));
    let parts = fetched.and_then(|response| {
        let raw = response.document.as_ref().map(pretty).unwrap_or_default();
        Ok((raw, Some(inspect::examine_answer(&app.domain, response, uri.clone(), false)?), None))
    });
    parts.unwrap_or_else(|e| (String::new(), None, Some(e.to_string())))
}

/// Indented JSON with the most telling members first and the rest by name.
fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(&Ordered(document)).unwrap_or_default()
}

struct Ordered<'a>(&'a Value);

/// The members that come first, in this order.
const FIRST: [&str; 14] = [
    "@context",
    "id",
    "type",
    "actor",
    "attributedTo",
    "object",
    "inReplyTo",
    "published",
    "updated",
    "to",
    "cc",
    "name",
    "summary",
    "content",
];

impl Serialize for Ordered<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| rank(name));
                serializer.collect_map(members.into_iter().map(|(name, value)| (name, Ordered(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            other => other.serialize(serializer),
        }
    }
}
