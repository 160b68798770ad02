//! Filters: the form, what they cover, and single posts.

use serde_json::json;

use super::browser::{Browser, values};
use crate::federation::world::PUBLIC;
use crate::support::{Peer, eventually};

/// A browser whose owner follows Ana, who has posted about spiders.
fn with_spiders() -> (Browser, Peer) {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    b.alice.follows_actor(&peer, "ana");
    let note = peer.note("ana", "1", "look at this spider", &[PUBLIC, &format!("{}/followers", peer.actor("ana"))]);
    peer.delivers(&b.alice, "ana", &note).expect(202);
    eventually("it is on the timeline", || b.page("/home").contains("look at this spider"));
    (b, peer)
}

const HOME: [(&str, &str); 5] = [
    ("title", "Eight legs"),
    ("keywords[0][keyword]", "spider"),
    ("keywords[0][whole_word]", "true"),
    ("context[]", "home"),
    ("expiry", "never"),
];

#[test]
fn a_covered_post_names_its_filter_with_a_link() {
    let (b, _peer) = with_spiders();
    assert!(b.page("/filters").contains("Create a filter"));
    let location = b.submits("/filters", &[&HOME[..], &[("action", "warn")]].concat());
    let filter = location.split('?').next().unwrap().to_owned();
    let home = b.page("/home");
    let cover =
        home.split("<details class=\"cw filtered\">").nth(1).expect("a cover").split("</details>").next().unwrap();
    assert!(cover.contains("Filtered: <span dir=\"auto\">Eight legs</span>"), "{cover}");
    assert!(cover.contains("look at this spider") && cover.contains(&format!("href=\"{filter}\"")), "{cover}");
    // It applies in its contexts only.
    let profile = b.page(&format!("/u/{}", b.alice.home()[0]["account"]["acct"].as_str().unwrap()));
    assert!(profile.contains("look at this spider") && !profile.contains("cw filtered"), "{profile}");
    // The form shows the stored filter, and an emptied keyword is removed.
    let page = b.page(&filter);
    assert!(page.contains("value=\"spider\"") && page.contains("value=\"home\" checked"), "{page}");
    let id = values(&page, "name=\"keywords[0][id]\" value=\"")[0];
    let fields = [
        ("title", "Legs"),
        ("keywords[0][id]", id),
        ("keywords[0][keyword]", ""),
        ("keywords[1][keyword]", "snake"),
        ("context[]", "home"),
        ("context[]", "thread"),
        ("action", "hide"),
        ("expiry", "3600"),
    ];
    b.submits(&filter, &fields);
    let stored = b.alice.get(&filter.replace("/filters/", "/api/v2/filters/"));
    assert_eq!((&stored["title"], &stored["filter_action"]), (&"Legs".into(), &"hide".into()), "{stored}");
    assert_eq!(stored["keywords"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&stored["keywords"][0]["keyword"], &stored["keywords"][0]["whole_word"]),
        (&"snake".into(), &false.into())
    );
    assert!(stored["expires_at"].is_string() && !b.page("/home").contains("cw filtered"));
    // Saving again keeps the end.
    b.submits(&filter, &[("title", "Legs"), ("context[]", "home"), ("action", "hide"), ("expiry", "keep")]);
    assert_eq!(b.alice.get(&filter.replace("/filters/", "/api/v2/filters/"))["expires_at"], stored["expires_at"]);
    b.submits(&format!("{filter}/delete"), &[]);
    b.opens(&filter).expect(404);
}

#[test]
fn a_rejected_filter_form_retains_all_fields() {
    let b = Browser::new();
    let fields = [("title", ""), ("keywords[0][keyword]", "spider"), ("context[]", "thread"), ("action", "blur")];
    let page = b.tries("/filters", &fields).expect(422).text();
    for kept in ["value=\"spider\"", "value=\"thread\" checked", "value=\"blur\" checked", "role=\"alert\""] {
        assert!(page.contains(kept), "{kept} is lost: {page}");
    }
    assert!(b.alice.get("/api/v2/filters").as_array().unwrap().is_empty());
}

#[test]
fn a_single_post_is_added_to_a_filter_and_removed_from_it() {
    let (b, _peer) = with_spiders();
    let id = b.alice.home()[0]["id"].as_str().unwrap().to_owned();
    let new = json!({"title": "Not these", "context": ["home"], "filter_action": "hide"});
    let filter = b.alice.post("/api/v2/filters", new)["id"].as_str().unwrap().to_owned();
    let page = b.page(&format!("/posts/{id}/filter"));
    assert!(page.contains("Not these") && b.page(&format!("/posts/{id}")).contains(&format!("/posts/{id}/filter")));
    let location = b.submits(&format!("/posts/{id}/filter"), &[("filter", &filter)]);
    assert!(!b.page("/home").contains("look at this spider"));
    let page = b.page(&location);
    assert!(page.contains("look at this spider"), "{page}");
    let entry = values(&page, "name=\"entry\" value=\"")[0];
    b.submits(&format!("/filters/{filter}/remove-post"), &[("entry", entry)]);
    assert!(b.page("/home").contains("look at this spider"));
    b.tries(&format!("/filters/{filter}/remove-post"), &[("entry", entry)]).expect(404);
}
