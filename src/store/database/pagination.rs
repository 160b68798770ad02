//! One way to page through anything that has an ascending id.

use rusqlite::types::FromSql;
use rusqlite::{Params, Row, ToSql, params};

use crate::error::Result;
use crate::store::Conn;

/// Rows per page by default.
pub const DEFAULT: u32 = 20;

/// Which rows of an id-ordered list are wanted, in the API's terms (`max_id`, `since_id`, `min_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only ids smaller than this.
    pub below: i64,
    /// Only ids larger than this.
    pub above: i64,
    /// Take the rows next to `above` instead of the newest ones (`min_id`). The answer is newest first all the same.
    pub from_oldest: bool,
    /// How many.
    pub limit: u32,
}

impl Page {
    /// The newest `limit` rows.
    pub fn newest(limit: u32) -> Self {
        Self { below: i64::MAX, above: -1, from_oldest: false, limit }
    }

    /// The newest `limit` rows below a cursor.
    pub fn before(cursor: Option<i64>, limit: u32) -> Self {
        Self { below: cursor.unwrap_or(i64::MAX), ..Self::newest(limit) }
    }

    /// True if a row with this id is within the bounds.
    pub fn contains(&self, id: i64) -> bool {
        self.above < id && id < self.below
    }

    /// `ASC` or `DESC`, for the query.
    pub(crate) fn order(&self) -> &'static str {
        if self.from_oldest { "ASC" } else { "DESC" }
    }

    /// The number of the order, for texts that are kept in both orders.
    pub(crate) fn variant(&self) -> usize {
        usize::from(self.from_oldest)
    }

    /// The rows of a list of an actor or something: the query takes its id, [`Page::below`], [`Page::above`] and the
    /// limit, in this order, and gives the cursor and what is listed.
    pub(crate) fn list<T: FromSql>(&self, conn: &Conn, sql: &str, of: impl ToSql) -> Result<Vec<(i64, T)>> {
        self.read(conn, sql, params![of, self.below, self.above, self.limit], |r| Ok((r.get(0)?, r.get(1)?)))
    }

    /// The rows of a query that is in [`Page::order`] and takes the bounds of the page among its parameters, newest first.
    pub(crate) fn read<T>(
        &self,
        conn: &Conn,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let rows = conn.prepare_cached(sql)?.query_map(params, row)?.collect::<rusqlite::Result<_>>()?;
        Ok(self.arrange(rows))
    }

    /// Puts rows that were read in [`Page::order`] newest first.
    pub(crate) fn arrange<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.from_oldest {
            rows.reverse();
        }
        rows
    }
}
