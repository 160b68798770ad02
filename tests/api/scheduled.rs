//! Scheduled posts.

use std::time::Duration;

use dassie::domain::now;
use dassie::domain::posts::scheduled;
use dassie::protocol::ids::ScheduledId;
use dassie::store::account::scheduled_statuses;
use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Request, TestServer, eventually};

fn at(minutes: u64) -> String {
    now().plus(Duration::from_secs(minutes * 60)).to_api()
}

fn schedule(alice: &TestServer, fields: Value) -> Value {
    alice.post("/api/v1/statuses", fields)
}

/// Makes a scheduled post due, as if its time had come, and publishes it as the job does.
fn publish(alice: &TestServer, scheduled: &Value) {
    let id: ScheduledId = scheduled["id"].as_str().unwrap().parse().unwrap();
    let due = now();
    alice.app.domain.store.write(move |c| scheduled_statuses::set_due(c, id, due)).unwrap();
    scheduled::publish(&alice.app.domain, id).unwrap();
}

fn upload(alice: &TestServer) -> String {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([10, 120, 90])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend_from_slice(&png.into_inner());
    body.extend_from_slice(
        b"\r\n--x\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\na pixel\r\n--x--\r\n",
    );
    let request =
        Request::new("POST", "/api/v2/media").bearer(&alice.token).body("multipart/form-data; boundary=x", body);
    alice.send(&request).expect(200).json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_post_is_scheduled_changed_and_published_with_all_its_members() {
    let alice = TestServer::start("alice");
    let parent = alice.posts("parent", "public");
    let media = upload(&alice);
    let fields = json!({
        "status": "later", "spoiler_text": "cw", "visibility": "unlisted", "language": "pt_BR", "media_ids": [media],
        "in_reply_to_id": parent["id"], "scheduled_at": at(60),
    });
    let made = schedule(&alice, fields);
    assert_eq!(made["media_attachments"][0]["id"], json!(media));
    let params = &made["params"];
    assert_eq!(
        (&params["text"], &params["spoiler_text"], &params["visibility"]),
        (&json!("later"), &json!("cw"), &json!("unlisted"))
    );
    assert_eq!((&params["language"], &params["sensitive"]), (&json!("pt-BR"), &json!(true)));
    assert_eq!((&params["media_ids"], params["in_reply_to_id"].is_i64()), (&json!([media]), true));
    assert_eq!((&params["scheduled_at"], &params["poll"]), (&json!(null), &json!(null)));
    assert!(alice.sees("later").is_none());
    let path = format!("/api/v1/scheduled_statuses/{}", made["id"].as_str().unwrap());
    assert_eq!((alice.get(&path), alice.get("/api/v1/scheduled_statuses")), (made.clone(), json!([made])));
    let moved = at(120);
    let changed = alice.api("PUT", &path, json!({"scheduled_at": moved})).expect(200).json();
    assert_eq!((changed["scheduled_at"].as_str(), &changed["params"]), (Some(moved.as_str()), params));
    let taken = alice.api("POST", "/api/v1/statuses", json!({"status": "x", "media_ids": [media]}));
    taken.expect(422);

    publish(&alice, &made);
    let post = alice.sees("later").unwrap();
    assert_eq!((&post["spoiler_text"], &post["visibility"]), (&json!("cw"), &json!("unlisted")));
    assert_eq!((&post["language"], &post["in_reply_to_id"]), (&json!("pt-BR"), &parent["id"]));
    assert_eq!(post["media_attachments"][0]["description"], "a pixel");
    assert_eq!(alice.get("/api/v1/scheduled_statuses"), json!([]));
    for method in ["GET", "DELETE"] {
        alice.api(method, &path, json!(null)).expect(404);
    }
    alice.api("PUT", &path, json!({"scheduled_at": at(60)})).expect(404);
    publish(&alice, &made);
    assert_eq!(alice.home().iter().filter(|s| s["content"].as_str().unwrap().contains("later")).count(), 1);
}

#[test]
fn the_duration_of_a_scheduled_poll_starts_at_publication() {
    let alice = TestServer::start("alice");
    let poll = json!({"options": ["tea", "coffee"], "expires_in": 600, "multiple": "true"});
    let made = schedule(&alice, json!({"status": "which", "poll": poll, "scheduled_at": at(10)}));
    assert_eq!(
        made["params"]["poll"],
        json!({"options": ["tea", "coffee"], "expires_in": 600, "multiple": true, "hide_totals": false})
    );
    publish(&alice, &made);
    let shown = alice.sees("which").unwrap()["poll"].clone();
    assert_eq!((&shown["multiple"], &shown["options"][1]["title"]), (&json!(true), &json!("coffee")));
    assert_eq!(shown["expired"], false);
}

#[test]
fn the_job_queue_publishes_what_is_due() {
    let alice = TestServer::start("alice");
    let made = schedule(&alice, json!({"status": "by itself", "scheduled_at": at(30)}));
    let id: ScheduledId = made["id"].as_str().unwrap().parse().unwrap();
    let due = now();
    let write = move |c: &dassie::store::Conn| {
        use dassie::store::queues::jobs::{self, Task};
        scheduled_statuses::set_due(c, id, due)?;
        jobs::reschedule(c, &Task::Publish(id), due)
    };
    alice.app.domain.store.write(write).unwrap();
    eventually("it is published", || alice.sees("by itself").is_some());
    assert_eq!(alice.get("/api/v1/scheduled_statuses"), json!([]));
}

#[test]
fn invalid_posts_are_refused_when_they_are_scheduled() {
    let alice = TestServer::start("alice");
    for fields in [
        json!({"status": "x", "scheduled_at": at(4)}),
        json!({"status": "x", "scheduled_at": "2020-01-01T00:00:00Z"}),
        json!({"status": "x", "scheduled_at": "soon"}),
        json!({"status": "x", "scheduled_at": "2199-01-01T00:00:00Z"}),
        json!({"status": "", "scheduled_at": at(10)}),
        json!({"status": "x", "media_ids": ["7"], "scheduled_at": at(10)}),
        json!({"status": "x", "poll": {"options": ["one"], "expires_in": 600}, "scheduled_at": at(10)}),
        json!({"status": "@nobody@nowhere.invalid", "visibility": "direct", "scheduled_at": at(10)}),
    ] {
        let response: Response = alice.api("POST", "/api/v1/statuses", fields.clone());
        assert_eq!(response.status, 422, "{fields}: {}", response.text());
    }
    let reply = json!({"status": "x", "in_reply_to_id": "7", "scheduled_at": at(10)});
    alice.api("POST", "/api/v1/statuses", reply).expect(404);
    assert_eq!((alice.get("/api/v1/scheduled_statuses"), alice.home().len()), (json!([]), 0));
    let made = schedule(&alice, json!({"status": "x", "scheduled_at": at(10)}));
    let path = format!("/api/v1/scheduled_statuses/{}", made["id"].as_str().unwrap());
    for fields in [json!({}), json!({"scheduled_at": at(1)})] {
        alice.api("PUT", &path, fields).expect(422);
    }
    let post = alice.posts("published", "public");
    let edit = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &edit, json!({"status": "x", "scheduled_at": at(10)})).expect(422);
}

