//! What would come of a document: the rules themselves, in a write that is undone.

use serde_json::Value;

use super::Xray;
use super::quote_approval::{self, QuoteContext};
use crate::domain::account::profile;
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::inbox::{self, Outcome, Source};
use crate::domain::{Domain, addressing, federation_policy, id_lookup, urls};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{
    Activity, ActivityKind, ActorDoc, ActorKind, Audience, Interaction, Item, Object,
};
use crate::protocol::activitystreams::{self, origin_of, same_origin};
use crate::protocol::ids::FollowId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, statuses};

/// What came of a document that was only tried.
#[derive(Debug)]
pub(crate) struct DryRun {
    outcome: Outcome,
    /// What the verdict hangs on, when something must be fetched first.
    provided: Option<&'static str>,
    /// Whom it is for, where it is for anybody.
    visibility: Option<Visibility>,
    quote: QuoteContext,
}

impl DryRun {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, provided: None, visibility: None, quote: QuoteContext::default() }
    }

    fn refused(why: &'static str) -> Self {
        Self::of(Outcome::Refused(why))
    }

    /// A post of ours as it is.
    pub(crate) fn of_own(status: &Status) -> Self {
        let quote = QuoteContext { stored: status.quote.clone(), asks: true, by_owner: true, of_owner: false };
        Self { visibility: Some(status.visibility), quote, ..Self::of(Outcome::Stored) }
    }

    /// Puts it into words.
    pub(crate) fn tell(self, xray: &mut Xray) {
        quote_approval::known(xray, &self.quote);
        xray.visibility = self.visibility.map(Visibility::as_str);
        xray.provided = self.provided;
        xray.verdict = match self.outcome {
            Outcome::Stored => "stored".into(),
            Outcome::Applied => "applied".into(),
            Outcome::Ignored(why) => format!("ignored: {why}"),
            Outcome::Refused(why) | Outcome::Doubted(why) => format!("refused: {why}"),
            Outcome::Needs(need) => {
                xray.fetches.push(need.address().to_owned());
                "applied".into()
            }
        };
    }

    /// Takes over how an object stands after it was tried: as it is stored, else as it says.
    fn with(
        mut self,
        conn: &Conn,
        domain: &Domain,
        object: &Object,
        author: &Actor,
        outer: Option<&Audience>,
    ) -> Result<Self> {
        let stored = statuses::by_uri(conn, &object.id)?.filter(|s| s.actor_id == author.id);
        let stated = || addressing::visibility_of(object, outer, author);
        self.visibility = Some(stored.as_ref().map_or_else(stated, |s| s.visibility));
        if let Some(quote) = &object.quote {
            let (asks, of_owner) = (quote.asks_consent, domain.site.owns(&quote.uri));
            self.quote = QuoteContext { stored: stored.and_then(|s| s.quote), asks, by_owner: false, of_owner };
        }
        Ok(self)
    }
}

/// What would come of a document: of an activity as if its actor had signed it, of anything else as if it had been
/// fetched from its own server.
pub(crate) fn attempt(conn: &Conn, domain: &Domain, document: &Value, followed: bool) -> Result<DryRun> {
    let mut document = document.clone();
    id_lookup::resolve(conn, domain, &mut document)?;
    let document = &document;
    let kind = activitystreams::kind_of(document).unwrap_or_default();
    if activitystreams::is_activity_type(&kind) {
        return match activitystreams::read_activity(document) {
            Ok(activity) => attempt_activity(conn, domain, &activity, followed),
            Err(_) => Ok(DryRun::refused("the activity lacks its actor or its object")),
        };
    }
    if Interaction::of_consent(&kind).is_some() {
        return Ok(DryRun::of(Outcome::Ignored("a consent is read where a post names it")));
    }
    if activitystreams::is_actor_type(&kind) {
        return match activitystreams::read_actor(document) {
            Ok(doc) => Ok(DryRun::of(outcome_of_actor(conn, domain, &doc)?)),
            Err(_) => Ok(DryRun::refused("the actor has no id or inbox")),
        };
    }
    match activitystreams::read_object(document) {
        Ok(object) => attempt_object(conn, domain, &object, followed),
        Err(_) => Ok(DryRun::of(Outcome::Ignored("it is nothing that becomes a post"))),
    }
}

fn attempt_activity(conn: &Conn, domain: &Domain, activity: &Activity, followed: bool) -> Result<DryRun> {
    let inner = match activity.objects.first() {
        Some(Item::Embedded(value)) => activitystreams::read_object(value).ok(),
        _ => None,
    };
    let audiences = [Some(&activity.audience), inner.as_ref().map(|o| &o.audience)];
    let Some(signer) = stand_in(conn, domain, &activity.actor, &audiences, followed)? else {
        return Ok(DryRun::refused("its actor is no address of another server"));
    };
    let outcome = match signer.local {
        true => Outcome::Refused("nobody outside acts for an actor of ours"),
        false => inbox::apply(conn, domain, &signer, activity)?,
    };
    let (outcome, provided) = hanging(outcome, &activity.kind);
    let tried = DryRun { provided, ..DryRun::of(outcome) };
    match &inner {
        Some(object) => tried.with(conn, domain, object, &signer, Some(&activity.audience)),
        None => {
            let addressed = !activity.audience.to.is_empty() || !activity.audience.cc.is_empty();
            let visibility = addressed.then(|| addressing::visibility(&activity.audience, &signer));
            Ok(DryRun { visibility, ..tried })
        }
    }
}

