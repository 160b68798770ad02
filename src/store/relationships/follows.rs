//! Who follows whom, and which follows wait for approval.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, FollowId};
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::{IdList, from_optional_json, optional_json};
use crate::store::database::pagination::Page;
use crate::store::{Conn, actors};

/// A follow, accepted or not yet.
#[derive(Debug, Clone)]
pub struct Follow {
    /// Our id for it.
    pub id: FollowId,
    /// The id of its Follow activity.
    pub uri: String,
    /// Who follows.
    pub follower: ActorId,
    /// Who is followed.
    pub target: ActorId,
    /// The target has consented.
    pub accepted: bool,
    /// The follower wants boosts too.
    pub show_boosts: bool,
    /// The follower wants a notification of each post.
    pub notify: bool,
    /// The follower wants only posts in these languages; all if it is empty.
    pub languages: Vec<String>,
    /// Why it is not in effect and is not waiting either: its server refused it, or the community banned the follower.
    pub failure: Option<String>,
}

impl Follow {
    /// Returns `true` while the target has not answered yet.
    pub fn is_waiting(&self) -> bool {
        !self.accepted && self.failure.is_none()
    }

    /// Returns `true` if the follower wants posts in this language. A post without a language is always wanted, and a
    /// language includes its regional forms.
    pub fn wants_language(&self, language: Option<&str>) -> bool {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(language) = language.filter(|_| !self.languages.is_empty()) else { return true };
        self.languages.iter().any(|wanted| wanted.eq_ignore_ascii_case(language) || *wanted == primary(language))
    }
}

const COLUMNS: &str = "id, uri, follower_id, target_id, accepted, show_boosts, notify, failure, languages";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Follow> {
    Ok(Follow {
        id: r.get(0)?,
        uri: r.get(1)?,
        follower: r.get(2)?,
        target: r.get(3)?,
        accepted: r.get(4)?,
        show_boosts: r.get(5)?,
        notify: r.get(6)?,
        failure: r.get(7)?,
        languages: from_optional_json(r.get_ref(8)?)?.unwrap_or_default(),
    })
}

/// The follow between two actors.
pub fn between(conn: &Conn, follower: ActorId, target: ActorId) -> Result<Option<Follow>> {
    let sql = format!("SELECT {COLUMNS} FROM follows WHERE follower_id = ?1 AND target_id = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row([follower, target], from_row).optional()?)
}

/// The follows between an actor and these actors, in both directions.
pub fn among(conn: &Conn, actor: ActorId, others: &IdList) -> Result<Vec<Follow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM follows WHERE follower_id = ?1 AND target_id IN (SELECT value FROM json_each(?2)) \
         UNION ALL SELECT {COLUMNS} FROM follows WHERE target_id = ?1 AND follower_id IN (SELECT value FROM json_each(?2))"
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![actor, others], from_row)?.collect::<Result<_, _>>()?)
}

/// Returns `true` if one actor follows the other, and that was accepted.
pub fn is_accepted(conn: &Conn, follower: ActorId, target: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM follows WHERE follower_id = ?1 AND target_id = ?2 AND accepted)")?
        .query_row([follower, target], |r| r.get(0))?)
}

/// The accepted follows between an actor and these actors: each as follower and followed.
pub fn accepted_among(conn: &Conn, actor: ActorId, others: &IdList) -> Result<HashSet<(ActorId, ActorId)>> {
    let sql = "SELECT f.follower_id, f.target_id FROM json_each(?2) j \
                 CROSS JOIN follows f ON f.follower_id = ?1 AND f.target_id = j.value WHERE f.accepted = 1 \
               UNION ALL SELECT f.follower_id, f.target_id FROM json_each(?2) j \
                 CROSS JOIN follows f ON f.follower_id = j.value AND f.target_id = ?1 WHERE f.accepted = 1";
    let read = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?));
    Ok(conn.prepare_cached(sql)?.query_map(params![actor, others], read)?.collect::<Result<_, _>>()?)
}

