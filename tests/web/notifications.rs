//! The page of notifications: in groups, by kinds, and those that wait for a decision.

use serde_json::json;

use super::browser::Browser;
use crate::federation::world::PUBLIC;
use crate::support::{Peer, eventually};

/// A favourite, boost or reaction of a post by an actor of a peer.
fn reacts(b: &Browser, peer: &Peer, name: &str, kind: &str, object: &str) {
    let mut activity = json!({
        "id": format!("{}/{kind}/{name}", peer.base), "type": kind, "actor": peer.actor(name), "object": object,
        "to": [PUBLIC, b.alice.actor()],
    });
    if kind == "EmojiReact" {
        activity["content"] = json!("🎉");
    }
    peer.delivers(&b.alice, name, &activity).expect(202);
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn notifications_about_a_post_on_one_day_are_one_card() {
    let (b, peer) = (Browser::new(), Peer::start());
    let post = b.alice.posts("warm rocks", "public");
    let uri = post["uri"].as_str().unwrap();
    for name in ["ana", "ben", "cy", "dee"] {
        peer.add_actor(name);
        reacts(&b, &peer, name, "Like", uri);
    }
    for name in ["ben", "cy"] {
        reacts(&b, &peer, name, "Announce", uri);
        reacts(&b, &peer, name, "EmojiReact", uri);
    }
    eventually("all arrive", || b.alice.notifications().len() == 8);
    let page = b.page("/notifications");
    assert_eq!(count(&page, "<section class=\"notification"), 1, "{page}");
    assert_eq!(count(&page, "warm rocks"), 1, "the post is shown once");
    assert!(
        page.contains("and 2 others</a> favourited your post") || page.contains(">2 others</a> favourited your post"),
        "{page}"
    );
    assert!(page.contains("boosted your post") && page.contains("reacted with 🎉 to your post"), "{page}");
    assert!(page.contains("notification several new"), "it is new");
    // All who did it are listed on a page of their own.
    let link = page.split("href=\"/notifications/groups/").nth(1).unwrap().split('"').next().unwrap();
    let all = b.page(&format!("/notifications/groups/{link}"));
    for name in ["ana", "ben", "cy", "dee"] {
        assert!(all.contains(&format!("@{name}@")), "{name}: {all}");
    }
    // Opening the page has marked them read.
    let page = b.page("/notifications");
    assert!(!page.contains(" new\"") && !page.contains("class=\"count\""), "{page}");
}

#[test]
fn tabs_show_some_kinds_and_leave_the_others_unread() {
    let (b, peer) = (Browser::new(), Peer::start());
    let post = b.alice.posts("warm rocks", "public");
    peer.add_actor("ana");
    reacts(&b, &peer, "ana", "Like", post["uri"].as_str().unwrap());
    peer.delivers(&b.alice, "ana", &peer.note("ana", "1", "hello alice", &[PUBLIC, &b.alice.actor()])).expect(202);
    eventually("both arrive", || b.alice.notifications().len() == 2);
    let mentions = b.page("/notifications/mentions");
    assert!(mentions.contains("hello alice") && !mentions.contains("favourited your post"), "{mentions}");
    let reactions = b.page("/notifications/reactions");
    assert!(!reactions.contains("hello alice") && reactions.contains("favourited your post"), "{reactions}");
    assert!(b.page("/notifications/follows").contains("No followers yet"));
    assert!(reactions.contains("class=\"count\">2<"), "a tab marks nothing read: {reactions}");
    b.opens("/notifications/nonsense").expect(404);
    // New ones are above a line, those seen before below it.
    b.page("/notifications");
    peer.delivers(&b.alice, "ana", &peer.note("ana", "2", "hello again", &[PUBLIC, &b.alice.actor()])).expect(202);
    eventually("it arrives", || b.alice.notifications().len() == 3);
    let page = b.page("/notifications");
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    assert!(at("hello again") < at("Seen before") && at("Seen before") < at("hello alice"));
}

#[test]
fn filtered_notifications_wait_for_a_decision_about_their_account() {
    let (b, peer) = (Browser::new(), Peer::start());
    b.submits("/settings/notifications", &[("not_following", "filter")]);
    for name in ["ana", "ben"] {
        peer.add_actor(name);
        let note = peer.note(name, name, &format!("hello from {name}"), &[PUBLIC, &b.alice.actor()]);
        peer.delivers(&b.alice, name, &note).expect(202);
    }
    eventually("both wait", || b.page("/notifications").contains("Filtered notifications of 2 accounts"));
    let page = b.page("/notifications/requests");
    assert!(page.contains("hello from ana") && page.contains("hello from ben"), "{page}");
    let id_of = |name: &str| {
        let before = page.split(&format!("@{name}@")).nth(1).unwrap();
        before.split("formaction=\"/notifications/requests/").nth(1).unwrap().split('/').next().unwrap().to_owned()
    };
    let (ana, ben) = (id_of("ana"), id_of("ben"));
    assert!(b.page(&format!("/notifications/requests/{ana}")).contains("hello from ana"));
    let location = b.submits(&format!("/notifications/requests/{ana}/accept"), &[]);
    assert!(!b.page(&location).contains("hello from ana"));
    b.submits(&format!("/notifications/requests/{ben}/dismiss"), &[]);
    b.tries(&format!("/notifications/requests/{ben}/dismiss"), &[]).expect(404);
    let page = b.page("/notifications");
    assert!(page.contains("hello from ana") && !page.contains("hello from ben"), "{page}");
    assert!(b.page("/notifications/requests").contains("No filtered notifications"));
}

#[test]
fn a_reaction_is_not_grouped_with_favourites() {
    let (b, peer) = (Browser::new(), Peer::start());
    let post = b.alice.posts("warm rocks", "public");
    let uri = post["uri"].as_str().unwrap();
    for (name, kind) in [("ana", "Like"), ("ben", "Like"), ("cy", "EmojiReact")] {
        peer.add_actor(name);
        reacts(&b, &peer, name, kind, uri);
    }
    let path = "/api/v2/notifications?types[]=favourite&types[]=reaction&grouped_types[]=favourite";
    eventually("all arrive", || b.alice.notifications().len() == 3);
    let groups = b.alice.get(path)["notification_groups"].clone();
    let size_of = |kind: &str| {
        let mut of_kind = groups.as_array().unwrap().iter().filter(|g| g["type"] == kind);
        of_kind.next().unwrap()["notifications_count"].clone()
    };
    assert_eq!((size_of("favourite"), size_of("reaction")), (json!(2), json!(1)), "{groups}");
}
