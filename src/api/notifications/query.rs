//! The parameters that select notifications.

use crate::domain::queries::notifications::groups::GROUPED;
use crate::http::Form;
use crate::protocol::ids::ActorId;
use crate::store::notifications::groups::GroupedKinds;
use crate::store::notifications::{NotificationKind, Selection};

/// The selection of a request. Unknown names of kinds are ignored.
pub(super) struct NotificationQuery {
    /// The notifications to return.
    pub selection: Selection,
    /// The kind that a reaction is shown as.
    pub reaction: NotificationKind,
    /// The kinds to group.
    pub grouped: GroupedKinds,
    /// The highest number of unread ones that is counted.
    pub most_unread: u32,
}

impl NotificationQuery {
    /// Reads the parameters.
    pub(super) fn read(form: &Form) -> Self {
        let parse = |key: &str| form.list(key).into_iter().filter_map(NotificationKind::parse).collect::<Vec<_>>();
        let (requested, excluded) = (parse("types"), parse("exclude_types"));
        // Typed apps do not know reactions and would lose the whole page: they receive favourites unless they request reactions.
        let reaction = if requested.contains(&NotificationKind::Reaction) {
            NotificationKind::Reaction
        } else {
            NotificationKind::Favourite
        };
        let shown_as = |kind: NotificationKind| if kind == NotificationKind::Reaction { reaction } else { kind };
        let is_wanted = |kind: &NotificationKind| {
            let is_requested = !form.has_list("types") || requested.contains(&shown_as(*kind));
            is_requested && !excluded.contains(kind) && !excluded.contains(&shown_as(*kind))
        };
        let kinds: Vec<_> = NotificationKind::ALL.into_iter().filter(is_wanted).collect();
        let selection = Selection {
            by: form.number::<i64>("account_id").map(ActorId),
            with_filtered: form.is_set("include_filtered"),
            ..Selection::of(&kinds)
        };
        Self {
            selection,
            reaction,
            grouped: grouped(form, reaction),
            most_unread: form.number::<u32>("limit").unwrap_or(100).clamp(1, 1_000),
        }
    }
}

/// The kinds to group: those that the client knows as groups, or all that the server groups.
fn grouped(form: &Form, reaction: NotificationKind) -> GroupedKinds {
    let known: Vec<_> = form.list("grouped_types").into_iter().filter_map(NotificationKind::parse).collect();
    let is_known = |kind: &NotificationKind| !form.has_list("grouped_types") || known.contains(kind);
    let mut kinds: Vec<_> = GROUPED.into_iter().filter(is_known).collect();
    if kinds.contains(&reaction) {
        kinds.push(NotificationKind::Reaction);
    }
    GroupedKinds::of(&kinds)
}
