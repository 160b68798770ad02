//! Embed pages: public posts in frames of other sites.

use serde_json::json;

use super::browser::{Browser, png, values};
use crate::support::Request;

fn framable(policy: &str) -> bool {
    policy.contains("frame-ancestors *") && !policy.contains("script-src")
}

#[test]
fn an_embed_page_is_the_same_for_everyone_and_can_be_framed() {
    let b = Browser::new();
    let post = b.alice.post("/api/v1/statuses", json!({"status": "a warm stone", "visibility": "public"}));
    let id = post["id"].as_str().unwrap();
    b.alice.post(&format!("/api/v1/statuses/{id}/bookmark"), json!({}));
    let path = format!("/@alice/{id}/embed");
    let visitor = b.alice.send(&Request::get(&path)).expect(200);
    let owner = b.opens(&path).expect(200);
    assert_eq!(visitor.text(), owner.text(), "no state of the owner");
    for response in [&visitor, &owner] {
        let policy = response.header("content-security-policy").unwrap();
        assert!(framable(policy) && policy.contains("form-action 'none'"), "{policy}");
        assert_eq!(response.header("set-cookie"), None);
    }
    let page = visitor.text();
    assert!(page.contains("a warm stone") && page.contains("<base target=\"_blank\">"), "{page}");
    assert!(!page.contains("<form") && !page.contains("<script") && !page.contains("csrf"), "{page}");
    let thread = b.alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200);
    assert!(thread.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
}

#[test]
fn an_embed_page_shows_what_the_post_has() {
    let b = Browser::new();
    let fields = [("text", "look"), ("visibility", "public"), ("warning", "Bright light"), ("alt", "a lamp")];
    b.sends("/posts", &fields, &[&png(9)]).expect(303);
    let poll = json!({"status": "which?", "poll": {"options": ["granite", "basalt"], "expires_in": 3600}});
    let poll = b.alice.post("/api/v1/statuses", poll)["id"].as_str().unwrap().to_owned();
    let home = b.alice.home();
    let warned = home.iter().find(|s| s["spoiler_text"] == "Bright light").unwrap()["id"].as_str().unwrap();
    let page = |id: &str| b.alice.send(&Request::get(&format!("/@alice/{id}/embed"))).expect(200).text();
    let (before, after) =
        page(warned).split_once("<details class=\"cw\">").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(after.contains("Bright light") && after.contains("<img src=") && after.contains("look"), "{after}");
    assert!(!before.contains("look") && before.contains(": Bright light ·"), "{before}");
    assert!(page(&poll).contains("granite") && page(&poll).contains("0 people"));
}

#[test]
fn a_post_that_is_not_public_has_no_embed_page() {
    let b = Browser::new();
    let ids = ["private", "direct"].map(|v| b.alice.posts("secret stone", v)["id"].as_str().unwrap().to_owned());
    let gone = b.alice.posts("gone stone", "public")["id"].as_str().unwrap().to_owned();
    b.alice.api("DELETE", &format!("/api/v1/statuses/{gone}"), json!(null)).expect(200);
    let cases = [(ids[0].as_str(), 404), (&ids[1], 404), ("7", 404), (&gone, 410)];
    for (id, status) in cases {
        let response = b.opens(&format!("/@alice/{id}/embed")).expect(status);
        assert!(framable(response.header("content-security-policy").unwrap()), "the frame states why it is empty");
        assert!(response.text().contains("This post is not available") && !response.text().contains("stone"));
    }
    b.alice.send(&Request::get("/@bob/7/embed")).expect(404);
}

#[test]
fn a_public_post_offers_its_code_and_names_its_description() {
    let b = Browser::new();
    let post = b.alice.posts("a stone", "public");
    let (id, url) = (post["id"].as_str().unwrap(), post["url"].as_str().unwrap());
    assert!(b.page("/home").contains(&format!("href=\"/posts/{id}#embed\">Embed")));
    let options = b.page(&format!("/posts/{id}"));
    assert!(options.contains(&format!("&lt;iframe src=&quot;{url}/embed&quot;")), "{options}");
    let page = b.alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200).text();
    let described = values(&page, "type=\"application/json+oembed\" href=\"");
    let path = described[0].split_once("/api/").map(|(_, rest)| format!("/api/{rest}")).unwrap();
    let entity = b.alice.send(&Request::get(&path)).expect(200).json();
    assert!(entity["html"].as_str().unwrap().contains(&format!("{url}/embed")), "{entity}");
    let hidden = b.alice.posts("hidden", "private")["id"].as_str().unwrap().to_owned();
    assert!(!b.page(&format!("/posts/{hidden}")).contains("&lt;iframe"));
    assert!(!b.page(&format!("/@alice/{hidden}")).contains("json+oembed"));
}
