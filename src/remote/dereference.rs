//! Documents of other servers: fetched with our signature, checked for who may say what, and stored.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use url::Url;

use super::fetch_quota::{Documents, Requester};
use super::host_backoff::Cooling;
use super::key_resolver::KeyFetches;
use super::link_discovery;
use super::transport::http_client::{Fetched, Get, HttpClient};
use crate::domain::account::{key_rotation, remote_actor};
use crate::domain::inbox::{IncomingPost, Outcome, Source};
use crate::domain::inspect::Examined;
use crate::domain::urls::{host_of, is_loopback};
use crate::domain::{Domain, Remote, Resolved, federation_policy, id_lookup};
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorDoc, Object};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::signature::{self, RequestToSign, SignatureScheme};
use crate::protocol::software::Software;
use crate::protocol::{json, webfinger};
use crate::store::actors::keys::{Key, OwnSigningKey};
use crate::store::actors::{self, Actor};
use crate::store::peers::domain_policies::Severity;
use crate::store::peers::hosts;
use crate::store::statuses::{self, tombstones};

/// What we ask for when we want a document.
const ACCEPT: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// Fetches for the whole server. A copy of it shares everything but its purse.
#[derive(Clone)]
pub struct Fetcher {
    pub(crate) gate: Arc<HttpClient>,
    pub(crate) domain: Arc<Domain>,
    pub(crate) shared: Arc<Shared>,
    purse: Requester,
}

/// What is fetched, and what is taken of it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    url: &'a str,
    accept: &'a str,
    max_bytes: usize,
    same_origin_redirects: bool,
}

/// What is counted and remembered of all fetches.
#[derive(Default)]
pub(crate) struct Shared {
    documents: Documents,
    cooling: Cooling,
    pub(crate) keys: KeyFetches,
}

impl Fetcher {
    /// A fetcher that connects through this gate, for the owner.
    pub fn new(gate: Arc<HttpClient>, domain: Arc<Domain>) -> Self {
        Self { gate, domain, shared: Arc::default(), purse: Requester::Owner }
    }

    /// True unless strangers cause the fetches.
    pub(crate) fn is_for_owner(&self) -> bool {
        matches!(self.purse, Requester::Owner | Requester::Followed)
    }

    /// The same, fetching for somebody else.
    pub fn paid_from(&self, purse: Requester) -> Self {
        Self { purse, ..self.clone() }
    }

    /// GETs an address with the signature of the instance actor, in the form that its host takes. A host that refuses
    /// the one is asked once in the other, and what it took is remembered.
    fn get(&self, url: &str, accept: &str, max_bytes: usize, same_origin_redirects: bool) -> Result<Fetched> {
        let host = host_of(url).unwrap_or_default();
        if federation_policy::of_host(&self.domain, &host)?.is_suspended() {
            return Err(refused());
        }
        if let Some(error) = self.shared.cooling.holds(&host) {
            return Err(error.into());
        }
        let health = self.domain.store.read(|c| hosts::health(c, &host))?;
        let first = health.form(self.domain.now());
        let since = Instant::now();
        let keys = key_rotation::for_host(&self.domain, self.domain.instance()?.id, &health)?;
        let key = keys.first().ok_or_else(|| Error::internal("this server's actor has no RSA key"))?;
        let ask = Asked { url, accept, max_bytes, same_origin_redirects };
        let answer = self.get_signed((first, key), ask);
        if let Err(Error::Remote(error)) = &answer {
            self.shared.cooling.note(&host, error, since.elapsed());
        }
        let Err(Error::Remote(RemoteError::Status { status: 401 | 403, .. })) = answer else { return answer };
        // It may keep a key of ours that is no longer the present one, or not know that yet.
        for other in &keys[1..] {
            if let Ok(fetched) = self.get_signed((first, other), ask) {
                key_rotation::accepted(&self.domain, &host, (self.domain.instance()?.id, &keys), other, None)?;
                return Ok(fetched);
            }
        }
        let again = self.get_signed((first.other(), key), ask);
        if again.is_err() {
            return answer;
        }
        let (form, now) = (first.other(), self.domain.now());
        self.domain.store.write_quietly(move |conn| hosts::takes(conn, &host, form, now))?;
        again
    }

