//! Brings a database file to the shape of `schema.sql`.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::protocol::search::words::search_name;

/// The schema version that this Dassie writes (`PRAGMA user_version`).
pub const VERSION: u32 = 4;

const SCHEMA: &str = include_str!("../../../schema.sql");

/// One step from the version before it.
struct Step {
    to: u32,
    sql: &'static str,
}

/// Each step from the first released schema to the present one, in order.
const STEPS: &[Step] = &[
    Step { to: 2, sql: include_str!("../upgrades/2.sql") },
    Step { to: 3, sql: include_str!("../upgrades/3.sql") },
    Step { to: 4, sql: include_str!("../upgrades/4.sql") },
];

/// Makes the schema in an empty file, or takes an older file step by step to the present version. Each step and
/// its version number are one transaction.
///
/// # Errors
/// [`Error::Conflict`] when the file was written by a newer Dassie.
pub fn run(conn: &mut Connection) -> Result<()> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > VERSION {
        return Err(Error::Conflict(
            format!(
                "this database has schema version {found}, but this Dassie knows only {VERSION}; \
                 run the newer Dassie that wrote it, or restore a backup"
            )
            .into(),
        ));
    }
    if found == 0 {
        return apply(conn, SCHEMA, VERSION);
    }
    if found < VERSION {
        add_functions(conn)?;
    }
    for step in STEPS.iter().filter(|s| s.to > found) {
        apply(conn, step.sql, step.to)?;
    }
    Ok(())
}

/// The SQL functions of the steps.
fn add_functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("search_name", 3, flags, |context| {
        let text = |n| context.get_raw(n).as_str();
        Ok(search_name(text(0)?, text(1)?, text(2)?))
    })?;
    Ok(())
}

/// Refuses a database that another program has made, before anything is written to it.
///
/// # Errors
/// [`Error::Storage`] when it is one.
pub fn check_origin(conn: &Connection) -> Result<()> {
    let sql = "SELECT count(*), ifnull(sum(name IN ('settings', 'actors', 'actor_keys')), 0) FROM sqlite_schema \
               WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let (all, ours): (i64, i64) = conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let version: u32 = conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let is_ours = if version == 0 { all == 0 } else { ours == 3 };
    if is_ours {
        return Ok(());
    }
    let cause = "its tables are those of another program".to_owned();
    Err(Error::Storage(StorageError { problem: StorageProblem::Foreign, path: None, cause }))
}

