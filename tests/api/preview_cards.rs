//! Link previews: which posts have one, when a page is fetched, and the data shown.

use dassie::config::Config;
use dassie::store::Conn;
use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

const PAGE: &str = "<!doctype html><html lang='en'><head><title>Plain</title>\
    <meta property='og:title' content='A story &amp; more'><meta property='og:description' content='What happened.'>\
    <meta property='og:site_name' content='The Paper'><meta property='og:image' content='/bird.png'>\
    <meta property='og:image:alt' content='A bird'><meta property='og:image:width' content='1200'>\
    <meta property='og:image:height' content='630'><meta name='author' content='Ada'>\
    <meta property='article:published_time' content='2026-11-28T08:00:00Z'></head><body><p>Text</p></body></html>";

fn alice() -> TestServer {
    TestServer::start_with_previews("alice", Config::default())
}

/// Ends the random delay of the waiting fetches.
fn hurry(server: &TestServer) {
    let due = |c: &Conn| Ok(c.execute("UPDATE jobs SET due = 0 WHERE kind = 'preview_card'", [])?);
    server.app.domain.store.write(due).unwrap();
    server.app.domain.signals.jobs.notify();
}

/// The links that are waiting to be fetched.
fn waiting(server: &TestServer) -> Vec<String> {
    let list = |c: &Conn| {
        let mut rows = c.prepare("SELECT subject FROM jobs WHERE kind = 'preview_card'")?;
        Ok(rows.query_map([], |r| r.get(0))?.collect::<Result<Vec<String>, _>>()?)
    };
    server.app.domain.store.read(list).unwrap()
}

/// The card of a post, after its page was fetched.
fn fetched_card(server: &TestServer, post: &Value) -> Value {
    hurry(server);
    eventually("the page is fetched", || waiting(server).is_empty());
    server.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))["card"].clone()
}

#[test]
fn a_post_of_the_owner_shows_what_its_link_states() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html; charset=utf-8", PAGE);
    let post = alice.posts(&format!("Read {}/story?a=1#part and https://other.example/", site.base), "public");
    assert_eq!(post["card"], Value::Null);
    let card = fetched_card(&alice, &post);
    assert_eq!(
        card,
        json!({
            "url": format!("{}/story?a=1", site.base), "title": "A story & more", "description": "What happened.",
            "language": "en", "type": "link", "author_name": "Ada", "author_url": "", "provider_name": "The Paper",
            "provider_url": "", "html": "", "width": 1200, "height": 630, "image": card["image"], "embed_url": "",
            "image_description": "A bird", "blurhash": null, "published_at": "2026-11-28T08:00:00.000Z",
            "authors": [{"name": "Ada", "url": "", "account": null}],
        })
    );
    assert!(card["image"].as_str().unwrap().starts_with("http"), "{card}");
    let id = post["id"].as_str().unwrap();
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}/card"))["title"], "A story & more");
    assert_eq!(alice.home()[0]["card"]["title"], "A story & more", "cached posts show it too");
    let page = alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200).text();
    assert!(
        page.contains("class=\"link-card\"") && page.contains("A story &amp; more") && page.contains("By Ada"),
        "{page}"
    );
    assert_eq!(site.requests_for("/story"), 1);
}

#[test]
fn many_posts_with_one_link_cause_one_delayed_fetch() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html", PAGE);
    site.add_actor("bob");
    alice.follows_actor(&site, "bob");
    let link = format!("{}/story", site.base);
    for n in 0..20 {
        let text = format!("<p>{n} <a href=\"{link}#{n}\">a story</a></p>");
        site.delivers(&alice, "bob", &site.note("bob", &n.to_string(), &text, &[PUBLIC])).expect(202);
    }
    eventually("all posts arrive", || alice.home().len() == 20);
    assert_eq!(waiting(&alice), [link], "one fetch is queued, and none was made immediately");
    assert_eq!(site.requests_for("/story"), 0);
    hurry(&alice);
    eventually("all posts show it", || alice.home().iter().all(|post| post["card"]["title"] == "A story & more"));
    assert_eq!(site.requests_for("/story"), 1);
    alice.posts(&format!("Me too {}/story", site.base), "public");
    assert_eq!(waiting(&alice), [""; 0], "a page is not fetched again for days");
}

#[test]
fn posts_that_reach_no_timeline_cause_no_fetch() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html", PAGE);
    let text = format!("<a href=\"{}/story\">a story</a>", site.base);
    site.delivers(&alice, "mallory", &site.note("mallory", "1", &text, &[&alice.actor(), PUBLIC])).expect(202);
    eventually("the mention arrives", || alice.notifications() == ["mention"]);
    assert_eq!(waiting(&alice), [""; 0]);
}

#[test]
fn mentions_hashtags_own_links_and_known_posts_have_no_preview() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html", PAGE);
    let first = alice.posts("A first post", "public");
    alice.follows_actor(&site, "mallory");
    let own = first["url"].as_str().unwrap();
    let (known, tag) = (site.actor("mallory"), format!("{}/tags/x", site.base));
    let text = format!(
        "<a href=\"{own}\">mine</a> <a href=\"{known}\">known</a> <a href=\"{tag}\">#x</a> <a href=\"{}/story\">it</a>",
        site.base
    );
    site.delivers(&alice, "mallory", &site.note("mallory", "1", &text, &[PUBLIC])).expect(202);
    eventually("the post arrives", || alice.sees("known").is_some());
    assert_eq!(waiting(&alice), [format!("{}/story", site.base)]);
}

