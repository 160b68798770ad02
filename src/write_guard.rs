//! Guards the thread that runs the write transactions: every other write waits for it, so it neither processes texts nor waits
//! for other servers. Debug builds, and with them all tests, fail if it does.

use std::cell::Cell;

std::thread_local! {
    static RUNS_WRITES: Cell<bool> = const { Cell::new(false) };
}

/// Marks this thread as the one that runs the write transactions.
pub fn mark_thread() {
    RUNS_WRITES.set(true);
}

/// Panics in debug builds if this thread runs the write transactions. Called where work begins that takes long for input of
/// others.
#[track_caller]
pub fn assert_outside(work: &str) {
    debug_assert!(!RUNS_WRITES.get(), "{work} inside a write transaction");
}
