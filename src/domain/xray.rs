//! What Dassie makes of a document, and why: the reading of it, and what would come of it, tried and undone.
//!
//! The JSON form of [`Xray`] is stable: members are added, never renamed or removed. `docs/federation.md` lists them.

mod reading;

use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::Value;

use super::receive::{self, How, Need, Outcome};
use super::{Domain, accounts, site};
use crate::error::{Error, Result};
use crate::protocol::activitystreams;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKind};
use crate::protocol::ids::FollowId;
use crate::store::actors::Actor;
use crate::store::{Conn, actors, follows};

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

/// What was looked at on the way, for a document that was fetched.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: &'static str,
    /// It is in order.
    pub ok: bool,
    /// What was found.
    pub found: String,
}

/// What Dassie makes of a document.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Xray {
    /// Where the document came from.
    pub source: String,
    /// What it is: `activity`, `post`, `vote`, `actor`, `collection` or `unknown`.
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
    /// What an activity is done to.
    pub object: Option<String>,
    /// The collection or actor that it is done towards.
    pub target: Option<String>,
    /// Who may do what with it, as the author says: `like`, `reply`, `announce` and `quote`.
    pub policy: Option<Value>,
    /// What it would make us fetch first.
    pub fetches: Vec<String>,
    /// What was looked at on the way.
    pub checks: Vec<Check>,
    /// `stored`, `applied`, `ignored: why` or `refused: why`.
    pub verdict: String,
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
    let mut xray = reading::read(document);
    xray.source = setting.source;
    xray.checks = setting.checks;
    let answer: Arc<Mutex<Option<Outcome>>> = Arc::default();
    let (slot, ctx, value) = (answer.clone(), domain.clone(), document.clone());
    // The writer undoes whatever ends in an error: what is tried here never happens.
    let undone = domain.store.write_quietly(move |conn| -> Result<()> {
        let outcome = attempt(conn, &ctx, &value, setting.followed)?;
        *slot.lock().unwrap_or_else(|e| e.into_inner()) = Some(outcome);
        Err(Error::Conflict("it was only tried".into()))
    });
    let outcome = answer.lock().unwrap_or_else(|e| e.into_inner()).take();
    match (outcome, undone) {
        (Some(outcome), _) => judge(&mut xray, outcome),
        (None, Err(e)) => return Err(e),
        (None, Ok(())) => xray.verdict = "ignored: it cannot be read".into(),
    }
    Ok(xray)
}

fn judge(xray: &mut Xray, outcome: Outcome) {
    xray.verdict = match outcome {
        Outcome::Stored => "stored".into(),
        Outcome::Applied => "applied".into(),
        Outcome::Ignored(why) => format!("ignored: {why}"),
        Outcome::Refused(why) => format!("refused: {why}"),
        Outcome::Needs(Need::Object(uri) | Need::Actor(uri)) => {
            xray.fetches.push(uri);
            "applied".into()
        }
    };
}

/// What would come of a document: of an activity as if its actor had signed it, of anything else as if it had been
/// fetched from its own server.
fn attempt(conn: &Conn, domain: &Domain, document: &Value, followed: bool) -> Result<Outcome> {
    let kind = activitystreams::kind_of(document).unwrap_or_default();
    if activitystreams::is_activity_type(&kind) {
        let Ok(activity) = activitystreams::read_activity(document) else {
            return Ok(Outcome::Refused("the activity lacks its actor or its object"));
        };
        if domain.site.owns(&activity.actor) {
            return Ok(Outcome::Refused("nobody outside acts for an actor of ours"));
        }
        let signer = stand_in(conn, domain, &activity.actor, followed)?;
        let Some(signer) = signer else { return Ok(Outcome::Refused("its actor is no address")) };
        return receive::apply(conn, domain, &signer, &activity);
    }
    if activitystreams::is_actor_type(&kind) {
        return Ok(match activitystreams::read_actor(document) {
            Ok(doc) if domain.site.owns(&doc.id) => Outcome::Refused("nobody outside writes an actor of ours"),
            Ok(_) => Outcome::Stored,
            Err(_) => Outcome::Refused("the actor has no id or inbox"),
        });
    }
    let Ok(object) = activitystreams::read_object(document) else {
        return Ok(Outcome::Ignored("it is nothing that becomes a post"));
    };
    if object.vote.is_some() {
        return Ok(Outcome::Ignored("a vote counts only in the poll that it is for"));
    }
    if domain.site.owns(&object.id) {
        return Ok(Outcome::Refused("an object of ours cannot be written from outside"));
    }
    if !activitystreams::same_origin(&object.id, &object.attributed_to) {
        return Ok(Outcome::Refused("the object lies on another server than its author"));
    }
    let Some(author) = stand_in(conn, domain, &object.attributed_to, followed)? else {
        return Ok(Outcome::Refused("its author is no address"));
    };
    Ok(match receive::store_object(conn, domain, &author, &object, None, How::Fetched)? {
        Some(_) => Outcome::Stored,
        None => Outcome::Ignored("it was deleted"),
    })
}

/// The actor, or somebody in its place of whom nothing but the address is known.
fn stand_in(conn: &Conn, domain: &Domain, uri: &str, followed: bool) -> Result<Option<Actor>> {
    let known = actors::by_uri(conn, uri)?;
    let actor = match known {
        Some(actor) => actor,
        None => {
            let Some(host) = site::host_of(uri) else { return Ok(None) };
            let doc = nobody(uri);
            let name = uri.rsplit('/').find(|s| !s.is_empty()).unwrap_or("unknown");
            let id = accounts::store_actor(conn, domain, &doc, name, &host)?;
            actors::get(conn, id)?.ok_or(Error::NotFound)?
        }
    };
    let owner = domain.owner()?.id;
    if followed && follows::between(conn, owner, actor.id)?.is_none() {
        let id = FollowId(domain.next_id());
        follows::insert(conn, id, &format!("{uri}#as-if"), owner, actor.id, true, domain.now())?;
    }
    Ok(Some(actor))
}

fn nobody(uri: &str) -> ActorDoc {
    ActorDoc {
        id: uri.to_owned(),
        kind: ActorKind::Person,
        username: None,
        webfinger: None,
        name: String::new(),
        note: String::new(),
        url: None,
        inbox: format!("{uri}/inbox"),
        shared_inbox: None,
        outbox: None,
        followers: None,
        following: None,
        featured: None,
        icon: None,
        image: None,
        fields: Vec::new(),
        emoji: Vec::new(),
        locked: false,
        discoverable: false,
        indexable: false,
        memorial: false,
        suspended: false,
        moved_to: None,
        also_known_as: Vec::new(),
        published: None,
        keys: Vec::new(),
        proxy_of: None,
        speaks_rfc9421: false,
    }
}
