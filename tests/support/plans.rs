//! Query plans: no statement of the server scans a whole table that others can fill, or sorts more than a page of it.
//!
//! Each test server checks, when it stops, the statements that were executed until then. So every query of a request that any
//! test makes is checked, those of jobs and activities too.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use dassie::store::Store;
use dassie::store::database::statements;

/// Tables that grow with what other servers send, and with the posts of the owner.
const LARGE: [&str; 23] = [
    "actors",
    "actor_keys",
    "statuses",
    "status_edits",
    "tombstones",
    "mentions",
    "status_tags",
    "polls",
    "poll_options",
    "poll_votes",
    "follows",
    "favourites",
    "reactions",
    "timelines",
    "notifications",
    "media",
    "seen_activities",
    "inbox_queue",
    "deliveries",
    "delivery_report",
    "hosts",
    "approvals",
    "jobs",
];

/// The reason, and parts of the statements that it holds for.
const PERMITTED: &[(&str, &[&str])] = &[
    ("It sorts the rows of one page.", &["json_each(?"]),
    (
        "It sorts the few rows of one key: keys of an actor, namesakes, edits, pins, delivery results of a post, a thread that \
         is read up to its limit, followers on one host.",
        &[
            "FROM actor_keys",
            "WHERE a.username = ?1 COLLATE NOCASE AND a.domain = ?2",
            "FROM status_edits WHERE status_id = ?1",
            "s.pinned_at IS NOT NULL",
            "FROM delivery_report WHERE status_id = ?1",
            "WITH RECURSIVE down",
            "AND a.host = ?2 AND a.gone_at IS NULL ORDER BY a.uri",
            "WHERE s.thread_id = ?1 AND s.visibility = 3",
        ],
    ),
    ("Substrings of names are searched in an index of all names.", &["instr(n.search_name, "]),
    (
        "The uses of a hashtag are limited before they are counted.",
        &["FROM status_tags WHERE tag >= ?1 AND tag < ?2 LIMIT"],
    ),
    (
        "It counts the owner's posts in an index that holds nothing else.",
        &["SELECT count(*) FROM statuses WHERE local = 1 AND boost_of_id IS NULL"],
    ),
    (
        "It reads the filtered notifications, of which only some thousands are kept, in an index that holds nothing else.",
        &["FROM notifications n WHERE n.filtered = 1", "FROM notifications WHERE filtered = 1"],
    ),
    (
        "It groups the owner's direct posts by conversation, in an index that holds nothing else.",
        &["max(s.id) AS last"],
    ),
    (
        "A job of the delivery worker, which reads its whole queue.",
        &[
            "FROM deliveries d JOIN outgoing o",
            "SELECT DISTINCT d.host FROM deliveries d",
            "ORDER BY id NOT IN (SELECT follower_id",
        ],
    ),
    (
        "There are two local actors, in an index of their own.",
        &["FROM actors WHERE local = 1 AND (avatar = ?1", "a.id IN (SELECT id FROM actors WHERE local = 1)"],
    ),
    (
        "The newest accounts of the directory: few rows are left out until the page is full.",
        &["ORDER BY a.id DESC LIMIT ?1 OFFSET ?2"],
    ),
    (
        "Trends and suggestions are counted over the posts of the last days.",
        &[
            "AND s.sensitive = 0 AND a.discoverable = 1",
            "AND s.boosts_count + s.favourites_count > 0",
            "SELECT a.id, max(x.own) FROM",
        ],
    ),
    (
        "The hashtags of the owner's posts.",
        &["FROM featured_tags f LEFT JOIN", "t.actor_id = ?1 AND t.tag NOT IN (SELECT tag FROM featured_tags)"],
    ),
    (
        "The names of servers are read in their order up to a limit, and kept as a response until something changes.",
        &["SELECT h.host FROM hosts h WHERE EXISTS"],
    ),
    (
        "It counts the languages of the owner's newest hundred posts.",
        &["FROM (SELECT language FROM statuses WHERE local = 1"],
    ),
    ("The number of jobs is limited.", &["FROM jobs"]),
    ("It merges the timelines of one post and its boosts.", &["SELECT timeline FROM timelines WHERE status_id = ?1"]),
    (
        "Everyone who interacted with a post gets a row anyway.",
        &["SELECT actor_id FROM statuses WHERE boost_of_id = ?1 UNION"],
    ),
    (
        "Daily maintenance.",
        &[
            "DELETE FROM actor_keys WHERE retired_at",
            "DELETE FROM hosts WHERE max(",
            "DELETE FROM tombstones WHERE deleted_at",
            "value FROM status_edits, json_each(status_edits.media)",
        ],
    ),
    (
        "The owner changes a policy or a key, removes an upload, or asks for the state of the queues.",
        &[
            "SELECT DISTINCT host, domain FROM actors",
            "FROM hosts h JOIN actors a ON a.host = h.host",
            "sum(parked = 0)",
            "FROM deliveries WHERE error IS NOT NULL GROUP BY host",
            "OR EXISTS (SELECT 1 FROM status_edits, json_each(status_edits.media) WHERE value = ?1)",
        ],
    ),
    (
        "The account was deleted: everything is removed, in steps.",
        &[
            "SELECT count(*) FROM statuses WHERE local =",
            "SELECT count(*) FROM media WHERE file IS NOT NULL",
            "(SELECT id FROM statuses ORDER BY id LIMIT ?1)",
            "(SELECT id FROM actors WHERE local = 0 LIMIT ?1)",
            "DELETE FROM jobs WHERE kind <> 'erase'",
            "UPDATE media SET status_id = NULL, remove_at = ?1 WHERE remove_at IS NULL",
            "DELETE FROM media WHERE file IS NULL",
        ],
    ),
];