/// What the verdict hangs on when something must be fetched first.
fn hanging(outcome: Outcome, kind: &ActivityKind) -> (Outcome, Option<&'static str>) {
    let provided = match (&outcome, kind) {
        (Outcome::Needs(_), ActivityKind::Create) => "the post that is fetched is by this author",
        (Outcome::Needs(_), ActivityKind::Move) => "the documents of both accounts name each other",
        (Outcome::Needs(_), _) => "the post that is fetched is open to it",
        _ => return (outcome, None),
    };
    (outcome, Some(provided))
}

fn outcome_of_actor(conn: &Conn, domain: &Domain, doc: &ActorDoc) -> Result<Outcome> {
    if domain.site.owns(&doc.id) {
        return Ok(Outcome::Refused("nobody outside writes an actor of ours"));
    }
    let Some(host) = urls::host_of(&doc.id) else {
        return Ok(Outcome::Refused("its id is no address of another server"));
    };
    if federation_policy::of(conn, domain, &host)?.is_suspended() {
        return Ok(Outcome::Refused(authorization::SUSPENDED));
    }
    profile::store_actor(conn, domain, doc, &doc.user_name(), &host)?;
    Ok(Outcome::Stored)
}

fn attempt_object(conn: &Conn, domain: &Domain, object: &Object, followed: bool) -> Result<DryRun> {
    let author = stand_in(conn, domain, &object.attributed_to, &[Some(&object.audience), None], followed)?;
    let Some(author) = author else { return Ok(DryRun::refused("its author is no address of another server")) };
    let outcome = outcome_of_object(conn, domain, object, &author)?;
    DryRun::of(outcome).with(conn, domain, object, &author, None)
}

fn outcome_of_object(conn: &Conn, domain: &Domain, object: &Object, author: &Actor) -> Result<Outcome> {
    if domain.site.owns(&object.id) {
        return Ok(Outcome::Refused("an object of ours cannot be written from outside"));
    }
    if !same_origin(&object.id, &object.attributed_to) {
        return Ok(Outcome::Refused("the object lies on another server than its author"));
    }
    if object.vote.is_some() {
        return Ok(Outcome::Ignored("a vote counts only in the poll that it is for"));
    }
    if let Some(why) = authorization::refusal(conn, domain, author, Action::Write(object))? {
        return Ok(Outcome::Refused(why));
    }
    Ok(match inbox::store_object(conn, domain, author, object, None, Source::Fetched)? {
        Some(_) => Outcome::Stored,
        None => Outcome::Ignored("it was deleted"),
    })
}

/// The actor, or somebody in its place of whom nothing is known but the address, and the followers that it writes to.
fn stand_in(
    conn: &Conn,
    domain: &Domain,
    uri: &str,
    audiences: &[Option<&Audience>],
    followed: bool,
) -> Result<Option<Actor>> {
    let actor = match actors::by_uri(conn, uri)? {
        Some(actor) => actor,
        None if domain.site.owns(uri) => return Ok(None),
        None => {
            let Some(host) = urls::host_of(uri) else { return Ok(None) };
            let doc = nobody(uri, followers(uri, audiences));
            let id = profile::store_actor(conn, domain, &doc, &doc.user_name(), &host)?;
            actors::get(conn, id)?.ok_or(Error::NotFound)?
        }
    };
    let owner = domain.owner()?.id;
    if followed && owner != actor.id && follows::between(conn, owner, actor.id)?.is_none() {
        let id = FollowId(domain.next_id());
        follows::insert(conn, id, &format!("{uri}#as-if"), owner, actor.id, true, domain.now())?;
    }
    Ok(Some(actor))
}

/// The followers of somebody whose document is not here: what is called so among those it writes to, on its own
/// server (`/users/ana/followers`, Friendica's and Hubzilla's `/followers/ana`, Threads' `/followers/`).
fn followers(uri: &str, audiences: &[Option<&Audience>]) -> Option<String> {
    let ids = audiences.iter().flatten().flat_map(|a| a.to.iter().chain(&a.cc));
    let is_called_so = |id: &&String| id.split('/').any(|part| part == "followers") && origin_of(id) == origin_of(uri);
    ids.into_iter().find(is_called_so).cloned()
}

fn nobody(uri: &str, followers: Option<String>) -> ActorDoc {
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
