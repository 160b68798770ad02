//! Filters of the owner: keywords and posts, and where they apply.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::{by_index, integer_columns};
use super::database::events::{self, StoreEvent};
use super::database::settings;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;

/// What happens to a status that a filter matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FilterAction {
    /// The app shows a warning instead.
    #[default]
    Warn,
    /// The server leaves it out.
    Hide,
    /// The app hides its media behind a warning.
    Blur,
}

impl FilterAction {
    const ALL: [Self; 3] = [Self::Warn, Self::Hide, Self::Blur];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Hide => "hide",
            Self::Blur => "blur",
        }
    }

    /// Reads the API's name. The documentation also names `blur_media`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = if name == "blur_media" { "blur" } else { name };
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// Where a filter applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterContext {
    /// The home timeline and lists.
    Home,
    /// Notifications.
    Notifications,
    /// Public and hashtag timelines.
    Public,
    /// Threads.
    Thread,
    /// Profiles.
    Account,
}

impl FilterContext {
    const ALL: [Self; 5] = [Self::Home, Self::Notifications, Self::Public, Self::Thread, Self::Account];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Notifications => "notifications",
            Self::Public => "public",
            Self::Thread => "thread",
            Self::Account => "account",
        }
    }

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.as_str() == name)
    }
}

/// A set of contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilterContexts(i64);

impl FilterContexts {
    /// The contexts in a list.
    pub fn new(contexts: impl IntoIterator<Item = FilterContext>) -> Self {
        Self(contexts.into_iter().fold(0, |set, context| set | 1 << context as i64))
    }

    /// Returns `true` if a context is in the set.
    pub fn contains(self, context: FilterContext) -> bool {
        self.0 & 1 << context as i64 != 0
    }

    /// The contexts in the set, in the order of the documentation.
    pub fn iter(self) -> impl Iterator<Item = FilterContext> {
        FilterContext::ALL.into_iter().filter(move |context| self.contains(*context))
    }
}

integer_columns! {
    FilterAction: |action| *action as i64, |n| by_index(&FilterAction::ALL, n);
    FilterContexts: |set| set.0, |n| Some(FilterContexts(n));
}

/// A keyword of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterKeyword {
    /// Its id.
    pub id: i64,
    /// The filter.
    pub filter: i64,
    /// The text to find.
    pub keyword: String,
    /// It must be a word of its own.
    pub whole_word: bool,
}

/// A post that a filter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterStatus {
    /// The id of this entry.
    pub id: i64,
    /// The filter.
    pub filter: i64,
    /// The post.
    pub status: StatusId,
}

/// A filter without its keywords and posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterRow {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub title: String,
    /// Where it applies.
    pub contexts: FilterContexts,
    /// What it does.
    pub action: FilterAction,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// A filter with all that it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The filter.
    pub row: FilterRow,
    /// Its keywords.
    pub keywords: Vec<FilterKeyword>,
    /// Its posts.
    pub statuses: Vec<FilterStatus>,
}

/// How much the owner's filters contain.
#[derive(Debug, Clone, Copy)]
pub struct FilterUsage {
    /// The number of filters.
    pub filters: i64,
    /// The number of keywords of all filters.
    pub keywords: i64,
    /// The bytes of all keywords.
    pub bytes: i64,
    /// The number of posts in all filters.
    pub statuses: i64,
}

fn filter_row(r: &Row<'_>) -> rusqlite::Result<FilterRow> {
    Ok(FilterRow { id: r.get(0)?, title: r.get(1)?, contexts: r.get(2)?, action: r.get(3)?, expires_at: r.get(4)? })
}

fn keyword_row(r: &Row<'_>) -> rusqlite::Result<FilterKeyword> {
    Ok(FilterKeyword { id: r.get(0)?, filter: r.get(1)?, keyword: r.get(2)?, whole_word: r.get(3)? })
}

fn status_row(r: &Row<'_>) -> rusqlite::Result<FilterStatus> {
    Ok(FilterStatus { id: r.get(0)?, filter: r.get(1)?, status: r.get(2)? })
}