#[test]
fn an_edit_that_changes_the_link_changes_the_preview() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html", PAGE);
    site.serve_file("/other", "text/html", "<title>Another page</title>");
    let post = alice.posts(&format!("See {}/story", site.base), "public");
    assert_eq!(fetched_card(&alice, &post)["title"], "A story & more");
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    let edited = alice.api("PUT", &path, json!({"status": format!("See {}/other", site.base)})).expect(200).json();
    assert_eq!(edited["card"], Value::Null, "the former preview is gone");
    assert_eq!(fetched_card(&alice, &post)["title"], "Another page");
    alice.api("PUT", &path, json!({"status": "No link"})).expect(200);
    assert_eq!(alice.get(&path)["card"], Value::Null);
}

#[test]
fn links_without_a_usable_page_have_no_preview_and_are_not_fetched_again() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/file", "application/pdf", "%PDF");
    site.serve_file("/empty", "text/html", "<p>nothing</p>");
    site.responds("/gone", "404 Not Found");
    site.redirect("/round", &format!("{}/round", site.base));
    for path in ["/file", "/empty", "/gone", "/round"] {
        let post = alice.posts(&format!("{}{path}", site.base), "public");
        assert_eq!(fetched_card(&alice, &post), Value::Null, "{path}");
        alice.posts(&format!("again {}{path}", site.base), "public");
        assert_eq!(waiting(&alice), [""; 0], "{path}");
    }
}

#[test]
fn oembed_completes_a_page_and_its_html_is_not_shown() {
    let (alice, site) = (alice(), Peer::start());
    let page = "<title>Clip</title><link rel=alternate type=application/json+oembed href=/oembed>";
    site.serve_file("/clip", "text/html", page);
    let oembed = json!({"type": "video", "title": "Other", "author_name": "Grace", "provider_name": "Clips",
        "html": "<script>alert(1)</script><iframe src=//evil></iframe>", "thumbnail_url": "/t.jpg"});
    site.serve_as("/oembed", "application/json", oembed);
    let post = alice.posts(&format!("{}/clip", site.base), "public");
    let card = fetched_card(&alice, &post);
    assert_eq!((&card["title"], &card["type"], &card["html"]), (&json!("Clip"), &json!("video"), &json!("")));
    assert_eq!((&card["author_name"], &card["provider_name"]), (&json!("Grace"), &json!("Clips")));
    let page = alice.send(&Request::get(&format!("/@alice/{}", post["id"].as_str().unwrap()))).expect(200).text();
    assert!(!page.contains("iframe") && !page.contains("alert(1)"), "{page}");
}

#[test]
fn the_owner_can_disable_previews() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html", PAGE);
    let post = alice.posts(&format!("{}/story", site.base), "public");
    assert_eq!(fetched_card(&alice, &post)["title"], "A story & more");
    let (cookie, csrf) = alice.session();
    let form = format!("csrf={csrf}");
    let save = Request::new("POST", "/settings/privacy").header("cookie", &cookie);
    alice.send(&save.body("application/x-www-form-urlencoded", form)).expect(303);
    assert_eq!(alice.home()[0]["card"], Value::Null, "those that were fetched are not shown");
    alice.posts(&format!("{}/other", site.base), "public");
    assert_eq!(waiting(&alice), [""; 0]);
}

#[test]
fn attachments_are_shown_instead_of_a_preview() {
    let (alice, site) = (alice(), Peer::start());
    alice.follows_actor(&site, "mallory");
    let mut create = site.note("mallory", "1", &format!("<a href=\"{}/story\">it</a>", site.base), &[PUBLIC]);
    create["object"]["attachment"] =
        json!([{"type": "Image", "mediaType": "image/png", "url": format!("{}/a.png", site.base)}]);
    site.delivers(&alice, "mallory", &create).expect(202);
    eventually("the post arrives", || alice.home().len() == 1);
    assert_eq!(waiting(&alice), [""; 0]);
}

#[test]
fn the_posts_with_a_link_are_a_timeline() {
    let (alice, site) = (alice(), Peer::start());
    site.serve_file("/story", "text/html; charset=utf-8", PAGE);
    let link = format!("{}/story", site.base);
    let [first, second, hidden] = [("One", "public"), ("Two", "public"), ("Three", "private")]
        .map(|(text, visibility)| alice.posts(&format!("{text}: {link}"), visibility));
    fetched_card(&alice, &hidden);
    let path = format!("/api/v1/timelines/link?url={link}");
    let ids = |list: Value| list.as_array().unwrap().iter().map(|post| post["id"].clone()).collect::<Vec<_>>();
    let both = [second["id"].clone(), first["id"].clone()];
    assert_eq!(ids(alice.get(&path)), both, "it is a public timeline");
    assert_eq!(ids(alice.send(&Request::get(&path)).expect(200).json()), both);
    let unknown = "/api/v1/timelines/link?url=https://unknown.example/";
    alice.api("GET", unknown, json!(null)).expect(404);
    assert_eq!(
        alice.send(&Request::get(unknown)).expect(200).json(),
        json!([]),
        "visitors do not learn what was posted"
    );
}
