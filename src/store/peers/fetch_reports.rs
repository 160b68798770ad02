//! The results of fetching the rest of a thread or a profile.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// What was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A thread, by its first status that we know.
    Thread(StatusId),
    /// An actor's profile.
    Actor(ActorId),
}

impl Subject {
    fn key(self) -> String {
        match self {
            Self::Thread(id) => format!("thread {id}"),
            Self::Actor(id) => format!("actor {id}"),
        }
    }
}

/// How a fetch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchReport {
    /// When it was requested.
    pub asked_at: Timestamp,
    /// When it was done; `None` while it is under way.
    pub done_at: Option<Timestamp>,
    /// How many posts it brought.
    pub found: i64,
    /// How many it knows of and could not have.
    pub missing: i64,
}

/// The last fetch of a subject.
pub fn get(conn: &Conn, subject: Subject) -> Result<Option<FetchReport>> {
    Ok(conn
        .prepare_cached("SELECT asked_at, done_at, found, missing FROM fetch_reports WHERE subject = ?1")?
        .query_row([subject.key()], |r| {
            Ok(FetchReport { asked_at: r.get(0)?, done_at: r.get(1)?, found: r.get(2)?, missing: r.get(3)? })
        })
        .optional()?)
}

/// Notes that a fetch was requested.
pub fn requested(conn: &Conn, subject: Subject, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO fetch_reports (subject, asked_at) VALUES (?1, ?2) \
         ON CONFLICT (subject) DO UPDATE SET asked_at = ?2, done_at = NULL",
    )?
    .execute(params![subject.key(), now])?;
    Ok(())
}

/// Notes what a fetch brought.
pub fn done(conn: &Conn, subject: Subject, found: usize, missing: usize, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO fetch_reports VALUES (?1, ?2, ?2, ?3, ?4) \
         ON CONFLICT (subject) DO UPDATE SET done_at = ?2, found = ?3, missing = ?4",
    )?
    .execute(params![subject.key(), now, found as i64, missing as i64])?;
    Ok(())
}

/// Notes that a fetch was given up before it was done: something is missing.
pub fn given_up(conn: &Conn, subject: Subject, now: Timestamp) -> Result<()> {
    let sql = "UPDATE fetch_reports SET done_at = ?2, missing = max(missing, 1) WHERE subject = ?1 AND done_at IS NULL";
    conn.prepare_cached(sql)?.execute(params![subject.key(), now])?;
    Ok(())
}

/// Forgets old fetches.
pub fn purge(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM fetch_reports WHERE asked_at < ?1", [before])?;
    Ok(())
}
