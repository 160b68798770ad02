//! Pages of the API: `max_id`, `since_id`, `min_id`, `limit`, and the `Link` header to the next and previous page.

use hyper::header::LINK;
use serde::Serialize;

use crate::app::App;
use crate::http::{Form, Principal, Request, Response, Sharing};
use crate::store::database::pagination::Page;

/// The number of rows of a page: by default and at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    default: u32,
    most: u32,
}

impl Size {
    /// A number of rows by default, and at most.
    pub(super) const fn new(default: u32, most: u32) -> Self {
        Self { default, most }
    }
}

/// Statuses.
pub(super) const STATUSES: Size = Size { default: 20, most: 40 };
/// Accounts and notifications.
pub(super) const ACCOUNTS: Size = Size { default: 40, most: 80 };

/// The page that a request specifies. Cursors are compared by value and never looked up, so that an old or malformed one
/// does no harm; a limit outside the bounds is clamped.
pub(super) fn page(form: &Form, size: Size) -> Page {
    let limit = form.number::<u32>("limit").unwrap_or(size.default).clamp(1, size.most);
    let min = form.number::<i64>("min_id");
    Page {
        below: form.number("max_id").unwrap_or(i64::MAX),
        above: min.or_else(|| form.number("since_id")).unwrap_or(-1),
        from_oldest: min.is_some(),
        limit,
    }
}

/// The rows that were read for a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    /// The requested page.
    pub page: &'a Page,
    /// The number of rows.
    pub count: usize,
    /// The ids of the first and the last row.
    pub cursors: Option<(i64, i64)>,
}

/// A response with a list and links to the previous and next page. A short page has no next one, or apps that walk a list
/// would never end.
pub(super) fn respond<T: Serialize>(app: &App, request: &Request, rows: Rows<'_>, items: &[T]) -> Response {
    respond_with(app, request, rows, &items)
}

/// As [`respond`], for a page that is not a list.
pub(super) fn respond_with<T: Serialize>(app: &App, request: &Request, rows: Rows<'_>, body: &T) -> Response {
    let response = shared_by_owner(request, Response::json(body));
    let Some((first, last)) = rows.cursors else { return response };
    let mut links = Vec::with_capacity(2);
    if rows.count as u32 >= rows.page.limit {
        links.push(format!("<{}>; rel=\"next\"", link(app, request, rows.page, "max_id", last)));
    }
    links.push(format!("<{}>; rel=\"prev\"", link(app, request, rows.page, "min_id", first)));
    response.with_header(LINK, &links.join(", "))
}

/// Lets every app of the owner get a cached copy of a response.
pub(super) fn shared_by_owner(request: &Request, response: Response) -> Response {
    match &request.principal {
        Principal::Token(bearer) if bearer.token.owner => Response { sharing: Sharing::Owner, ..response },
        _ => response,
    }
}

/// The URL of the request with another cursor; every other parameter stays.
fn link(app: &App, request: &Request, page: &Page, cursor: &str, value: i64) -> String {
    let path = request.target.split('?').next().unwrap_or_default();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, old) in url::form_urlencoded::parse(request.query().as_bytes()) {
        if !matches!(key.as_ref(), "max_id" | "min_id" | "since_id" | "limit" | "access_token") {
            query.append_pair(&key, &old);
        }
    }
    query.append_pair("limit", &page.limit.to_string()).append_pair(cursor, &value.to_string());
    app.domain.site.url(&format!("{path}?{}", query.finish()))
}
