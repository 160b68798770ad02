//! Notifications of the owner.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::events::{self, StoreEvent};
use super::database::pagination::Page;
use super::database::viewer_sql::ViewerSql;
use super::visibility::{Viewer, visible_to};
use crate::error::Result;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::protocol::time::Timestamp;

/// The kind of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotificationKind {
    /// An actor mentioned the owner.
    Mention,
    /// An actor boosted a post of the owner.
    Boost,
    /// An actor favourited a post of the owner.
    Favourite,
    /// An actor follows the owner now.
    Follow,
    /// An actor requests to follow the owner.
    FollowRequest,
    /// A poll ended.
    Poll,
    /// A post that the owner boosted was edited.
    Update,
    /// An actor posted whose posts the owner wants notifications of.
    Status,
    /// An actor reacted to a post of the owner with an emoji.
    Reaction,
    /// An actor quoted a post of the owner.
    Quote,
    /// Another server reports the owner.
    Report,
}

impl NotificationKind {
    /// All of them, in the order of their numbers in the database.
    pub const ALL: [Self; 11] = [
        Self::Mention,
        Self::Boost,
        Self::Favourite,
        Self::Follow,
        Self::FollowRequest,
        Self::Poll,
        Self::Update,
        Self::Status,
        Self::Reaction,
        Self::Quote,
        Self::Report,
    ];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Boost => "reblog",
            Self::Favourite => "favourite",
            Self::Follow => "follow",
            Self::FollowRequest => "follow_request",
            Self::Poll => "poll",
            Self::Update => "update",
            Self::Status => "status",
            Self::Reaction => "reaction",
            Self::Quote => "quote",
            Self::Report => "admin.report",
        }
    }

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

/// A notification.
#[derive(Debug, Clone)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Its kind.
    pub kind: NotificationKind,
    /// Who did it.
    pub actor_id: ActorId,
    /// To or with which status.
    pub status_id: Option<StatusId>,
    /// When.
    pub created_at: Timestamp,
    /// Which report it tells of.
    pub report_id: Option<i64>,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<Notification> {
    let kind: i64 = r.get(1)?;
    Ok(Notification {
        id: r.get(0)?,
        kind: usize::try_from(kind)
            .ok()
            .and_then(|k| NotificationKind::ALL.get(k))
            .copied()
            .unwrap_or(NotificationKind::Mention),
        actor_id: r.get(2)?,
        status_id: r.get(3)?,
        created_at: r.get(4)?,
        report_id: r.get(5)?,
    })
}

const COLUMNS: &str = "id, kind, actor_id, status_id, created_at, report_id";

/// A condition on a row of `notifications`: its status, if it is about one, can be seen by `viewer`.
fn seen_by(viewer: Viewer) -> String {
    let visible = visible_to(viewer, "s");
    format!(
        "(notifications.status_id IS NULL OR EXISTS (SELECT 1 FROM statuses s WHERE s.id = notifications.status_id AND {visible}))"
    )
}

/// Stores a notification. The same thing by the same actor is stored once; returns `false` then.
pub fn insert(conn: &Conn, n: &Notification) -> Result<bool> {
    let added = conn
        .prepare_cached("INSERT INTO notifications VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")?
        .execute(params![n.id, n.kind as i64, n.actor_id, n.status_id, n.created_at, n.report_id])?;
    if added == 1 {
        events::record(StoreEvent::Notified(n.id));
    }
    Ok(added == 1)
}

/// Removes what an actor caused: an undone favourite, boost or follow.
pub fn remove(conn: &Conn, kind: NotificationKind, actor: ActorId, status: Option<StatusId>) -> Result<()> {
    conn.prepare_cached("DELETE FROM notifications WHERE kind = ?1 AND actor_id = ?2 AND ifnull(status_id, 0) = ?3")?
        .execute(params![kind as i64, actor, status.map_or(0, |s| s.0)])?;
    Ok(())
}

/// Removes everything that an actor caused.
pub fn remove_actor(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute("DELETE FROM notifications WHERE actor_id = ?1", [actor])?;
    Ok(())
}

/// The notification with this id.
pub fn get(conn: &Conn, id: NotificationId) -> Result<Option<Notification>> {
    let sql = format!("SELECT {COLUMNS} FROM notifications WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// One page of notifications of these kinds, and by this actor if one is named, without those whose status `viewer` may
/// not see.
pub fn list(
    conn: &Conn,
    viewer: Viewer,
    kinds: &[NotificationKind],
    by: Option<ActorId>,
    page: &Page,
) -> Result<Vec<Notification>> {
    let mask = kinds.iter().fold(0_i64, |mask, k| mask | 1 << (*k as i64));
    static SQL: ViewerSql<2> = ViewerSql::new();
    let sql = SQL.get(viewer, page.variant(), || {
        format!(
            "SELECT {COLUMNS} FROM notifications WHERE id < ?1 AND id > ?2 AND (?3 & (1 << kind)) <> 0 \
             AND (?4 IS NULL OR actor_id = ?4) AND {} ORDER BY id {} LIMIT ?5",
            seen_by(viewer),
            page.order()
        )
    });
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![page.below, page.above, mask, by, page.limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// How many notifications of these kinds, and by this actor if one is named, are newer than this one; at most `limit`.
pub fn count_after(conn: &Conn, id: i64, limit: u32, kinds: &[NotificationKind], by: Option<ActorId>) -> Result<i64> {
    let mask = kinds.iter().fold(0_i64, |mask, k| mask | 1 << (*k as i64));
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM notifications WHERE id > ?1 AND (?3 & (1 << kind)) <> 0 \
             AND (?4 IS NULL OR actor_id = ?4) LIMIT ?2)",
        )?
        .query_row(params![id, limit, mask, by], |r| r.get(0))?)
}

/// Removes one notification, or all of them.
pub fn dismiss(conn: &Conn, id: Option<NotificationId>) -> Result<()> {
    match id {
        Some(id) => conn.execute("DELETE FROM notifications WHERE id = ?1", [id])?,
        None => conn.execute("DELETE FROM notifications", [])?,
    };
    Ok(())
}
