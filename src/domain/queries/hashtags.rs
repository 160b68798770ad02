//! Hashtags with their recent uses, followed and featured ones.

use super::timelines::WithCursors;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::account::featured_hashtags::FeaturedHashtag;
use crate::store::account::{featured_hashtags, followed_hashtags};
use crate::store::database::pagination::Page;
use crate::store::statuses::hashtags;
use crate::store::visibility::Viewer;

/// The days of a history.
const DAYS: i64 = 7;
const DAY_MILLIS: i64 = 24 * 3_600 * 1_000;
/// Suggestions of hashtags to feature, as in Mastodon.
const SUGGESTIONS: u32 = 10;

/// The uses of a hashtag or link on one day: its start as seconds since 1970, posts, and their authors. Newest first.
pub type Uses = (i64, i64, i64);

/// The first day of a history.
pub(super) fn first_day(now: Timestamp) -> Timestamp {
    Timestamp::from_millis((now.millis() / DAY_MILLIS - DAYS + 1) * DAY_MILLIS)
}

/// The last seven days, with posts and authors by day (days since 1970).
pub(super) fn history(now: Timestamp, on_day: impl Fn(i64) -> Option<(i64, i64)>) -> Vec<Uses> {
    let day = |ago| now.millis() / DAY_MILLIS - ago;
    let uses = |day| on_day(day).unwrap_or_default();
    (0..DAYS).map(|ago| (day(ago) * DAY_MILLIS / 1_000, uses(day(ago)).0, uses(day(ago)).1)).collect()
}

/// A hashtag as it is shown.
#[derive(Debug, Clone)]
pub struct HashtagView {
    /// The hashtag, lower-case without `#`.
    pub tag: String,
    /// The last seven days.
    pub history: Vec<Uses>,
    /// Whether the owner follows and features it; `None` for other viewers.
    pub marks: Option<(bool, bool)>,
}

/// These hashtags, in this order.
pub fn views(conn: &Conn, viewer: Viewer, tags: &[String], now: Timestamp) -> Result<Vec<HashtagView>> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let uses = hashtags::uses_by_day(conn, viewer, tags, first_day(now))?;
    let marks = match viewer.is_owner() {
        true => Some((followed_hashtags::among(conn, tags)?, featured_hashtags::among(conn, tags)?)),
        false => None,
    };
    let view = |tag: &String| HashtagView {
        tag: tag.clone(),
        history: history(now, |day| uses.get(&(tag.clone(), day)).copied()),
        marks: marks.as_ref().map(|(followed, featured)| (followed.contains(tag), featured.contains(tag))),
    };
    Ok(tags.iter().map(view).collect())
}

/// One hashtag.
pub fn get(domain: &Domain, viewer: Viewer, tag: &str) -> Result<HashtagView> {
    let tags = [tag.to_owned()];
    let mut found = domain.store.read(|c| views(c, viewer, &tags, domain.now()))?;
    found.pop().ok_or_else(|| crate::Error::internal("a hashtag has no view"))
}

/// The hashtags that the owner follows.
pub fn followed(domain: &Domain, page: &Page) -> Result<WithCursors<HashtagView>> {
    let viewer = domain.as_owner()?;
    domain.store.read(|c| {
        let rows = followed_hashtags::list(c, page)?;
        let tags: Vec<String> = rows.iter().map(|(_, tag)| tag.clone()).collect();
        Ok(rows.into_iter().map(|(cursor, _)| cursor).zip(views(c, viewer, &tags, domain.now())?).collect())
    })
}

/// The hashtags that the owner features.
pub fn featured(domain: &Domain) -> Result<Vec<FeaturedHashtag>> {
    let owner = domain.owner()?.id;
    domain.store.read(|c| featured_hashtags::all(c, owner))
}

/// Hashtags that the owner often uses and does not feature.
pub fn suggestions(domain: &Domain) -> Result<Vec<HashtagView>> {
    let viewer = domain.as_owner()?;
    let owner = domain.owner()?.id;
    domain.store.read(|c| views(c, viewer, &featured_hashtags::suggestions(c, owner, SUGGESTIONS)?, domain.now()))
}
