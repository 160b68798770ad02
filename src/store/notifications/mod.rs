//! Notifications of the owner.

pub mod groups;
pub mod requests;
pub mod severances;

use std::borrow::Cow;

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
    /// A post that the owner quotes was edited. The status is the quote.
    QuotedUpdate,
    /// Follows ended because the owner suspended a server.
    Severed,
}

impl NotificationKind {
    /// All of them, in the order of their numbers in the database.
    pub const ALL: [Self; 13] = [
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
        Self::QuotedUpdate,
        Self::Severed,
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
            Self::QuotedUpdate => "quoted_update",
            Self::Severed => "severed_relationships",
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
    /// The actor that caused it.
    pub actor_id: ActorId,
    /// The status that it is about.
    pub status_id: Option<StatusId>,
    /// When it arrived.
    pub created_at: Timestamp,
    /// The report that it is about.
    pub report_id: Option<i64>,
    /// The ended follows that it is about.
    pub severance_id: Option<i64>,
    /// The key of its group; `None` if it is not grouped.
    pub group_key: Option<String>,
    /// The notification policy keeps it from the others until the owner accepts the actor.
    pub filtered: bool,
}

impl Notification {
    /// One about nothing yet, that is not grouped and not filtered.
    pub fn new(id: NotificationId, kind: NotificationKind, actor: ActorId, created_at: Timestamp) -> Self {
        Self {
            id,
            kind,
            actor_id: actor,
            status_id: None,
            created_at,
            report_id: None,
            severance_id: None,
            group_key: None,
            filtered: false,
        }
    }
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
        severance_id: r.get(6)?,
        group_key: r.get(7)?,
        filtered: r.get(8)?,
    })
}

const COLUMNS: &str = "id, kind, actor_id, status_id, created_at, report_id, severance_id, group_key, filtered";

/// Which notifications are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Those of these kinds, a bit for each number.
    pub kinds: i64,
    /// Only those of this actor.
    pub by: Option<ActorId>,
    /// Also those that the notification policy filters.
    pub with_filtered: bool,
}

impl Selection {
    /// Those of these kinds that the policy does not filter, by any actor.
    pub fn of(kinds: &[NotificationKind]) -> Self {
        let kinds = kinds.iter().fold(0, |mask, kind| mask | 1 << (*kind as i64));
        Self { kinds, by: None, with_filtered: false }
    }

    /// Those of this actor, also those that the policy filters.
    pub fn by(actor: ActorId) -> Self {
        Self { by: Some(actor), with_filtered: true, ..Self::all() }
    }

    /// All that the policy does not filter.
    pub fn all() -> Self {
        Self::of(&NotificationKind::ALL)
    }
}

/// The condition of a [`Selection`], with its kinds, actor and whether filtered ones are wanted as these parameters.
fn selected(kinds: &str, by: &str, with_filtered: &str) -> String {
    format!("({kinds} & (1 << kind)) <> 0 AND ({by} IS NULL OR actor_id = {by}) AND (filtered = 0 OR {with_filtered})")
}

/// A condition on a row of `notifications`: its status, if it is about one, can be seen by `viewer`.
fn seen_by(viewer: Viewer) -> String {
    let visible = visible_to(viewer, "s");
    format!(
        "(notifications.status_id IS NULL OR EXISTS (SELECT 1 FROM statuses s WHERE s.id = notifications.status_id AND {visible}))"
    )
}

/// Stores a notification. The same thing by the same actor is stored once; returns `false` then.
pub fn insert(conn: &Conn, n: &Notification) -> Result<bool> {
    let sql = "INSERT INTO notifications (id, kind, actor_id, status_id, created_at, report_id, severance_id, group_key, \
               filtered) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
    let values = params![
        n.id,
        n.kind as i64,
        n.actor_id,
        n.status_id,
        n.created_at,
        n.report_id,
        n.severance_id,
        n.group_key,
        n.filtered
    ];
    let is_new = conn.prepare_cached(sql)?.execute(values)? == 1;
    if is_new && !n.filtered {
        events::record(StoreEvent::Notified(n.id));
    }
    Ok(is_new)
}

/// The id of the next notification. Ids of removed ones are not given again.
pub fn next_id(conn: &Conn) -> Result<NotificationId> {
    let sql = "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'notifications'";
    Ok(conn.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
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

/// Selects a page of notifications without those whose status `viewer` may not see: below `?1` and above `?2`, the kinds
/// `?3`, the account `?4`, with filtered ones if `?5`, at most `?6`.
fn page_sql(viewer: Viewer, page: &Page) -> Cow<'static, str> {
    static SQL: ViewerSql<2> = ViewerSql::new();
    SQL.get(viewer, page.variant(), || {
        format!(
            "SELECT {COLUMNS} FROM notifications WHERE id < ?1 AND id > ?2 AND {} AND {} ORDER BY id {} LIMIT ?6",
            selected("?3", "?4", "?5"),
            seen_by(viewer),
            page.order()
        )
    })
}

/// One page of selected notifications, without those whose status `viewer` may not see.
pub fn list(conn: &Conn, viewer: Viewer, selection: &Selection, page: &Page) -> Result<Vec<Notification>> {
    let sql = page_sql(viewer, page);
    let Selection { kinds, by, with_filtered } = selection;
    page.read(conn, &sql, params![page.below, page.above, kinds, by, with_filtered, page.limit], from_row)
}

/// The number of selected notifications that are newer than this one, at most `limit`.
pub fn count_after(conn: &Conn, id: i64, limit: u32, selection: &Selection) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM notifications WHERE id > ?1 AND {} LIMIT ?5)",
        selected("?2", "?3", "?4")
    );
    let Selection { kinds, by, with_filtered } = selection;
    Ok(conn.prepare_cached(&sql)?.query_row(params![id, kinds, by, with_filtered, limit], |r| r.get(0))?)
}

/// Removes one notification. Returns `false` if there is none.
pub fn dismiss(conn: &Conn, id: NotificationId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM notifications WHERE id = ?1", [id])? > 0)
}

/// Removes all notifications.
pub fn clear(conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM notifications", [])?;
    Ok(())
}
