//! Search: what its parameters select.

use crate::support::TestServer;

#[test]
fn a_search_by_an_unknown_author_finds_nothing() {
    let alice = TestServer::start("alice");
    let post = alice.posts("rock hyrax on a warm stone", "public");
    let found = |by: &str| {
        let found = alice.get(&format!("/api/v2/search?q=hyrax&type=statuses{by}"));
        found["statuses"].as_array().unwrap().iter().map(|s| s["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(""), [post["id"].clone()]);
    let own = post["account"]["id"].as_str().unwrap();
    assert_eq!(found(&format!("&account_id={own}")), [post["id"].clone()]);
    for unknown in ["1", "nobody", "-1", "9999999999999999999999"] {
        assert_eq!(found(&format!("&account_id={unknown}")), [] as [serde_json::Value; 0], "{unknown}");
    }
}

#[test]
fn what_is_found_by_its_address_has_no_second_page() {
    let alice = TestServer::start("alice");
    let post = alice.posts("one of its kind", "public");
    let handle = format!("@alice@{}", alice.app.domain.site.handle_domain());
    for (kind, text) in [("statuses", post["url"].as_str().unwrap()), ("accounts", handle.as_str())] {
        let page = |offset| {
            let found = alice.get(&format!("/api/v2/search?q={text}&resolve=true&offset={offset}"));
            found[kind].as_array().unwrap().len()
        };
        assert_eq!((page(0), page(1), page(20)), (1, 0, 0), "{text}");
    }
}
