//! Tests of pages and forms over HTTP, without a browser.

mod appearance;
pub mod browser;
mod browser_push;
mod catalogues;
mod catch_up;
mod choices;
mod crawlers;
mod drafts;
mod embeds;
mod emoji;
mod emoji_packs;
mod feeds;
mod filters;
mod forms;
mod installed;
mod languages;
mod link_previews;
mod lists;
mod live;
mod messages;
mod notifications;
mod passkeys;
mod people;
mod profiles;
mod reading;
mod refusals;
mod search;
mod security;
mod settings;
mod template_document;
mod threads;
mod two_factor;
mod validity;
mod verified_links;

use dassie::http::{Access, Surface, Verb};

use crate::support::{Request, TestServer};

#[test]
fn every_form_is_refused_without_its_token_or_from_another_origin() {
    let alice = TestServer::start("alice");
    let (cookie, csrf) = alice.session();
    let mut forms = 0;
    for route in alice.routes.iter().filter(|r| r.surface == Surface::Web && r.method == Verb::Post) {
        let path = route.path.replace("{id}", "1").replace("{action}", "boost");
        let request = || Request::new("POST", &path).header("cookie", &cookie);
        let foreign = request().header("origin", "https://evil.example").form(&[("csrf", &csrf)]);
        alice.send(&foreign).expect(403);
        // What another app shares comes from the browser itself.
        if route.access != Access::Shared {
            alice.send(&request().header("origin", "null").form(&[("csrf", &csrf)])).expect(403);
        }
        if route.access == Access::Session {
            alice.send(&request().form(&[])).expect(403);
            alice.send(&request().form(&[("csrf", "x")])).expect(403);
            let anonymous = alice.send(&Request::new("POST", &path).form(&[("csrf", &csrf)])).expect(303);
            assert!(anonymous.header("location").unwrap().starts_with("/login"), "{path}");
        }
        forms += 1;
    }
    assert!(forms > 9, "{forms}");
}

#[test]
fn every_page_has_security_headers() {
    let alice = TestServer::start("alice");
    let (cookie, _) = alice.session();
    for route in alice.routes.iter().filter(|r| r.surface == Surface::Web && r.method == Verb::Get) {
        let path = route
            .path
            .replace("@{name}", "@alice")
            .replace("{name}", "alice")
            .replace("{id}", "1")
            .replace("{tag}", "x")
            .replace("{handle}", "alice@x")
            .replace("{*file}", "x");
        for cookie in [None, Some(&cookie)] {
            let request = cookie.iter().fold(Request::get(&path), |request, c| request.header("cookie", c));
            let response = alice.send(&request);
            assert_ne!(response.status, 500, "{path}: {}", response.text());
            assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
            if response.header("content-type").is_some_and(|t| t.starts_with("text/html")) {
                let policy =
                    response.header("content-security-policy").unwrap_or_else(|| panic!("{path} has no policy"));
                assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
                assert!(!response.text().contains(" style=\"") && !response.text().contains("<script>"), "{path}");
            }
            if cookie.is_some()
                && response.status == 200
                && !path.starts_with("/static")
                && !["/robots.txt", "/sitemap.xml", "/favicon.ico", "/sw.js", "/manifest.webmanifest"]
                    .contains(&path.as_str())
                && !path.contains("/feed.")
            {
                assert_eq!(response.header("cache-control"), Some("private, no-store"), "{path}");
            }
        }
    }
}

#[test]
fn remote_texts_are_escaped() {
    let alice = TestServer::start("alice");
    let attack = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";
    alice
        .api("PATCH", "/api/v1/accounts/update_credentials", serde_json::json!({"display_name": attack, "note": attack, "fields_attributes": [{"name": attack, "value": attack}]}))
        .expect(200);
    alice.post("/api/v1/statuses", serde_json::json!({"status": attack, "spoiler_text": attack}));
    let (cookie, _) = alice.session();
    for path in ["/@alice", "/home", "/@alice/feed.atom", "/settings/profile", "/search?q=%22%3E%3Cimg+src%3Dx%3E"] {
        let page = alice.send(&Request::get(path).header("cookie", &cookie)).expect(200).text();
        assert!(!page.contains("<img src=x") && !page.contains("<script>alert"), "{path}: {page}");
    }
}

#[test]
fn sign_in_is_limited_and_has_the_same_error_for_every_name() {
    let alice = TestServer::start("alice");
    let tries = |name: &str, password: &str| {
        alice.send(&Request::new("POST", "/login").form(&[("username", name), ("password", password)]))
    };
    let (wrong_name, wrong_password) = (tries("bob", "correct horse"), tries("alice", "wrong"));
    assert_eq!((wrong_name.status, wrong_password.status), (422, 422));
    assert_eq!(wrong_name.text().replace("bob", "alice"), wrong_password.text());
    let right = tries("alice", "correct horse").expect(303);
    let cookie = right.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    for _ in 0..dassie::limits::LOGIN_ATTEMPTS {
        tries("alice", "wrong").expect(422);
    }
    let response = tries("alice", "wrong").expect(429);
    assert!(response.header("retry-after").is_some());
}

#[test]
fn accounts_without_a_picture_are_shown_with_initials() {
    let alice = TestServer::start("alice");
    let page = alice.send(&Request::get("/@alice")).expect(200).text();
    let path = page.split("u-photo\" src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(path.starts_with("/avatars/A-"), "{path}");
    let picture = alice.send(&Request::get(&path)).expect(200);
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert!(picture.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(picture.text().contains(">A</text>"), "{}", picture.text());
    for bad in ["/avatars/A-99.svg", "/avatars/ABC-1.svg", "/avatars/%3Cb-1.svg", "/avatars/A.svg", "/avatars/A-1.png"]
    {
        alice.send(&Request::get(bad)).expect(404);
    }
    assert!(page.contains("og:image\" content=\"http://") && page.contains("/static/avatar.png"), "{page}");
}
