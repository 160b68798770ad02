//! What an activity says: who does what to which object.

use std::borrow::Cow;

use super::audience::Audience;
use super::interaction::Interaction;
use super::item::Item;
use crate::protocol::activitystreams::read::kinds::{is_activity_type, is_actor_type};
use crate::protocol::activitystreams::read::values::kind_of;
use crate::protocol::time::Timestamp;

/// The kinds of activity that Dassie acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityKind {
    /// A new object.
    Create,
    /// A changed object or actor.
    Update,
    /// A removed object or actor.
    Delete,
    /// A wish to follow.
    Follow,
    /// Consent: to a follow, or to something else.
    Accept,
    /// The opposite of consent.
    Reject,
    /// An earlier activity taken back.
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
    /// The author of a video lets a comment be seen (PeerTube).
    ApproveReply,
    /// The author of a video does not.
    RejectReply,
    /// A wish to be allowed to quote, like, answer or boost (FEP-044f, GoToSocial).
    Request(Interaction),
    /// Any other type; answered 202 and left alone.
    Other(String),
}

impl ActivityKind {
    /// The kind of a type that Dassie acts on.
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

    /// The kind of any type.
    pub fn of(name: &str) -> Self {
        Self::known(name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// Its type, as [`ActivityKind::of`] reads it.
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
    /// Who does it.
    pub actor: String,
    /// What it is done to; nearly always one item.
    pub objects: Vec<Item>,
    /// The collection or actor that it is done towards (Add, Remove, Move).
    pub target: Option<String>,
    /// What comes of it (`result` of an Accept).
    pub result: Option<String>,
    /// The quoting, answering or liking thing of a request.
    pub instrument: Option<Item>,
    /// Who it is for.
    pub audience: Audience,
    /// When.
    pub published: Option<Timestamp>,
    /// The reason of a Flag, or of a Block that is a ban.
    pub content: Option<String>,
    /// What a Like reacts with, if it is an emoji reaction.
    pub reaction: Option<Reaction>,
    /// It is a Dislike (Lemmy, PeerTube, Friendica): a Like with [`THUMB_DOWN`] that takes the place of a plain one.
    pub is_dislike: bool,
}

/// The emoji of a Dislike.
pub const THUMB_DOWN: &str = "👎";

impl Activity {
    /// Reads the documents in this activity, so that applying it in a write transaction reads none.
    pub fn prepare(&self) {
        for item in self.objects.iter().chain(&self.instrument) {
            let Item::Embedded(document) = item else { continue };
            let kind = kind_of(document).unwrap_or_default();
            if is_actor_type(&kind) {
                // An error is kept with the document, as what was read is.
                let _ = document.actor();
            } else if !is_activity_type(&kind) {
                let _ = document.object();
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
