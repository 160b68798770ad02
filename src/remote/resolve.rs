//! Resolves URLs, ids and handles to stored actors and posts.

use std::net::IpAddr;

use serde_json::Value;

use super::dereference::read_object;
use super::fetch_quota::Requester;
use super::pages::link_discovery;
use super::signed_client::{Fetcher, malformed};
use crate::domain::inbox::{IncomingPost, Outcome, Source};
use crate::domain::inspect::Examined;
use crate::domain::ports::{FileSink, Translated, TranslationJob, TranslationService};
use crate::domain::urls::host_of;
use crate::domain::{Remote, Resolved, federation_policy, id_lookup};
use crate::error::{Error, Lookup, Result};
use crate::limits;
use crate::protocol::activitystreams::types::Object;
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::discovery::software::Software;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::keys::Key;
use crate::store::actors::{self, Actor};
use crate::store::peers::domain_policies::Severity;
use crate::store::statuses::{self, tombstones};

impl Fetcher {
    /// The post with this id; fetched, with its author, if it is unknown.
    ///
    /// # Errors
    /// As [`Fetcher::document`]; [`Error::Gone`] when it was deleted.
    pub fn object(&self, uri: &str) -> Result<StatusId> {
        if !self.domain.site.owns(uri)
            && let Some(known) = self.domain.store.read(|c| statuses::by_uri(c, uri))?
        {
            return Ok(known.id);
        }
        self.fresh_object(uri, Source::Fetched)
    }

    /// Fetches a post, also if it is stored already. A post that its own server serves is no longer deleted here, and the
    /// URL that it was fetched from is stored as another name of it.
    ///
    /// # Errors
    /// As [`Fetcher::object`].
    pub fn fresh_object(&self, uri: &str, source: Source) -> Result<StatusId> {
        self.refuse_own(uri)?;
        let object = self.object_in(self.document(uri)?)?;
        let id = object.id.clone();
        self.domain.store.write_quietly(move |conn| tombstones::lift(conn, &id))?;
        let status = self.store(object, source)?;
        let address = uri.to_owned();
        self.domain.store.write(move |conn| match statuses::get(conn, status)? {
            Some(status) => statuses::known_as(conn, &status, &address),
            None => Ok(()),
        })?;
        Ok(status)
    }