/// The follow with this activity id, by this follower (Misskey reuses ids, so both must match).
pub fn by_uri(conn: &Conn, uri: &str, follower: ActorId) -> Result<Option<Follow>> {
    let sql = format!("SELECT {COLUMNS} FROM follows WHERE uri = ?1 AND follower_id = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row(params![uri, follower], from_row).optional()?)
}

/// Inserts a follow, or gives an existing one its new activity id. An accepted one stays accepted; one that had failed
/// waits again.
pub fn insert(
    conn: &Conn,
    id: FollowId,
    uri: &str,
    follower: ActorId,
    target: ActorId,
    accepted: bool,
    now: Timestamp,
) -> Result<Follow> {
    let before = between(conn, follower, target)?;
    conn.prepare_cached(
        "INSERT INTO follows (id, uri, follower_id, target_id, accepted, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (follower_id, target_id) DO UPDATE SET uri = ?2, accepted = max(accepted, ?5), failure = NULL",
    )?
    .execute(params![id, uri, follower, target, accepted, now])?;
    if accepted && !before.is_some_and(|f| f.accepted) {
        count(conn, follower, target, 1)?;
    }
    between(conn, follower, target)?.ok_or_else(|| crate::Error::internal("a follow vanished while it was written"))
}

/// Marks a follow accepted. Returns `false` if it was already.
pub fn accept(conn: &Conn, follow: &Follow) -> Result<bool> {
    let changed = conn
        .prepare_cached("UPDATE follows SET accepted = 1, failure = NULL WHERE id = ?1 AND accepted = 0")?
        .execute([follow.id])?;
    if changed == 1 {
        count(conn, follow.follower, follow.target, 1)?;
    }
    Ok(changed == 1)
}

/// Ends a follow and keeps the reason, so that pages can show it.
pub fn fail(conn: &Conn, follow: &Follow, reason: &str) -> Result<()> {
    conn.prepare_cached("UPDATE follows SET accepted = 0, failure = ?2 WHERE id = ?1")?
        .execute(params![follow.id, reason])?;
    if follow.accepted {
        count(conn, follow.follower, follow.target, -1)?;
    }
    Ok(())
}

/// Ends the waiting follow whose activity could not be delivered.
pub fn fail_undelivered(conn: &Conn, outgoing: i64, reason: &str) -> Result<()> {
    conn.prepare_cached(
        "UPDATE follows SET failure = ?2 WHERE accepted = 0 AND uri = (SELECT uri FROM outgoing WHERE id = ?1)",
    )?
    .execute(params![outgoing, reason])?;
    Ok(())
}

/// Ends the follows that wait for an actor who is gone.
pub fn fail_waiting(conn: &Conn, target: ActorId, reason: &str) -> Result<()> {
    conn.prepare_cached("UPDATE follows SET failure = ?2 WHERE accepted = 0 AND target_id = ?1")?
        .execute(params![target, reason])?;
    Ok(())
}

/// The follows by an actor whose targets are on this host, accepted or not.
pub fn on_host(conn: &Conn, follower: ActorId, host: &str) -> Result<Vec<Follow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM follows WHERE follower_id = ?1 AND target_id IN (SELECT id FROM actors WHERE host = ?2)"
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![follower, host], from_row)?.collect::<Result<_, _>>()?)
}

/// Removes a follow.
pub fn remove(conn: &Conn, follow: &Follow) -> Result<()> {
    let removed = conn.prepare_cached("DELETE FROM follows WHERE id = ?1")?.execute([follow.id])?;
    if removed == 1 && follow.accepted {
        count(conn, follow.follower, follow.target, -1)?;
    }
    Ok(())
}

fn count(conn: &Conn, follower: ActorId, target: ActorId, by: i64) -> Result<()> {
    actors::add_counts(conn, follower, 0, 0, by)?;
    actors::add_counts(conn, target, 0, by, 0)
}

/// Stores what the follower wants to see: boosts, notifications and languages.
pub fn set_wishes(conn: &Conn, follow: &Follow) -> Result<()> {
    let languages = Some(&follow.languages).filter(|languages| !languages.is_empty());
    conn.prepare_cached("UPDATE follows SET show_boosts = ?2, notify = ?3, languages = ?4 WHERE id = ?1")?
        .execute(params![follow.id, follow.show_boosts, follow.notify, optional_json(languages)])?;
    Ok(())
}