    fn get_signed(&self, (form, key): (SignatureScheme, &OwnSigningKey), asked: Asked<'_>) -> Result<Fetched> {
        let Asked { url, accept, max_bytes, same_origin_redirects } = asked;
        let private = key_rotation::private(&self.domain, key)?;
        let sign = |url: &Url| {
            let outgoing = RequestToSign { method: "GET", url, body: None, content_type: None };
            signature::sign(form, &outgoing, &key.id, &private, self.domain.now())
        };
        let url = self.gate.url(url)?;
        let ask = Get { accept, max_bytes, deadline: limits::FETCH_TIMEOUT, same_origin_redirects, sign: Some(&sign) };
        Ok(self.gate.get(&url, ask)?)
    }

    /// The document with this id. What is served must say that it is what was asked for; after a redirect, or when
    /// it states another id of the same server, that id is asked once more.
    ///
    /// # Errors
    /// [`Error::Remote`] when it cannot be had, is no ActivityPub document, or is another one.
    pub fn document(&self, uri: &str) -> Result<Value> {
        let first = self.read_document(uri)?;
        let stated = activitystreams::id_of(&first).unwrap_or_default().to_owned();
        if stated == uri {
            return Ok(first);
        }
        if !same_origin(&stated, uri) {
            return Err(malformed("the document states an id of another server"));
        }
        let second = self.read_document(&stated)?;
        if activitystreams::id_of(&second) == Some(stated.as_str()) {
            Ok(second)
        } else {
            Err(malformed("the document does not state the id that it was asked for"))
        }
    }

    pub(crate) fn read_document(&self, url: &str) -> Result<Value> {
        let fetched = self.counted(url)?;
        if !is_activity_media_type(&fetched.content_type) {
            return Err(malformed("it is no ActivityPub document"));
        }
        json::parse(&fetched.body).map_err(|e| malformed(&e.to_string()))
    }

    /// Fetches from an address within the quota of its host, whatever it serves.
    pub(crate) fn counted(&self, url: &str) -> Result<Fetched> {
        if !self.shared.documents.take(self.purse, &host_of(url).unwrap_or_default(), self.domain.now()) {
            return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
        }
        self.get(url, ACCEPT, limits::FETCH_BODY, true)
    }

