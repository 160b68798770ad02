//! The owner's relationship with an account, as pages show it.

use serde::Serialize;

use crate::domain::relationships::relation::Relation;
use crate::web::templates::{Time, time};

/// The owner's relationship with an account.
#[derive(Debug, Clone, Serialize)]
pub struct RelationView {
    /// What the main button shows: `blocking`, `following`, `requested`, `asked` (the account requests to follow) or `none`.
    pub state: &'static str,
    /// The reason why a follow of the owner has failed.
    pub failure: Option<String>,
    /// It follows the owner.
    pub followed_by: bool,
    /// The owner mutes it.
    pub muting: bool,
    /// When the mute ends, if it does.
    pub muted_until: Option<Time>,
    /// The owner is notified of each post.
    pub notify: bool,
    /// The owner sees its boosts.
    pub show_boosts: bool,
    /// The owner's private note about it.
    pub note: String,
}

/// A relationship as pages show it.
pub fn relation(r: Relation) -> RelationView {
    let state = match () {
        () if r.blocking => "blocking",
        () if r.requested_by => "asked",
        () if r.following => "following",
        () if r.requested => "requested",
        () => "none",
    };
    RelationView {
        state,
        muting: r.mute.is_some(),
        muted_until: r.mute_ends_at().map(time),
        failure: r.failure,
        followed_by: r.followed_by,
        notify: r.notify,
        show_boosts: r.show_boosts,
        note: r.note,
    }
}
