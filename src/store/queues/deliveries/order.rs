//! In what order the deliveries of one host go out.
//!
//! An earlier one holds back the later ones, so that a host gets Create before Update before Delete; what we forward and
//! what is ours do not hold back each other. One that the host has answered several times with a fault of its own
//! ([`limits::DELIVERY_SERVER_ERRORS`]) may be what breaks it: it holds back only what is about the same, and so do the later
//! ones about that.

use std::collections::HashSet;

use rusqlite::params;

use super::delivery::Lane;
use crate::error::Result;
use crate::limits;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::to_json;

/// True of a delivery `d` that nothing holds back, in SQL. `faulty` is the parameter that has what
/// [`free_at_faulty_hosts`] answers.
pub(crate) fn is_free(faulty: &str) -> String {
    let (forward, faults) = (Lane::Forward as i64, limits::DELIVERY_SERVER_ERRORS);
    format!(
        "(NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.host = d.host AND (e.lane = {forward}) = (d.lane = {forward}) \
         AND e.id < d.id) AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.host = d.host AND s.faults >= {faults}) \
         OR d.id IN (SELECT value FROM json_each({faulty})))"
    )
}

/// The deliveries that nothing holds back to hosts that fail over some, as a list in JSON; with a time, only of hosts
/// that may be contacted then.
pub(crate) fn free_at_faulty_hosts(conn: &Conn, now: Option<Timestamp>) -> Result<String> {
    let sql = format!(
        "SELECT DISTINCT d.host FROM deliveries d LEFT JOIN hosts h ON h.host = d.host \
         WHERE d.faults >= {} AND (?1 IS NULL OR ifnull(h.retry_at, 0) <= ?1)",
        limits::DELIVERY_SERVER_ERRORS
    );
    let hosts: Vec<String> = conn.prepare_cached(&sql)?.query_map([now], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut free = Vec::new();
    for host in hosts {
        for forwarded in [false, true] {
            free.extend(free_of(conn, &host, forwarded)?);
        }
    }
    Ok(to_json(&free))
}

/// What a delivery is about: its status; for want of one the inbox that it goes to, as a follow and its end do. What we
/// forward is about nothing else.
type Subject = Option<(Option<i64>, String)>;

/// The deliveries to a host that nothing holds back: the ones that it fails over, one about each thing, and the first
/// other one.
fn free_of(conn: &Conn, host: &str, forwarded: bool) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT d.id, d.faults, o.status_id, d.inbox FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id \
         WHERE d.host = ?1 AND (d.lane = {}) = ?2 ORDER BY d.id",
        Lane::Forward as i64
    );
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query(params![host, forwarded])?;
    let (mut free, mut failed_over) = (Vec::new(), HashSet::new());
    while let Some(r) = rows.next()? {
        let (id, faults, status): (i64, i64, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let subject: Subject = match status {
            None if forwarded => None,
            None => Some((None, r.get(3)?)),
            Some(status) => Some((Some(status), String::new())),
        };
        if subject.as_ref().is_some_and(|s| failed_over.contains(s)) {
            continue;
        }
        free.push(id);
        if faults < limits::DELIVERY_SERVER_ERRORS {
            break;
        }
        failed_over.extend(subject);
    }
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> rusqlite::Connection {
        let mut conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::store::database::migrations::run(&mut conn).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        conn
    }

    /// A delivery to one host: of this status or none, to this inbox, with so many faults.
    fn add(conn: &Conn, id: i64, status: Option<i64>, inbox: &str, faults: i64) {
        let outgoing = "INSERT INTO outgoing (id, uri, kind, actor_id, status_id, body, created_at, fan_out, private) \
                        VALUES (?1, ?1, 'Create', 1, ?2, x'', 1, 0, 0)";
        conn.execute(outgoing, params![id, status]).unwrap();
        let sql = "INSERT INTO deliveries (id, outgoing_id, inbox, host, lane, due, faults) VALUES (?1, ?1, ?2, 'h', 0, 1, ?3)";
        conn.execute(sql, params![id, inbox, faults]).unwrap();
    }

    #[test]
    fn a_fault_delays_only_deliveries_about_the_same_object() {
        let conn = database();
        add(&conn, 1, Some(10), "i", 3);
        add(&conn, 2, Some(10), "i", 0);
        add(&conn, 3, None, "i", 5);
        add(&conn, 4, None, "i", 0);
        add(&conn, 5, None, "j", 0);
        add(&conn, 6, Some(11), "i", 0);
        assert_eq!(free_of(&conn, "h", false).unwrap(), [1, 3, 5]);
        assert_eq!(free_at_faulty_hosts(&conn, None).unwrap(), "[1,3,5]");
    }

    /// Used for every delivery that waits, whenever one is done.
    #[test]
    fn delaying_deliveries_are_found_by_host() {
        let conn = database();
        let sql = format!("EXPLAIN QUERY PLAN SELECT 1 FROM deliveries d WHERE d.id = 1 AND {}", is_free("?1"));
        let mut query = conn.prepare(&sql).unwrap();
        let steps = query.query_map(["[]"], |r| r.get::<_, String>(3)).unwrap();
        let plan: Vec<String> = steps.map(|step| step.unwrap()).collect();
        for index in ["deliveries_host (host=? AND <expr>=? AND id<?)", "deliveries_faulty (host=?)"] {
            assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
        }
    }
}