    /// What stands behind an address, with its id: the document itself, or the one that a page for people links to.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub(crate) fn behind(&self, url: &str) -> Result<(String, Value)> {
        let value = self.landing(url)?;
        let id = activitystreams::id_of(&value).ok_or_else(|| malformed("the document has no id"))?.to_owned();
        let document = if stands_there(&value, url) { value } else { self.document(&id)? };
        Ok((id, document))
    }

    /// The document that an address, or the link of the page at it, leads to, whatever id it states.
    pub(crate) fn landing(&self, url: &str) -> Result<Value> {
        let fetched = self.get(url, ACCEPT, limits::FETCH_BODY, false)?;
        if is_activity_media_type(&fetched.content_type) {
            return json::parse(&fetched.body).map_err(|e| malformed(&e.to_string()));
        }
        let html = String::from_utf8_lossy(&fetched.body);
        let link = link_discovery::alternate(fetched.link_header.as_deref(), &html)
            .ok_or_else(|| malformed("there is no ActivityPub document behind this page"))?;
        let link = Url::parse(url)
            .ok()
            .and_then(|base| base.join(&link).ok())
            .ok_or_else(|| malformed("its link is broken"))?;
        self.read_document(link.as_str())
    }

    /// Fetches and stores an actor, under the handle that WebFinger confirms.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub fn actor(&self, uri: &str) -> Result<ActorId> {
        let doc = self.actor_document(uri)?;
        self.store_actor(&doc)
    }

    fn actor_document(&self, uri: &str) -> Result<ActorDoc> {
        read_actor(&self.document(uri)?)
    }

    pub(crate) fn store_actor(&self, doc: &ActorDoc) -> Result<ActorId> {
        let (username, handle_domain) = self.confirmed_handle(doc)?;
        let (domain, doc) = (self.domain.clone(), doc.clone());
        self.domain.store.write(move |conn| remote_actor::store(conn, &domain, &doc, &username, &handle_domain))
    }

    /// The handle of an actor: on the host of its id, or on another domain if that domain's WebFinger says so too.
    fn confirmed_handle(&self, doc: &ActorDoc) -> Result<(String, String)> {
        let host = host_of(&doc.id).ok_or_else(|| malformed("the actor's id has no host"))?;
        let name = doc.user_name();
        let subject = match self.webfinger(&name, &host) {
            Ok((subject, uri)) if uri == doc.id => subject,
            Ok(_) => None,
            Err(e) => return self.handle_without_webfinger(doc, name, host, &e),
        };
        let Some((user, domain)) = subject.filter(|(_, d)| *d != host && !self.domain.site.owns_domain(d)) else {
            return Ok((name, host));
        };
        if federation_policy::of_host(&self.domain, &domain)?.is_suspended() {
            return Err(refused());
        }
        match self.webfinger(&user, &domain) {
            Ok((_, confirmed)) if confirmed == doc.id => Ok((user, domain)),
            Ok(_) => Ok((name, host)),
            Err(e) => self.handle_without_webfinger(doc, name, host, &e),
        }
    }

    /// The handle of an actor whose WebFinger failed: for now the one that it had, if it is known.
    fn handle_without_webfinger(
        &self,
        doc: &ActorDoc,
        name: String,
        host: String,
        error: &Error,
    ) -> Result<(String, String)> {
        if !matches!(error, Error::Remote(e) if e.is_temporary()) {
            return Ok((name, host));
        }
        let known = self.domain.store.read(|c| actors::by_uri(c, &doc.id))?;
        Ok(known.map_or((name, host), |actor| (actor.username, actor.domain)))
    }

    /// Asks a host for a name: its canonical `user` and `domain`, and the id of its actor.
    pub(crate) fn webfinger(&self, username: &str, host: &str) -> Result<(Option<(String, String)>, String)> {
        let value = self.jrd(username, host)?;
        let jrd = webfinger::read(&value).ok_or_else(|| malformed("the WebFinger answer names no actor"))?;
        let subject = jrd.subject.as_deref().and_then(|s| match webfinger::Resource::parse(s) {
            Ok(webfinger::Resource::Account { username, host }) => Some((username, host)),
            _ => None,
        });
        Ok((subject, jrd.actor))
    }

    /// The WebFinger answer of a host for a name.
    pub(crate) fn jrd(&self, username: &str, host: &str) -> Result<Value> {
        if federation_policy::of_host(&self.domain, host)?.is_suspended() {
            return Err(refused());
        }
        let scheme = if self.domain.site.is_loopback() && is_loopback(host) { "http" } else { "https" };
        let resource = format!("acct:{username}@{host}");
        let resource: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
        let url = format!("{scheme}://{host}/.well-known/webfinger?resource={resource}");
        let url = self.gate.url(&url)?;
        let ask = Get {
            accept: "application/jrd+json, application/json",
            max_bytes: limits::DISCOVERY_BODY,
            deadline: limits::FETCH_TIMEOUT,
            same_origin_redirects: false,
            sign: None,
        };
        let fetched = self.gate.get(&url, ask)?;
        json::parse(&fetched.body).map_err(|e| malformed(&e.to_string()))
    }

    /// Fetches and stores a post, with its author if that is new.
    ///
    /// # Errors
    /// As [`Fetcher::document`]; [`Error::Gone`] when it was deleted.
    pub fn object(&self, uri: &str) -> Result<StatusId> {
        if self.domain.site.owns(uri) {
            return Err(Error::NotFound);
        }
        if let Some(known) = self.domain.store.read(|c| statuses::by_uri(c, uri))? {
            return Ok(known.id);
        }
        self.store_fetched(uri, Source::Fetched)
    }

    /// Fetches a post as it is now, whether it is here or not.
    ///
    /// # Errors
    /// As [`Fetcher::object`].
    pub fn fresh_object(&self, uri: &str, how: Source) -> Result<StatusId> {
        if self.domain.site.owns(uri) {
            return Err(Error::NotFound);
        }
        self.store_fetched(uri, how)
    }

    /// Fetches a post and applies what its server shows of it as if its author had sent that.
    ///
    /// # Errors
    /// As [`Fetcher::object`].
    pub fn current(&self, uri: &str) -> Result<()> {
        if self.domain.site.owns(uri) {
            return Err(Error::NotFound);
        }
        let object = self.object_in(self.document(uri)?)?;
        let author = self.author_of(&object)?;
        let domain = self.domain.clone();
        self.domain.store.write(move |conn| {
            let author: Actor = actors::get(conn, author)?.ok_or(Error::NotFound)?;
            let (author, object) = (&author, &object);
            let post = IncomingPost { conn, domain: &domain, author, object, addressed: None, source: Source::Fetched };
            if let Outcome::Refused(reason) = post.apply_current()? {
                tracing::debug!(reason = reason.as_str(), "fetched post refused: {reason}");
            }
            Ok(())
        })
    }

    /// The post in a document, with the ids that its references stand for.
    pub(crate) fn object_in(&self, mut document: Value) -> Result<Object> {
        self.domain.store.read(|c| id_lookup::resolve(c, &self.domain, &mut document))?;
        read_object(&document)
    }

    /// Fetches and stores a post. That its own server shows it ends its deletion here; what names it by the address that was
    /// asked for finds it under its id.
    fn store_fetched(&self, address: &str, how: Source) -> Result<StatusId> {
        let object = self.object_in(self.document(address)?)?;
        let uri = object.id.clone();
        self.domain.store.write_quietly(move |conn| tombstones::lift(conn, &uri))?;
        let id = self.store(object, how)?;
        let address = address.to_owned();
        self.domain.store.write(move |conn| match statuses::get(conn, id)? {
            Some(status) => statuses::known_as(conn, &status, &address),
            None => Ok(()),
        })?;
        Ok(id)
    }

    /// The author of a post that came from its own server, fetched if it is new.
    fn author_of(&self, object: &Object) -> Result<ActorId> {
        if object.vote.is_some() {
            return Err(malformed("it is a vote and no post"));
        }
        if !same_origin(&object.id, &object.attributed_to) {
            return Err(malformed("the post lies on another server than its author"));
        }
        let author_host = host_of(&object.attributed_to).unwrap_or_default();
        if federation_policy::of_host(&self.domain, &author_host)?.is_suspended() {
            return Err(Error::NotFound);
        }
        self.actor_by_uri(&object.attributed_to)
    }

    /// Stores an object that came from its own server, or takes over what is new in it.
    pub(crate) fn store(&self, object: Object, how: Source) -> Result<StatusId> {
        let author = self.author_of(&object)?;
        self.community_of(&object)?;
        // The post is readable without its channel.
        if let Some(group) = object.group.as_ref().filter(|group| same_origin(group, &object.attributed_to))
            && let Err(e) = self.actor_by_uri(group)
        {
            tracing::debug!(error = %e, "the community of a post cannot be fetched");
        }
        let domain = self.domain.clone();
        self.domain.store.write(move |conn| {
            let author: Actor = actors::get(conn, author)?.ok_or(Error::NotFound)?;
            let (author, object) = (&author, &object);
            let post = IncomingPost { conn, domain: &domain, author, object, addressed: None, source: how };
            post.store_or_revise()?.map(|s| s.id).ok_or(Error::Gone)
        })
    }
}

