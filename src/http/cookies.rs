//! The session cookie, the device cookie, and the origin check of forms.

use std::time::Duration;

use hyper::header::SET_COOKIE;

use super::{Request, Response};
use crate::limits;

/// The session cookie over https. The prefix makes browsers insist on `Secure`, the whole host and `/`.
const SECURE: &str = "__Host-dassie";
/// The session cookie of a local instance over http.
const PLAIN: &str = "dassie";

/// The device cookie: the owner has signed in with this browser before.
const SECURE_DEVICE: &str = "__Host-dassie-device";
/// The device cookie of a local instance over http.
const PLAIN_DEVICE: &str = "dassie-device";

fn device_name(secure: bool) -> &'static str {
    if secure { SECURE_DEVICE } else { PLAIN_DEVICE }
}

fn session_name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

/// The session cookie of a request.
pub fn session(request: &Request, secure: bool) -> Option<&str> {
    find(request, session_name(secure))
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

/// Sets the device cookie, which outlives the session.
pub fn set_device(response: Response, value: &str, secure: bool) -> Response {
    put(response, &Cookie { name: device_name(secure), value, secure, age: limits::KNOWN_BROWSER_AGE })
}

/// Sets the session cookie.
pub fn set_session(response: Response, value: &str, secure: bool) -> Response {
    put(response, &Cookie { name: session_name(secure), value, secure, age: limits::SESSION_AGE })
}

/// Removes the session cookie.
pub fn end_session(response: Response, secure: bool) -> Response {
    put(response, &Cookie { name: session_name(secure), value: "", secure, age: Duration::ZERO })
}

struct Cookie<'a> {
    name: &'static str,
    value: &'a str,
    secure: bool,
    age: Duration,
}

fn put(response: Response, cookie: &Cookie<'_>) -> Response {
    let Cookie { name, value, secure, age } = cookie;
    let (age, only_https) = (age.as_secs(), if *secure { "; Secure" } else { "" });
    let header = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{only_https}");
    response.with_header(SET_COOKIE, &header)
}

/// Returns `true` if a form was sent from one of our own pages, by its `Origin` or else by `Sec-Fetch-Site`. Old browsers
/// and programs send neither, and are accepted.
pub fn is_from_own_page(request: &Request, base: &str) -> bool {
    if let Some(origin) = request.header("origin") {
        return origin == base;
    }
    matches!(request.header("sec-fetch-site"), None | Some("same-origin" | "none"))
}
