//! Grouped notifications (v2) over the same rows as v1.

use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

/// A server whose owner's post has favourites by three actors and a boost, and which a fourth follows and mentions.
fn busy() -> (TestServer, Peer, Value) {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("hello", "public");
    for name in ["ana", "bea", "cleo", "dora"] {
        peer.add_actor(name);
    }
    for name in ["ana", "bea", "cleo"] {
        acts(&alice, &peer, name, "Like", &post["uri"]);
    }
    acts(&alice, &peer, "ana", "Announce", &post["uri"]);
    acts(&alice, &peer, "dora", "Follow", &json!(alice.actor()));
    peer.delivers(&alice, "dora", &peer.note("dora", "1", "<p>hi</p>", &[&alice.actor()])).expect(202);
    eventually("all is notified", || alice.notifications().len() == 6);
    (alice, peer, post)
}

fn acts(alice: &TestServer, peer: &Peer, name: &str, kind: &str, object: &Value) {
    let id = format!("{}/{kind}/{name}/{}", peer.base, alice.app.domain.next_id());
    let activity = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": kind, "actor": peer.actor(name),
        "object": object, "to": ["https://www.w3.org/ns/activitystreams#Public"],
    });
    let before = alice.notifications().len();
    peer.delivers(alice, name, &activity).expect(202);
    eventually("it is notified", || alice.notifications().len() > before);
}

fn groups(alice: &TestServer, query: &str) -> Vec<Value> {
    let results = alice.get(&format!("/api/v2/notifications?{query}"));
    results["notification_groups"].as_array().unwrap().clone()
}

fn kinds(groups: &[Value]) -> Vec<&str> {
    groups.iter().map(|g| g["type"].as_str().unwrap()).collect()
}

