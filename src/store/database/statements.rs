//! The statements that are executed, in debug builds: tests count those of reads and check the query plans of all.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::error::Result;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

static TEXTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The number of statements that reads on this thread have executed.
pub fn count() -> u64 {
    COUNT.get()
}

/// The texts of all statements that this process has executed on its databases.
pub fn texts() -> BTreeSet<String> {
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The query plan of a statement, line by line.
pub fn plan(conn: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // Parameters stay NULL: the plan does not depend on them.
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next()? {
        plan.push(row.get("detail")?);
    }
    Ok(plan)
}

pub(super) fn trace(conn: &Connection) {
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
}

fn note(event: TraceEvent<'_>) {
    // Statements of FTS5 on its own tables depend on the layout of its index, and on whether the connection has searched before.
    if let TraceEvent::Stmt(_, sql) = event
        && !sql.contains("status_search_")
        && !sql.contains("data_version")
    {
        COUNT.set(COUNT.get() + 1);
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        if !texts.contains(sql) {
            texts.insert(sql.to_owned());
        }
    }
}
