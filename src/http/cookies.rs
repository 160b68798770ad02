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

/// The handle that a visitor entered last, for the page that asks for it.
const VISITOR: &str = "dassie-visitor";

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
    put(response, &Cookie { name: device_name(secure), value, secure, age: limits::KNOWN_BROWSER_AGE, path: "/" })
}

/// The handle that a visitor entered last.
pub fn visitor(request: &Request) -> Option<String> {
    let pair = format!("handle={}", find(request, VISITOR)?);
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, handle)| handle.into_owned())
}

/// Remembers the handle of a visitor. Only the page that asks for handles receives it.
pub fn set_visitor(response: Response, handle: &str, secure: bool) -> Response {
    let value: String = url::form_urlencoded::byte_serialize(handle.as_bytes()).collect();
    put(response, &Cookie { name: VISITOR, value: &value, secure, age: limits::KNOWN_BROWSER_AGE, path: "/interact" })
}

/// Sets the session cookie.
pub fn set_session(response: Response, value: &str, secure: bool) -> Response {
    put(response, &Cookie { name: session_name(secure), value, secure, age: limits::SESSION_AGE, path: "/" })
}

/// Removes the session cookie.
pub fn end_session(response: Response, secure: bool) -> Response {
    put(response, &Cookie { name: session_name(secure), value: "", secure, age: Duration::ZERO, path: "/" })
}

struct Cookie<'a> {
    name: &'static str,
    value: &'a str,
    secure: bool,
    age: Duration,
    path: &'static str,
}

fn put(response: Response, cookie: &Cookie<'_>) -> Response {
    let Cookie { name, value, secure, age, path } = cookie;
    let (age, only_https) = (age.as_secs(), if *secure { "; Secure" } else { "" });
    let header = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={age}{only_https}");
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

/// Returns `true` unless a page of another site has sent a request: the browser itself may have sent it, as it does for what
/// another app shares.
pub fn is_from_browser(request: &Request, base: &str) -> bool {
    match request.header("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => request.header("origin").is_none_or(|origin| origin == base || origin == "null"),
    }
}