#[test]
fn favourites_boosts_and_follows_are_grouped() {
    let (alice, _peer, post) = busy();
    let results = alice.get("/api/v2/notifications");
    let found = results["notification_groups"].as_array().unwrap().clone();
    assert_eq!(kinds(&found), ["mention", "follow", "reblog", "favourite"]);
    let single = alice.get("/api/v1/notifications");
    let favourite = &found[3];
    assert_eq!(favourite["notifications_count"], 3);
    assert_eq!(favourite["status_id"], post["id"]);
    let names = |ids: &Value| -> Vec<String> {
        let name = |id: &Value| {
            let all = results["accounts"].as_array().unwrap();
            all.iter().find(|a| a["id"] == *id).unwrap()["username"].as_str().unwrap().to_owned()
        };
        ids.as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(names(&favourite["sample_account_ids"]), ["cleo", "bea", "ana"]);
    assert_eq!(
        favourite["most_recent_notification_id"].as_i64().unwrap().to_string(),
        single[3]["id"].as_str().unwrap()
    );
    assert_eq!((&favourite["page_max_id"], &favourite["page_min_id"]), (&single[3]["id"], &single[5]["id"]));
    assert_eq!(favourite["latest_page_notification_at"], single[3]["created_at"]);
    assert!(
        favourite["group_key"].as_str().unwrap().starts_with(&format!("favourite-{}-", post["id"].as_str().unwrap()))
    );
    for (of_v1, group) in [(0, 0), (1, 1), (2, 2), (3, 3), (5, 3)] {
        assert_eq!(single[of_v1]["group_key"], found[group]["group_key"], "v1 names the same group");
    }
    assert_eq!(found[0]["group_key"], format!("ungrouped-{}", single[0]["id"].as_str().unwrap()));
    assert_eq!(results["statuses"].as_array().unwrap().len(), 2, "each status once");
    assert!(results.get("partial_accounts").is_none());
}

#[test]
fn a_client_chooses_what_is_grouped_and_the_form_of_accounts() {
    let (alice, _peer, _) = busy();
    assert_eq!(
        kinds(&groups(&alice, "grouped_types[]=follow")),
        ["mention", "follow", "reblog", "favourite", "favourite", "favourite"]
    );
    assert!(groups(&alice, "grouped_types[]=follow")[3]["group_key"].as_str().unwrap().starts_with("ungrouped-"));
    assert_eq!(groups(&alice, "grouped_types[]=favourite&grouped_types[]=from_the_future").len(), 4);
    assert_eq!(kinds(&groups(&alice, "types[]=favourite&types[]=follow")), ["follow", "favourite"]);
    assert_eq!(kinds(&groups(&alice, "exclude_types[]=favourite&exclude_types[]=mention")), ["follow", "reblog"]);
    let ana = alice.get("/api/v1/notifications?types[]=reblog")[0]["account"]["id"].as_str().unwrap().to_owned();
    let of_ana = groups(&alice, &format!("account_id={ana}"));
    assert_eq!(kinds(&of_ana), ["reblog", "favourite"]);
    assert_eq!(of_ana[1]["sample_account_ids"], json!([ana]));
    let partial = alice.get("/api/v2/notifications?expand_accounts=partial_avatars");
    let (whole, parts) = (partial["accounts"].as_array().unwrap(), partial["partial_accounts"].as_array().unwrap());
    assert_eq!((whole.len(), parts.len()), (3, 1), "the newest of each group is whole: {partial}");
    for key in ["id", "acct", "url", "avatar", "avatar_static", "locked", "bot"] {
        assert!(!parts[0][key].is_null(), "{key}");
    }
}

#[test]
fn pages_of_groups_link_to_the_next_until_the_last() {
    let (alice, _peer, _) = busy();
    let first = alice.api("GET", "/api/v2/notifications?limit=2", json!(null)).expect(200);
    let links = first.header("link").unwrap().to_owned();
    let target = |rel: &str| {
        let link = links.split(", ").find(|l| l.ends_with(&format!("rel=\"{rel}\""))).unwrap();
        link.split(['<', '>']).nth(1).unwrap().strip_prefix(&alice.url("")).unwrap().to_owned()
    };
    let next = alice.api("GET", &target("next"), json!(null)).expect(200);
    let found = next.json()["notification_groups"].as_array().unwrap().clone();
    assert_eq!(kinds(&found), ["reblog", "favourite"]);
    assert!(!next.header("link").unwrap().contains("rel=\"next\""), "the last page has no next one");
    assert_eq!(alice.get(&target("prev"))["notification_groups"], json!([]));
    let oldest = groups(&alice, "min_id=1&limit=1");
    assert_eq!((kinds(&oldest), oldest[0]["notifications_count"].as_i64()), (vec!["favourite"], Some(3)));
}

#[test]
fn a_group_is_read_counted_and_dismissed_by_its_key() {
    let (alice, _peer, _) = busy();
    let count = |path: &str| alice.get(path)["count"].as_i64().unwrap();
    assert_eq!(count("/api/v2/notifications/unread_count"), 4);
    assert_eq!(count("/api/v2/notifications/unread_count?limit=3"), 3);
    assert_eq!(count("/api/v2/notifications/unread_count?grouped_types[]=follow"), 6);
    assert_eq!(count("/api/v2/notifications/unread_count?types[]=favourite"), 1);
    assert_eq!(count("/api/v1/notifications/unread_count"), 6);
    let all = groups(&alice, "");
    let key = all[3]["group_key"].as_str().unwrap();
    let one = alice.get(&format!("/api/v2/notifications/{key}"));
    assert_eq!(one["notification_groups"][0]["notifications_count"], 3);
    assert_eq!(one["accounts"].as_array().unwrap().len(), 3);
    let accounts = alice.api("GET", &format!("/api/v2/notifications/{key}/accounts?limit=2"), json!(null)).expect(200);
    let names: Vec<_> = accounts.json().as_array().unwrap().iter().map(|a| a["username"].clone()).collect();
    assert_eq!(names, ["cleo", "bea"]);
    assert!(accounts.header("link").unwrap().contains("rel=\"next\""));
    let mention = all[0]["group_key"].as_str().unwrap();
    assert_eq!(alice.get(&format!("/api/v2/notifications/{mention}"))["notification_groups"][0]["type"], "mention");
    assert_eq!(alice.get(&format!("/api/v2/notifications/{mention}/accounts"))[0]["username"], "dora");
    let newest = all[1]["page_max_id"].clone();
    alice.post("/api/v1/markers", json!({"notifications": {"last_read_id": newest}}));
    assert_eq!(count("/api/v2/notifications/unread_count"), 1);
    assert_eq!(count("/api/v1/notifications/unread_count"), 1);
    for key in [key, mention] {
        alice.post(&format!("/api/v2/notifications/{key}/dismiss"), json!({}));
        alice.api("GET", &format!("/api/v2/notifications/{key}"), json!(null)).expect(404);
        alice.api("GET", &format!("/api/v2/notifications/{key}/accounts"), json!(null)).expect(404);
    }
    assert_eq!(alice.notifications(), ["follow", "reblog"]);
    alice.post("/api/v1/notifications/clear", json!({}));
    assert_eq!(groups(&alice, ""), Vec::<Value>::new());
}

/// Phanpy reads `most_recent_notification_id` as a JavaScript number, and Tuba markers as 32 bits. Both become a marker and a
/// cursor. Other apps compare ids as strings.
#[test]
fn ids_of_notifications_are_numbers_of_32_bits_and_one_length() {
    let (alice, _peer, _post) = busy();
    let newest = groups(&alice, "limit=20&exclude_types[]=follow_request")[0].clone();
    #[expect(clippy::cast_possible_truncation)]
    let id = newest["most_recent_notification_id"].as_f64().unwrap() as i64;
    assert_eq!(newest["page_max_id"], id.to_string());
    assert!(i32::try_from(id).is_ok() && id.to_string().len() == 10, "{id}");
    assert_eq!(alice.get(&format!("/api/v1/notifications/{id}"))["id"], id.to_string());
    alice.post("/api/v1/markers", json!({"notifications": {"last_read_id": id.to_string()}}));
    assert_eq!(alice.get("/api/v1/notifications/unread_count")["count"], 0);
    assert_eq!(alice.get(&format!("/api/v1/notifications?limit=1&since_id={id}")), json!([]));
}
