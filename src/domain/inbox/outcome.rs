//! The result of an incoming activity, and the reasons for which one is refused or ignored.

use std::fmt;

/// The result of an incoming activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A post was stored.
    Stored,
    /// The activity took effect.
    Applied,
    /// The activity has no effect here.
    Ignored(Reason),
    /// The actor is not permitted to do this.
    Refused(Reason),
    /// The decision requires a document that must be fetched first; apply the activity again afterwards.
    Needs(Need),
    /// A part took effect, as much as one write should do; apply the activity again for the rest.
    Unfinished,
    /// A document that was fetched just now does not confirm the activity, but may be out of date: apply it again later, and
    /// refuse it after a few attempts.
    Doubted(Reason),
}

/// The document that a decision requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The post with this id.
    Object(String),
    /// The current document of this actor.
    Actor(String),
    /// The current state of this post on its own server. Nothing else has to be applied: the activity only names the post, or
    /// carries a state that only the post's server can confirm.
    Current(String),
}

impl Need {
    /// The id of the document to fetch.
    pub fn address(&self) -> &str {
        match self {
            Self::Object(uri) | Self::Actor(uri) | Self::Current(uri) => uri,
        }
    }
}

/// Defines [`Reason`] from a table of names, codes and texts.
macro_rules! reasons {
    ($($name:ident $code:literal $text:literal)*) => {
        /// The reason for which an activity or an object is refused or ignored.
        ///
        /// The codes are stable: tests and users of `dassie xray --json` compare them. The texts may change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $(#[doc = $text] $name,)*
        }

        impl Reason {
            /// The stable code.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The reason in plain words.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

reasons! {
    // The form of the document.
    UnreadableActivity "unreadable-activity" "the activity has no actor or no object"
    UnreadableActor "unreadable-actor" "the actor has no id or no inbox"
    UnreadableInner "unreadable-inner-activity" "the enclosed activity cannot be read"
    UnsupportedActivity "unsupported-activity" "activities of this type have no effect"
    UnsupportedObject "unsupported-object" "objects of this type do not become posts"
    UnsupportedUndo "unsupported-undo" "activities of this type cannot be undone"
    NoActivityId "no-activity-id" "the activity has no id"
    NoObject "no-object" "the activity has no object"
    NoObjectId "no-object-id" "the object of the activity has no id"
    NoTarget "no-target" "the activity has no target"
    NoInstrument "no-instrument" "the request has no instrument"
    StandaloneApproval "standalone-approval" "an approval is read only if a post names it"
    StandaloneVote "standalone-vote" "a vote counts only if its author delivers it"
    Story "story" "stories expire and are not stored"

    // Who may do it.
    ForeignId "foreign-id" "the id of the activity is on another server than its actor"
    ForeignObject "foreign-object" "the object is hosted on another server than its author"
    ForeignCommunity "foreign-community" "only the server of a community can ban from it"
    NotAnActorId "not-an-actor-id" "the id of the actor is not a URL of another server"
    LocalActor "local-actor" "other servers cannot act for an actor of this server"
    LocalObject "local-object" "other servers cannot change an object of this server"
    ActorSuspended "actor-suspended" "the actor is suspended by its own server"
    HostSuspended "host-suspended" "this server does not federate with the actor's server"
    ActorBlocked "actor-blocked" "the owner blocks the actor"
    AuthorBlocked "author-blocked" "the owner blocks the author of the post"
    NotTheActor "not-the-actor" "only the actor itself may change or delete it"
    NotTheAuthor "not-the-author" "only the author may change, delete or pin it"
    WrongAuthor "wrong-author" "the object is attributed to another actor"
    NotVisible "not-visible" "the post does not exist, or the actor may not see it"
    OtherFollow "other-follow" "the follow is between other actors"
    OtherRelay "other-relay" "the owner is not subscribed to this relay"
    Unverified "unverified" "another actor relayed the activity without a proof"

    // What it refers to.
    AlreadyStored "already-stored" "it is already stored"
    Deleted "deleted" "the post was deleted"
    UnknownPost "unknown-post" "the post is not stored"
    UnknownActor "unknown-actor" "the actor is not stored"
    UnknownDeletion "unknown-deletion" "no deletion of this post is known"
    UnknownFollow "unknown-follow" "the owner has not sent this follow"
    UnknownPoll "unknown-poll" "the vote is not for a poll of the owner"
    NotTheOwner "not-the-owner" "the activity is not about the owner"
    NotOwnersPost "not-the-owners-post" "the activity is not about a post of the owner"
    NotForOwner "not-for-owner" "it is not addressed to the owner, and the owner does not follow its author"
    NotFollowed "not-followed" "the owner does not follow the actor"
    NotAMember "not-a-member" "the owner is not a member of the community"
    NotPublic "not-public" "only the author can delete a post that is not public"
    NotFeatured "not-featured" "the target is not the collection of the actor's pinned posts"
    NothingToUndo "nothing-to-undo" "the undone activity is not known"
    AlreadyUndone "already-undone" "the activity has already been undone"
    Superseded "superseded" "a newer activity has replaced the undone one"

    // Limits and policies.
    NotBoostable "not-boostable" "the post cannot be boosted"
    NotAllowed "not-allowed" "the owner's interaction policy does not allow it"
    NoApproval "no-approval" "the reply is accepted without an approval"
    ApprovalRevoked "approval-revoked" "the owner has revoked the approval"
    ReactionNotAdded "reaction-not-added" "the reaction is already stored, or the actor has too many"
    TooManyPins "too-many-pins" "the actor has too many pinned posts"
    TooManyReports "too-many-reports" "too many reports from this server are open"
    PollClosed "poll-closed" "the poll is closed"
    UnknownOption "unknown-option" "the poll has no such option"
    AlreadyVoted "already-voted" "the actor has already voted"
    VoteChanged "vote-changed" "a vote cannot be changed"

    // Moves.
    SameAccount "same-account" "the old and the new account are the same"
    NotTheAccount "not-the-account" "only the old or the new account can announce a move"
    UnknownAccount "unknown-account" "the old account is not stored"
    LocalAccount "local-account" "the new account belongs to this server"
    AccountNotFollowed "account-not-followed" "the owner does not follow the old account"
    AccountUnavailable "account-unavailable" "the new account cannot be fetched"
    AccountsDisagree "accounts-disagree" "one of the two accounts does not name the other"
    AccountBlocked "account-blocked" "a block prevents following the new account"
    OwnerMoved "owner-moved" "the owner has moved to another account"
    MovedRecently "moved-recently" "the old account has already moved recently"
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_kebab_case() {
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for code in codes {
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
        }
    }
}
