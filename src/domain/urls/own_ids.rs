//! The ids of the collections and activities of local actors.

use crate::protocol::ids::ActorId;

/// The collections of a local actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnCollection {
    /// Its activities.
    Outbox,
    /// Its followers.
    Followers,
    /// The actors that it follows.
    Following,
    /// Its favourites.
    Liked,
    /// Pinned posts.
    Featured,
    /// Featured hashtags.
    FeaturedTags,
    /// Its followers on the requesting server (FEP-8fcf).
    FollowersSynchronization,
}

impl OwnCollection {
    /// The id of the collection.
    pub fn of(self, actor: &str) -> String {
        let path = match self {
            Self::Outbox => "outbox",
            Self::Followers => "followers",
            Self::Following => "following",
            Self::Liked => "liked",
            Self::Featured => "collections/featured",
            Self::FeaturedTags => "collections/tags",
            Self::FollowersSynchronization => "followers_synchronization",
        };
        format!("{actor}/{path}")
    }
}

/// The activities of local actors that have an id of their own. No id has a fragment: Sharkey refuses such ids, and a server
/// that fetches one would get the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnAction {
    /// Follow, by the owner or the instance actor.
    Follow,
    /// Like without content.
    Like,
    /// Like with content.
    Reaction,
    /// Dislike.
    Dislike,
    /// A vote in a poll.
    Vote,
    /// Block.
    Block,
    /// Flag.
    Flag,
    /// Move.
    Move,
    /// Add or Remove of a pinned post.
    Pin,
    /// Update of an actor or a post.
    Update,
    /// Accept.
    Accept,
    /// Reject.
    Reject,
}

impl OwnAction {
    const ALL: [(Self, &'static str); 12] = [
        (Self::Follow, "follows"),
        (Self::Like, "likes"),
        (Self::Reaction, "reactions"),
        (Self::Dislike, "dislikes"),
        (Self::Vote, "votes"),
        (Self::Block, "blocks"),
        (Self::Flag, "flags"),
        (Self::Move, "moves"),
        (Self::Pin, "pins"),
        (Self::Update, "updates"),
        (Self::Accept, "accepts"),
        (Self::Reject, "rejects"),
    ];

    /// The path segment in its ids.
    pub fn path(self) -> &'static str {
        Self::ALL.iter().find(|(action, _)| *action == self).map_or("", |(_, path)| path)
    }

    /// The id of an activity of this kind, below that of its actor or post.
    pub fn of(self, subject: &str, number: i64) -> String {
        format!("{subject}/{}/{number}", self.path())
    }

    /// True if [`OwnAction::of`] has created this id for this kind of activity.
    pub fn made(self, id: &str) -> bool {
        id.rsplit('/').nth(1) == Some(self.path())
    }

    /// The prefix of the ids of all responses to the follows of one actor.
    pub fn of_follower(self, owner: &str, follower: ActorId) -> String {
        format!("{owner}/{}/follows/{follower}/", self.path())
    }
}

/// The id of the Undo of a local activity. Ids that were created before version 0.4 have a fragment, which the id of the
/// Undo must not have.
pub fn undo_of(activity: &str) -> String {
    format!("{}/undo", activity.replace('#', "/"))
}
