//! A snapshot of everything that the owner or a visitor could see, as database rows.

use std::collections::BTreeSet;

use rusqlite::types::ValueRef;

use crate::support::TestServer;

/// The tables with user-visible state. Queues, caches and per-host counters are not among them.
const TABLES: [&str; 17] = [
    "actors",
    "actor_keys",
    "statuses",
    "status_edits",
    "tombstones",
    "mentions",
    "status_tags",
    "media",
    "polls",
    "poll_options",
    "poll_votes",
    "follows",
    "blocks",
    "favourites",
    "bookmarks",
    "timelines",
    "notifications",
];
/// The times at which a document was last fetched are not user-visible.
const LEFT_OUT: [&str; 2] = ["fetched_at", "updated_at"];

/// All rows of these tables at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(BTreeSet<String>);

impl Picture {
    pub fn of(server: &TestServer) -> Self {
        let read = |c: &dassie::store::Conn| {
            let mut rows = BTreeSet::new();
            for table in TABLES {
                let mut query = c.prepare(&format!("SELECT * FROM {table}"))?;
                let names: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
                let mut found = query.query([])?;
                while let Some(row) = found.next()? {
                    let shown = names.iter().enumerate().filter(|(_, n)| !LEFT_OUT.contains(&n.as_str()));
                    let cells: Vec<String> =
                        shown.map(|(i, n)| format!("{n}={}", cell(row.get_ref_unwrap(i)))).collect();
                    rows.insert(format!("{table}: {}", cells.join(" ")));
                }
            }
            Ok(rows)
        };
        Self(server.app.domain.store.read(read).unwrap())
    }

    /// Without the rows of these tables.
    pub fn without(mut self, tables: &[&str]) -> Self {
        self.0.retain(|row| !tables.iter().any(|t| row.starts_with(&format!("{t}: "))));
        self
    }

    /// What came (`+`) and went (`-`) until a later picture.
    pub fn changes(&self, later: &Self) -> Vec<String> {
        let gone = self.0.difference(&later.0).map(|row| format!("-{row}"));
        gone.chain(later.0.difference(&self.0).map(|row| format!("+{row}"))).collect()
    }
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".into(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(x) => x.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
