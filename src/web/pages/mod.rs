//! One file for each page.

pub(super) mod about;
pub(super) mod account;
pub(super) mod conversations;
pub(super) mod errors;
pub(super) mod feed;
pub(super) mod filters;
pub(super) mod hashtags;
pub(super) mod home;
pub(super) mod installed;
pub(super) mod interact;
pub(super) mod library;
pub(super) mod lists;
pub(super) mod live;
pub(super) mod notifications;
pub(super) mod people;
pub(super) mod posts;
pub(super) mod profile;
pub(super) mod search;
pub(super) mod settings;
pub(super) mod shortcuts;
pub(super) mod sitemap;
pub(super) mod tag;
pub(super) mod xray;

use crate::app::App;
use crate::domain::queries::listing::Listing;
use crate::error::{Error, Result};
use crate::http::{Request, Response, error_response};
use crate::store::database::pagination::Page;
use crate::store::peers::fetch_reports::FetchReport;
use crate::web::locale::{self, Message};
use crate::web::templates::{Time, time};

/// The state of a backfill, as pages show it.
#[derive(Debug, Clone, serde::Serialize)]
struct Fetched {
    /// When it was requested.
    requested: Time,
    /// It is running.
    under_way: bool,
    /// Posts that exist and could not be fetched.
    missing: i64,
}

impl Fetched {
    fn of(report: FetchReport) -> Self {
        Self { requested: time(report.asked_at), under_way: report.done_at.is_none(), missing: report.missing }
    }
}

/// The page that `?before=` requests.
fn page(request: &Request) -> Result<Page> {
    Ok(Page::before(request.form()?.number("before"), crate::store::database::pagination::DEFAULT))
}

/// The cursor above which new posts are, on the first page of a timeline.
fn newest(page: &Page, listing: &Listing) -> Option<i64> {
    (page.below == i64::MAX).then(|| listing.cursors.map_or(0, |(newest, _)| newest))
}

/// The address of the next page, if this one was full.
fn next(request: &Request, page: &Page, read: usize, last: Option<i64>) -> Option<String> {
    next_of(request, last.filter(|_| read as u32 >= page.limit))
}

/// The address of the page behind this row.
fn next_of(request: &Request, last: Option<i64>) -> Option<String> {
    Some(format!("{}?before={}", request.path, last?))
}

/// Where a form redirects to: a path of this server that no browser takes for the URL of another one.
fn safe_next(next: Option<&str>) -> &str {
    match next {
        Some(path)
            if path.starts_with('/')
                && !path[1..].starts_with(['/', '\\'])
                && !path.chars().any(|c| c.is_control() || c == '\\')
                && !path.to_ascii_lowercase().starts_with("/%2f")
                && !path.to_ascii_lowercase().starts_with("/%5c") =>
        {
            path
        }
        _ => "/home",
    }
}

/// The action that a form requests: the end of its path, or the value of its button. Text browsers know no button with an
/// address of its own, so the buttons of such forms have both.
fn action(request: &Request) -> Result<String> {
    Ok(match request.param("action") {
        "" => request.form()?.require("action")?.to_owned(),
        action => action.to_owned(),
    })
}

/// The page that a form was on, as its address without the notice of an earlier action.
pub(crate) fn origin(app: &App, request: &Request) -> String {
    let base = app.domain.site.base();
    let path = request.header("referer").and_then(|r| r.strip_prefix(&base)).map(|p| p.split('#').next().unwrap_or(p));
    let (path, query) = safe_next(path).split_once('?').unwrap_or((safe_next(path), ""));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// A redirect to the page that the form was on, which then shows a notice.
fn back_with(app: &App, request: &Request, done: &str) -> Response {
    let page = origin(app, request);
    let sign = if page.contains('?') { '&' } else { '?' };
    Response::see_other(&format!("{page}{sign}done={done}"))
}

/// Shows a form again that was rejected, with the error. The status is that of the error.
fn rejected(error: &Error, request: &Request, show: impl FnOnce(Message) -> Result<Response>) -> Result<Response> {
    let status = error_response::status(error);
    if status.is_server_error() {
        error_response::log(error, request.method.as_str(), &request.path);
    }
    Ok(show(locale::error(error))?.with_status(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_never_redirects_to_another_server() {
        for bad in ["//evil", "/\\evil", "/%2F%2Fevil", "/%5cevil", "https:evil", "evil", "", "/a\nb", "/\t/evil"] {
            assert_eq!(safe_next(Some(bad)), "/home", "{bad}");
        }
        assert_eq!(safe_next(Some("/oauth/authorize?a=https%3A%2F%2Fx")), "/oauth/authorize?a=https%3A%2F%2Fx");
    }
}