/// True if a document was served at its own id.
pub(crate) fn stands_there(document: &Value, url: &str) -> bool {
    activitystreams::id_of(document) == Some(url)
}

/// The document of a post; a tombstone in its place says that it is gone.
fn read_object(value: &Value) -> Result<Object> {
    if activitystreams::kind_of(value).as_deref() == Some("Tombstone") {
        return Err(Error::Gone);
    }
    activitystreams::read_object(value).map_err(|e| malformed(&e.to_string()))
}

/// The document of an actor; a tombstone in its place says that it is gone.
pub(crate) fn read_actor(value: &Value) -> Result<ActorDoc> {
    if activitystreams::kind_of(value).as_deref() == Some("Tombstone") {
        return Err(Error::Gone);
    }
    activitystreams::read_actor(value).map_err(|e| malformed(&e.to_string()))
}

/// What a person is told who looked for something on another server.
fn of_lookup(error: Error, what: &'static str, host: &str) -> Error {
    let host = host.to_owned();
    match error {
        Error::Remote(e) if e.is_gone() => Error::Absent { what, host },
        Error::Remote(e) if e.is_silence() => Error::Unanswered { host },
        Error::Gone | Error::NotFound => Error::Absent { what, host },
        other => other,
    }
}

fn refused() -> Error {
    Error::Remote(RemoteError::Refused("this server does not federate with that one".into()))
}

