//! The software of other servers, and their communities by name.

use super::dereference::{Fetcher, malformed};
use super::transport::http_client::Get;
use crate::domain::Remote;
use crate::domain::federation_policy;
use crate::domain::urls::is_loopback;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{ActorKind, Object};
use crate::protocol::ids::ActorId;
use crate::protocol::software::Software;
use crate::protocol::{json, nodeinfo, webfinger};
use crate::store::actors;
use crate::store::peers::hosts;

impl Fetcher {
    /// The software of a host: what is stored, or what its NodeInfo says now.
    ///
    /// # Errors
    /// [`Error::Remote`] when the host does not answer and nothing is stored.
    pub fn software_of(&self, host: &str) -> Result<Software> {
        let now = self.domain.now();
        let stored = self.domain.store.read(|c| hosts::software(c, host))?;
        let name = stored.as_ref().and_then(|(name, _)| name.clone());
        let age = if name.is_some() { limits::SOFTWARE_AGE } else { limits::SOFTWARE_UNKNOWN_AGE };
        if stored.is_some_and(|(_, at)| at > now.minus(age)) {
            return Ok(Software::named(name));
        }
        let found = match self.software_name(host) {
            Ok(found) => found,
            Err(Error::Remote(e)) if e.is_silence() && name.is_none() => return Err(Error::Remote(e)),
            Err(Error::Internal(e)) => return Err(Error::Internal(e)),
            Err(e) => {
                tracing::debug!(error = %e, %host, "the software of a host is not known");
                None
            }
        };
        let (host, stored) = (host.to_owned(), found.clone());
        self.domain.store.write_quietly(move |conn| hosts::set_software(conn, &host, stored.as_deref(), now))?;
        Ok(Software::named(found.or(name)))
    }

    fn software_name(&self, host: &str) -> Result<Option<String>> {
        if federation_policy::of_host(&self.domain, host)?.is_suspended() {
            return Ok(None);
        }
        let scheme = if self.domain.site.is_loopback() && is_loopback(host) { "http" } else { "https" };
        let list = format!("{scheme}://{host}/.well-known/nodeinfo");
        let link = nodeinfo::document_link(&self.plain_json(&list)?);
        match link.filter(|link| same_origin(link, &list)) {
            Some(link) => Ok(nodeinfo::software_name(&self.plain_json(&link)?)),
            None => Err(malformed("its list of NodeInfo documents names none that can be read")),
        }
    }

    /// A small JSON document that anybody may read.
    fn plain_json(&self, url: &str) -> Result<serde_json::Value> {
        let url = self.gate.url(url)?;
        let ask = Get {
            accept: "application/json",
            max_bytes: limits::DISCOVERY_BODY,
            deadline: limits::FETCH_TIMEOUT,
            same_origin_redirects: true,
            sign: None,
        };
        json::parse(&self.gate.get(&url, ask)?.body).map_err(|e| malformed(&e.to_string()))
    }

    /// The community with this name on a host; the actor of that name where there is no community.
    pub(crate) fn group_by_name(&self, name: &str, host: &str) -> Result<ActorId> {
        let candidates = webfinger::read_group(&self.jrd(name, host)?);
        let mut first = None;
        for uri in candidates.iter().take(limits::GROUP_CANDIDATES) {
            let id = self.actor(uri)?;
            if self.domain.store.read(|c| actors::get(c, id))?.is_some_and(|a| a.kind == ActorKind::Group) {
                return Ok(id);
            }
            first = first.or(Some(id));
        }
        first.ok_or_else(|| malformed("the WebFinger answer names no actor"))
    }

    /// Fetches the community that a post states, if it is unknown: what the owner does with the post is sent there too.
    /// The post is stored without it if it cannot be had.
    pub(crate) fn community_of(&self, object: &Object) -> Result<()> {
        let Some(group) = object.group.as_deref().filter(|_| self.is_for_owner()) else { return Ok(()) };
        let known = self.domain.store.read(|c| actors::id_by_uri(c, group))?;
        if known.is_some() || self.domain.site.owns(group) {
            return Ok(());
        }
        match self.actor_by_uri(group) {
            Err(Error::Internal(e)) => Err(Error::Internal(e)),
            Err(e) => {
                tracing::debug!(error = %e, "the community of a post was left out");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }
}
