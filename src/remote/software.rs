//! The software of other servers, by NodeInfo.

use super::signed_client::{Fetcher, Redirects, malformed};
use crate::domain::federation_policy;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::discovery::nodeinfo;
use crate::protocol::discovery::software::Software;
use crate::store::peers::hosts;

impl Fetcher {
    /// The software of a host: stored, or by its NodeInfo.
    ///
    /// # Errors
    /// [`Error::Remote`] when the host does not respond and nothing is stored.
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
                tracing::debug!(error = %e, %host, "software of a host is unknown");
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
        let list = format!("{}/.well-known/nodeinfo", self.root_of(host));
        let link = nodeinfo::document_link(&self.nodeinfo_json(&list)?);
        match link.filter(|link| same_origin(link, &list)) {
            Some(link) => Ok(nodeinfo::software_name(&self.nodeinfo_json(&link)?)),
            None => Err(malformed("its list of NodeInfo documents contains no supported version")),
        }
    }

    fn nodeinfo_json(&self, url: &str) -> Result<serde_json::Value> {
        self.get_unsigned_json(url, "application/json", Redirects::SameOrigin)
    }
}