pub(crate) fn malformed(why: &str) -> Error {
    Error::Remote(RemoteError::Malformed(why.to_owned()))
}

/// The two media types of ActivityPub; anything else is somebody's upload or page.
pub(crate) fn is_activity_media_type(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    media_type.eq_ignore_ascii_case("application/activity+json")
        || (media_type.eq_ignore_ascii_case("application/ld+json")
            && parts.any(|p| p.contains("https://www.w3.org/ns/activitystreams")))
}

impl Remote for Fetcher {
    fn actor_by_handle(&self, username: &str, domain: &str) -> Result<ActorId> {
        let domain = domain.to_ascii_lowercase();
        if federation_policy::of_host(&self.domain, &domain)?.is_suspended() {
            return Err(Error::NotFound);
        }
        let known = self.domain.store.read(|c| actors::by_handle(c, username, &domain))?;
        if known.as_ref().is_some_and(|a| a.limited == Severity::Suspend) {
            return Err(Error::NotFound);
        }
        let fresh = self.domain.now().minus(limits::ACTOR_REFRESH_AGE);
        // Another spelling may be another account where servers distinguish letter case.
        if let Some(actor) =
            known.as_ref().filter(|a| a.fetched_at > fresh && a.username == username.trim_start_matches('!'))
        {
            return Ok(actor.id);
        }
        let found = match username.strip_prefix('!') {
            Some(name) => self.group_by_name(name, &domain),
            None => self.webfinger(username, &domain).and_then(|(_, uri)| self.actor(&uri)),
        };
        match (found, known) {
            (Ok(id), _) => Ok(id),
            // An old copy is better than none while the server cannot be asked.
            (Err(_), Some(actor)) => Ok(actor.id),
            (Err(e), None) => Err(of_lookup(e, "account", &domain)),
        }
    }

    fn actor_by_uri(&self, uri: &str) -> Result<ActorId> {
        if let Some(id) = self.domain.store.read(|c| actors::id_by_uri(c, uri))? {
            return Ok(id);
        }
        if self.domain.site.owns(uri) {
            return Err(Error::NotFound);
        }
        self.actor(uri)
    }

    fn fresh_actor(&self, uri: &str) -> Result<ActorId> {
        if self.domain.site.owns(uri) {
            return Err(Error::NotFound);
        }
        self.actor(uri)
    }

    fn at_url(&self, url: &str) -> Result<Resolved> {
        let found = self.behind(url).and_then(|(id, value)| match activitystreams::read_actor(&value) {
            Ok(_) => self.actor(&id).map(Resolved::Actor),
            Err(_) => self.object(&id).map(Resolved::Status),
        });
        found.map_err(|e| of_lookup(e, "account or post", &host_of(url).unwrap_or_default()))
    }

    fn examine(&self, address: &str) -> Result<Examined> {
        self.examined(address)
    }

    fn examine_handle(&self, username: &str, domain: &str) -> Result<(String, Examined)> {
        self.examined_handle(username, domain)
    }

    fn keys(&self, key_id: &str, fresh: bool, client: Option<IpAddr>) -> Result<Vec<Key>> {
        self.keys_by_id(key_id, fresh, client)
    }

    fn software(&self, host: &str) -> Result<Software> {
        self.software_of(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_types_are_documents() {
        for yes in [
            "application/activity+json",
            "application/activity+json; charset=utf-8",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(is_activity_media_type(yes), "{yes}");
        }
        for no in ["text/plain", "application/json", "image/png", "application/ld+json", ""] {
            assert!(!is_activity_media_type(no), "{no}");
        }
    }
}