/// All filters, the newest first; or one.
pub fn list(conn: &Conn, only: Option<i64>) -> Result<Vec<Filter>> {
    let mut filters: Vec<Filter> = conn
        .prepare_cached(
            "SELECT id, title, contexts, action, expires_at FROM filters WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC",
        )?
        .query_map([only], filter_row)?
        .map(|row| Ok(Filter { row: row?, keywords: Vec::new(), statuses: Vec::new() }))
        .collect::<Result<_>>()?;
    let mut query = conn.prepare_cached(
        "SELECT id, filter_id, keyword, whole_word FROM filter_keywords WHERE ?1 IS NULL OR filter_id = ?1 ORDER BY id",
    )?;
    for keyword in query.query_map([only], keyword_row)? {
        let keyword = keyword?;
        if let Some(filter) = filters.iter_mut().find(|f| f.row.id == keyword.filter) {
            filter.keywords.push(keyword);
        }
    }
    let mut query = conn.prepare_cached(
        "SELECT id, filter_id, status_id FROM filter_statuses WHERE ?1 IS NULL OR filter_id = ?1 ORDER BY id",
    )?;
    for entry in query.query_map([only], status_row)? {
        let entry = entry?;
        if let Some(filter) = filters.iter_mut().find(|f| f.row.id == entry.filter) {
            filter.statuses.push(entry);
        }
    }
    Ok(filters)
}

/// The filter with this id.
pub fn get(conn: &Conn, id: i64) -> Result<Option<Filter>> {
    Ok(list(conn, Some(id))?.pop())
}

/// The keyword with this id.
pub fn keyword(conn: &Conn, id: i64) -> Result<Option<FilterKeyword>> {
    let sql = "SELECT id, filter_id, keyword, whole_word FROM filter_keywords WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], keyword_row).optional()?)
}

/// The entry of a post with this id.
pub fn status(conn: &Conn, id: i64) -> Result<Option<FilterStatus>> {
    let sql = "SELECT id, filter_id, status_id FROM filter_statuses WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], status_row).optional()?)
}

/// How much all filters contain.
pub fn usage(conn: &Conn) -> Result<FilterUsage> {
    let sql = "SELECT (SELECT count(*) FROM filters), count(*), ifnull(sum(octet_length(keyword)), 0), \
               (SELECT count(*) FROM filter_statuses) FROM filter_keywords";
    Ok(conn.query_row(sql, [], |r| {
        Ok(FilterUsage { filters: r.get(0)?, keywords: r.get(1)?, bytes: r.get(2)?, statuses: r.get(3)? })
    })?)
}

/// Stores a filter, or replaces what is stored under its id.
pub fn put(conn: &Conn, filter: &FilterRow) -> Result<()> {
    conn.execute(
        "INSERT INTO filters (id, title, contexts, action, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) \
         DO UPDATE SET title = ?2, contexts = ?3, action = ?4, expires_at = ?5",
        params![filter.id, filter.title, filter.contexts, filter.action, filter.expires_at],
    )?;
    changed(conn)
}

/// Removes a filter.
pub fn remove(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM filters WHERE id = ?1", [id])?;
    changed(conn)
}

/// Stores a keyword, or replaces what is stored under its id.
pub fn put_keyword(conn: &Conn, keyword: &FilterKeyword) -> Result<()> {
    conn.execute(
        "INSERT INTO filter_keywords (id, filter_id, keyword, whole_word) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) \
         DO UPDATE SET keyword = ?3, whole_word = ?4",
        params![keyword.id, keyword.filter, keyword.keyword, keyword.whole_word],
    )?;
    changed(conn)
}

/// Removes a keyword.
pub fn remove_keyword(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM filter_keywords WHERE id = ?1", [id])?;
    changed(conn)
}

/// Adds a post to a filter. Returns the entry that is stored then.
pub fn add_status(conn: &Conn, entry: FilterStatus) -> Result<FilterStatus> {
    conn.execute(
        "INSERT INTO filter_statuses (id, filter_id, status_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![entry.id, entry.filter, entry.status],
    )?;
    changed(conn)?;
    Ok(conn.query_row(
        "SELECT id, filter_id, status_id FROM filter_statuses WHERE filter_id = ?1 AND status_id = ?2",
        params![entry.filter, entry.status],
        status_row,
    )?)
}

/// Removes a post from a filter.
pub fn remove_status(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM filter_statuses WHERE id = ?1", [id])?;
    changed(conn)
}

/// The number of changes to the filters so far: compiled filters are valid while it is the same.
pub fn version(conn: &Conn) -> Result<i64> {
    Ok(settings::get(conn, settings::FILTERS_VERSION)?.and_then(|v| v.parse().ok()).unwrap_or(0))
}

fn changed(conn: &Conn) -> Result<()> {
    events::record(StoreEvent::FiltersChanged);
    settings::set(conn, settings::FILTERS_VERSION, &version(conn)?.saturating_add(1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_the_order_of_the_lists() {
        assert!(FilterAction::ALL.iter().enumerate().all(|(i, a)| *a as usize == i));
        assert!(FilterContext::ALL.iter().enumerate().all(|(i, c)| *c as usize == i));
        let set = FilterContexts::new([FilterContext::Thread, FilterContext::Home]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [FilterContext::Home, FilterContext::Thread]);
    }
}
