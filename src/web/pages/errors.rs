//! Errors in plain words, with what to do.

use minijinja::context;

use crate::app::App;
use crate::error::Error;
use crate::http::{Response, error_response};
use crate::web::render;

/// The page for an error.
pub fn error_page(app: &App, error: &Error) -> Response {
    let status = error_response::status(error);
    let (heading, what_to_do) = match status.as_u16() {
        _ if matches!(error, Error::Absent { .. }) => ("Not found", "The name or the address may be misspelt."),
        _ if matches!(error, Error::Unanswered { .. }) => {
            ("The other server is not there", "The name may be misspelt, or the server is down. Try again later.")
        }
        404 => ("There is nothing here", "The address may be misspelt, or what was here is not for everybody."),
        410 => ("This is gone", "Its author has deleted it."),
        401 => ("Please sign in", "This page is for the owner of this server."),
        403 => ("That is not allowed", "Go back and try it from the page itself."),
        405 => ("That does not work here", "Go back and try it from the page itself."),
        413 => ("That is too large", "Choose a smaller file, or a shorter text."),
        422 | 400 => ("That did not work", "Go back, change it and try again."),
        429 => ("Too much at once", "Wait a few minutes and try again."),
        503 if matches!(error, Error::Storage(_)) => ("Not now", "Nothing was saved."),
        503 => ("Not now", "This server, or one that it has to ask, is busy. Try again in a moment."),
        507 => ("The disk is full", "Free some space on this server, then try again."),
        _ => ("Something went wrong", "It is not your fault. Try again; if it stays, the server's log says more."),
    };
    let detail = match status.as_u16() {
        404 | 410 if !matches!(error, Error::Absent { .. }) => String::new(),
        _ => error_response::message(error),
    };
    let lines: Vec<&str> = [detail.as_str(), what_to_do].into_iter().filter(|l| !l.is_empty()).collect();
    let context = context! {
        heading, lines, site_title => app.title(), signed_in => false, assets => render::ASSETS, link => ("/", "To the front page"),
    };
    match render::text(app, "message.html", context) {
        Ok(html) => Response::html(html).with_status(status),
        // The page for errors fails itself: then plain words must do.
        Err(_) => Response::new(status, "text/plain; charset=utf-8", format!("{heading}. {what_to_do}\n")),
    }
}
