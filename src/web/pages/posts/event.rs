//! An event as an iCalendar file.

use hyper::StatusCode;

use crate::app::App;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::{html, ical};

/// `GET /t/ID/event.ics`.
pub(crate) fn calendar(app: &App, request: &Request) -> Result<Response> {
    let found = queries::statuses::get(&app.domain, app.domain.as_owner()?, request.id("id")?)?;
    let status = &found.content().status;
    let details = status.details.as_ref().ok_or(Error::NotFound)?;
    let event = ical::Event {
        id: &status.uri,
        title: status.title.as_deref().unwrap_or("Event"),
        starts_at: details.starts_at.ok_or(Error::NotFound)?,
        ends_at: details.ends_at,
        place: details.place.as_deref(),
        doubt: details.doubt,
        text: &html::to_text(&status.content),
        page: found.content().page(),
        written_at: status.edited_at.unwrap_or(status.created_at),
    };
    Ok(Response::new(StatusCode::OK, "text/calendar; charset=utf-8", ical::write(&event)))
}
