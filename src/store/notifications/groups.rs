//! Groups of notifications: those of one kind about one status, or all follows, within some hours.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::{COLUMNS, Notification, NotificationKind, Selection, from_row, page_sql, selected};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, NotificationId};
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::visibility::Viewer;

/// The kinds of which a client wants groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupedKinds(i64);

impl GroupedKinds {
    /// These kinds.
    pub fn of(kinds: &[NotificationKind]) -> Self {
        Self(kinds.iter().fold(0, |mask, kind| mask | 1 << (*kind as i64)))
    }

    /// The part of a selection that is of these kinds.
    pub fn of_selection(self, selection: &Selection) -> Selection {
        Selection { kinds: selection.kinds & self.0, ..*selection }
    }

    /// The key under which a notification is grouped; `None` if it stands alone.
    fn key(self, n: &Notification) -> Option<&str> {
        n.group_key.as_deref().filter(|_| self.0 & 1 << n.kind as i64 != 0)
    }
}

/// A group, as far as a page contains it.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its key; `None` if it is a single notification that is not grouped.
    pub key: Option<String>,
    /// Its newest notification.
    pub newest: Notification,
    /// The oldest of its notifications on the page.
    pub oldest: NotificationId,
}

/// The rows of a page, by groups.
#[derive(Debug, Clone, Default)]
pub struct GroupPage {
    /// The groups, those with the newest notifications first.
    pub groups: Vec<Group>,
    /// The newest and the oldest notification that were read.
    pub ends: Option<(i64, i64)>,
    /// There are more in the direction of the page.
    pub is_full: bool,
}

impl GroupPage {
    fn add(&mut self, n: Notification, grouped: GroupedKinds, at: &mut HashMap<String, usize>) {
        let (newest, oldest) = self.ends.unwrap_or((n.id.0, n.id.0));
        self.ends = Some((newest.max(n.id.0), oldest.min(n.id.0)));
        let key = grouped.key(&n).map(str::to_owned);
        let known = key.as_ref().and_then(|key| at.get(key)).copied();
        match known.and_then(|place| self.groups.get_mut(place)) {
            Some(group) if n.id > group.newest.id => group.newest = n,
            Some(group) => group.oldest = group.oldest.min(n.id),
            None => {
                at.extend(key.clone().map(|key| (key, self.groups.len())));
                self.groups.push(Group { key, oldest: n.id, newest: n });
            }
        }
    }
}

/// One page of groups of selected notifications; `page.limit` counts groups.
pub fn page(
    conn: &Conn,
    viewer: Viewer,
    selection: &Selection,
    grouped: GroupedKinds,
    page: &Page,
) -> Result<GroupPage> {
    let sql = page_sql(viewer, page);
    let Selection { kinds, by, with_filtered } = selection;
    let most = limits::GROUPED_NOTIFICATIONS_READ;
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query(params![page.below, page.above, kinds, by, with_filtered, most])?;
    let (mut found, mut at, mut read) = (GroupPage::default(), HashMap::new(), 0);
    while let Some(row) = rows.next()? {
        let n = from_row(row)?;
        let is_known = grouped.key(&n).is_some_and(|key| at.contains_key(key));
        if !is_known && found.groups.len() >= page.limit as usize {
            found.is_full = true;
            break;
        }
        found.add(n, grouped, &mut at);
        read += 1;
    }
    found.is_full |= read >= most;
    found.groups.sort_by_key(|group| std::cmp::Reverse(group.newest.id));
    Ok(found)
}

/// The group with this key.
pub fn get(conn: &Conn, key: &str) -> Result<Option<Group>> {
    let sql = format!("SELECT {COLUMNS} FROM notifications WHERE group_key = ?1 ORDER BY id DESC LIMIT 1");
    let Some(newest) = conn.prepare_cached(&sql)?.query_row([key], from_row).optional()? else { return Ok(None) };
    let sql = "SELECT min(id) FROM notifications WHERE group_key = ?1";
    let oldest = conn.prepare_cached(sql)?.query_row([key], |r| r.get(0))?;
    Ok(Some(Group { key: Some(key.to_owned()), newest, oldest }))
}

/// How many notifications a group has, and the actors of the newest ones.
#[derive(Debug, Clone, Default)]
pub struct GroupSize {
    /// The number of notifications.
    pub count: i64,
    /// The newest actors, each once.
    pub actors: Vec<ActorId>,
}

/// The sizes of groups, by key.
pub fn sizes(conn: &Conn, keys: &[&str], selection: &Selection) -> Result<HashMap<String, GroupSize>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT group_key, actor_id, members FROM ( \
           SELECT group_key, actor_id, row_number() OVER (PARTITION BY group_key ORDER BY id DESC) AS n, \
             count(*) OVER (PARTITION BY group_key) AS members FROM notifications \
           WHERE group_key IN (SELECT value FROM json_each(?1)) AND {}) WHERE n <= ?5 ORDER BY group_key, n",
        selected("?2", "?3", "?4")
    );
    let Selection { kinds, by, with_filtered } = selection;
    let keys = serde_json::to_string(keys)?;
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query(params![keys, kinds, by, with_filtered, limits::GROUP_ACTORS_SHOWN])?;
    let mut sizes: HashMap<String, GroupSize> = HashMap::new();
    while let Some(row) = rows.next()? {
        let size = sizes.entry(row.get(0)?).or_default();
        size.count = row.get(2)?;
        let actor = row.get(1)?;
        if !size.actors.contains(&actor) {
            size.actors.push(actor);
        }
    }
    Ok(sizes)
}

/// One page of the actors of a group: the notification as cursor, and the actor.
pub fn actors(conn: &Conn, key: &str, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT id, actor_id FROM notifications WHERE group_key = ?1 AND id < ?2 AND id > ?3 ORDER BY id {} LIMIT ?4",
        page.order()
    );
    page.list(conn, &sql, key)
}

/// The greatest key that consists of this prefix and a number.
pub fn latest_key(conn: &Conn, prefix: &str) -> Result<Option<String>> {
    // `:` is the character after the digits.
    let sql = "SELECT group_key FROM notifications WHERE group_key >= ?1 AND group_key < ?1 || ':' \
               ORDER BY group_key DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([prefix], |r| r.get(0)).optional()?)
}

/// Removes the notifications of a group.
pub fn dismiss(conn: &Conn, key: &str) -> Result<()> {
    conn.execute("DELETE FROM notifications WHERE group_key = ?1", [key])?;
    Ok(())
}
