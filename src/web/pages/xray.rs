//! What Dassie makes of a post, and why: the raw document beside its reading, and where a post of the owner went.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::activities;
use crate::domain::timeline;
use crate::domain::views::StatusView;
use crate::domain::xray::{self, Setting};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::activitystreams::write;
use crate::store::deliveries;
use crate::web::templates::{Time, time};
use crate::web::{render, view};

#[derive(Debug, Clone, Serialize)]
struct DeliveryView {
    host: String,
    at: Option<Time>,
    error: Option<String>,
}

/// `GET /x/ID`: of a post of somebody else, its server is asked for the document now.
pub(in crate::web) fn show(app: &App, request: &Request) -> Result<Response> {
    let found = timeline::status(&app.domain, app.domain.as_owner()?, request.id("id")?)?;
    let found = found.content();
    let (raw, reading, problem) = if found.status.local { own(app, found)? } else { fetched(app, found) };
    let report = app.domain.store.read(|c| deliveries::report(c, found.status.id))?;
    let arrived = report.iter().filter(|r| r.at.is_some() && r.error.is_none()).count();
    let deliveries: Vec<_> =
        report.into_iter().map(|r| DeliveryView { host: r.host, at: r.at.map(time), error: r.error }).collect();
    let context = context! {
        p => view::post(app, found, true),
        raw,
        reading,
        problem,
        arrived,
        deliveries,
    };
    render::page(app, request, "xray.html", context)
}

type Parts = (String, Option<xray::Xray>, Option<String>);

fn own(app: &App, found: &StatusView) -> Result<Parts> {
    let document = app.domain.store.read(|c| activities::note_document(c, &app.domain.site, found))?;
    Ok((pretty(&write::with_context(document)), None, None))
}

/// A server that does not answer is said on the page; the rest of it is there all the same.
fn fetched(app: &App, found: &StatusView) -> Parts {
    let asked = app.domain.remote().and_then(|remote| remote.examine(&found.status.uri));
    let answer = asked.and_then(|(document, checks)| {
        let setting = Setting { source: found.status.uri.clone(), followed: false, checks };
        Ok((pretty(&document), Some(xray::examine(&app.domain, &document, setting)?), None))
    });
    answer.unwrap_or_else(|e| (String::new(), None, Some(e.to_string())))
}

fn pretty(document: &serde_json::Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}