fn apply(conn: &mut Connection, sql: &str, version: u32) -> Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A second process may have been here first.
    let now: u32 = tx.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if now >= version {
        return Ok(());
    }
    tx.execute_batch(sql)?;
    tx.pragma_update(None, "user_version", version)?;
    let broken: Option<String> =
        tx.query_row("SELECT group_concat(\"table\") FROM pragma_foreign_key_check", [], |r| r.get(0))?;
    if let Some(tables) = broken {
        return Err(Error::internal(format!(
            "the upgrade to schema {version} would break references in {tables}; nothing was changed"
        )));
    }
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table and index with its definition, without comments, and columns in one spelling and order: a column
    /// that was added stands at the end.
    fn shape(conn: &Connection) -> Vec<(String, String)> {
        conn.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap()
            .query_map([], |r| {
                let sql: String = r.get(1)?;
                let plain: String = sql.lines().map(|l| l.split("--").next().unwrap()).collect::<Vec<_>>().join(" ");
                let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                Ok((r.get(0)?, words.replace("( ", "(").replace(" )", ")").replace(" ,", ",")))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn every_released_schema_reaches_the_present_one() {
        let mut fresh = Connection::open_in_memory().unwrap();
        run(&mut fresh).unwrap();
        let released = [
            (1, include_str!("../../../tests/fixtures/schema/1.sql")),
            (2, include_str!("../../../tests/fixtures/schema/2.sql")),
            (3, include_str!("../../../tests/fixtures/schema/3.sql")),
        ];
        for (version, sql) in released.iter().copied() {
            let mut old = Connection::open_in_memory().unwrap();
            old.execute_batch(sql).unwrap();
            old.pragma_update(None, "user_version", version).unwrap();
            run(&mut old).unwrap();
            assert_eq!(shape(&old), shape(&fresh), "from version {version}");
        }
    }

    /// Rows of version 3 that have values, and rows that have none.
    const ROWS: &str = "
        INSERT INTO hosts (host, first_seen, speaks_rfc9421, wants_rfc9421) VALUES ('a.example', 1, 5, 0), ('b.example', 1, 0, 7);
        INSERT INTO actors (id, uri, kind, username, domain, host, display_name, proxy_of, created_at, updated_at)
          VALUES (1, 'u:1', 0, 'ana', '', '', '', '', 1, 1), (2, 'u:2', 0, 'bea', 'b.example', 'b.example', 'Béa', '[\"x\",\"y\"]', 1, 1);
        INSERT INTO statuses (id, uri, actor_id, thread_id, visibility, created_at, quote_uri, quote_state, policy, details)
          VALUES (10, 's:10', 1, 10, 0, 1, NULL, 0, '', ''), (11, 's:11', 2, 10, 3, 1, 's:10', 2, '{}', '{\"a\":1}');
        INSERT INTO mentions VALUES (11, 1, 0);
        INSERT INTO notifications (id, kind, actor_id, created_at) VALUES (131075, 3, 2, 1), (131076, 4, 2, 1), (196608, 5, 2, 2);
        INSERT INTO markers VALUES ('home', 131075, 1, 1), ('notifications', 131076, 1, 1);
        INSERT INTO jobs (kind, subject, due, lane, host) VALUES ('thread', '10', 1, 0, ''), ('backfill', 'u:2', 1, 2, 'b.example');";

    #[test]
    fn rows_survive_an_upgrade() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("../../../tests/fixtures/schema/3.sql")).unwrap();
        conn.pragma_update(None, "foreign_keys", true).unwrap();
        conn.execute_batch(ROWS).unwrap();
        conn.pragma_update(None, "user_version", 3).unwrap();
        run(&mut conn).unwrap();
        let rows = |sql: &str| -> Vec<String> {
            let mut query = conn.prepare(sql).unwrap();
            query.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        let hosts = "SELECT concat_ws(' ', host, ifnull(speaks_rfc9421, '-'), ifnull(wants_rfc9421, '-')) FROM hosts ORDER BY host";
        assert_eq!(rows(hosts), ["a.example 5 -", "b.example - 7"]);
        assert_eq!(rows("SELECT search_name FROM actors ORDER BY id"), ["ana@ ", "bea@b.example bea"]);
        let actors = "SELECT concat_ws(' ', id, uri, username, ifnull(proxy_of, '-')) FROM actors ORDER BY id";
        assert_eq!(rows(actors), ["1 u:1 ana -", "2 u:2 bea [\"x\",\"y\"]"]);
        let statuses = "SELECT concat_ws(' ', id, actor_id, ifnull(quote_state, '-'), ifnull(policy, '-'), ifnull(details, '-')) \
                        FROM statuses ORDER BY id";
        assert_eq!(rows(statuses), ["10 1 - - -", "11 2 2 {} {\"a\":1}"]);
        assert_eq!(
            rows("SELECT concat_ws(' ', kind, ifnull(host, '-')) FROM jobs ORDER BY id"),
            ["thread -", "backfill b.example"]
        );
        assert_eq!(rows("SELECT concat_ws(' ', status_id, actor_id) FROM mentions"), ["11 1"]);
        assert_eq!(
            rows("SELECT concat_ws(' ', thread_id, read_id, ifnull(hidden_id, '-')) FROM conversations"),
            ["10 11 -"]
        );
        assert_eq!(
            rows("SELECT concat_ws(' ', id, kind) FROM notifications ORDER BY id"),
            ["1000000000 3", "1000000001 4", "1000000002 5"]
        );
        let markers = "SELECT concat_ws(' ', timeline, last_read_id) FROM markers ORDER BY timeline";
        assert_eq!(rows(markers), ["home 131075", "notifications 1000000001"]);
        for change in ["statuses SET quote_state = 9", "statuses SET visibility = 4", "actors SET locked = 2"] {
            assert!(conn.execute(&format!("UPDATE {change}"), []).is_err(), "{change}");
        }
    }

    fn plan(conn: &Connection, sql: &str) -> String {
        let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = query.query_map([], |r| r.get::<_, String>(3)).unwrap();
        steps.map(|step| step.unwrap() + "\n").collect()
    }

    /// Deleting the row that a foreign key points to searches for the rows that have it. Other columns that hold the id
    /// of a row are searched too when that row is looked up or removed.
    #[test]
    fn every_reference_has_an_index() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn).unwrap();
        let sql = "SELECT m.name, f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f \
                   UNION SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND c.name LIKE '%\\_id' ESCAPE '\\'";
        // Ids that are no references: of a client, a key in its own table, and the place up to which was read.
        let own = [
            ("apps", "client_id"),
            ("actor_keys", "key_id"),
            ("markers", "last_read_id"),
            ("conversations", "read_id"),
            ("conversations", "hidden_id"),
        ];
        let references: Vec<(String, String)> = conn
            .prepare(sql)
            .unwrap()
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(references.len() > 50, "{}: {references:?}", references.len());
        for (table, column) in references.iter().filter(|(t, c)| !own.contains(&(t.as_str(), c.as_str()))) {
            let plan = plan(&conn, &format!("SELECT 1 FROM {table} WHERE {column} = 1"));
            assert!(!plan.contains("SCAN"), "{table}.{column}: {plan}");
        }
    }

    /// Used for each Delete of something that is not stored, of which there are many.
    #[test]
    fn an_approval_is_found_by_its_id() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn).unwrap();
        let quote = plan(&conn, "SELECT id FROM statuses WHERE quote_uri IS NOT NULL AND quote_approval = 'x'");
        assert!(quote.contains("statuses_quote_approval"), "{quote}");
        let steps = plan(&conn, "SELECT id FROM statuses WHERE reply_approval = 'x'");
        assert!(steps.contains("statuses_reply_approval"), "{steps}");
    }

    #[test]
    fn a_newer_file_is_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.pragma_update(None, "user_version", VERSION + 1).unwrap();
        assert!(matches!(run(&mut conn), Err(Error::Conflict(_))));
    }
}
