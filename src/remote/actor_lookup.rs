//! Actor look-up: WebFinger, and the handle that it confirms.

use serde_json::Value;

use super::dereference::read_actor;
use super::signed_client::{Fetcher, Redirects, malformed};
use crate::domain::account::remote_actor;
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKind};
use crate::protocol::discovery::webfinger;
use crate::protocol::ids::ActorId;
use crate::store::actors;

/// A handle without its signs: `user` and `domain`.
struct ConfirmedHandle {
    username: String,
    domain: String,
}

/// The result of a WebFinger look-up.
pub(super) struct WebFinger {
    /// The canonical handle, if the host states one.
    subject: Option<ConfirmedHandle>,
    /// The id of the actor.
    pub(super) actor: String,
}

impl Fetcher {
    /// Fetches and stores an actor, under the handle that WebFinger confirms.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub fn actor(&self, uri: &str) -> Result<ActorId> {
        self.store_actor(&read_actor(&self.document(uri)?)?)
    }

    /// Stores an actor, under the handle that WebFinger confirms.
    pub(super) fn store_actor(&self, doc: &ActorDoc) -> Result<ActorId> {
        let handle = self.confirmed_handle(doc)?;
        let (domain, doc) = (self.domain.clone(), doc.clone());
        self.domain.store.write(move |conn| remote_actor::store(conn, &domain, &doc, &handle.username, &handle.domain))
    }

    /// The handle of an actor: on the host of its id, or on another domain whose WebFinger confirms it.
    fn confirmed_handle(&self, doc: &ActorDoc) -> Result<ConfirmedHandle> {
        let host = host_of(&doc.id).ok_or_else(|| malformed("the id of the actor has no host"))?;
        let own = ConfirmedHandle { username: doc.user_name(), domain: host };
        let subject = match self.webfinger(&own.username, &own.domain) {
            Ok(found) if found.actor == doc.id => found.subject,
            Ok(_) => None,
            Err(e) => return self.handle_without_webfinger(doc, own, &e),
        };
        let is_elsewhere = |h: &ConfirmedHandle| h.domain != own.domain && !self.domain.site.owns_domain(&h.domain);
        let Some(subject) = subject.filter(is_elsewhere) else { return Ok(own) };
        self.check_policy(&subject.domain)?;
        match self.webfinger(&subject.username, &subject.domain) {
            Ok(found) if found.actor == doc.id => Ok(subject),
            Ok(_) => Ok(own),
            Err(e) => self.handle_without_webfinger(doc, own, &e),
        }
    }

    /// The handle of an actor whose WebFinger failed: after a temporary error the stored one, if there is one.
    fn handle_without_webfinger(&self, doc: &ActorDoc, own: ConfirmedHandle, error: &Error) -> Result<ConfirmedHandle> {
        if !matches!(error, Error::Remote(e) if e.is_temporary()) {
            return Ok(own);
        }
        let known = self.domain.store.read(|c| actors::by_uri(c, &doc.id))?;
        Ok(known.map_or(own, |actor| ConfirmedHandle { username: actor.username, domain: actor.domain }))
    }

    /// Looks up a name on a host.
    pub(super) fn webfinger(&self, username: &str, host: &str) -> Result<WebFinger> {
        let jrd = webfinger::read(&self.jrd(username, host)?)
            .ok_or_else(|| malformed("the WebFinger response names no actor"))?;
        let subject = jrd.subject.as_deref().and_then(|s| match webfinger::Resource::parse(s) {
            Ok(webfinger::Resource::Account { username, host }) => Some(ConfirmedHandle { username, domain: host }),
            _ => None,
        });
        Ok(WebFinger { subject, actor: jrd.actor })
    }

    /// The WebFinger response of a host for a name.
    fn jrd(&self, username: &str, host: &str) -> Result<Value> {
        self.check_policy(host)?;
        let resource = format!("acct:{username}@{host}");
        let resource: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
        let url = format!("{}/.well-known/webfinger?resource={resource}", self.root_of(host));
        self.get_unsigned_json(&url, "application/jrd+json, application/json", Redirects::AnyOrigin)
    }

    /// The template of the page on which the server of a visitor opens objects of others.
    pub(super) fn visitor_page(&self, username: &str, host: &str) -> Result<Option<String>> {
        self.take_quota(host)?;
        Ok(webfinger::interaction_template(&self.jrd(username, host)?))
    }

    /// The community with this name on a host, or the actor with this name if there is no community.
    pub(super) fn group_by_name(&self, name: &str, host: &str) -> Result<ActorId> {
        let candidates = webfinger::read_group(&self.jrd(name, host)?);
        let mut first = None;
        for uri in candidates.iter().take(limits::GROUP_CANDIDATES) {
            let id = self.actor(uri)?;
            if self.domain.store.read(|c| actors::get(c, id))?.is_some_and(|a| a.kind == ActorKind::Group) {
                return Ok(id);
            }
            first = first.or(Some(id));
        }
        first.ok_or_else(|| malformed("the WebFinger response names no actor"))
    }
}
