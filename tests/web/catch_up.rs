//! The summary of posts since the owner's last visit.

use std::time::Duration;

use serde_json::json;

use super::browser::Browser;
use crate::support::{Graph, Request};
use dassie::store::account::markers;
use dassie::store::statuses::NewStatus;
use dassie::store::{Conn, timelines};

/// Puts posts of a graph into the home timeline.
fn arrive(graph: &Graph<'_>, b: &Browser, drafts: Vec<NewStatus>) -> Vec<i64> {
    let ids: Vec<_> = graph.insert(drafts).into_iter().map(|status| status.id).collect();
    let rows = ids.clone();
    let insert = move |c: &Conn| rows.iter().try_for_each(|id| timelines::insert(c, timelines::HOME, *id));
    b.alice.app.domain.store.write(insert).unwrap();
    ids.into_iter().map(|id| id.0).collect()
}

/// The owner was last here some hours ago.
fn leaves(b: &Browser, hours: u64) {
    let then = b.alice.app.domain.now().minus(Duration::from_secs(3_600 * hours));
    let moved = move |c: &Conn| {
        let read = markers::get(c, "home")?.map_or(0, |m| m.last_read_id);
        markers::set(c, "home", read, then)
    };
    b.alice.app.domain.store.write(moved).unwrap();
}

#[test]
fn home_marks_the_position_of_the_last_visit() {
    let b = Browser::new();
    let ana = Graph::new(&b.alice, "ana");
    arrive(&ana, &b, (0..3).map(|n| ana.draft(n, None, false)).collect());
    assert!(!b.page("/home").contains("Seen before"), "the first visit");
    leaves(&b, 5);
    assert!(!b.page("/home").contains("Seen before"), "nothing is new");
    leaves(&b, 5);
    arrive(&ana, &b, (3..5).map(|n| ana.draft(n, None, false)).collect());
    for _ in 0..2 {
        let page = b.page("/home");
        let (new, seen) = page.split_once("Seen before").expect("a reload is the same visit");
        assert!(new.contains("post 3") && new.contains("post 4") && !new.contains("post 2"));
        assert!(seen.contains("post 2") && !seen.contains("post 3") && !page.contains("Catch up"));
    }
    let app = b.alice.get("/api/v1/markers?timeline[]=home");
    let newest = b.alice.home()[0]["id"].clone();
    assert_eq!(app["home"]["last_read_id"], newest, "apps share the position");
}

#[test]
fn catching_up_groups_by_author_and_kind() {
    let b = Browser::new();
    let (ana, bea) = (Graph::new(&b.alice, "ana"), Graph::new(&b.alice, "bea"));
    arrive(&ana, &b, vec![ana.draft(100, None, false)]);
    b.page("/home");
    leaves(&b, 5);
    arrive(&ana, &b, (0..12).map(|n| ana.draft(n, None, false)).collect());
    let by_bea = arrive(&bea, &b, vec![bea.draft(50, None, false)]);
    arrive(&bea, &b, vec![bea.draft(60, Some(50), false)]);
    let mut response = ana.draft(70, Some(100), false);
    response.in_reply_to_uri = Some(bea.uri(50));
    arrive(&ana, &b, vec![response]);
    b.alice.post("/api/v1/statuses", json!({"status": "my own"}));
    assert!(b.page("/home").contains("15 new posts since your last visit"));
    let page = b.page("/catch-up");
    assert!(page.contains("15 posts from others since"), "{page}");
    for label in ["Posts (14)", "Replies (1)", "Boosts (0)"] {
        assert!(page.contains(label), "{label}: {page}");
    }
    assert_eq!(page.matches("<section class=\"catch-up\"").count(), 2);
    let (least, most) = (page.find("post 50").unwrap(), page.find("post 11").unwrap());
    assert!(least < most, "who wrote least is first");
    assert!(!page.contains("post 100") && !page.contains("post 70") && !page.contains("my own"), "{page}");
    assert!(b.page("/catch-up?show=replies").contains("post 70"));
    b.alice.post(&format!("/api/v1/statuses/{}/reblog", by_bea[0]), json!({}));
    assert!(b.page("/catch-up?show=boosts").contains("Nothing new here"), "not the owner's own boosts");
    assert!(b.page("/catch-up?hours=24").contains("16 posts from others"));
    assert!(b.alice.send(&Request::get("/catch-up")).expect(303).header("location").unwrap().starts_with("/login"));
}
