//! Instructions for crawlers: the sitemap, robots.txt, and pages that the owner keeps out of search engines.

use dassie::config::Config;
use dassie::limits;
use serde_json::json;

use crate::support::graph::Graph;
use crate::support::{Request, TestServer};

fn text(alice: &TestServer, path: &str) -> String {
    alice.send(&Request::get(path)).expect(200).text()
}

#[test]
fn the_sitemap_lists_public_posts_only() {
    let alice = TestServer::start("alice");
    let [public, unlisted, private] =
        ["public", "unlisted", "private"].map(|v| alice.posts("a stone", v)["url"].as_str().unwrap().to_owned());
    let reply = alice.post("/api/v1/statuses", json!({"status": "x", "in_reply_to_id": public.rsplit('/').next()}));
    alice.post(&format!("/api/v1/statuses/{}/reblog", public.rsplit('/').next().unwrap()), json!({}));
    let response = alice.send(&Request::get("/sitemap.xml")).expect(200);
    assert_eq!(response.header("content-type"), Some("application/xml; charset=utf-8"));
    let map = response.text();
    let lists = |url: &str| map.contains(&format!("<loc>{url}</loc>"));
    assert_eq!([lists(&public), lists(&unlisted), lists(&private)], [true, false, false], "{map}");
    assert!(lists(&alice.url("/@alice")) && lists(reply["url"].as_str().unwrap()), "{map}");
    assert_eq!(map.matches("<url>").count(), 4, "the boost is not a page: {map}");
    assert_eq!(map.matches("<lastmod>20").count(), 2, "{map}");
    alice.send(&Request::get("/sitemap.xml").header("if-none-match", response.header("etag").unwrap())).expect(304);
}

#[test]
fn a_long_sitemap_is_an_index_of_pages() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "many");
    let count = limits::SITEMAP_PAGE + 3;
    let own = graph.insert((0..count).map(|n| graph.draft(n, None, true)).collect());
    let index = text(&alice, "/sitemap.xml");
    assert!(index.contains("<sitemapindex ") && index.matches("<sitemap><loc>").count() == 2, "{index}");
    let page = |n: usize| {
        let loc = index.split("<loc>").nth(n).unwrap().split('<').next().unwrap();
        text(&alice, loc.strip_prefix(&alice.url("")).unwrap())
    };
    let posts = |page: &str| page.matches("<lastmod>").count();
    assert_eq!([posts(&page(1)), posts(&page(2))], [limits::SITEMAP_PAGE, 3]);
    let address = |n: usize| format!("/@alice/{}</loc>", own[n].id);
    assert!(page(1).contains(&address(0)) && page(2).contains(&address(count - 1)));
}

#[test]
fn robots_name_the_sitemap_and_the_crawlers_that_are_refused() {
    let robots = |refuse: bool| {
        let alice = TestServer::start_with("alice", Config { refuse_ai_crawlers: refuse, ..Config::default() });
        let named = format!("\nSitemap: {}\n", alice.url("/sitemap.xml"));
        let text = text(&alice, "/robots.txt");
        assert!(text.contains(&named) && text.starts_with("User-agent: *\nAllow: /api/oembed\nDisallow: /api/\n"));
        text
    };
    assert!(robots(true).contains("User-agent: GPTBot\n") && robots(true).contains("\nDisallow: /\n"));
    assert!(!robots(false).contains("GPTBot") && !robots(false).contains("\nDisallow: /\n"));
}

#[test]
fn pages_exclude_search_engines_if_the_owner_chooses() {
    let alice = TestServer::start("alice");
    let post = |v: &str| format!("/@alice/{}", alice.posts("a stone #rocks", v)["id"].as_str().unwrap());
    let (public, unlisted) = (post("public"), post("unlisted"));
    let noindex = |path: &str| text(&alice, path).contains("<meta name=\"robots\" content=\"noindex, noarchive\">");
    let paths = [public.as_str(), &unlisted, "/@alice", "/tags/rocks"];
    assert_eq!(paths.map(noindex), [false, true, false, false]);
    let choose = |fields| alice.api("PATCH", "/api/v1/accounts/update_credentials", fields).expect(200);
    choose(json!({"discoverable": false}));
    assert_eq!(paths.map(noindex), [false, true, true, false]);
    let urls = || text(&alice, "/sitemap.xml").matches("<url>").count();
    assert_eq!(urls(), 2, "the post, and not the profile");
    choose(json!({"discoverable": true, "indexable": false}));
    assert_eq!(paths.map(noindex), [true; 4]);
    assert_eq!(urls(), 1, "the page about the server");
    alice.send(&Request::get("/sitemap.xml?from=0")).expect(404);
}
