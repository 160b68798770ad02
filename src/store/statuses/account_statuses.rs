//! The statuses of an account or community, as lists of them show.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::database::viewer_sql::ViewerSql;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// What of an account's statuses is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountFilter {
    /// Leave out replies to others (replies to oneself stay).
    pub without_replies: bool,
    /// Leave out boosts.
    pub without_boosts: bool,
    /// Only statuses with media.
    pub only_media: bool,
    /// Only statuses that anyone may read, without a check of the viewer: for outbox and feeds.
    pub only_open: bool,
}

/// Whose statuses a list holds.
#[derive(Debug, Clone, Copy)]
pub enum AccountSource {
    /// The ones that an actor wrote or boosted.
    By(ActorId),
    /// The ones that were posted into a community.
    In(ActorId),
}

/// The statuses of an account, newest first.
pub fn of_account(
    conn: &Conn,
    viewer: Viewer,
    source: AccountSource,
    filter: AccountFilter,
    tag: Option<&str>,
    page: &Page,
) -> Result<Vec<StatusId>> {
    static SQL: ViewerSql<128> = ViewerSql::new();
    let (AccountSource::By(account) | AccountSource::In(account)) = source;
    let choices = [
        page.from_oldest,
        tag.is_some(),
        filter.without_replies,
        filter.without_boosts,
        filter.only_media,
        filter.only_open,
        matches!(source, AccountSource::In(_)),
    ];
    let variant = choices.iter().fold(0, |number, choice| number << 1 | usize::from(*choice));
    let sql = SQL.get(viewer, variant, || query(viewer, source, filter, tag.is_some(), page));
    page.read(conn, &sql, params![account, page.below, page.above, page.limit, tag], |r| r.get(0))
}

/// The query of [`of_account`] with the id of the account as `?1`, the page as `?2` to `?4` and the hashtag as `?5`.
fn query(viewer: Viewer, source: AccountSource, filter: AccountFilter, has_tag: bool, page: &Page) -> String {
    let (column, thread) = match source {
        AccountSource::By(_) => ("actor_id", "(s.in_reply_to_uri IS NULL OR s.in_reply_to_actor_id = s.actor_id)"),
        AccountSource::In(_) => ("group_id", "s.in_reply_to_uri IS NULL"),
    };
    let mut conditions = vec![visible_to(viewer, "s")];
    if matches!(source, AccountSource::In(_)) {
        conditions.push(shown_to(viewer, "s"));
    }
    if filter.without_replies {
        conditions.push(thread.into());
    }
    if filter.without_boosts {
        conditions.push("s.boost_of_id IS NULL".into());
    }
    if filter.only_media {
        conditions.push("s.has_media = 1".into());
    }
    if filter.only_open {
        conditions.push("s.visibility <= 1".into());
    }
    // An author seldom uses a hashtag: the index finds the posts that have it.
    let (from, id) = match source {
        AccountSource::By(_) if has_tag => {
            conditions.push("t.actor_id = ?1 AND t.tag = ?5".into());
            ("status_tags t CROSS JOIN statuses s ON s.id = t.status_id", "t.status_id")
        }
        AccountSource::In(_) if has_tag => {
            conditions.push("EXISTS (SELECT 1 FROM status_tags t WHERE t.tag = ?5 AND t.status_id = s.id)".into());
            ("statuses s", "s.id")
        }
        _ => {
            conditions.push("?5 IS NULL".into());
            ("statuses s", "s.id")
        }
    };
    format!(
        "SELECT s.id FROM {from} WHERE s.{column} = ?1 AND {id} < ?2 AND {id} > ?3 AND {} ORDER BY {id} {} LIMIT ?4",
        conditions.join(" AND "),
        page.order()
    )
}
