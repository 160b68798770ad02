//! Which posts quote which, and whether they may; and whether local replies may stand.

use std::collections::HashMap;

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::events::{self, StoreEvent};
use crate::store::database::pagination::Page;
use crate::store::interactions::approval_state::ApprovalState;
use crate::store::statuses::status::Quoted;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// Quotes that arrived before what they quote find it.
pub(crate) fn adopt(conn: &Conn, id: StatusId, uri: &str) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET quote_id = ?1 WHERE quote_uri = ?2 AND quote_id IS NULL AND id <> ?1")?
        .execute(params![id, uri])?;
    Ok(())
}

/// Notes that a status quotes something else than before, or nothing any longer.
pub fn replace(conn: &Conn, id: StatusId, quoted: Option<&Quoted>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET quote_uri = ?2, quote_state = ?3, quote_approval = ?4, \
         quote_id = (SELECT q.id FROM statuses q WHERE q.uri = ?2 AND q.boost_of_id IS NULL) WHERE id = ?1",
    )?
    .execute(params![
        id,
        quoted.map(|q| &q.uri),
        quoted.map(|q| q.state),
        quoted.and_then(|q| q.approval.as_ref()),
    ])?;
    Ok(())
}

/// Notes the answer of the quoted author, with the id of the approval if there is one.
pub fn set_state(conn: &Conn, id: StatusId, state: ApprovalState, approval: Option<&str>) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET quote_state = ?2, quote_approval = ?3 WHERE id = ?1")?
        .execute(params![id, state, approval])?;
    events::record(StoreEvent::Edited(id));
    Ok(())
}

/// The quote that depends on the approval with this id.
pub fn by_approval(conn: &Conn, approval: &str) -> Result<Vec<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM statuses WHERE quote_uri IS NOT NULL AND quote_approval = ?1")?
        .query_map([approval], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The accepted quotes of a status that `viewer` may see.
pub fn of(conn: &Conn, viewer: Viewer, status: StatusId, page: &Page) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT s.id FROM statuses s WHERE s.quote_id = ?1 AND s.quote_state = 2 AND s.id < ?2 AND s.id > ?3 AND {} \
         AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    page.read(conn, &sql, params![status, page.below, page.above, page.limit], |r| r.get(0))
}

/// The accepted quotes of a status by the owner.
pub fn local_of(conn: &Conn, status: StatusId) -> Result<Vec<StatusId>> {
    let sql = "SELECT id FROM statuses WHERE quote_id = ?1 AND quote_state = 2 AND local = 1 ORDER BY id DESC LIMIT 20";
    Ok(conn.prepare_cached(sql)?.query_map([status], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// How many accepted quotes of these statuses are known; those without any are left out.
pub fn counts(conn: &Conn, of: &IdList) -> Result<HashMap<StatusId, i64>> {
    let sql = "SELECT s.quote_id, count(*) FROM json_each(?1) j CROSS JOIN statuses s ON s.quote_id = j.value \
               WHERE s.quote_state = 2 AND s.visibility <= 1 GROUP BY s.quote_id";
    Ok(conn.prepare_cached(sql)?.query_map([of], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// Notes what the author of a post of another actor says about a local reply, with the id of the approval if there is one.
pub fn set_reply_state(conn: &Conn, id: StatusId, state: ApprovalState, approval: Option<&str>) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET reply_state = ?2, reply_approval = ?3 WHERE id = ?1")?
        .execute(params![id, state, approval])?;
    Ok(())
}

/// The local replies that depend on the approval with this id.
pub fn replies_by_approval(conn: &Conn, approval: &str) -> Result<Vec<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM statuses WHERE reply_approval = ?1")?
        .query_map([approval], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}
