//! Pages of the API: `max_id`, `since_id`, `min_id`, `limit`, and the `Link` header that leads on.

use hyper::header::LINK;
use serde::Serialize;

use crate::app::App;
use crate::http::{Form, Principal, Request, Response, Sharing};
use crate::store::database::pagination::Page;

/// Rows of a page: those that an app gets without asking, and the most that it can ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    default: u32,
    most: u32,
}

/// Statuses.
pub(super) const STATUSES: Size = Size { default: 20, most: 40 };
/// Accounts and notifications.
pub(super) const ACCOUNTS: Size = Size { default: 40, most: 80 };

/// The page that a request asks for. Cursors are compared by value and never looked up, so that an old or malformed
/// one does no harm; a limit outside the bounds is cut.
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

/// A list as an answer, with links to the page before and after. `cursors` are the ids of the first and the last
/// row as they were read; a short page has no next one, or apps that walk a list would never end.
pub(super) fn answer<T: Serialize>(
    app: &App,
    request: &Request,
    page: &Page,
    read: usize,
    cursors: Option<(i64, i64)>,
    items: &[T],
) -> Response {
    let mut response = Response::json(&items);
    if matches!(&request.principal, Principal::Token(b) if b.token.owner) {
        response.sharing = Sharing::Owner;
    }
    let Some((first, last)) = cursors else { return response };
    let mut links = Vec::with_capacity(2);
    if read as u32 >= page.limit {
        links.push(format!("<{}>; rel=\"next\"", link(app, request, page, "max_id", last)));
    }
    links.push(format!("<{}>; rel=\"prev\"", link(app, request, page, "min_id", first)));
    response.with_header(LINK, &links.join(", "))
}

/// The address of the request with another cursor; every other parameter stays.
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
