//! What Dassie makes of a document, and why: the reading of it, and what would come of it, tried and undone.
//!
//! The JSON form of [`Xray`] is stable: members are added, never renamed or removed. `docs/federation.md` lists them.

mod dry_run;
mod examined;
mod parse;
mod quote_approval;
mod report;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::Domain;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::statuses::Status;
use dry_run::{DryRun, attempt};

pub use examined::{Check, Examined};
pub use quote_approval::CONSENT;

/// A media attachment.
#[derive(Debug, Clone, Serialize)]
pub struct Attachment {
    /// `image`, `gifv`, `video`, `audio` or `unknown`.
    pub kind: &'static str,
    /// Where it is.
    pub url: String,
    /// Its description.
    pub alt: Option<String>,
}

/// A poll.
#[derive(Debug, Clone, Serialize)]
pub struct Poll {
    /// Several options may be chosen.
    pub multiple: bool,
    /// Option texts with their votes.
    pub options: Vec<(String, u64)>,
    /// When it ends.
    pub ends: Option<String>,
    /// It is over.
    pub closed: bool,
    /// How many people voted.
    pub voters: Option<u64>,
}

/// A quote.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    /// The id of what is quoted.
    pub uri: String,
    /// It may be shown.
    pub approved: bool,
    /// Why, or why not.
    pub why: &'static str,
}

/// A consent of an author, as a document that anybody may check.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovalDetails {
    /// What it allows: `like`, `reply`, `announce` or `quote`.
    pub allows: String,
    /// The post or activity that is allowed.
    pub interacting: Option<String>,
    /// The post that this is done to.
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

/// What Dassie makes of a document.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Xray {
    /// Where the document came from.
    pub source: String,
    /// What it is: `activity`, `post`, `vote`, `actor`, `collection`, `consent` or `unknown`.
    pub kind: &'static str,
    /// Its type as written; of an activity around a post `Create Note`.
    pub r#type: String,
    /// Its id.
    pub id: Option<String>,
    /// Who wrote or does it; of an actor its handle.
    pub author: Option<String>,
    /// What a reader sees, as plain text.
    pub text: Option<String>,
    /// What a reader sees, as cleaned HTML.
    pub html: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Who it is for: `public`, `unlisted`, `private` or `direct`.
    pub visibility: Option<&'static str>,
    /// The content warning.
    pub content_warning: Option<String>,
    /// Media are hidden at first.
    pub sensitive: bool,
    /// BCP 47 language.
    pub language: Option<String>,
    /// When it was written.
    pub published: Option<String>,
    /// When it was edited.
    pub updated: Option<String>,
    /// Its page for people.
    pub url: Option<String>,
    /// Its media.
    pub attachments: Vec<Attachment>,
    /// The ids of those it mentions.
    pub mentions: Vec<String>,
    /// Its hashtags.
    pub hashtags: Vec<String>,
    /// Its custom emoji.
    pub emoji: Vec<String>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// What it quotes.
    pub quote: Option<Quote>,
    /// The emoji that it reacts with.
    pub reaction: Option<String>,
    /// What it replies to.
    pub in_reply_to: Option<String>,
    /// The community that it is in.
    pub group: Option<String>,
    /// What an activity is done to, the first of several.
    pub object: Option<String>,
    /// Everything that it is done to.
    pub objects: Vec<String>,
    /// The collection or actor that it is done towards.
    pub target: Option<String>,
    /// What an Accept brings with it: the consent.
    pub result: Option<String>,
    /// The post or activity that a request is about.
    pub instrument: Option<String>,
    /// What a consent allows, its author being who agrees.
    pub consent: Option<ApprovalDetails>,
    /// How many things a collection holds, as its server counts.
    pub total: Option<u64>,
    /// The fields of a profile.
    pub fields: Vec<Field>,
    /// Other ids of an actor.
    pub aliases: Vec<String>,
    /// The account on another network that an actor mirrors.
    pub proxy_of: Option<String>,
    /// An actor approves its followers.
    pub locked: bool,
    /// An actor is suspended by its own server.
    pub suspended: bool,
    /// Who may do what with it, as the author says: `like`, `reply`, `announce` and `quote`.
    pub policy: Option<Value>,
    /// What it would make us fetch first.
    pub fetches: Vec<String>,
    /// What was looked at on the way.
    pub checks: Vec<Check>,
    /// `stored`, `applied`, `ignored: why` or `refused: why`.
    pub verdict: String,
    /// What must be so in what is fetched first, for the verdict to hold.
    pub provided: Option<&'static str>,
}

/// How a document is looked at.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Where the document came from.
    pub source: String,
    /// As if the owner followed its author.
    pub followed: bool,
    /// What was looked at on the way.
    pub checks: Vec<Check>,
}

/// Reads a document and tries what would come of it. Nothing is changed and nobody is asked.
///
/// # Errors
/// When the database cannot be used.
pub fn examine(domain: &Arc<Domain>, document: &Value, setting: Setting) -> Result<Xray> {
    let mut xray = parse::read(document);
    close_poll(&mut xray, domain.now());
    xray.source = setting.source;
    xray.checks = setting.checks;
    let value = document.clone();
    let tried = domain.dry_run(move |tx| attempt(tx, tx.domain(), &value, setting.followed))?;
    tried.tell(&mut xray);
    Ok(xray)
}

/// The same of what a server answered; where that is no document, what is wrong with it.
///
/// # Errors
/// When the database cannot be used.
pub fn examine_answer(domain: &Arc<Domain>, answer: Examined, source: String, followed: bool) -> Result<Xray> {
    let Examined { document, checks } = answer;
    match document {
        Ok(document) => examine(domain, &document, Setting { source, followed, checks }),
        Err(why) => Ok(Xray { source, kind: "unknown", checks, verdict: format!("refused: {why}"), ..Xray::default() }),
    }
}

/// A post of ours, read as others read it: nothing is tried, because nobody sends it to us.
pub fn of_own(document: &Value, status: &Status, now: Timestamp) -> Xray {
    let mut xray = parse::read(document);
    close_poll(&mut xray, now);
    xray.source.clone_from(&status.uri);
    DryRun::of_own(status).tell(&mut xray);
    xray
}

/// A poll is over when it says so, or when its time is.
fn close_poll(xray: &mut Xray, now: Timestamp) {
    if let Some(poll) = &mut xray.poll {
        let end = poll.ends.as_deref().and_then(Timestamp::parse);
        poll.closed |= end.is_some_and(|end| end <= now);
    }
}