#[test]
fn a_cancelled_post_frees_its_uploads_and_is_never_published() {
    let alice = TestServer::start("alice");
    let media = upload(&alice);
    let made = schedule(&alice, json!({"status": "never", "media_ids": [media], "scheduled_at": at(10)}));
    let path = format!("/api/v1/scheduled_statuses/{}", made["id"].as_str().unwrap());
    assert_eq!(alice.api("DELETE", &path, json!(null)).expect(200).json(), json!({}));
    publish(&alice, &made);
    assert!(alice.sees("never").is_none());
    alice.post("/api/v1/statuses", json!({"status": "now", "media_ids": [media]}));
}

#[test]
fn a_post_that_can_no_longer_be_published_stays_in_the_list() {
    let alice = TestServer::start("alice");
    let parent = alice.posts("parent", "public");
    let made = schedule(&alice, json!({"status": "reply", "in_reply_to_id": parent["id"], "scheduled_at": at(10)}));
    alice.api("DELETE", &format!("/api/v1/statuses/{}", parent["id"].as_str().unwrap()), json!(null)).expect(200);
    publish(&alice, &made);
    assert!(alice.sees("reply").is_none());
    assert_eq!(alice.get("/api/v1/scheduled_statuses")[0]["id"], made["id"]);
}

#[test]
fn a_repeated_request_schedules_once() {
    let alice = TestServer::start("alice");
    let (time, other) = (at(10), at(20));
    let send = |text: &str, time: &str| {
        let request = Request::new("POST", "/api/v1/statuses").bearer(&alice.token).header("idempotency-key", "k");
        alice.send(&request.form(&[("status", text), ("scheduled_at", time)]))
    };
    let first = send("once", &time).expect(200).json();
    assert_eq!(send("once", &time).expect(200).json()["id"], first["id"]);
    send("once", &other).expect(422);
    send("twice", &time).expect(422);
    assert_eq!(alice.get("/api/v1/scheduled_statuses").as_array().unwrap().len(), 1);
    publish(&alice, &first);
    assert_eq!(send("once", &time).status, 422, "it is published already");
    assert_eq!(alice.home().len(), 1);
}

