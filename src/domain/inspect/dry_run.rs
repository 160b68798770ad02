//! Applies a document in a write that is rolled back.

use serde_json::Value;

use super::quote_approval::{self, QuoteContext};
use super::reading::Xray;
use crate::domain::account::remote_actor;
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::inbox::outcome::Outcome::{Applied, Doubted, Ignored, Needs, Refused, Stored, Unfinished};
use crate::domain::inbox::{self, Inbound, IncomingPost, Outcome, Reason, Source};
use crate::domain::{Domain, addressing, federation_policy, id_lookup, urls};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{
    Activity, ActivityKind, ActorDoc, ActorKind, Audience, Interaction, Item, Object, ProfileTabs,
};
use crate::protocol::activitystreams::{self, origin_of, same_origin};
use crate::protocol::ids::FollowId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, statuses};

/// The result of a dry run.
#[derive(Debug)]
pub(super) struct DryRun {
    outcome: Outcome,
    /// The condition for the outcome, if something must be fetched first.
    provided: Option<&'static str>,
    visibility: Option<Visibility>,
    quote: QuoteContext,
}

impl DryRun {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, provided: None, visibility: None, quote: QuoteContext::default() }
    }

    /// The result for a stored post of the owner.
    pub(super) fn of_own(status: &Status) -> Self {
        let quote =
            QuoteContext { stored: status.quote.clone(), needs_approval: true, by_owner: true, of_owner: false };
        Self { visibility: Some(status.visibility), quote, ..Self::of(Stored) }
    }

    /// Adds the result to a reading.
    pub(super) fn report(self, xray: &mut Xray) {
        quote_approval::explain(xray, &self.quote);
        xray.visibility = self.visibility.map(Visibility::as_str);
        xray.provided = self.provided;
        let (verdict, reason) = match self.outcome {
            Stored => ("stored", None),
            Applied | Unfinished => ("applied", None),
            Ignored(reason) => ("ignored", Some(reason)),
            Refused(reason) | Doubted(reason) => ("refused", Some(reason)),
            Needs(need) => {
                xray.fetches.push(need.address().to_owned());
                ("applied", None)
            }
        };
        xray.reason = reason.map(Reason::as_str);
        xray.verdict = match reason {
            Some(reason) => format!("{verdict}: {reason}"),
            None => verdict.to_owned(),
        };
    }
}

/// One dry run.
#[derive(Clone, Copy)]
struct Runner<'a> {
    conn: &'a Conn,
    domain: &'a Domain,
    /// Assume that the owner follows the author.
    followed: bool,
}

/// A parsed document.
pub(super) enum Subject {
    Activity(Box<Activity>),
    Actor(Box<ActorDoc>),
    Object(Box<Object>),
    /// Nothing that can be applied.
    Unusable(Outcome),
}

/// Parses a document for [`dry_run`].
pub(super) fn read(domain: &Domain, document: &Value) -> Result<Subject> {
    let mut document = document.clone();
    domain.store.read(|c| id_lookup::resolve(c, domain, &mut document))?;
    let kind = activitystreams::kind_of(&document).unwrap_or_default();
    if activitystreams::is_activity_type(&kind) {
        return Ok(match activitystreams::read_activity(&document) {
            Ok(activity) => {
                activity.prepare();
                Subject::Activity(Box::new(activity))
            }
            Err(_) => Subject::Unusable(Refused(Reason::UnreadableActivity)),
        });
    }
    if Interaction::of_approval(&kind).is_some() {
        return Ok(Subject::Unusable(Ignored(Reason::StandaloneApproval)));
    }
    if activitystreams::is_actor_type(&kind) {
        let actor = activitystreams::read_actor(&document).map(Box::new);
        return Ok(actor.map_or(Subject::Unusable(Refused(Reason::UnreadableActor)), Subject::Actor));
    }
    let object = activitystreams::read_object(&document).map(Box::new);
    Ok(object.map_or(Subject::Unusable(Ignored(Reason::UnsupportedObject)), Subject::Object))
}

/// Applies an activity as if its actor had signed it, and any other document as if it had been fetched from its own server.
pub(super) fn dry_run(conn: &Conn, domain: &Domain, subject: Subject, followed: bool) -> Result<DryRun> {
    let runner = Runner { conn, domain, followed };
    match subject {
        Subject::Activity(activity) => runner.activity(&activity),
        Subject::Actor(actor) => Ok(DryRun::of(runner.actor(&actor)?)),
        Subject::Object(object) => runner.object(&object),
        Subject::Unusable(outcome) => Ok(DryRun::of(outcome)),
    }
}

