//! Retention of posts of unfollowed accounts.

use std::time::Duration;

use dassie::domain::now;
use dassie::error::Result;
use dassie::limits;
use dassie::protocol::ids::StatusId;
use dassie::store::{Conn, retention};
use rusqlite::params;

use crate::federation::pressure::add_follower;
use crate::support::TestServer;

/// Stores a post of the fan from so many days ago, with this text.
fn add_post(c: &Conn, n: i64, days: u64, text: &str) -> Result<StatusId> {
    let created = now().minus(Duration::from_secs(days * 24 * 3_600));
    let id = StatusId((created.millis() << 16) + n);
    let fan: i64 = c.query_row("SELECT id FROM actors WHERE username = 'fan'", [], |r| r.get(0))?;
    c.execute(
        "INSERT INTO statuses (id, uri, actor_id, thread_id, visibility, content, created_at) \
         VALUES (?1, ?2, ?3, ?1, 0, ?4, ?5)",
        params![id, format!("http://fan.example/{n}"), fan, text, created],
    )?;
    Ok(id)
}

#[test]
fn only_old_unreferenced_posts_are_removed() {
    let alice = TestServer::start("alice");
    add_follower(&alice, "http://fan.example");
    let owner = alice.app.domain.owner().unwrap().id;
    // In one write, so that the server's own round of retention does not come between.
    let write = move |c: &Conn| {
        let old = add_post(c, 1, 100, "old")?;
        add_post(c, 2, 10, "new")?;
        let fetched = add_post(c, 3, 100, "old, but just fetched")?;
        c.execute("UPDATE statuses SET stored_at = ?2 WHERE id = ?1", params![fetched, now()])?;
        let ties = [
            "INSERT INTO bookmarks (id, status_id, created_at) VALUES (?1, ?1, 1 + 0 * ?2)",
            "INSERT INTO favourites (id, actor_id, status_id, created_at) VALUES (?1, ?2, ?1, 1)",
            "INSERT INTO mentions (status_id, actor_id) VALUES (?1, ?2)",
            "INSERT INTO timelines (timeline, status_id) VALUES (0 * ?2, ?1)",
            "UPDATE statuses SET in_reply_to_actor_id = ?2 WHERE id = ?1",
        ];
        for (n, tie) in (10..).zip(ties) {
            c.execute(tie, params![add_post(c, n, 100, "tied")?, owner])?;
        }
        let before = now().minus(limits::UNFOLLOWED_POST_AGE);
        let unfollowed = retention::unreferenced(c, owner, StatusId(0), before)?.0;
        c.execute("UPDATE follows SET follower_id = target_id, target_id = follower_id", [])?;
        Ok((old, unfollowed, retention::unreferenced(c, owner, StatusId(0), before)?.0))
    };
    let (old, unfollowed, followed) = alice.app.domain.store.write(write).unwrap();
    assert_eq!(unfollowed, [old]);
    assert!(followed.is_empty(), "posts of followed accounts stay");
}

#[test]
fn the_newest_mentions_of_the_owner_and_posts_with_a_reaction_are_retained() {
    let alice = TestServer::start("alice");
    add_follower(&alice, "http://fan.example");
    let owner = alice.app.domain.owner().unwrap().id;
    let write = move |c: &Conn| {
        let text = "x".repeat(10_000);
        let posts = (0..10).map(|n| add_post(c, n, 20 - n as u64, &text)).collect::<Result<Vec<_>>>()?;
        for id in &posts {
            c.execute("INSERT INTO mentions (status_id, actor_id) VALUES (?1, ?2)", params![id, owner])?;
        }
        let favourite = "INSERT INTO favourites (id, actor_id, status_id, created_at) VALUES (?1, ?2, ?1, 1)";
        c.execute(favourite, params![posts[1], owner])?;
        Ok((retention::surplus_mentions(c, owner, 45_000)?, posts))
    };
    let (surplus, posts) = alice.app.domain.store.write(write).unwrap();
    let expected: Vec<StatusId> = (0..6).rev().filter(|n| *n != 1).map(|n| posts[n]).collect();
    assert_eq!(surplus, expected);
}
