//! The error page: what is wrong, and what to do.

use minijinja::context;

use crate::app::App;
use crate::domain::appearance::appearance;
use crate::error::Error;
use crate::http::{Request, Response, error_response};
use crate::web::locale::Language;
use crate::web::look::Look;
use crate::web::render;

/// The page for an error, within the frame of all pages if there is a request.
pub fn error_page(app: &App, error: &Error, request: Option<&Request>) -> Response {
    let status = error_response::status(error);
    let (heading, what_to_do) = match status.as_u16() {
        _ if matches!(error, Error::Absent { .. }) => ("Not found", "Check the spelling of the name or address."),
        _ if matches!(error, Error::Unanswered { .. }) => {
            ("The other server did not respond", "Check the spelling. The server may be down; try again later.")
        }
        _ if matches!(error, Error::AccountDeleted) => {
            ("Deleted", "The owner has deleted this account and all its posts.")
        }
        404 => ("Page not found", "Check the address. The page may not be public."),
        410 => ("Deleted", "The author has deleted this post."),
        401 => ("Please sign in", "This page is for the owner of this server."),
        403 => ("Not allowed", "Go back to the page and try again from there."),
        405 => ("Not supported", "Go back to the page and try again from there."),
        413 => ("Too large", "Choose a smaller file or a shorter text."),
        422 | 400 => ("Invalid input", "Go back, correct it and try again."),
        429 => ("Too many requests", "Wait a few minutes and try again."),
        503 if matches!(error, Error::Storage(_)) => ("Temporarily unavailable", "Nothing was saved."),
        503 => ("Temporarily unavailable", "This server or another one is busy. Try again in a moment."),
        507 => ("The disk is full", "Free some disk space on this server, then try again."),
        _ => (
            "Something went wrong",
            "This is a fault of the server. Try again; if it persists, check the server's log.",
        ),
    };
    let detail = match status.as_u16() {
        404 | 410 if !matches!(error, Error::Absent { .. }) => String::new(),
        _ => error_response::message(error),
    };
    let lines: Vec<&str> = [detail.as_str(), what_to_do].into_iter().filter(|l| !l.is_empty()).collect();
    if let Some(request) = request {
        let link = match render::is_owner(request) {
            true => ("/home", "Go to your home timeline"),
            false => ("/", "Go to the front page"),
        };
        if let Ok(page) = render::page(app, request, "message.html", context! { heading, lines, link }) {
            return page.with_status(status);
        }
    }
    let context = context! {
        heading, lines, site_title => app.title(), signed_in => false, link => ("/", "Go to the front page"),
        ..minijinja::Value::from_serialize(Look::of(&appearance(&app.domain).unwrap_or_default()))
    };
    match render::text(app, Language::default(), "message.html", context) {
        Ok(html) => Response::html(html).with_status(status),
        // The template itself is broken: fall back to plain text.
        Err(_) => Response::new(status, "text/plain; charset=utf-8", format!("{heading}. {what_to_do}\n")),
    }
}