impl Runner<'_> {
    fn activity(self, activity: &Activity) -> Result<DryRun> {
        let inner = match activity.objects.first() {
            Some(Item::Embedded(value)) => value.object().ok(),
            _ => None,
        };
        let audiences = [Some(&activity.audience), inner.map(|o| &o.audience)];
        let Some(signer) = self.actor_or_placeholder(&activity.actor, &audiences)? else {
            return Ok(DryRun::of(Refused(Reason::NotAnActorId)));
        };
        let outcome = match signer.local {
            true => Refused(Reason::LocalActor),
            false => inbox::apply(Inbound { conn: self.conn, domain: self.domain, signer: &signer, activity })?,
        };
        let provided = condition(&outcome, &activity.kind);
        let result = DryRun { provided, ..DryRun::of(outcome) };
        match inner {
            Some(object) => self.with_object(result, object, &signer, Some(&activity.audience)),
            None => {
                let addressed = !activity.audience.to.is_empty() || !activity.audience.cc.is_empty();
                let visibility = addressed.then(|| addressing::visibility(&activity.audience, &signer));
                Ok(DryRun { visibility, ..result })
            }
        }
    }

    fn actor(self, actor: &ActorDoc) -> Result<Outcome> {
        let Self { conn, domain, .. } = self;
        if domain.site.owns(&actor.id) {
            return Ok(Refused(Reason::LocalActor));
        }
        let Some(host) = urls::host_of(&actor.id) else { return Ok(Refused(Reason::NotAnActorId)) };
        if federation_policy::of(conn, domain, &host)?.is_suspended() {
            return Ok(Refused(Reason::HostSuspended));
        }
        remote_actor::store(conn, domain, actor, &actor.user_name(), &host)?;
        Ok(Stored)
    }

    fn object(self, object: &Object) -> Result<DryRun> {
        let author = self.actor_or_placeholder(&object.attributed_to, &[Some(&object.audience), None])?;
        let Some(author) = author else { return Ok(DryRun::of(Refused(Reason::NotAnActorId))) };
        let outcome = self.store(object, &author)?;
        self.with_object(DryRun::of(outcome), object, &author, None)
    }

    fn store(self, object: &Object, author: &Actor) -> Result<Outcome> {
        let Self { conn, domain, .. } = self;
        if domain.site.owns(&object.id) {
            return Ok(Refused(Reason::LocalObject));
        }
        if !same_origin(&object.id, &object.attributed_to) {
            return Ok(Refused(Reason::ForeignObject));
        }
        if object.vote.is_some() {
            return Ok(Ignored(Reason::StandaloneVote));
        }
        if let Some(reason) = authorization::refusal(conn, domain, author, Action::Write(object))? {
            return Ok(Refused(reason));
        }
        let post = IncomingPost { conn, domain, author, object, addressed: None, source: Source::Fetched };
        Ok(if post.store()?.is_some() { Stored } else { Ignored(Reason::Deleted) })
    }

    /// Adds the visibility and the quote of an object: those of the stored status, or else those that the object states.
    fn with_object(
        self,
        mut result: DryRun,
        object: &Object,
        author: &Actor,
        addressed: Option<&Audience>,
    ) -> Result<DryRun> {
        let stored = statuses::by_uri(self.conn, &object.id)?.filter(|s| s.actor_id == author.id);
        let stated = || addressing::visibility_of(object, addressed, author);
        result.visibility = Some(stored.as_ref().map_or_else(stated, |s| s.visibility));
        if let Some(quote) = &object.quote {
            result.quote = QuoteContext {
                stored: stored.and_then(|s| s.quote),
                needs_approval: quote.needs_approval,
                by_owner: false,
                of_owner: self.domain.site.owns(&quote.uri),
            };
        }
        Ok(result)
    }

    /// The stored actor, or a placeholder that has only an id and the followers collection that it addresses.
    fn actor_or_placeholder(self, uri: &str, audiences: &[Option<&Audience>]) -> Result<Option<Actor>> {
        let Self { conn, domain, .. } = self;
        let actor = match actors::by_uri(conn, uri)? {
            Some(actor) => actor,
            None if domain.site.owns(uri) => return Ok(None),
            None => {
                let Some(host) = urls::host_of(uri) else { return Ok(None) };
                let document = placeholder(uri, followers(uri, audiences));
                let id = remote_actor::store(conn, domain, &document, &document.user_name(), &host)?;
                actors::get(conn, id)?.ok_or(Error::NotFound)?
            }
        };
        let owner = domain.owner()?.id;
        if self.followed && owner != actor.id && follows::between(conn, owner, actor.id)?.is_none() {
            let id = FollowId(domain.next_id());
            follows::insert(conn, id, &format!("{uri}#as-if"), owner, actor.id, true, domain.now())?;
        }
        Ok(Some(actor))
    }
}

/// The condition that fetched documents must meet for an activity to be applied.
fn condition(outcome: &Outcome, kind: &ActivityKind) -> Option<&'static str> {
    match (outcome, kind) {
        (Needs(_), ActivityKind::Create) => Some("the fetched post is by this author"),
        (Needs(_), ActivityKind::Move) => Some("the documents of both accounts name each other"),
        (Needs(_), _) => Some("the fetched post permits it"),
        _ => None,
    }
}

/// The followers collection of an actor whose document is not available: an addressed id on its server that has the segment
/// `followers` (`/users/ana/followers`, Friendica's and Hubzilla's `/followers/ana`, Threads' `/followers/`).
fn followers(uri: &str, audiences: &[Option<&Audience>]) -> Option<String> {
    let mut ids = audiences.iter().flatten().flat_map(|a| a.to.iter().chain(&a.cc));
    ids.find(|id| id.split('/').any(|part| part == "followers") && origin_of(id) == origin_of(uri)).cloned()
}

fn placeholder(uri: &str, followers: Option<String>) -> ActorDoc {
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
        followers,
        following: None,
        featured: None,
        icon: None,
        image: None,
        fields: Vec::new(),
        emoji: Vec::new(),
        locked: false,
        discoverable: false,
        indexable: false,
        tabs: ProfileTabs::default(),
        memorial: false,
        suspended: false,
        moved_to: None,
        also_known_as: Vec::new(),
        published: None,
        keys: Vec::new(),
        proxy_of: None,
        attribution_domains: Vec::new(),
        speaks_rfc9421: false,
    }
}
