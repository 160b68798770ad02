//! The owner's visits to the home timeline: what is new since the last one. Both reading positions are markers: `home`, which
//! apps share, and `visit`, where `home` was when this visit began.

use std::time::Duration;

use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::account::markers::{self, Marker};

const HOME: &str = "home";
const VISIT: &str = "visit";

/// A visit ends when the home timeline was not read for this long.
const GAP: Duration = Duration::from_secs(30 * 60);

/// The end of the visit before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastVisit {
    /// The newest row of the home timeline that was read then.
    pub read: i64,
    /// When that was.
    pub at: Timestamp,
}

impl LastVisit {
    fn of(marker: Marker) -> Self {
        Self { read: marker.last_read_id, at: marker.updated_at }
    }
}

/// The visit before this one, if there was one. The owner is here now if the home timeline was read a short while ago.
pub fn last(domain: &Domain) -> Result<Option<LastVisit>> {
    let now = domain.now();
    domain.store.read(|c| before(c, markers::get(c, HOME)?, now))
}

fn before(conn: &Conn, home: Option<Marker>, now: Timestamp) -> Result<Option<LastVisit>> {
    match home.filter(|home| is_over(*home, now)) {
        Some(home) => Ok(Some(LastVisit::of(home))),
        None => Ok(markers::get(conn, VISIT)?.map(LastVisit::of)),
    }
}

/// Notes that the owner sees the home timeline down from this row. Returns the visit before this one, if there was one.
pub fn note(domain: &Domain, newest: i64) -> Result<Option<LastVisit>> {
    let now = domain.now();
    let (home, last) = domain.store.read(|c| {
        let home = markers::get(c, HOME)?;
        Ok((home, before(c, home, now)?))
    })?;
    let begins = home.is_none_or(|home| is_over(home, now));
    if begins || home.is_some_and(|home| newest > home.last_read_id) {
        domain.store.write(move |c| advance(c, home, newest, now))?;
    }
    Ok(last)
}

fn is_over(home: Marker, now: Timestamp) -> bool {
    home.updated_at.plus(GAP) < now
}

fn advance(conn: &Conn, home: Option<Marker>, newest: i64, now: Timestamp) -> Result<()> {
    if let Some(home) = home.filter(|home| is_over(*home, now)) {
        markers::set(conn, VISIT, home.last_read_id, home.updated_at)?;
    }
    markers::set(conn, HOME, newest.max(home.map_or(0, |home| home.last_read_id)), now)
}
