//! The rows that are shown with the statuses of one page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::views::{CardView, QuoteView, StatusContent, StatusView};
use crate::domain::custom_emoji::usage::{self, UsedEmoji};
use crate::domain::interactions::interaction_policy;
use crate::error::Result;
use crate::protocol::activitystreams::types::Poll;
use crate::protocol::ids::{ActorId, AppId, StatusId};
use crate::store::account::apps;
use crate::store::actors::Actor;
use crate::store::database::column_types::IdList;
use crate::store::interactions::owner_marks::{self, OwnerMarks};
use crate::store::interactions::reactions::ReactionCount;
use crate::store::interactions::{quotes, reactions};
use crate::store::media::Media;
use crate::store::preview_cards::{self, PreviewCard};
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::mentions::{self, StoredMention};
use crate::store::statuses::{ApprovalState, Quoted, Status};
use crate::store::statuses::{hashtags, polls, tombstones};
use crate::store::visibility::Viewer;
use crate::store::{Conn, media};

/// The quoted status, if its author approves.
pub(super) fn accepted(quote: Option<&Quoted>) -> Option<StatusId> {
    quote.filter(|q| q.state == ApprovalState::Accepted).and_then(|q| q.status)
}

/// The owner, if the interaction policy of a status may restrict the owner.
pub(super) fn restricted_owner(viewer: Viewer, status: &Status) -> Option<ActorId> {
    viewer.owner().filter(|_| !status.local && status.policy.is_some() && status.boost_of.is_none())
}

/// The rows that are shown with the statuses of one page, by status.
pub(super) struct Parts {
    viewer: Viewer,
    media: HashMap<StatusId, Vec<Media>>,
    mentions: HashMap<StatusId, Vec<StoredMention>>,
    tags: HashMap<StatusId, Vec<String>>,
    polls: HashMap<StatusId, Poll>,
    votes: HashMap<StatusId, Vec<usize>>,
    quotes: HashMap<StatusId, i64>,
    reactions: HashMap<StatusId, Vec<ReactionCount>>,
    marks: HashMap<StatusId, OwnerMarks>,
    apps: HashMap<AppId, (String, Option<String>)>,
    /// The owner, if the policy of a status may restrict the owner; and the follows between the owner and these authors.
    owner: Option<Arc<Actor>>,
    follows: HashSet<(ActorId, ActorId)>,
    /// Quoted authors that the owner blocks.
    blocked: HashSet<ActorId>,
    /// Ids of quoted statuses that were deleted.
    deleted: HashSet<String>,
    cards: HashMap<StatusId, CardView>,
    /// The custom emoji in posts of the owner.
    emoji: UsedEmoji,
}

impl Parts {
    pub(super) fn read(
        conn: &Conn,
        viewer: Viewer,
        rows: &HashMap<StatusId, Status>,
        cards: HashMap<StatusId, PreviewCard>,
        actors: &HashMap<ActorId, Arc<Actor>>,
    ) -> Result<Self> {
        let owner = viewer.owner();
        let all = IdList::of_statuses(rows.keys());
        let ids = IdList::of_statuses(rows.values().filter(|s| s.boost_of.is_none()).map(|s| &s.id));
        let questions: Vec<StatusId> = rows.values().filter(|s| s.kind == "Question").map(|s| s.id).collect();
        let questions = (!questions.is_empty()).then(|| IdList::of_statuses(&questions));
        let app_ids: HashSet<AppId> = rows.values().filter_map(|s| s.app_id).collect();
        let (blocked, deleted) = hidden_quotes(conn, viewer, rows)?;
        let restricted = rows.values().filter(|s| restricted_owner(viewer, s).is_some());
        let authors: HashSet<ActorId> = restricted.map(|s| s.actor_id).collect();
        let polls = questions.as_ref().map(|ids| polls::of_statuses(conn, ids)).transpose()?.unwrap_or_default();
        let own = rows.values().filter(|s| s.local && s.boost_of.is_none());
        let emoji = UsedEmoji::read(conn, own.flat_map(|s| usage::texts(s, polls.get(&s.id))))?;
        Ok(Self {
            viewer,
            emoji,
            media: media::of_statuses(conn, &ids)?,
            mentions: mentions::of_statuses(conn, &ids)?,
            tags: hashtags::of_statuses(conn, &ids)?,
            polls,
            votes: match (&questions, owner) {
                (Some(ids), Some(owner)) => polls::votes_among(conn, ids, owner)?,
                _ => HashMap::new(),
            },
            quotes: quotes::counts(conn, &ids)?,
            reactions: reactions::tallies(conn, viewer, &ids)?,
            marks: match owner {
                Some(owner) => owner_marks::of_statuses(conn, owner, &all)?,
                None => HashMap::new(),
            },
            apps: match app_ids.is_empty() {
                true => HashMap::new(),
                false => apps::names(conn, &IdList::new(app_ids.iter().map(|id| id.0)))?,
            },
            owner: owner.filter(|_| !authors.is_empty()).and_then(|id| actors.get(&id).cloned()),
            follows: match owner.filter(|_| !authors.is_empty()) {
                Some(owner) => follows::accepted_among(conn, owner, &IdList::of_actors(&authors))?,
                None => HashSet::new(),
            },
            blocked,
            deleted,
            cards: cards.into_iter().map(|(id, card)| (id, CardView::new(card, actors))).collect(),
        })
    }

