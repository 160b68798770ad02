//! The one cookie that there is, and the token in forms.

use hyper::header::SET_COOKIE;

use super::{Request, Response};
use crate::limits;

/// The session cookie over https. The prefix makes browsers insist on `Secure`, the whole host and `/`.
const SECURE: &str = "__Host-dassie";
/// The session cookie of a local instance over http.
const PLAIN: &str = "dassie";

/// The cookie that says that the owner has signed in with this browser before.
const SECURE_DEVICE: &str = "__Host-dassie-device";
/// The same of a local instance over http.
const PLAIN_DEVICE: &str = "dassie-device";

fn device_name(secure: bool) -> &'static str {
    if secure { SECURE_DEVICE } else { PLAIN_DEVICE }
}

fn name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

/// The session cookie of a request.
pub fn session(request: &Request, secure: bool) -> Option<&str> {
    find(request, name(secure))
}

/// The device cookie of a request.
pub fn device(request: &Request, secure: bool) -> Option<&str> {
    find(request, device_name(secure))
}

fn find<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.get_all("cookie").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';')).find_map(
        |pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        },
    )
}

/// Marks the browser as one in which the owner has signed in. The mark outlives the session.
pub fn set_device(response: Response, value: &str, secure: bool) -> Response {
    put(response, (device_name(secure), value), secure, limits::KNOWN_BROWSER_AGE.as_secs())
}

/// Gives a session to the browser.
pub fn set_session(response: Response, value: &str, secure: bool) -> Response {
    put(response, (name(secure), value), secure, limits::SESSION_AGE.as_secs())
}

/// Takes the session from the browser.
pub fn end_session(response: Response, secure: bool) -> Response {
    put(response, (name(secure), ""), secure, 0)
}

fn put(response: Response, (name, value): (&str, &str), secure: bool, age: u64) -> Response {
    let only_https = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{only_https}");
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