    /// Fetches a post and applies it as if its author had sent it.
    ///
    /// # Errors
    /// As [`Fetcher::object`].
    pub fn current(&self, uri: &str) -> Result<()> {
        self.refuse_own(uri)?;
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

    fn refuse_own(&self, uri: &str) -> Result<()> {
        if self.domain.site.owns(uri) { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Parses the post in a document, with the canonical ids of its references.
    pub(super) fn object_in(&self, mut document: Value) -> Result<Object> {
        self.domain.store.read(|c| id_lookup::resolve(c, &self.domain, &mut document))?;
        read_object(&document)
    }

    /// The author of a post from its own server; fetched if it is unknown.
    fn author_of(&self, object: &Object) -> Result<ActorId> {
        if object.vote.is_some() {
            return Err(malformed("it is a vote and not a post"));
        }
        if !same_origin(&object.id, &object.attributed_to) {
            return Err(malformed("the post is on another server than its author"));
        }
        let host = host_of(&object.attributed_to).unwrap_or_default();
        if federation_policy::of_host(&self.domain, &host)?.is_suspended() {
            return Err(Error::NotFound);
        }
        self.actor_by_uri(&object.attributed_to)
    }

    /// Stores a post from its own server, or applies its changes.
    pub(super) fn store(&self, object: Object, source: Source) -> Result<StatusId> {
        let author = self.author_of(&object)?;
        self.fetch_community(&object)?;
        let domain = self.domain.clone();
        self.domain.store.write(move |conn| {
            let author: Actor = actors::get(conn, author)?.ok_or(Error::NotFound)?;
            let (author, object) = (&author, &object);
            let post = IncomingPost { conn, domain: &domain, author, object, addressed: None, source };
            post.store_or_revise()?.map(|s| s.id).ok_or(Error::Gone)
        })
    }

    /// Fetches the community that a post states, if it is unknown: interactions of the owner are sent there too. One on
    /// the server of the author is always fetched. The post is stored without a community that cannot be fetched.
    fn fetch_community(&self, object: &Object) -> Result<()> {
        let is_wanted = |group: &&String| self.is_for_owner() || same_origin(group, &object.attributed_to);
        let Some(group) = object.group.as_ref().filter(is_wanted) else { return Ok(()) };
        match self.actor_by_uri(group) {
            Err(Error::Internal(e)) if self.is_for_owner() => Err(Error::Internal(e)),
            Err(e) => {
                tracing::debug!(error = %e, "community of a post could not be fetched");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }
}

/// Adds to the error of a look-up what was looked up and where.
fn of_lookup(error: Error, what: Lookup, host: &str) -> Error {
    let host = host.to_owned();
    match error {
        Error::Remote(e) if e.is_gone() => Error::Absent { what, host },
        Error::Remote(e) if e.is_silence() => Error::Unanswered { host },
        Error::Gone | Error::NotFound => Error::Absent { what, host },
        other => other,
    }
}

impl Remote for Fetcher {
    fn file(&self, url: &str, sink: &mut dyn FileSink) -> Result<()> {
        self.fetch_file(url, sink)
    }

    fn emoji_url(&self, host: &str, shortcode: &str) -> Result<String> {
        self.find_emoji(host, shortcode)
    }

    fn emoji_picture(&self, url: &str) -> Result<Vec<u8>> {
        self.fetch_emoji(url)
    }

    fn translate(&self, service: &TranslationService, job: TranslationJob<'_>) -> Result<Translated> {
        self.translate_texts(service, job)
    }

    fn translation_languages(&self, service: &TranslationService) -> Result<Vec<(String, Vec<String>)>> {
        self.fetch_languages(service)
    }

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
        // Some servers distinguish letter case: another spelling may be another account there.
        let name = username.trim_start_matches('!');
        if let Some(actor) = known.as_ref().filter(|a| a.fetched_at > fresh && a.username == name) {
            return Ok(actor.id);
        }
        let found = match username.strip_prefix('!') {
            Some(name) => self.group_by_name(name, &domain),
            None => self.webfinger(username, &domain).and_then(|found| self.actor(&found.actor)),
        };
        match (found, known) {
            (Ok(id), _) => Ok(id),
            // An outdated copy is better than none while the server is unreachable.
            (Err(_), Some(actor)) => Ok(actor.id),
            (Err(e), None) => Err(of_lookup(e, Lookup::Account, &domain)),
        }
    }

    fn interaction_page(&self, username: &str, domain: &str) -> Result<Option<String>> {
        self.on_behalf_of(Requester::Visitor).visitor_page(username, domain)
    }

    fn links_back(&self, page: &str, profiles: &[String]) -> Result<bool> {
        let page = self.get_unsigned_page(page)?;
        Ok(link_discovery::links_back(&page, profiles))
    }

    fn actor_by_uri(&self, uri: &str) -> Result<ActorId> {
        match self.domain.store.read(|c| actors::id_by_uri(c, uri))? {
            Some(id) => Ok(id),
            None => self.fresh_actor(uri),
        }
    }

    fn fresh_actor(&self, uri: &str) -> Result<ActorId> {
        self.refuse_own(uri)?;
        self.actor(uri)
    }

    fn at_url(&self, url: &str) -> Result<Resolved> {
        let found = self.linked_document(url).and_then(|(id, value)| match activitystreams::read_actor(&value) {
            Ok(_) => self.actor(&id).map(Resolved::Actor),
            Err(_) => self.object(&id).map(Resolved::Status),
        });
        found.map_err(|e| of_lookup(e, Lookup::AccountOrPost, &host_of(url).unwrap_or_default()))
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

    fn check_url(&self, url: &str) -> Result<()> {
        Ok(self.http_client.url(url).map(|_| ())?)
    }

    fn software(&self, host: &str) -> Result<Software> {
        self.software_of(host)
    }
}