/// Which side of follows is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Actors that follow the actor.
    Followers,
    /// Actors that the actor follows.
    Following,
}

/// Accepted or waiting follows of an actor, newest first: each with the follow's id (the page cursor) and the
/// actor on the other side.
pub fn list(
    conn: &Conn,
    actor: ActorId,
    side: Direction,
    accepted: bool,
    page: &Page,
) -> Result<Vec<(FollowId, ActorId)>> {
    let (here, there) = match side {
        Direction::Followers => ("target_id", "follower_id"),
        Direction::Following => ("follower_id", "target_id"),
    };
    let sql = format!(
        "SELECT id, {there} FROM follows WHERE {here} = ?1 AND accepted = ?2 AND id < ?3 AND id > ?4 ORDER BY id {} LIMIT ?5",
        page.order()
    );
    page.read(conn, &sql, params![actor, accepted, page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// How many follow requests wait for an actor's answer.
pub fn count_requests(conn: &Conn, target: ActorId) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM follows WHERE target_id = ?1 AND accepted = 0")?
        .query_row([target], |r| r.get(0))?)
}

/// The inboxes of an actor's remote followers, each once: the shared one where there is one.
pub fn follower_inboxes(conn: &Conn, target: ActorId) -> Result<Vec<(String, String)>> {
    let rows = conn
        .prepare_cached(
            "SELECT DISTINCT ifnull(a.shared_inbox, a.inbox), a.host FROM follows f JOIN actors a ON a.id = f.follower_id \
             WHERE f.target_id = ?1 AND f.accepted = 1 AND a.local = 0 AND a.gone_at IS NULL AND a.limited < 2",
        )?
        .query_map([target], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Returns `true` if an actor has followers on other servers.
pub fn has_remote_followers(conn: &Conn, target: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM follows f JOIN actors a ON a.id = f.follower_id \
             WHERE f.target_id = ?1 AND f.accepted = 1 AND a.local = 0)",
        )?
        .query_row([target], |r| r.get(0))?)
}

/// The inboxes of those whom an actor follows, as [`follower_inboxes`].
pub fn following_inboxes(conn: &Conn, follower: ActorId) -> Result<Vec<(String, String)>> {
    let rows = conn
        .prepare_cached(
            "SELECT DISTINCT ifnull(a.shared_inbox, a.inbox), a.host FROM follows f JOIN actors a ON a.id = f.target_id \
             WHERE f.follower_id = ?1 AND f.accepted = 1 AND a.local = 0 AND a.gone_at IS NULL AND a.limited < 2",
        )?
        .query_map([follower], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Ends every follow of an actor, in both directions, and keeps the counters.
pub fn end_all(conn: &Conn, actor: ActorId) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM follows WHERE follower_id = ?1 OR target_id = ?1");
    let all: Vec<Follow> = conn.prepare_cached(&sql)?.query_map([actor], from_row)?.collect::<Result<_, _>>()?;
    for follow in &all {
        remove(conn, follow)?;
    }
    Ok(())
}

/// The ActivityPub ids of an actor's accepted followers on one host: their server's share (FEP-8fcf).
pub fn followers_on(conn: &Conn, target: ActorId, host: &str) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT a.uri FROM follows f JOIN actors a ON a.id = f.follower_id \
             WHERE f.target_id = ?1 AND f.accepted = 1 AND a.host = ?2 AND a.gone_at IS NULL ORDER BY a.uri",
        )?
        .query_map(params![target, host], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Which of these actors are followed by actors that `owner` follows, as far as is known here: the actor and its follower.
pub fn familiar(conn: &Conn, owner: ActorId, others: &IdList) -> Result<Vec<(ActorId, ActorId)>> {
    Ok(conn
        .prepare_cached(
            "SELECT theirs.target_id, theirs.follower_id FROM json_each(?2) j \
             CROSS JOIN follows theirs ON theirs.target_id = j.value AND theirs.accepted = 1 \
             JOIN follows own ON own.follower_id = ?1 AND own.target_id = theirs.follower_id AND own.accepted = 1 \
             ORDER BY theirs.id DESC",
        )?
        .query_map(params![owner, others], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?)
}
