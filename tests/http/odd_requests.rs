//! No request, whatever its bytes, causes a server error.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dassie::http::Verb;
use dassie::http::{Access, Surface};

use crate::support::{Request, TestServer};

/// Values of a parameter or a part of a path, percent-encoded.
const ODD: &[&str] = &[
    "%00",
    "a%00b",
    "%FF%FE",
    "%C3%28",
    "%ED%A0%80",
    "%",
    "%zz",
    "%0D%0ASet-Cookie%3Ax",
    "%1B%5B31m",
    "%E2%80%AE%C2%AD",
    "%F0%9F%92%A9",
    "-1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999999999",
    "1e400",
    "NaN",
    "%22%27%60%3B--",
    "*",
    "%25",
    "%5B%5D",
    "NULL",
    "a%20OR%20b%20NEAR(c)%20%22",
];

/// Parameters that some route reads.
const NAMES: &[&str] = &[
    "q",
    "id",
    "id[]",
    "max_id",
    "min_id",
    "since_id",
    "limit",
    "offset",
    "page",
    "type",
    "types[]",
    "exclude_types[]",
    "account_id",
    "acct",
    "timeline[]",
    "tagged",
    "any[]",
    "all[]",
    "none[]",
    "local",
    "resource",
    "rel",
    "domain",
    "uri",
    "next",
    "reply_to",
    "quote",
    "mention",
    "client_id",
    "redirect_uri",
    "code_challenge",
    "state",
    "token",
];

const FIELDS: &[&str] = &[
    "status",
    "spoiler_text",
    "visibility",
    "language",
    "in_reply_to_id",
    "quoted_status_id",
    "media_ids[]",
    "poll[options][]",
    "poll[expires_in]",
    "poll[multiple]",
    "poll[hide_totals]",
    "sensitive",
    "scheduled_at",
    "quote_approval_policy",
    "content_type",
    "media_attributes[0][id]",
    "choices[]",
    "display_name",
    "note",
    "fields_attributes[0][name]",
    "fields_attributes[0][value]",
    "source[privacy]",
    "source[language]",
    "locked",
    "home[last_read_id]",
    "notifications[last_read_id]",
    "account_id",
    "status_ids[]",
    "comment",
    "category",
    "domain",
    "description",
    "focus",
    "grant_type",
    "code",
    "client_id",
    "client_secret",
    "redirect_uri",
    "redirect_uris",
    "client_name",
    "scopes",
    "token",
    "username",
    "password",
    "reblogs",
    "notify",
    "text",
    "csrf",
];

fn percent(path: &str, odd: &str) -> String {
    path.split('/')
        .map(|segment| match segment.as_bytes().first() {
            Some(b'{') => odd.to_owned(),
            Some(b'@') if segment.starts_with("@{") => format!("@{odd}"),
            _ => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn request(alice: &TestServer, route: &dassie::app::Route, path: &str, odd: &str) -> Request {
    let method = match route.method {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Patch => "PATCH",
        Verb::Delete => "DELETE",
    };
    let pairs = |names: &[&str]| names.iter().map(|name| format!("{name}={odd}")).collect::<Vec<_>>().join("&");
    let (cookie, csrf) = alice.session();
    let request = match method {
        "GET" => Request::get(&format!("{path}?{}", pairs(NAMES))),
        _ => {
            let body = format!("csrf={csrf}&{}", pairs(FIELDS));
            Request::new(method, path).body("application/x-www-form-urlencoded", body)
        }
    };
    match route.access {
        Access::Token(_) | Access::AnyToken | Access::Optional(_) => request.bearer(&alice.token),
        _ if route.surface == Surface::Web => request.header("cookie", &cookie).header("origin", &alice.url("")),
        _ => request,
    }
}

#[test]
fn odd_bytes_and_numbers_never_cause_a_server_error() {
    let alice = TestServer::start("alice");
    alice.posts("hello #tag", "public");
    // Each route gets some of the values, and each value meets every kind of route.
    let next = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(route) = alice.routes.get(at) else { return };
                    let ends = ["/oauth/revoke", "/setup", "/logout"].contains(&route.path);
                    for odd in
                        ODD.iter().enumerate().filter(|(n, _)| !ends && (n + at).is_multiple_of(5)).map(|(_, odd)| odd)
                    {
                        let path = percent(route.path, odd);
                        let status = alice.send(&request(&alice, route, &path, odd)).status;
                        assert!(status < 500 || status == 503, "{:?} {path} with {odd}: {status}", route.method);
                        let path = percent(route.path, "1");
                        let status = alice.send(&request(&alice, route, &path, odd)).status;
                        assert!(status < 500 || status == 503, "{:?} {path} with {odd}: {status}", route.method);
                    }
                }
            });
        }
    });
}

#[test]
fn no_single_parameter_causes_a_server_error() {
    let alice = TestServer::start("alice");
    alice.posts("hello #tag", "public");
    let bearer = |request: Request| request.bearer(&alice.token);
    for odd in ODD {
        for path in [
            format!("/api/v2/search?q={odd}"),
            format!("/api/v2/search?q=hello{odd}"),
            format!("/api/v2/search?q=%23{odd}&type=hashtags"),
            format!("/api/v1/accounts/search?q={odd}"),
            format!("/api/v1/accounts/lookup?acct={odd}"),
            format!("/api/v1/accounts/lookup?acct=a@{odd}"),
            format!("/api/v1/timelines/home?max_id={odd}&limit={odd}"),
            format!("/api/v1/timelines/tag/tag?any[]={odd}"),
            format!("/api/v1/notifications?min_id={odd}&types[]={odd}"),
            format!("/api/v1/notifications/{odd}"),
            format!("/api/v1/accounts/relationships?id[]={odd}"),
        ] {
            let status = alice.send(&bearer(Request::get(&path))).status;
            assert!(status < 500, "{path}: {status}");
        }
        for field in ["status", "spoiler_text", "language", "in_reply_to_id", "poll[options][]", "media_ids[]"] {
            let body = format!("status=x&{field}={odd}");
            let request = Request::new("POST", "/api/v1/statuses").body("application/x-www-form-urlencoded", body);
            let status = alice.send(&bearer(request)).status;
            assert!(status < 500, "{field}={odd}: {status}");
        }
    }
    let nul = Request::new("POST", "/api/v1/statuses").body("application/json", "{\"status\": \"a\\u0000b\"}");
    alice.send(&bearer(nul)).expect(400);
    alice.send(&bearer(Request::get("/api/v2/search?q=a%00b"))).expect(400);
}
