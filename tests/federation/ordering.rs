//! The newest state of a post wins, regardless of the order in which its activities arrive.

use serde_json::{Value, json};

use super::meeting::{Meeting, words};
use super::world::PUBLIC;

/// Ana's Create of a note of January; its text names the state.
fn create(world: &Meeting, id: &str, text: &str) -> Value {
    let mut create = world.good.note("ana", id, text, &[PUBLIC]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    create
}

/// Ana's Update of a note: the object of `create` with these members.
fn update(world: &Meeting, create: &Value, members: Value) -> Value {
    let mut object = create["object"].clone();
    object.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({
        "id": format!("{}/updates/{}", world.good.base, world.next()), "type": "Update", "actor": world.good.actor("ana"),
        "to": create["to"], "object": object,
    })
}

fn delete(world: &Meeting, create: &Value) -> Value {
    let id = create["object"]["id"].clone();
    json!({
        "id": format!("{}/deletes/{}", world.good.base, world.next()), "type": "Delete", "actor": world.good.actor("ana"),
        "to": [PUBLIC], "object": id,
    })
}

fn ana(world: &Meeting, activity: &Value) {
    world.deliver(&world.good, "ana", activity);
}

fn history(world: &Meeting, status: &Value) -> usize {
    let id = status["id"].as_str().unwrap();
    world.alice.get(&format!("/api/v1/statuses/{id}/history")).as_array().unwrap().len()
}

#[test]
fn an_update_that_overtakes_its_create_is_retained() {
    let world = Meeting::new();
    let create = create(&world, "1", "old words");
    ana(&world, &update(&world, &create, json!({"content": "new words", "updated": "2026-01-02T00:00:00Z"})));
    assert!(world.alice.sees("new words").is_some(), "an Update without a Create is not lost");
    ana(&world, &create);
    assert!(world.alice.sees("new words").is_some() && world.alice.sees("old words").is_none());
    assert_eq!(world.alice.home().len(), 1);
}

#[test]
fn updates_in_any_order_end_in_the_newest_state() {
    for order in [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
        let world = Meeting::new();
        let create = create(&world, "1", "state 0");
        ana(&world, &create);
        for n in order {
            let state = json!({"content": format!("state {n}"), "updated": format!("2026-01-0{n}T00:00:00Z")});
            ana(&world, &update(&world, &create, state));
        }
        assert!(world.alice.sees("state 3").is_some(), "{order:?}: {}", world.everything());
        // The same text again is not an edit, but is newer than the state in between.
        let third = json!({"content": "state 3", "updated": "2026-01-05T00:00:00Z"});
        ana(&world, &update(&world, &create, third));
        ana(&world, &update(&world, &create, json!({"content": "state 4", "updated": "2026-01-04T00:00:00Z"})));
        assert!(world.alice.sees("state 3").is_some(), "{order:?}");
    }
}

#[test]
fn an_update_that_only_names_its_post_is_fetched() {
    let world = Meeting::new();
    let create = create(&world, "1", "old words");
    let id = create["object"]["id"].as_str().unwrap();
    let me = world.alice.actor();
    ana(&world, &create);
    let mut changed = create["object"].clone();
    changed["content"] = json!("new words");
    changed["updated"] = json!("2026-01-02T00:00:00Z");
    changed["tag"] = json!([{"type": "Mention", "href": me}]);
    world.good.serve("/notes/1", changed);
    let by_id = json!({"id": format!("{id}#update"), "type": "Update", "actor": world.good.actor("ana"),
        "to": [PUBLIC], "object": id});
    ana(&world, &by_id);
    assert!(world.alice.sees("new words").is_some());
    assert_eq!(world.alice.notifications(), ["mention"], "a mention that was added later creates a notification");
    let other = format!("{}/notes/2", world.good.base);
    world.good.serve("/notes/2", words(&other, &world.good.actor("ana"), "never created"));
    let unknown = json!({"id": format!("{other}#update"), "type": "Update", "actor": world.good.actor("ana"),
        "to": [PUBLIC], "object": other});
    ana(&world, &unknown);
    assert!(world.alice.sees("never created").is_some());
}

#[test]
fn a_mention_added_by_an_edit_is_notified_once() {
    let world = Meeting::new();
    let create = create(&world, "1", "hello");
    ana(&world, &create);
    assert!(world.alice.notifications().is_empty());
    let tag = json!([{"type": "Mention", "href": world.alice.actor()}]);
    for n in 2..=3 {
        let state = json!({"content": format!("hello {n}"), "tag": tag, "updated": format!("2026-01-0{n}T00:00:00Z")});
        ana(&world, &update(&world, &create, state));
        assert_eq!(world.alice.notifications(), ["mention"]);
    }
    // A post by an unfollowed author that did not concern the owner until it was edited.
    let other = crate::support::Peer::start();
    let mut edit = other.note("mallory", "1", "hello alice", &[PUBLIC, &world.alice.actor()]);
    edit["type"] = json!("Update");
    edit["object"]["updated"] = json!("2026-01-02T00:00:00Z");
    world.deliver(&other, "mallory", &edit);
    assert_eq!(world.alice.notifications(), ["mention", "mention"]);
}

/// A boost delivers a post before its author does: the Create has the effects that it would have had.
#[test]
fn a_create_of_a_fetched_post_has_its_effects_once() {
    let world = Meeting::new();
    let mut create = create(&world, "1", "hello alice");
    create["object"]["tag"] = json!([{"type": "Mention", "href": world.alice.actor()}]);
    world.good.serve("/notes/1", create["object"].clone());
    world.mallory("Announce", create["object"]["id"].clone());
    assert!(world.alice.notifications().is_empty());
    ana(&world, &create);
    assert_eq!(world.alice.notifications(), ["mention"]);
    world.alice.post("/api/v1/notifications/clear", json!({}));
    create["id"] = json!(format!("{}/again", world.good.base));
    ana(&world, &create);
    assert!(world.alice.notifications().is_empty());
    // The same if the Create only names it.
    let id = format!("{}/notes/2", world.good.base);
    let mut second = words(&id, &world.good.actor("ana"), "hello again");
    second["tag"] = json!([{"type": "Mention", "href": world.alice.actor()}]);
    world.good.serve("/notes/2", second);
    world.mallory("Announce", json!(id));
    let by_id = json!({"id": format!("{id}/create"), "type": "Create", "actor": world.good.actor("ana"),
        "to": [PUBLIC], "object": id});
    ana(&world, &by_id);
    assert_eq!(world.alice.notifications(), ["mention"]);
}

#[test]
fn an_edit_changes_who_may_see_a_post() {
    let world = Meeting::new();
    let followers = format!("{}/followers", world.good.actor("ana"));
    let create = create(&world, "1", "for everybody");
    ana(&world, &create);
    let id = world.alice.sees("for everybody").unwrap()["id"].as_str().unwrap().to_owned();
    let visibility = || world.alice.get(&format!("/api/v1/statuses/{id}"))["visibility"].clone();
    for (day, to, is) in [(2, &*followers, "private"), (3, PUBLIC, "public"), (4, &*world.alice.actor(), "direct")] {
        let state = json!({"to": [to], "updated": format!("2026-01-0{day}T00:00:00Z")});
        ana(&world, &update(&world, &create, state));
        assert_eq!(visibility(), is);
        assert_eq!(world.alice.sees("for everybody").is_some(), is != "direct");
        let open = world.alice.send(&crate::support::Request::get(&format!("/api/v1/statuses/{id}"))).status;
        assert_eq!(open, if is == "public" { 200 } else { 404 });
    }
}

/// PeerTube sends an Update for each like, in which only the time differs.
#[test]
fn an_update_without_visible_changes_is_not_an_edit() {
    let world = Meeting::new();
    let mut create = create(&world, "1", "a video");
    create["object"]["type"] = json!("Video");
    create["object"]["name"] = json!("Cats");
    create["object"]["updated"] = json!("2026-01-01T01:00:00Z");
    ana(&world, &create);
    let id = world.alice.sees("a video").unwrap()["id"].clone();
    world.alice.post(&format!("/api/v1/statuses/{}/reblog", id.as_str().unwrap()), json!({}));
    for n in 2..=4 {
        let likes = json!({"type": "Collection", "totalItems": n});
        ana(&world, &update(&world, &create, json!({"updated": format!("2026-01-0{n}T00:00:00Z"), "likes": likes})));
    }
    let status = world.alice.get(&format!("/api/v1/statuses/{}", id.as_str().unwrap()));
    assert_eq!((&status["edited_at"], &status["favourites_count"]), (&Value::Null, &json!(4)));
    assert_eq!((history(&world, &status), world.alice.notifications().len()), (1, 0));
    for (n, change) in [
        json!({"name": "Dogs"}),
        json!({"content": "a film"}),
        json!({"sensitive": true}),
        json!({"attachment": [{"type": "Document", "mediaType": "image/png", "url": format!("{}/a.png", world.good.base)}]}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut change = change;
        change["updated"] = json!(format!("2026-02-0{}T00:00:00Z", n + 1));
        ana(&world, &update(&world, &create, change));
        assert_eq!(history(&world, &status), n + 2);
    }
    assert_eq!(world.alice.notifications(), ["update"]);
}

#[test]
fn a_post_that_its_server_shows_again_is_restored() {
    let world = Meeting::new();
    let create = create(&world, "1", "restored words");
    ana(&world, &create);
    let gone = || {
        world.good.responds("/notes/1", "410 Gone");
        ana(&world, &delete(&world, &create));
        assert!(world.alice.sees("restored words").is_none());
    };
    let back = || world.good.serve("/notes/1", create["object"].clone());
    let again = |n: u32| {
        let mut again = create.clone();
        again["id"] = json!(format!("{}/creates/{n}", world.good.base));
        again
    };
    gone();
    ana(&world, &again(1));
    assert!(
        world.alice.sees("restored words").is_none(),
        "a late Create does not restore what its server does not show"
    );
    back();
    ana(&world, &again(2));
    assert!(world.alice.sees("restored words").is_some(), "by a Create");
    gone();
    back();
    let mut undo = delete(&world, &create);
    undo = json!({"id": format!("{}/undo", world.good.base), "type": "Undo", "actor": world.good.actor("ana"),
        "to": [PUBLIC], "object": undo});
    ana(&world, &undo);
    assert!(world.alice.sees("restored words").is_some(), "by an Undo of the Delete");
    gone();
    back();
    assert_eq!(world.searches(create["object"]["id"].as_str().unwrap()).len(), 1, "by a search");
    // No other actor can do this.
    gone();
    let forged = json!({"id": format!("{}/forged", world.evil.base), "type": "Undo",
        "actor": world.evil.actor("mallory"), "to": [PUBLIC], "object": {"id": format!("{}/x", world.evil.base),
        "type": "Delete", "actor": world.evil.actor("mallory"), "object": create["object"]["id"]}});
    world.deliver(&world.evil, "mallory", &forged);
    assert_eq!(world.stored(create["object"]["id"].as_str().unwrap()), None);
}

/// An object that is undone before it arrives stays undone, whether the Undo embeds it or names it.
#[test]
fn an_undo_that_overtakes_wins() {
    for embedded in [true, false] {
        let world = Meeting::new();
        let post = world.alice.posts("like me", "public");
        let actor = world.evil.actor("mallory");
        for (kind, object) in
            [("Like", post["uri"].clone()), ("Announce", post["uri"].clone()), ("Follow", json!(world.alice.actor()))]
        {
            let id = format!("{}/{kind}/1", world.evil.base);
            let act = json!({"id": id, "type": kind, "actor": actor, "object": object, "to": [PUBLIC]});
            let undone = if embedded { act.clone() } else { json!(id) };
            let undo = json!({"id": format!("{id}/undo"), "type": "Undo", "actor": actor, "object": undone});
            world.deliver(&world.evil, "mallory", &undo);
            world.deliver(&world.evil, "mallory", &act);
            assert!(world.alice.notifications().is_empty(), "{kind}, embedded: {embedded}");
        }
    }
}

#[test]
fn the_undo_of_an_earlier_like_does_not_end_a_later_one() {
    let world = Meeting::new();
    let post = world.alice.posts("like me", "public");
    let actor = world.evil.actor("mallory");
    let like = |n: u32| json!({"id": format!("{}/likes/{n}", world.evil.base), "type": "Like", "actor": actor, "object": post["uri"]});
    let undo = |n: u32| json!({"id": format!("{}/undos/{n}", world.evil.base), "type": "Undo", "actor": actor, "object": like(n)});
    for activity in [like(1), like(2), undo(1)] {
        world.deliver(&world.evil, "mallory", &activity);
    }
    let count =
        || world.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))["favourites_count"].clone();
    assert_eq!(count(), 1);
    world.deliver(&world.evil, "mallory", &undo(2));
    assert_eq!(count(), 0);
}

#[test]
fn a_dislike_ends_the_like_of_its_actor() {
    let world = Meeting::new();
    let post = world.alice.posts("like me", "public");
    world.mallory("Like", post["uri"].clone());
    assert_eq!(world.alice.notifications(), ["favourite"]);
    world.mallory("Dislike", post["uri"].clone());
    let status = world.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!((&status["favourites_count"], &status["reactions"][0]["name"]), (&json!(0), &json!("👎")));
    // Announced by a community it is fetched, and does the same.
    world.mallory("Like", post["uri"].clone());
    let id = format!("{}/dislikes/1", world.evil.base);
    let dislike = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Dislike",
        "actor": world.evil.actor("mallory"), "object": post["uri"]});
    world.evil.serve("/dislikes/1", dislike.clone());
    let announce = json!({"id": format!("{}/announces/1", world.good.base), "type": "Announce",
        "actor": world.good.actor("ana"), "to": [PUBLIC], "object": dislike});
    ana(&world, &announce);
    let status = world.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!((&status["favourites_count"], &status["reactions"][0]["name"]), (&json!(0), &json!("👎")));
}
