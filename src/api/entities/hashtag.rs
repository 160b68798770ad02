//! Tag and FeaturedTag.

use serde::Serialize;

use super::Context;
use crate::domain::queries::hashtags::{HashtagView, Uses};
use crate::store::account::featured_hashtags::FeaturedHashtag;

/// The uses of a hashtag or link on one day.
#[derive(Debug, Serialize)]
pub(super) struct Day {
    day: String,
    uses: String,
    accounts: String,
}

/// Tag.
#[derive(Debug, Serialize)]
pub struct Tag {
    id: String,
    name: String,
    url: String,
    history: Vec<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    following: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    featuring: Option<bool>,
}

/// A history as the API shows it.
pub(super) fn days(history: &[Uses]) -> Vec<Day> {
    let day = |(day, uses, accounts): &Uses| Day {
        day: day.to_string(),
        uses: uses.to_string(),
        accounts: accounts.to_string(),
    };
    history.iter().map(day).collect()
}

/// A hashtag as the API shows it.
pub fn tag(ctx: Context<'_>, view: &HashtagView) -> Tag {
    Tag {
        id: view.tag.clone(),
        name: view.tag.clone(),
        url: ctx.site.tag(&view.tag),
        history: days(&view.history),
        following: view.marks.map(|(following, _)| following),
        featuring: view.marks.map(|(_, featuring)| featuring),
    }
}

/// FeaturedTag.
#[derive(Debug, Serialize)]
pub struct FeaturedTag {
    id: String,
    name: String,
    url: String,
    statuses_count: String,
    last_status_at: Option<String>,
}

/// A featured hashtag as the API shows it.
pub fn featured_tag(ctx: Context<'_>, featured: &FeaturedHashtag) -> FeaturedTag {
    FeaturedTag {
        id: featured.id.to_string(),
        name: featured.name.clone(),
        url: ctx.site.tag(&featured.tag),
        statuses_count: featured.uses.to_string(),
        last_status_at: featured.last_used.map(|at| at.to_date()),
    }
}
