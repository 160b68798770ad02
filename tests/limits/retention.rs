//! Posts of unfollowed accounts: which of them stay.

use std::time::Duration;

use dassie::domain::now;
use dassie::limits;
use dassie::protocol::ids::StatusId;
use dassie::store::{Conn, retention};
use rusqlite::params;

use crate::federation::pressure::add_follower;
use crate::support::TestServer;

/// Stores a post of the fan from so many days ago, with this text.
fn add_post(alice: &TestServer, n: i64, days: u64, text: &str) -> StatusId {
    let created = now().minus(Duration::from_secs(days * 24 * 3_600));
    let (id, text) = (StatusId((created.millis() << 16) + n), text.to_owned());
    let insert = move |c: &Conn| {
        let fan: i64 = c.query_row("SELECT id FROM actors WHERE username = 'fan'", [], |r| r.get(0))?;
        c.execute(
            "INSERT INTO statuses (id, uri, actor_id, thread_id, visibility, content, created_at) \
             VALUES (?1, ?2, ?3, ?1, 0, ?4, ?5)",
            params![id, format!("http://fan.example/{n}"), fan, text, created],
        )?;
        Ok(())
    };
    alice.app.domain.store.write(insert).unwrap();
    id
}

fn run(alice: &TestServer, sql: &'static str, id: StatusId) {
    let owner = alice.app.domain.owner().unwrap().id;
    alice.app.domain.store.write(move |c| Ok(c.execute(sql, params![id, owner])?)).unwrap();
}

#[test]
fn old_posts_that_nothing_refers_to_are_removed_and_no_others() {
    let alice = TestServer::start("alice");
    add_follower(&alice, "http://fan.example");
    let old = add_post(&alice, 1, 100, "old");
    add_post(&alice, 2, 10, "new");
    let ties = [
        "INSERT INTO bookmarks (id, status_id, created_at) VALUES (?1, ?1, 1 + 0 * ?2)",
        "INSERT INTO favourites (id, actor_id, status_id, created_at) VALUES (?1, ?2, ?1, 1)",
        "INSERT INTO mentions (status_id, actor_id) VALUES (?1, ?2)",
        "INSERT INTO timelines (timeline, status_id) VALUES (0 * ?2, ?1)",
        "UPDATE statuses SET in_reply_to_actor_id = ?2 WHERE id = ?1",
    ];
    for (n, tie) in (10..).zip(ties) {
        run(&alice, tie, add_post(&alice, n, 100, "tied"));
    }
    let owner = alice.app.domain.owner().unwrap().id;
    let before = StatusId(now().minus(limits::STRANGER_POST_AGE).millis() << 16);
    let found = || alice.app.domain.store.read(|c| retention::unreferenced(c, owner, StatusId(0), before)).unwrap();
    assert_eq!(found().0, [old]);
    crate::federation::pressure::sql(&alice, "UPDATE follows SET follower_id = target_id, target_id = follower_id");
    assert!(found().0.is_empty(), "the owner follows the author now");
}

#[test]
fn of_posts_that_name_the_owner_the_newest_stay_and_those_the_owner_has_reacted_to() {
    let alice = TestServer::start("alice");
    add_follower(&alice, "http://fan.example");
    let text = "x".repeat(10_000);
    let posts: Vec<StatusId> = (0..10).map(|n| add_post(&alice, n, 20 - n as u64, &text)).collect();
    for id in &posts {
        run(&alice, "INSERT INTO mentions (status_id, actor_id) VALUES (?1, ?2)", *id);
    }
    run(&alice, "INSERT INTO favourites (id, actor_id, status_id, created_at) VALUES (?1, ?2, ?1, 1)", posts[1]);
    let owner = alice.app.domain.owner().unwrap().id;
    let surplus = alice.app.domain.store.read(|c| retention::surplus_mentions(c, owner, 45_000)).unwrap();
    let expected: Vec<StatusId> = (0..6).rev().filter(|n| *n != 1).map(|n| posts[n]).collect();
    assert_eq!(surplus, expected);
}
