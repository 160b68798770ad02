//! The health of the server: queues, disk, and what went wrong recently.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::peers::hosts;
use crate::store::queues::problems::{self, Problem};
use crate::store::queues::{deliveries, inbox_queue, jobs};
use crate::store::statuses;
use crate::web::{render, templates};

/// Problems of one kind on the page.
const SHOWN: u32 = 20;

/// Something that failed.
#[derive(Debug, Clone, Serialize)]
struct ProblemRow {
    subject: String,
    count: i64,
    error: String,
}

fn rows(problems: Vec<Problem>) -> Vec<ProblemRow> {
    problems.into_iter().map(|p| ProblemRow { subject: p.subject, count: p.count, error: p.error }).collect()
}

/// `GET /settings/server`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let context = app.domain.store.read(|c| {
        let (waiting, parked) = inbox_queue::counts(c)?;
        Ok(context! {
            deliveries => deliveries::count(c)?,
            activities => waiting,
            parked,
            jobs => jobs::count(c)?,
            posts => statuses::count_local(c)?,
            servers => hosts::count(c)?,
            failed_deliveries => rows(problems::of_deliveries(c, SHOWN)?),
            failed_jobs => rows(problems::of_jobs(c, SHOWN)?),
            failed_activities => rows(problems::of_activities(c, SHOWN)?),
        })
    })?;
    let disk = &app.domain.disk;
    let context = context! {
        version => env!("CARGO_PKG_VERSION"),
        database => app.domain.store.size()?,
        free => disk.free(),
        minimum => disk.minimum(),
        has_room => disk.has_room(),
        template_faults => templates::faults(&app.templates),
        ..context
    };
    render::page(app, request, "settings_server.html", context)
}
