//! Figures about the server.

use std::time::Duration;

use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::database::settings;
use crate::store::{actors, instance};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);
const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Weeks of activity, as in Mastodon.
const WEEKS: u32 = 12;
/// The first Monday after 1970-01-01, which was a Thursday.
const FIRST_MONDAY: i64 = 4 * 86_400_000;
const WEEK_MILLIS: i64 = 7 * 86_400_000;

/// A week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Monday, midnight UTC.
    pub start: Timestamp,
    /// Public and unlisted posts of the owner.
    pub statuses: i64,
    /// Accounts that were in use.
    pub active: i64,
    /// Accounts that were made.
    pub registrations: i64,
}

/// The last twelve weeks, the present one first.
pub fn weeks(domain: &Domain) -> Result<Vec<Week>> {
    let owner = domain.owner()?.id;
    let now = domain.now().millis();
    let monday = Timestamp::from_millis(now - (now - FIRST_MONDAY).rem_euclid(WEEK_MILLIS));
    domain.store.read(|c| {
        let made = actors::get(c, owner)?.map(|actor| actor.created_at);
        (0..WEEKS)
            .map(|ago| {
                let start = monday.minus(WEEK * ago);
                let end = start.plus(WEEK);
                let activity = instance::activity(c, start, end)?;
                Ok(Week {
                    start,
                    statuses: activity.statuses,
                    active: i64::from(activity.is_active),
                    registrations: i64::from(made.is_some_and(|at| (start..end).contains(&at))),
                })
            })
            .collect()
    })
}

/// Returns `true` if the account was used in the last month.
pub fn is_active(domain: &Domain) -> Result<bool> {
    let now = domain.now();
    domain.store.read(|c| instance::is_active(c, now.minus(MONTH), now.plus(WEEK)))
}

/// The languages that the owner posts in, the most used first: those of the newest posts, or the language of new posts, or that of
/// the pages.
pub fn languages(domain: &Domain) -> Result<Vec<String>> {
    domain.store.read(|c| {
        let used = instance::languages(c)?;
        if !used.is_empty() {
            return Ok(used);
        }
        let language = settings::get(c, settings::DEFAULT_LANGUAGE)?.filter(|l| !l.is_empty());
        Ok(vec![language.unwrap_or_else(|| "en".into())])
    })
}