/// A database without rows: the plans do not depend on what a test stored.
static EMPTY: LazyLock<(Store, tempfile::TempDir)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    (Store::open(dir.path()).unwrap(), dir)
});
static CHECKED: Mutex<Option<HashSet<String>>> = Mutex::new(None);
/// The texts of all tests, which have statements of their own.
static TESTS: LazyLock<String> = LazyLock::new(|| {
    let mut texts = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut texts);
    words(&texts.replace("\\\n", " "))
});

fn collect(dir: &Path, texts: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|e| e == "rs") {
            texts.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks the statements that no former call has checked.
pub fn check() {
    if std::thread::panicking() {
        return;
    }
    let mut wrong = Vec::new();
    for text in statements::texts() {
        let sql = words(&text);
        let is_new = CHECKED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().insert(sql.clone());
        if is_new && is_of_server(&sql) {
            let plan = EMPTY.0.read(|c| statements::plan(c, &text)).unwrap();
            wrong.extend(faults(&sql, &plan).into_iter().map(|fault| format!("{fault}: {sql}")));
        }
    }
    assert!(wrong.is_empty(), "use an index, or give the reason in tests/support/plans.rs:\n{}", wrong.join("\n"));
}

/// Returns `false` for statements that tests make, and for those that are not about rows.
fn is_of_server(sql: &str) -> bool {
    let is_query = ["SELECT ", "WITH ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb));
    // Tests empty and list tables by their names.
    let is_whole =
        !sql.contains(" WHERE ") && ["SELECT * ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb));
    // Temporary tables belong to one connection.
    is_query && !is_whole && !sql.contains("temp.") && !TESTS.contains(sql)
}

/// The steps of a plan that read a whole table or sort it.
fn faults(sql: &str, plan: &[String]) -> Vec<String> {
    let large: Vec<&str> = LARGE.into_iter().flat_map(|table| names_of(table, sql)).collect();
    let is_permitted = || PERMITTED.iter().flat_map(|(_, parts)| *parts).any(|part| sql.contains(part));
    if large.is_empty() || is_permitted() {
        return Vec::new();
    }
    let is_fault = |step: &&String| match step.strip_prefix("SCAN ") {
        // An index in the order of the result ends with the page.
        Some(rest) => {
            large.contains(&rest.split(' ').next().unwrap()) && !(rest.contains(" INDEX ") && sql.contains(" LIMIT "))
        }
        None => step.starts_with("USE TEMP B-TREE FOR") && step.ends_with("ORDER BY"),
    };
    plan.iter().filter(is_fault).cloned().collect()
}

/// The names that a statement gives to a table, if it reads it.
fn names_of<'a>(table: &str, sql: &'a str) -> Vec<&'a str> {
    let parts: Vec<&str> = sql.split([' ', '(', ')', ',']).filter(|part| !part.is_empty()).collect();
    let at = parts.windows(3).filter(|w| ["FROM", "JOIN", "UPDATE", "INTO"].contains(&w[0]) && w[1] == table);
    let aliases = at.flat_map(|w| [w[1], w[2]]);
    let last = parts.windows(2).filter(|w| ["FROM", "JOIN", "UPDATE"].contains(&w[0]) && w[1] == table).map(|w| w[1]);
    aliases.chain(last).collect()
}

#[test]
fn reading_and_sorting_a_whole_table_are_noticed() {
    let plan = |sql: &str| faults(sql, &EMPTY.0.read(|c| statements::plan(c, sql)).unwrap());
    assert_eq!(plan("SELECT s.id FROM statuses s WHERE s.content = 'x'"), ["SCAN s"]);
    assert_eq!(plan("DELETE FROM media WHERE blurhash = ?1"), ["SCAN media"]);
    assert_eq!(plan("SELECT id FROM statuses WHERE actor_id = ?1 ORDER BY content"), ["USE TEMP B-TREE FOR ORDER BY"]);
    assert_eq!(plan("SELECT id FROM statuses WHERE actor_id = ?1 ORDER BY id DESC LIMIT 20"), [""; 0]);
    assert_eq!(plan("SELECT key FROM settings WHERE value = ?1"), [""; 0]);
}
