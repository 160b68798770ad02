//! Activities: actor, kind and object.

use std::borrow::Cow;

use super::audience::Audience;
use super::interaction::Interaction;
use super::item::Item;
use crate::protocol::activitystreams::read::kinds::is_actor_type;
use crate::protocol::activitystreams::read::values::kind_of;
use crate::protocol::time::Timestamp;

/// The kinds of activity that Dassie processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityKind {
    /// A new object.
    Create,
    /// A changed object or actor.
    Update,
    /// A removed object or actor.
    Delete,
    /// A request to follow.
    Follow,
    /// Acceptance of a follow or an interaction request.
    Accept,
    /// Rejection of a follow or an interaction request.
    Reject,
    /// Reverts an earlier activity.
    Undo,
    /// A favourite, or an emoji reaction.
    Like,
    /// A boost; around an activity, a group's relay of it (FEP-1b12).
    Announce,
    /// A block of the receiver.
    Block,
    /// A report.
    Flag,
    /// An item added to a collection (a pin, when the target is `featured`).
    Add,
    /// An item removed from a collection.
    Remove,
    /// The actor has moved.
    Move,
    /// The author of a video approves a comment (PeerTube).
    ApproveReply,
    /// The author of a video rejects a comment (PeerTube).
    RejectReply,
    /// A request for approval of a quote, like, reply or boost (FEP-044f, GoToSocial).
    Request(Interaction),
    /// Any other type; accepted with 202 and ignored.
    Other(String),
}

impl ActivityKind {
    /// Returns the kind of a type that Dassie processes.
    pub fn known(name: &str) -> Option<Self> {
        Some(match name {
            "Create" => Self::Create,
            "Update" => Self::Update,
            "Delete" => Self::Delete,
            "Follow" => Self::Follow,
            "Accept" => Self::Accept,
            "Reject" => Self::Reject,
            "Undo" => Self::Undo,
            "Like" | "EmojiReact" | "Dislike" => Self::Like,
            "Announce" => Self::Announce,
            "Block" => Self::Block,
            "Flag" => Self::Flag,
            "Add" => Self::Add,
            "Remove" => Self::Remove,
            "Move" => Self::Move,
            "ApproveReply" => Self::ApproveReply,
            "RejectReply" => Self::RejectReply,
            _ => Self::Request(Interaction::of_request(name)?),
        })
    }

    /// Returns the kind of any type.
    pub fn of(name: &str) -> Self {
        Self::known(name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// Returns the type, as parsed by [`ActivityKind::of`].
    pub fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::Follow => "Follow",
            Self::Accept => "Accept",
            Self::Reject => "Reject",
            Self::Undo => "Undo",
            Self::Like => "Like",
            Self::Announce => "Announce",
            Self::Block => "Block",
            Self::Flag => "Flag",
            Self::Add => "Add",
            Self::Remove => "Remove",
            Self::Move => "Move",
            Self::ApproveReply => "ApproveReply",
            Self::RejectReply => "RejectReply",
            Self::Request(interaction) => return Cow::Owned(format!("{}Request", interaction.as_str())),
            Self::Other(name) => name,
        })
    }
}

/// An activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id, where it has one (GoToSocial's Delete and Mastodon's Add have none).
    pub id: Option<String>,
    /// What it does.
    pub kind: ActivityKind,
    /// The id of its actor.
    pub actor: String,
    /// Its objects, nearly always one.
    pub objects: Vec<Item>,
    /// The activity that is embedded as the first object.
    pub inner: Option<Box<Activity>>,
    /// The target collection or actor (Add, Remove, Move).
    pub target: Option<String>,
    /// The `result` of an Accept: the id of the approval.
    pub result: Option<String>,
    /// The quoting or replying post, or the like, of an interaction request.
    pub instrument: Option<Item>,
    /// Its addressees.
    pub audience: Audience,
    /// Its time.
    pub published: Option<Timestamp>,
    /// The reason of a Flag, or of a Block that is a ban.
    pub content: Option<String>,
    /// What a Like reacts with, if it is an emoji reaction.
    pub reaction: Option<Reaction>,
    /// It is a Dislike (Lemmy, PeerTube, Friendica): a Like with [`THUMB_DOWN`] that replaces a plain one.
    pub is_dislike: bool,
}

/// The emoji of a Dislike.
pub const THUMB_DOWN: &str = "👎";

impl Activity {
    /// Parses the embedded documents, so that a write transaction does not have to.
    pub fn prepare(&self) {
        for item in self.objects.iter().chain(&self.instrument) {
            let Item::Embedded(document) = item else { continue };
            // The results are kept with the document, also if they are errors.
            let _ = document.object();
            if is_actor_type(&kind_of(document).unwrap_or_default()) {
                let _ = document.actor();
            }
        }
    }
}

/// An emoji reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji itself, or `:name:` of a custom one.
    pub text: String,
    /// The picture of a custom one.
    pub url: Option<String>,
}
