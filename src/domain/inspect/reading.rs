//! The reading of a document.
//!
//! The JSON form of [`Xray`] is stable: members are added, never renamed or removed. `docs/federation.md` lists them.

use serde::Serialize;
use serde_json::Value;

use super::examined::Check;
use crate::protocol::time::Timestamp;

/// A media attachment.
#[derive(Debug, Clone, Serialize)]
pub struct Attachment {
    /// `image`, `gifv`, `video`, `audio` or `unknown`.
    pub kind: &'static str,
    /// Its URL.
    pub url: String,
    /// Its description.
    pub alt: Option<String>,
}

/// A poll.
#[derive(Debug, Clone, Serialize)]
pub struct Poll {
    /// Voters may choose several options.
    pub multiple: bool,
    /// Option texts with their votes.
    pub options: Vec<(String, u64)>,
    /// The time at which it ends.
    pub ends: Option<String>,
    /// It has ended.
    pub closed: bool,
    /// The number of voters.
    pub voters: Option<u64>,
}

/// A quote.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    /// The id of the quoted post.
    pub uri: String,
    /// The quoted post may be shown.
    pub approved: bool,
    /// The reason why it may be shown or not.
    pub why: &'static str,
}

/// The details of an approval document.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovalDetails {
    /// The approved interaction: `like`, `reply`, `announce` or `quote`.
    pub allows: String,
    /// The approved post or activity.
    pub interacting: Option<String>,
    /// The post that it interacts with.
    pub to: Option<String>,
}

/// A field of a profile.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Its label.
    pub name: String,
    /// Its value as plain text.
    pub value: String,
}

/// The reading of a document, and what applying it would do.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Xray {
    /// The file or URL of the document.
    pub source: String,
    /// Its kind: `activity`, `post`, `vote`, `actor`, `collection`, `consent` or `unknown`.
    pub kind: &'static str,
    /// Its type as written; `Create Note` for an activity that contains a post.
    pub r#type: String,
    /// Its id.
    pub id: Option<String>,
    /// Its author or actor; the handle of an actor.
    pub author: Option<String>,
    /// The content as plain text.
    pub text: Option<String>,
    /// The content as sanitised HTML.
    pub html: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its visibility: `public`, `unlisted`, `private` or `direct`.
    pub visibility: Option<&'static str>,
    /// The content warning.
    pub content_warning: Option<String>,
    /// Its media are hidden until opened.
    pub sensitive: bool,
    /// The BCP 47 language tag.
    pub language: Option<String>,
    /// The time of publication.
    pub published: Option<String>,
    /// The time of the last edit.
    pub updated: Option<String>,
    /// The URL of its web page.
    pub url: Option<String>,
    /// Its media.
    pub attachments: Vec<Attachment>,
    /// The ids of the mentioned actors.
    pub mentions: Vec<String>,
    /// Its hashtags.
    pub hashtags: Vec<String>,
    /// Its custom emoji.
    pub emoji: Vec<String>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// The quoted post.
    pub quote: Option<Quote>,
    /// The emoji of a reaction.
    pub reaction: Option<String>,
    /// The id of the parent post.
    pub in_reply_to: Option<String>,
    /// The id of its community.
    pub group: Option<String>,
    /// The id of the first object of an activity.
    pub object: Option<String>,
    /// The ids of all objects of an activity.
    pub objects: Vec<String>,
    /// The id of the target of an activity.
    pub target: Option<String>,
    /// The result of an Accept: the id of an approval.
    pub result: Option<String>,
    /// The instrument of a request: the id of a post or activity.
    pub instrument: Option<String>,
    /// The details of an approval.
    #[serde(rename = "consent")]
    pub approval: Option<ApprovalDetails>,
    /// The number of items that a collection states.
    pub total: Option<u64>,
    /// The fields of a profile.
    pub fields: Vec<Field>,
    /// Other ids of an actor.
    pub aliases: Vec<String>,
    /// The account on another network that an actor mirrors.
    pub proxy_of: Option<String>,
    /// The actor approves its followers.
    pub locked: bool,
    /// The actor is suspended by its own server.
    pub suspended: bool,
    /// The interaction policy of the author for `like`, `reply`, `announce` and `quote`.
    pub policy: Option<Value>,
    /// The documents that would be fetched first.
    pub fetches: Vec<String>,
    /// The checks of a fetched document.
    pub checks: Vec<Check>,
    /// `stored`, `applied`, or `ignored` or `refused` with a colon and the reason in words.
    pub verdict: String,
    /// The code of the reason for which it is ignored or refused. Codes are stable.
    pub reason: Option<&'static str>,
    /// The condition that the fetched documents must meet for the verdict to hold.
    pub provided: Option<&'static str>,
}

impl Xray {
    /// The reading of a document that cannot be used.
    pub(super) fn unusable(source: String, checks: Vec<Check>, error: &str) -> Self {
        let verdict = format!("refused: {error}");
        Self { source, kind: "unknown", checks, verdict, reason: Some("unusable-document"), ..Self::default() }
    }

    /// Closes a poll whose end has passed, even if the document does not say that it is closed.
    pub(super) fn close_poll(&mut self, now: Timestamp) {
        if let Some(poll) = &mut self.poll {
            let end = poll.ends.as_deref().and_then(Timestamp::parse);
            poll.closed |= end.is_some_and(|end| end <= now);
        }
    }
}
