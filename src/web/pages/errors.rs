//! The error page: what is wrong, and what to do.

use minijinja::context;

use crate::app::App;
use crate::domain::appearance::appearance;
use crate::error::Error;
use crate::http::{Request, Response, error_response};
use crate::web::locale::{self, Language, Message};
use crate::web::look::Look;
use crate::web::render;

/// The page for an error, within the frame of all pages if there is a request.
pub fn error_page(app: &App, error: &Error, request: Option<&Request>) -> Response {
    let status = error_response::status(error);
    let (heading, what_to_do) = heading_and_hint(error, status.as_u16());
    let detail = match status.as_u16() {
        404 | 410 if !matches!(error, Error::Absent { .. }) => None,
        _ => Some(locale::error(error)),
    };
    let lines: Vec<Message> = detail.into_iter().chain([what_to_do]).collect();
    if let Some(request) = request {
        let link = match render::is_owner(request) {
            true => ("/home", Message::new("error-link-home")),
            false => ("/", Message::new("error-link-front")),
        };
        if let Ok(page) = render::page(app, request, "message.html", context! { heading, lines => lines.clone(), link })
        {
            return page.with_status(status);
        }
    }
    let context = context! {
        heading, lines, site_title => app.title(), signed_in => false, link => ("/", Message::new("error-link-front")),
        ..minijinja::Value::from_serialize(Look::of(&appearance(&app.domain).unwrap_or_default()))
    };
    match render::text(app, Language::default(), "message.html", context) {
        Ok(html) => Response::html(html).with_status(status),
        // The template itself is broken: fall back to plain text.
        Err(_) => Response::new(status, "text/plain; charset=utf-8", format!("{}\n", error_response::message(error))),
    }
}

/// What went wrong, and what to do.
fn heading_and_hint(error: &Error, status: u16) -> (Message, Message) {
    match status {
        _ if matches!(error, Error::Absent { .. }) => {
            (Message::new("error-heading-absent"), Message::new("error-hint-absent"))
        }
        _ if matches!(error, Error::Unanswered { .. }) => {
            (Message::new("error-heading-unanswered"), Message::new("error-hint-unanswered"))
        }
        _ if matches!(error, Error::AccountDeleted) => {
            (Message::new("error-heading-deleted"), Message::new("error-hint-account-deleted"))
        }
        404 => (Message::new("error-heading-not-found"), Message::new("error-hint-not-found")),
        410 => (Message::new("error-heading-deleted"), Message::new("error-hint-deleted")),
        401 => (Message::new("error-heading-sign-in"), Message::new("error-hint-sign-in")),
        403 => (Message::new("error-heading-forbidden"), Message::new("error-hint-go-back")),
        405 => (Message::new("error-heading-unsupported"), Message::new("error-hint-go-back")),
        413 => (Message::new("error-heading-too-large"), Message::new("error-hint-too-large")),
        422 | 400 => (Message::new("error-heading-invalid"), Message::new("error-hint-invalid")),
        429 => (Message::new("error-heading-rate"), Message::new("error-hint-rate")),
        503 if matches!(error, Error::Storage(_)) => {
            (Message::new("error-heading-unavailable"), Message::new("error-hint-not-saved"))
        }
        503 => (Message::new("error-heading-unavailable"), Message::new("error-hint-busy")),
        507 => (Message::new("error-heading-disk-full"), Message::new("error-hint-disk-full")),
        _ => (Message::new("error-heading-fault"), Message::new("error-hint-fault")),
    }
}
