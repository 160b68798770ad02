//! The owner among very many addressees, mentions or reported objects: limits count the others.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::pressure::count;
use super::world::PUBLIC;

/// So many actors, and then the owner.
fn crowd(world: &Meeting, others: usize) -> Vec<Value> {
    let mut all: Vec<Value> = (0..others).map(|n| json!(format!("{}/users/x{n}", world.good.base))).collect();
    all.push(json!(world.alice.actor()));
    all
}

fn tags(all: &[Value]) -> Value {
    all.iter().map(|href| json!({"type": "Mention", "href": href})).collect()
}

#[test]
fn the_last_of_many_addressees_can_read_the_post_and_is_notified() {
    let world = Meeting::new();
    for (others, tagged, public) in [(150, true, false), (400, true, false), (150, false, false), (120, true, true)] {
        let all = crowd(&world, others);
        let text = format!("for {others} others, {tagged} {public}");
        let mut create = world.good.note("ana", &format!("{others}-{tagged}-{public}"), &text, &[]);
        create["object"]["tag"] = if tagged { tags(&all) } else { json!([]) };
        (create["object"]["to"], create["object"]["cc"]) =
            if public { (json!([PUBLIC]), json!(all)) } else { (json!(all), json!([])) };
        world.deliver(&world.good, "ana", &create);
        let told = world.alice.get("/api/v1/notifications");
        let newest = &told.as_array().unwrap()[0];
        assert_eq!((&newest["type"], &newest["status"]["content"]), (&json!("mention"), &json!(text)), "{text}");
        let id = newest["status"]["id"].as_str().unwrap();
        world.alice.api("GET", &format!("/api/v1/statuses/{id}"), Value::Null).expect(200);
    }
}

#[test]
fn a_report_names_the_owner_after_many_objects_of_others() {
    let world = Meeting::new();
    let post = world.alice.posts("reported", "public");
    let mut objects = crowd(&world, 120);
    *objects.last_mut().unwrap() = post["uri"].clone();
    world.mallory("Flag", json!(objects));
    assert_eq!(count(&world.alice, "SELECT count(*) FROM reports WHERE objects LIKE '%/statuses/%'"), 1);
}
