//! A poll with its counts.

use serde::Serialize;

use super::super::emoji::Painter;
use crate::domain::posts::polls;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types;
use crate::protocol::html;
use crate::store::visibility::Viewer;
use crate::web::templates::{Html, Time, time};

/// An option of a poll.
#[derive(Debug, Clone, Serialize)]
pub struct PollOption {
    /// Its text, with custom emoji.
    pub title: Html,
    /// Its votes.
    pub votes: u64,
    /// Its share of all votes, 0 to 100.
    pub percent: u64,
    /// The owner chose it.
    pub own: bool,
}

/// A poll.
#[derive(Debug, Clone, Serialize)]
pub struct Poll {
    /// Its options.
    pub options: Vec<PollOption>,
    /// Several may be chosen.
    pub multiple: bool,
    /// The owner can vote in it now.
    pub open: bool,
    /// It has ended.
    pub over: bool,
    /// The counts of its options are hidden until it ends.
    pub hidden: bool,
    /// The number of voters, or of votes.
    pub votes: u64,
    /// `votes` counts voters.
    pub by_people: bool,
    /// When it ends or ended.
    pub ends: Option<Time>,
}

pub(super) fn poll(view: &StatusView, viewer: Viewer, emoji: &mut Painter<'_>) -> Option<Poll> {
    let p = view.poll.as_ref()?;
    // In a multiple-choice poll a share is one of the voters, not of the votes.
    let most = p.options.iter().map(|o| o.votes).max().unwrap_or(0);
    let total = if p.multiple { p.voters.unwrap_or(0).max(most) } else { p.votes() };
    let over = polls::is_over(p, crate::domain::now());
    let hidden = polls::hides_counts(p, crate::domain::now());
    let shown = |votes: u64| if hidden { 0 } else { votes };
    let option = |(n, o): (usize, &types::PollOption)| PollOption {
        title: emoji.paint(&html::escape(&o.title)),
        votes: shown(o.votes),
        percent: shown(o.votes).saturating_mul(100).saturating_add(total / 2).checked_div(total).unwrap_or(0),
        own: view.own_votes.contains(&n),
    };
    Some(Poll {
        options: p.options.iter().enumerate().map(option).collect(),
        multiple: p.multiple,
        open: viewer.is_owner() && !over && !view.author.local && view.own_votes.is_empty(),
        over,
        hidden,
        votes: p.voters.unwrap_or_else(|| p.votes()),
        by_people: p.voters.is_some(),
        ends: p.ends_at.map(time),
    })
}
