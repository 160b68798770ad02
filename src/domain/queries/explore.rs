//! Trends, suggestions and the directory, from what this server has seen.

use std::sync::Arc;
use std::time::Duration;

use super::accounts;
use super::hashtags::{self, HashtagView, Uses};
use super::status_view::{CardView, StatusLoader, StatusView};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, StatusId, first_id_at};
use crate::store::actors::{self, Actor};
use crate::store::database::column_types::IdList;
use crate::store::explore::{self, Slice};
use crate::store::preview_cards;
use crate::store::visibility::Viewer;

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// The age of posts that count for trends.
const TREND_DAYS: u32 = 3;
/// The age of interactions that count for suggestions.
const SUGGESTION_DAYS: u32 = 30;

fn since(domain: &Domain, days: u32) -> StatusId {
    StatusId(first_id_at(domain.now().minus(DAY * days)))
}

/// Hashtags that several accounts used recently.
pub fn tags(domain: &Domain, viewer: Viewer, slice: Slice) -> Result<Vec<HashtagView>> {
    let since = since(domain, TREND_DAYS);
    domain.store.read(|c| hashtags::views(c, viewer, &explore::tags(c, since, slice)?, domain.now()))
}

/// A link that several accounts posted recently.
#[derive(Debug, Clone)]
pub struct TrendingLink {
    /// Its card.
    pub card: CardView,
    /// The last seven days.
    pub history: Vec<Uses>,
}

/// Links that several accounts posted recently.
pub fn links(domain: &Domain, slice: Slice) -> Result<Vec<TrendingLink>> {
    let (since, now) = (since(domain, TREND_DAYS), domain.now());
    domain.store.read(|c| {
        if !preview_cards::are_enabled(c)? {
            return Ok(Vec::new());
        }
        let ids = explore::links(c, since, slice)?;
        let list = IdList::new(ids.iter().copied());
        let mut cards = preview_cards::among(c, &list)?;
        let creators: Vec<ActorId> = cards.values().filter_map(|card| card.creator).collect();
        let creators = actors::among(c, &IdList::of_actors(&creators))?;
        let creators = creators.into_iter().map(|actor| (actor.id, Arc::new(actor))).collect();
        let uses = explore::link_uses(c, &list, StatusId(first_id_at(hashtags::first_day(now))))?;
        let link = |id: i64| {
            let card = CardView::new(cards.remove(&id)?, &creators);
            Some(TrendingLink { card, history: hashtags::history(now, |day| uses.get(&(id, day)).copied()) })
        };
        Ok(ids.into_iter().filter_map(link).collect())
    })
}

/// Posts that were boosted and favourited recently.
pub fn statuses(domain: &Domain, viewer: Viewer, slice: Slice) -> Result<Vec<StatusView>> {
    let since = since(domain, TREND_DAYS);
    domain.store.read(|c| {
        let ids = explore::statuses(c, viewer, since, slice)?;
        StatusLoader::new(c, viewer).statuses(&ids)
    })
}

/// Which accounts the directory lists, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// The last active accounts first, not the newest.
    pub by_activity: bool,
    /// Only accounts of this server.
    pub local_only: bool,
    /// The rows.
    pub slice: Slice,
}

/// The accounts of the directory.
pub fn directory(domain: &Domain, query: DirectoryQuery) -> Result<Vec<Arc<Actor>>> {
    let ids = domain.store.read(|c| explore::directory(c, query.by_activity, query.local_only, query.slice))?;
    accounts::get_many(domain, &ids)
}

/// A suggested account: `true` if the owner interacted with it, `false` if followed accounts did.
pub type Suggestion = (Arc<Actor>, bool);

/// Accounts that the owner may want to follow.
pub fn suggestions(domain: &Domain, limit: u32) -> Result<Vec<Suggestion>> {
    let viewer = domain.as_owner()?;
    let since = domain.now().minus(DAY * SUGGESTION_DAYS);
    let rows = domain.store.read(|c| explore::suggestions(c, viewer, since, limit))?;
    let ids: Vec<ActorId> = rows.iter().map(|(id, _)| *id).collect();
    let found = accounts::get_many(domain, &ids)?;
    let own = |id: ActorId| rows.iter().any(|(actor, own)| *actor == id && *own);
    Ok(found.into_iter().map(|actor| (actor.clone(), own(actor.id))).collect())
}

/// Never suggests an account again.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub fn dismiss(domain: &Domain, id: ActorId) -> Result<()> {
    domain.store.write(move |c| {
        actors::get(c, id)?.ok_or(Error::NotFound)?;
        explore::dismiss(c, id)
    })
}
