//! Dassie as an installed app: manifest, service worker, offline page, and what other apps share.

use super::browser::{Browser, png, values};
use crate::support::Request;

#[test]
fn the_manifest_has_icons_that_exist() {
    let b = Browser::new();
    assert!(b.page("/home").contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">"));
    assert!(!b.alice.send(&Request::get("/@alice")).text().contains("rel=\"manifest\""), "it is for the owner");
    let response = b.alice.send(&Request::get("/manifest.webmanifest").header("accept-language", "de")).expect(200);
    assert_eq!(response.header("content-type"), Some("application/manifest+json"));
    let manifest = response.json();
    assert_eq!(
        (&manifest["start_url"], &manifest["scope"], &manifest["lang"]),
        (&"/home".into(), &"/".into(), &"de".into())
    );
    let icons = manifest["icons"].as_array().unwrap();
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
    for icon in icons {
        let file = b.alice.send(&Request::get(icon["src"].as_str().unwrap())).expect(200);
        let image = image::load_from_memory(&file.body).unwrap();
        assert_eq!(icon["sizes"], format!("{}x{}", image.width(), image.height()));
    }
    for shortcut in manifest["shortcuts"].as_array().unwrap() {
        b.opens(shortcut["url"].as_str().unwrap()).expect(200);
    }
    let policy = b.opens("/home").header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("manifest-src 'self'") && policy.contains("script-src 'self'"), "{policy}");
}

#[test]
fn the_service_worker_caches_the_offline_page_and_changes_with_it() {
    let b = Browser::new();
    let worker = |b: &Browser| {
        let response = b.opens("/sw.js").expect(200);
        assert_eq!(response.header("cache-control"), Some("no-cache"));
        assert_eq!(response.header("content-type"), Some("text/javascript; charset=utf-8"));
        response.text()
    };
    let before = worker(&b);
    let files = before.lines().next().unwrap().split("FILES = ").nth(1).unwrap().trim_end_matches(';');
    for file in serde_json::from_str::<Vec<String>>(files).unwrap() {
        b.alice.send(&Request::get(&file)).expect(200);
    }
    assert!(!b.page("/offline").contains("class=\"owner\""), "the cached page contains no account data");
    assert_eq!(worker(&b), before);
    b.submits("/settings/appearance", &[("theme", "sea")]);
    assert_ne!(worker(&b), before, "browsers install it again");
}

#[test]
fn a_request_of_the_service_worker_gets_401_instead_of_a_redirect() {
    let b = Browser::new();
    let home = |mode: &str| Request::get("/home").header("sec-fetch-dest", "empty").header("sec-fetch-mode", mode);
    let page = b.alice.send(&home("navigate")).expect(303);
    assert_eq!(page.header("location"), Some("/login?next=%2Fhome"));
    b.alice.send(&home("same-origin")).expect(401);
}

/// What a browser sends for another app.
fn shares(cookie: Option<&str>, fields: &[(&str, &str)], file: Option<&[u8]>) -> Request {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some(file) = file {
        body.extend(b"--b\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    let request = Request::new("POST", "/share").header("origin", "null").header("sec-fetch-site", "none");
    let request = cookie.iter().fold(request, |request, cookie| request.header("cookie", cookie));
    request.body("multipart/form-data; boundary=b", body)
}

fn posts(b: &Browser) -> usize {
    b.alice.get("/api/v1/accounts/verify_credentials")["statuses_count"].as_u64().unwrap() as usize
}

#[test]
fn shared_content_is_stored_as_a_draft() {
    let b = Browser::new();
    let fields = [("title", "A page"), ("text", "I read <b>this</b>"), ("url", "https://a.example/b")];
    let response = b.alice.send(&shares(Some(&b.cookie), &fields, Some(&png(9)))).expect(303);
    let draft = response.header("location").unwrap();
    assert!(draft.starts_with("/drafts/"), "{draft}");
    let page = b.page(draft);
    assert!(page.contains("A page\n\nI read &lt;b&gt;this&lt;/b&gt;\n\nhttps://a.example/b</textarea>"), "{page}");
    assert_eq!(values(&page, "name=\"media_ids[]\" value=\"").len(), 1);
    assert!(b.page("/drafts").contains("I read &lt;b&gt;"));
    assert_eq!(posts(&b), 0, "nothing is published");
    let empty = b.alice.send(&shares(Some(&b.cookie), &[("title", " ")], None)).expect(303);
    assert_eq!(empty.header("location"), Some("/compose"));
    let bad = b.alice.send(&shares(Some(&b.cookie), &fields, Some(b"not a picture"))).expect(422).text();
    assert!(bad.contains("role=\"alert\"") && bad.contains("I read &lt;b&gt;"), "the text is not lost: {bad}");
}

#[test]
fn another_site_cannot_share() {
    let b = Browser::new();
    let fields = [("text", "from elsewhere")];
    let changed = |name: &str, value: &str| {
        let mut request = shares(Some(&b.cookie), &fields, None);
        request.headers.retain(|(known, _)| known != "sec-fetch-site" && known != name);
        b.alice.send(&request.header(name, value))
    };
    changed("sec-fetch-site", "cross-site").expect(403);
    changed("sec-fetch-site", "same-site").expect(403);
    changed("origin", "https://evil.example").expect(403);
    assert!(!b.page("/drafts").contains("from elsewhere"));
}

#[test]
fn content_shared_while_signed_out_is_retained() {
    let b = Browser::new();
    let signed_in =
        b.alice.send(&Request::new("POST", "/login").form(&[("username", "alice"), ("password", "correct horse")]));
    let cookies = signed_in.headers.iter().filter(|(name, _)| name == "set-cookie");
    let device =
        cookies.map(|(_, v)| v.split(';').next().unwrap()).find(|v| v.contains("-device=")).unwrap().to_owned();
    let fields = [("title", "A page"), ("url", "https://a.example/b")];
    let page = b.alice.send(&shares(Some(&device), &fields, Some(&png(9)))).expect(403).text();
    assert!(page.contains("What you wrote is kept") && page.contains("Pictures must be chosen again"), "{page}");
    let held = values(&page, "name=\"held-text\" value=\"")[0].to_owned();
    assert_eq!(held, "A page\n\nhttps://a.example/b");
    let form = [("username", "alice"), ("password", "correct horse"), ("next", "/posts"), ("held-text", &held)];
    let resumed = b.alice.send(&Request::new("POST", "/login").form(&form)).expect(200).text();
    assert!(resumed.contains("kept as a draft") && resumed.contains("https://a.example/b</textarea>"), "{resumed}");
    assert_eq!(posts(&b), 0, "nothing is published");
    let unknown = b.alice.send(&shares(None, &fields, None)).expect(303);
    assert!(unknown.header("location").unwrap().starts_with("/login"), "unknown browsers have nothing read");
}
