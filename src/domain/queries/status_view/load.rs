//! Loads pages of statuses with a constant number of queries: each kind of row is read once for all statuses of a page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::cache::ViewCache;
use super::parts::{Parts, accepted, cards, restricted_owner};
use super::views::{NotificationView, StatusContent, StatusView};
use crate::domain::Domain;
use crate::domain::filters::active::{FilterMatch, FilterSet};
use crate::error::Result;
use crate::protocol::html;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::database::column_types::IdList;
use crate::store::interactions::reactions;
use crate::store::notifications::{Notification, NotificationKind, severances};
use crate::store::relationships::reports;
use crate::store::relationships::reports::Report;
use crate::store::statuses::{self, Status, tombstones};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// Reads the database with a loader for one viewer that also notes which filters of the owner match. For the owner it takes
/// statuses from memory while nothing has changed.
pub fn read<T>(
    domain: &Domain,
    viewer: Viewer,
    f: impl FnOnce(&Conn, &mut StatusLoader<'_>) -> Result<T>,
) -> Result<T> {
    // Before the read begins: what it finds is at least as new.
    let generation = domain.store.generation().filter(|_| viewer.is_owner());
    domain.store.read(|conn| {
        let cache = generation.map(|generation| (&domain.views, generation));
        f(conn, &mut StatusLoader { cache, ..StatusLoader::filtered(conn, viewer, domain) })
    })
}

/// Loads statuses for one viewer, and caches their actors.
pub struct StatusLoader<'a> {
    conn: &'a Conn,
    viewer: Viewer,
    actors: HashMap<ActorId, Arc<Actor>>,
    /// Where the owner's filters come from, if their matches are noted.
    filters: Option<&'a Domain>,
    /// The cache, and the generation of the store at which this read began.
    cache: Option<(&'a ViewCache, u64)>,
}

impl<'a> StatusLoader<'a> {
    /// A loader for one viewer.
    pub fn new(conn: &'a Conn, viewer: Viewer) -> Self {
        Self { conn, viewer, actors: HashMap::new(), filters: None, cache: None }
    }

    /// A loader for one viewer that also notes which filters of the owner match.
    pub fn filtered(conn: &'a Conn, viewer: Viewer, domain: &'a Domain) -> Self {
        Self { filters: viewer.is_owner().then_some(domain), ..Self::new(conn, viewer) }
    }

    /// The statuses with these ids that the viewer may see, in this order.
    pub fn statuses(&mut self, ids: &[StatusId]) -> Result<Vec<StatusView>> {
        let found = self.by_id(ids)?;
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }

    /// Those of the statuses with these ids that the viewer may see.
    fn by_id(&mut self, ids: &[StatusId]) -> Result<HashMap<StatusId, StatusView>> {
        let mut found = self.cache.map(|(cache, generation)| cache.get(generation, ids)).unwrap_or_default();
        let missing: Vec<StatusId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let rows = statuses::visible_among(self.conn, self.viewer, &IdList::of_statuses(&missing))?;
            let loaded = self.page(rows)?;
            if let Some((cache, generation)) = self.cache {
                cache.put(generation, loaded.values());
            }
            found.extend(loaded);
        }
        Ok(found)
    }

    /// The status with this id, if the viewer may see it.
    pub fn status(&mut self, id: StatusId) -> Result<Option<StatusView>> {
        Ok(self.statuses(&[id])?.pop())
    }

    /// The view of a stored status. The caller has checked that the viewer may see it.
    pub fn view(&mut self, status: Status) -> Result<Option<StatusView>> {
        let id = status.id;
        Ok(self.page(vec![status])?.remove(&id))
    }

    /// The actor with this id.
    pub fn actor(&mut self, id: ActorId) -> Result<Option<Arc<Actor>>> {
        self.load_actors([id])?;
        Ok(self.actors.get(&id).cloned())
    }

    /// The actors with these ids, in this order.
    pub fn actors(&mut self, ids: &[ActorId]) -> Result<Vec<Arc<Actor>>> {
        self.load_actors(ids.iter().copied())?;
        Ok(ids.iter().filter_map(|id| self.actors.get(id).cloned()).collect())
    }

    /// Notifications with their actors and statuses. A notification whose status the viewer may not see is left out.
    pub fn notifications(&mut self, rows: Vec<Notification>) -> Result<Vec<NotificationView>> {
        let ids: Vec<StatusId> = rows.iter().filter_map(|row| row.status_id).collect();
        self.load_actors(rows.iter().map(|row| row.actor_id))?;
        let found = self.by_id(&ids)?;
        let reacted: Vec<i64> =
            rows.iter().filter(|row| row.kind == NotificationKind::Reaction).map(|row| row.id.0).collect();
        let mut reactions = match reacted.is_empty() {
            true => HashMap::new(),
            false => reactions::of_notifications(self.conn, &IdList::new(reacted))?,
        };
        let severed: Vec<i64> = rows.iter().filter_map(|row| row.severance_id).collect();
        let mut severances = match severed.is_empty() {
            true => HashMap::new(),
            false => severances::among(self.conn, &IdList::new(severed))?,
        };
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let status = row.status_id.and_then(|id| found.get(&id).cloned());
            let actor = self.actors.get(&row.actor_id).cloned();
            if let Some(actor) = actor.filter(|_| row.status_id.is_none() || status.is_some()) {
                let report = row.report_id.map(|id| self.report(id)).transpose()?.flatten();
                let target = report.as_ref().and_then(|(report, _)| report.target);
                self.load_actors(target)?;
                let target = target.and_then(|id| self.actors.get(&id).cloned());
                let reaction = reactions.remove(&row.id);
                let severance = row.severance_id.and_then(|id| severances.remove(&id));
                views.push(NotificationView { reaction, row, actor, status, report, target, severance });
            }
        }
        Ok(views)
    }

    /// A report with the reported posts of the owner. Reports are loaded one by one, because a page has few.
    fn report(&mut self, id: i64) -> Result<Option<(Report, Vec<StatusView>)>> {
        let Some(report) = reports::get(self.conn, id)? else { return Ok(None) };
        let found: Result<Vec<_>> = report.objects.iter().map(|uri| statuses::by_uri(self.conn, uri)).collect();
        let ids: Vec<StatusId> = found?.into_iter().flatten().map(|status| status.id).collect();
        let posts = self.statuses(&ids)?;
        Ok(Some((report, posts)))
    }

    /// Caches the actors with these ids.
    fn load_actors(&mut self, ids: impl IntoIterator<Item = ActorId>) -> Result<()> {
        let mut unknown: Vec<ActorId> = ids.into_iter().filter(|id| !self.actors.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let found = actors::among(self.conn, &IdList::of_actors(&unknown))?;
            self.actors.extend(found.into_iter().map(|actor| (actor.id, Arc::new(actor))));
        }
        Ok(())
    }

    /// Loads everything that is shown with these statuses, and with those that they boost or quote. A boost of a boost is
    /// dropped: no server makes one.
    fn page(&mut self, rows: Vec<Status>) -> Result<HashMap<StatusId, StatusView>> {
        let mut rows: HashMap<StatusId, Status> = rows.into_iter().map(|s| (s.id, s)).collect();
        self.add_linked(&mut rows, |s| s.boost_of)?;
        self.add_linked(&mut rows, |s| accepted(s.quote.as_ref()))?;
        self.conceal_parents(&mut rows)?;
        let cards = cards(self.conn, &rows)?;
        let actors = rows.values().flat_map(|s| [Some(s.actor_id), s.group, restricted_owner(self.viewer, s)]);
        let creators = cards.values().map(|card| card.creator);
        self.load_actors(actors.chain(creators).flatten().collect::<Vec<_>>())?;
        let mut parts = Parts::read(self.conn, self.viewer, &rows, cards, &self.actors)?;
        let (mut contents, mut boosts) = (HashMap::new(), Vec::new());
        let filters = self.filters_in_effect(&rows)?;
        for (id, row) in rows {
            let Some(author) = self.actors.get(&row.actor_id).cloned() else { continue };
            let group = row.group.filter(|_| row.boost_of.is_none()).and_then(|id| self.actors.get(&id).cloned());
            let mut content = parts.content(row, author, group);
            if content.status.boost_of.is_some() {
                boosts.push(content);
                continue;
            }
            if let Some((set, now)) = &filters {
                content.filtered = set.matches(&[id], || searched_text(&content), *now);
            }
            contents.insert(id, StatusView::from(content));
        }
        // A quoted status is shown without its own quote.
        let quoting = |view: &StatusView| {
            let quote = parts.quote(view.status.quote.as_ref()?, &contents);
            Some(StatusView::from(StatusContent { quote: Some(quote), ..StatusContent::clone(view) }))
        };
        let quotes: Vec<StatusView> = contents.values().filter_map(quoting).collect();
        contents.extend(quotes.into_iter().map(|view| (view.status.id, view)));
        for mut boost in boosts {
            let inner = boost.status.boost_of.and_then(|of| contents.get(&of)).filter(|inner| inner.boost_of.is_none());
            if let Some(inner) = inner.cloned() {
                if let Some((set, now)) = &filters {
                    boost.filtered = matches_of_boost(set, boost.status.id, &inner, *now);
                }
                contents.insert(boost.status.id, StatusContent { boost_of: Some(inner), ..boost }.into());
            }
        }
        Ok(contents)
    }

    /// Shows a reply to a status that the viewer may not see, or to a deleted one that was not for everyone, as a reply to an
    /// unknown one: anyone can reply to any id, and must not learn from that what is or was stored.
    fn conceal_parents(&self, rows: &mut HashMap<StatusId, Status>) -> Result<()> {
        if self.viewer.is_owner() {
            return Ok(());
        }
        let mut hidden: HashSet<StatusId> =
            rows.values().filter_map(|s| s.in_reply_to).filter(|id| !rows.contains_key(id)).collect();
        if !hidden.is_empty() {
            for shown in statuses::visible_among(self.conn, self.viewer, &IdList::of_statuses(&hidden))? {
                hidden.remove(&shown.id);
            }
        }
        let gone: Vec<&str> =
            rows.values().filter(|s| s.parent_gone).filter_map(|s| s.in_reply_to_uri.as_deref()).collect();
        let concealed = if gone.is_empty() { HashSet::new() } else { tombstones::closed_among(self.conn, &gone)? };
        for row in rows.values_mut() {
            if row.in_reply_to.is_some_and(|parent| hidden.contains(&parent)) {
                (row.in_reply_to, row.in_reply_to_actor) = (None, None);
            }
            row.parent_gone &= row.in_reply_to_uri.as_ref().is_some_and(|uri| !concealed.contains(uri));
        }
        Ok(())
    }

    /// Returns `true` if statuses may match a filter.
    pub fn has_filters(&self) -> Result<bool> {
        Ok(self.active_filters()?.is_some())
    }

    /// The owner's filters and the time, if these rows may match.
    fn filters_in_effect(&self, rows: &HashMap<StatusId, Status>) -> Result<Option<(Arc<FilterSet>, Timestamp)>> {
        if rows.is_empty() { Ok(None) } else { self.active_filters() }
    }

    /// The owner's filters and the time, if there are any for this viewer.
    fn active_filters(&self) -> Result<Option<(Arc<FilterSet>, Timestamp)>> {
        let Some(domain) = self.filters else { return Ok(None) };
        let now = domain.now();
        Ok(Some((domain.filters.current(self.conn, now)?, now)).filter(|(set, _)| !set.is_empty()))
    }

    /// Adds the statuses that these rows refer to and the viewer may see.
    fn add_linked(
        &self,
        rows: &mut HashMap<StatusId, Status>,
        link: impl Fn(&Status) -> Option<StatusId>,
    ) -> Result<()> {
        let mut wanted: Vec<StatusId> = rows.values().filter_map(link).filter(|id| !rows.contains_key(id)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if !wanted.is_empty() {
            let found = statuses::visible_among(self.conn, self.viewer, &IdList::of_statuses(&wanted))?;
            rows.extend(found.into_iter().map(|s| (s.id, s)));
        }
        Ok(())
    }
}

/// The filters that match a boost: itself, or the boosted status.
fn matches_of_boost(filters: &FilterSet, boost: StatusId, of: &StatusView, now: Timestamp) -> Vec<FilterMatch> {
    let by_itself = filters.matches(&[boost], String::new, now);
    let is_other = |found: &&FilterMatch| by_itself.iter().all(|own| own.filter.row.id != found.filter.row.id);
    let mut matches: Vec<FilterMatch> = of.filtered.iter().filter(is_other).cloned().collect();
    matches.extend(by_itself);
    matches
}

/// What filters look for keywords in.
fn searched_text(view: &StatusContent) -> String {
    let options = view.poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.clone());
    let descriptions = view.media.iter().filter_map(|media| media.description.clone());
    let parts = [view.status.title.clone().unwrap_or_default(), view.status.summary.clone()];
    let content = std::iter::once(html::to_text(&view.status.content));
    parts.into_iter().chain(content).chain(options).chain(descriptions).collect::<Vec<_>>().join("\n\n")
}
