//! The owner's lists of followed accounts.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, FollowId, ListId};
use crate::store::Conn;
use crate::store::database::column_types::{by_index, integer_columns};
use crate::store::database::pagination::Page;

/// The replies of members that a list shows, beside replies to the owner and to the member itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepliesPolicy {
    /// No others.
    None,
    /// Replies to members of the list.
    List,
    /// Replies to accounts that the owner follows.
    Followed,
}

impl RepliesPolicy {
    const ALL: [Self; 3] = [Self::None, Self::List, Self::Followed];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::List => "list",
            Self::Followed => "followed",
        }
    }

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == name)
    }
}

integer_columns! {
    RepliesPolicy: |policy| *policy as i64, |n| by_index(&RepliesPolicy::ALL, n);
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Our id for it, which is also the number of its timeline.
    pub id: ListId,
    /// Its title.
    pub title: String,
    /// The replies that it shows.
    pub replies: RepliesPolicy,
    /// Posts of its members are not in the home timeline.
    pub exclusive: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT l.id, l.title, l.replies_policy, l.exclusive FROM lists l ", $rest)
    };
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<List> {
    Ok(List { id: r.get(0)?, title: r.get(1)?, replies: r.get(2)?, exclusive: r.get(3)? })
}

/// All lists, by title.
pub fn all(conn: &Conn) -> Result<Vec<List>> {
    let sql = select!("ORDER BY l.title, l.id");
    Ok(conn.prepare_cached(sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The list with this id.
pub fn get(conn: &Conn, id: ListId) -> Result<Option<List>> {
    Ok(conn.prepare_cached(select!("WHERE l.id = ?1"))?.query_row([id], from_row).optional()?)
}

/// The number of lists.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM lists", [], |r| r.get(0))?)
}

/// The lists that an actor is a member of, by title.
pub fn with_member(conn: &Conn, actor: ActorId) -> Result<Vec<List>> {
    let sql = select!("JOIN list_accounts m ON m.list_id = l.id WHERE m.actor_id = ?1 ORDER BY l.title, l.id");
    Ok(conn.prepare_cached(sql)?.query_map([actor], from_row)?.collect::<Result<_, _>>()?)
}

/// Stores a new list, or the new state of a stored one.
pub fn set(conn: &Conn, list: &List) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO lists VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (id) DO UPDATE SET title = ?2, replies_policy = ?3, exclusive = ?4",
    )?
    .execute(params![list.id, list.title, list.replies, list.exclusive])?;
    Ok(())
}

/// Removes a list with its members; its timeline stays.
pub fn remove(conn: &Conn, id: ListId) -> Result<()> {
    conn.execute("DELETE FROM lists WHERE id = ?1", [id])?;
    Ok(())
}

/// Returns `true` if an actor is a member of a list.
pub fn has_member(conn: &Conn, list: ListId, actor: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM list_accounts WHERE list_id = ?1 AND actor_id = ?2)")?
        .query_row(params![list, actor], |r| r.get(0))?)
}

/// The number of members of a list.
pub fn count_members(conn: &Conn, list: ListId) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM list_accounts WHERE list_id = ?1", [list], |r| r.get(0))?)
}

/// Adds a member. `follow` is the owner's follow of it, with which the membership ends; `None` for the owner.
pub fn add_member(conn: &Conn, id: i64, list: ListId, actor: ActorId, follow: Option<FollowId>) -> Result<()> {
    conn.prepare_cached("INSERT INTO list_accounts VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, list, actor, follow])?;
    Ok(())
}

/// Removes a member. Returns `false` if it was none.
pub fn remove_member(conn: &Conn, list: ListId, actor: ActorId) -> Result<bool> {
    let removed = conn
        .prepare_cached("DELETE FROM list_accounts WHERE list_id = ?1 AND actor_id = ?2")?
        .execute(params![list, actor])?;
    Ok(removed > 0)
}

/// Makes another account a member of the lists of an account that has moved there, with the owner's follow of it.
pub fn move_member(conn: &Conn, old: ActorId, new: ActorId, follow: FollowId) -> Result<()> {
    conn.prepare_cached("UPDATE OR IGNORE list_accounts SET actor_id = ?2, follow_id = ?3 WHERE actor_id = ?1")?
        .execute(params![old, new, follow])?;
    Ok(())
}

/// The members of a list, newest first, with the page cursor.
pub fn members(conn: &Conn, list: ListId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT id, actor_id FROM list_accounts WHERE list_id = ?1 AND id < ?2 AND id > ?3 ORDER BY id {} LIMIT ?4",
        page.order()
    );
    page.list(conn, &sql, list)
}
