//! The statements that reads execute, in debug builds: tests count them and check their query plans.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use rusqlite::Connection;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

static TEXTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The number of statements that reads on this thread have executed.
pub fn count() -> u64 {
    COUNT.get()
}

/// The texts of all statements that reads of this process have executed.
pub fn texts() -> BTreeSet<String> {
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

pub(super) fn trace(conn: &Connection) {
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
}

fn note(event: TraceEvent<'_>) {
    // Statements of FTS5 on its own tables depend on the layout of its index.
    if let TraceEvent::Stmt(_, sql) = event
        && !sql.contains("status_search_")
    {
        COUNT.set(COUNT.get() + 1);
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        if !texts.contains(sql) {
            texts.insert(sql.to_owned());
        }
    }
}
