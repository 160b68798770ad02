//! The one cookie that there is, and the token in forms.

use hyper::header::SET_COOKIE;

use super::{Request, Response};
use crate::limits;

/// The session cookie over https. The prefix makes browsers insist on `Secure`, the whole host and `/`.
const SECURE: &str = "__Host-dassie";
/// The session cookie of a local instance over http.
const PLAIN: &str = "dassie";

fn name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

/// The session cookie of a request.
pub fn session(request: &Request, secure: bool) -> Option<&str> {
    request.headers.get_all("cookie").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';')).find_map(
        |pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name(secure)).then_some(value)
        },
    )
}

/// Gives a session to the browser.
pub fn set_session(response: Response, value: &str, secure: bool) -> Response {
    put(response, value, secure, limits::SESSION_AGE.as_secs())
}

/// Takes the session from the browser.
pub fn end_session(response: Response, secure: bool) -> Response {
    put(response, "", secure, 0)
}

fn put(response: Response, value: &str, secure: bool, age: u64) -> Response {
    let only_https = if secure { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{only_https}", name(secure));
    response.with_header(SET_COOKIE, &cookie)
}

/// True if a form was sent by one of our own pages, as far as the browser says: `Origin`, else `Sec-Fetch-Site`,
/// else nothing speaks against it (old browsers, and programs that are no browsers).
pub fn from_own_page(request: &Request, base: &str) -> bool {
    if let Some(origin) = request.header("origin") {
        return origin == base;
    }
    matches!(request.header("sec-fetch-site"), None | Some("same-origin" | "none"))
}