#[test]
fn scheduled_posts_of_one_day_are_limited() {
    let alice = TestServer::start("alice");
    let day = format!("{}T12:00:00.000Z", now().plus(Duration::from_secs(3 * 86_400)).to_date());
    for n in 0..25 {
        schedule(&alice, json!({"status": format!("{n}"), "scheduled_at": day}));
    }
    let error = alice.api("POST", "/api/v1/statuses", json!({"status": "x", "scheduled_at": day})).expect(422).json();
    assert!(error["error"].as_str().unwrap().contains("25 scheduled posts for that day"), "{error}");
    schedule(&alice, json!({"status": "x", "scheduled_at": at(60)}));
    let page = alice.api("GET", "/api/v1/scheduled_statuses?limit=20", json!(null)).expect(200);
    assert_eq!(page.json().as_array().unwrap().len(), 20);
    assert!(page.header("link").unwrap().contains("rel=\"next\""));
}

#[test]
fn a_post_that_waits_without_a_job_is_queued_again() {
    let alice = TestServer::start("alice");
    let made = schedule(&alice, json!({"status": "late", "scheduled_at": at(30)}));
    let id: ScheduledId = made["id"].as_str().unwrap().parse().unwrap();
    let due = now();
    let lose = move |c: &dassie::store::Conn| {
        scheduled_statuses::set_due(c, id, due)?;
        Ok(c.execute("DELETE FROM jobs WHERE kind = 'publish'", [])?)
    };
    alice.app.domain.store.write(lose).unwrap();
    scheduled::requeue(&alice.app.domain).unwrap();
    eventually("it is published", || alice.sees("late").is_some());
}

#[test]
fn an_idempotency_key_belongs_to_one_post_scheduled_or_not() {
    let alice = TestServer::start("alice");
    let send = |fields: &[(&str, &str)]| {
        let request = Request::new("POST", "/api/v1/statuses").bearer(&alice.token).header("idempotency-key", "k");
        alice.send(&request.form(fields)).status
    };
    assert_eq!(send(&[("status", "x"), ("scheduled_at", &at(10))]), 200);
    assert_eq!(send(&[("status", "x")]), 422);
    assert_eq!(alice.home().len(), 0);
}
