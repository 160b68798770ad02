//! Ids of the owner's posts: remote posts can have taken the ids of the present moment.

use dassie::domain::now;
use dassie::protocol::ids::first_id_at;
use dassie::store::Conn;
use rusqlite::params;
use serde_json::json;

use crate::support::TestServer;

/// A remote post gets the first free id of the millisecond in which it was published, or in which it arrived. A peer whose
/// posts fill each millisecond must not keep the owner from posting.
#[test]
fn the_owner_posts_and_boosts_while_remote_posts_take_the_ids_of_each_millisecond() {
    let alice = TestServer::start("alice");
    let before = alice.posts("before", "public");
    let fill = move |c: &Conn| {
        let first = first_id_at(now());
        let sql = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
                   INSERT INTO statuses (id, uri, local, actor_id, thread_id, kind, visibility, content, created_at) \
                   SELECT ?1 + (i << 16), 'https://a.example/' || i, 0, (SELECT id FROM actors LIMIT 1), ?1 + (i << 16), \
                   'Note', 3, '', 1 FROM n";
        Ok(c.execute(sql, params![first])?)
    };
    alice.app.domain.store.write(fill).unwrap();
    let after = alice.posts("after", "public");
    assert!(after["id"].as_str() > before["id"].as_str());
    let path = format!("/api/v1/statuses/{}/reblog", before["id"].as_str().unwrap());
    assert_eq!(alice.post(&path, json!({}))["reblog"]["id"], before["id"]);
}
