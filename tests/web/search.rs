//! The search page: tabs, pagination, and the description of its results.

use serde_json::{Value, json};

use super::browser::{Browser, values};
use crate::support::Graph;

#[test]
fn results_are_in_tabs_and_pages_that_retain_the_query() {
    let b = Browser::new();
    let posts: Vec<Value> = (0..21).map(|n| b.alice.posts(&format!("hyrax number{n} #hyraxes"), "public")).collect();
    let page = b.page("/search?q=hyrax");
    assert!(page.contains("value=\"hyrax\"") && page.contains("<title>hyrax · Search"), "{page}");
    for tab in ["posts", "people", "hashtags"] {
        assert!(page.contains(&format!("href=\"/search?q=hyrax&amp;show={tab}\"")), "{tab}");
    }
    let older = values(&page, "class=\"button\" href=\"").into_iter().find(|path| path.starts_with("/search")).unwrap();
    let second = b.page(&older.replace("&amp;", "&"));
    assert!(second.contains("number0 ") && !second.contains("number20 "), "{second}");
    assert!(second.contains("aria-current=\"page\">Posts</a>") && !second.contains(">Older<"));
    let hashtags = b.page("/search?q=hyrax&show=hashtags");
    assert!(hashtags.contains("/tags/hyraxes") && hashtags.contains("21 posts this week"), "{hashtags}");
    assert!(!hashtags.contains("number20"));
    let people = b.page("/search?q=alice&show=people");
    assert!(people.contains("/@alice\"") && !people.contains(posts[0]["id"].as_str().unwrap()), "{people}");
}

#[test]
fn an_empty_page_states_the_reason_and_explains_operators() {
    let b = Browser::new();
    assert!(b.page("/search").contains("<details class=\"operators\" open>"));
    let nothing = b.page("/search?q=from%3A%40nobody%40x.example");
    assert!(nothing.contains("Nothing found for") && nothing.contains("<details class=\"operators\">"), "{nothing}");
    let long = b.opens(&format!("/search?q={}", "x+".repeat(200))).expect(422).text();
    assert!(long.contains("maximum is 256 characters"), "{long}");
}

#[test]
fn accounts_are_found_by_words_of_their_name_with_the_followed_first() {
    let b = Browser::new();
    let (ana, bea) = (Graph::new(&b.alice, "ana"), Graph::new(&b.alice, "bea"));
    let (first, second) = (ana.author, bea.author);
    let rename = move |c: &dassie::store::Conn| {
        c.execute("UPDATE actors SET search_name = 'ana@peer.example elodie van dyck' WHERE id = ?1", [first.0])?;
        Ok(c.execute("UPDATE actors SET search_name = 'dyck@peer.example' WHERE id = ?1", [second.0])?)
    };
    b.alice.app.domain.store.write(rename).unwrap();
    let found = |query: &str| -> Vec<String> {
        let found = b.alice.get(&format!("/api/v1/accounts/search?q={query}"));
        found.as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("dyck"), [second.to_string(), first.to_string()], "the whole name comes first");
    for query in ["elodie", "%C3%89LODIE", "dyck+elodie", "van+ana%40peer"] {
        assert_eq!(found(query), [first.to_string()], "{query}");
    }
    assert_eq!(found("dyck+nobody"), [""; 0]);
    b.alice.post(&format!("/api/v1/accounts/{first}/follow"), json!({}));
    assert_eq!(found("dyck"), [first.to_string(), second.to_string()]);
}