    /// The content of one status, without the quoted or boosted status.
    pub(super) fn content(
        &mut self,
        mut status: Status,
        author: Arc<Actor>,
        group: Option<Arc<Actor>>,
    ) -> StatusContent {
        let id = status.id;
        if status.local {
            status.emoji = self.emoji.of(usage::texts(&status, self.polls.get(&id)));
        }
        let mentions = self.mentions.remove(&id).unwrap_or_default();
        let restrictions = match &self.owner {
            Some(owner) if restricted_owner(self.viewer, &status).is_some() => {
                interaction_policy::restrictions(&status, &author, owner, &mentions, &self.follows)
            }
            _ => Vec::new(),
        };
        StatusContent {
            boost_of: None,
            media: self.media.remove(&id).unwrap_or_default(),
            tags: self.tags.remove(&id).unwrap_or_default(),
            poll: self.polls.remove(&id),
            own_votes: self.votes.remove(&id).unwrap_or_default(),
            quote: None,
            quotes: self.quotes.remove(&id).unwrap_or(0),
            reactions: self.reactions.remove(&id).unwrap_or_default(),
            app: status.app_id.filter(|_| status.boost_of.is_none()).and_then(|app| self.apps.get(&app).cloned()),
            marks: self.marks.remove(&id).unwrap_or_default(),
            card: self.cards.remove(&id),
            filtered: Vec::new(),
            mentions,
            restrictions,
            group,
            author,
            status,
        }
    }

    /// The view of a quote, with the quoted status from `from`.
    pub(super) fn quote(&self, quoted: &Quoted, from: &HashMap<StatusId, StatusView>) -> QuoteView {
        let found = accepted(Some(quoted)).and_then(|id| from.get(&id));
        let blocked = found.is_some_and(|view| self.blocked.contains(&view.status.actor_id));
        QuoteView {
            uri: quoted.uri.clone(),
            state: quoted.state,
            approval: quoted.approval.clone(),
            status: found.filter(|_| !blocked).cloned(),
            blocked,
            deleted: found.is_none() && self.deleted.contains(&quoted.uri),
        }
    }
}

/// Quoted authors that the owner blocks, and ids of quoted statuses that were deleted.
fn hidden_quotes(
    conn: &Conn,
    viewer: Viewer,
    rows: &HashMap<StatusId, Status>,
) -> Result<(HashSet<ActorId>, HashSet<String>)> {
    let (mut authors, mut missing) = (HashSet::new(), Vec::new());
    for quoted in rows.values().filter_map(|s| s.quote.as_ref()) {
        match accepted(Some(quoted)).and_then(|id| rows.get(&id)) {
            Some(found) => drop(authors.insert(found.actor_id)),
            None => missing.push(quoted.uri.as_str()),
        }
    }
    let blocked = match authors.is_empty() {
        true => HashSet::new(),
        false => blocks::by_local_among(conn, &IdList::of_actors(&authors))?,
    };
    let deleted = match missing.is_empty() {
        true => HashSet::new(),
        false => tombstones::told_among(conn, &missing, viewer)?,
    };
    Ok((blocked, deleted))
}

/// The cards of the statuses among these rows; none if the owner has switched previews off.
pub(super) fn cards(conn: &Conn, rows: &HashMap<StatusId, Status>) -> Result<HashMap<StatusId, PreviewCard>> {
    match preview_cards::are_enabled(conn)? {
        true => preview_cards::of_statuses(conn, &IdList::of_statuses(rows.keys())),
        false => Ok(HashMap::new()),
    }
}
