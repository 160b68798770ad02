//! Dereferencing: fetches the document with a given id and checks that it may be trusted.

use serde_json::Value;
use url::Url;

use super::pages::link_discovery;
use super::signed_client::{Fetcher, Redirects, is_activity_media_type, malformed, parse};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{ActorDoc, Object};
use crate::protocol::activitystreams::{self, same_origin};

impl Fetcher {
    /// Fetches the document with this id. If it states another id on the same origin, that id is fetched too; the result
    /// always states the id that it was fetched from.
    ///
    /// # Errors
    /// [`Error::Remote`] when it cannot be fetched, is not an ActivityPub document, or has another id.
    pub fn document(&self, uri: &str) -> Result<Value> {
        let first = self.read_document(uri)?;
        let stated = activitystreams::id_of(&first).unwrap_or_default().to_owned();
        if stated == uri {
            return Ok(first);
        }
        if !same_origin(&stated, uri) {
            return Err(malformed("the document states an id on another server"));
        }
        let second = self.read_document(&stated)?;
        if has_id(&second, &stated) {
            Ok(second)
        } else {
            Err(malformed("the document does not state the id that it was fetched from"))
        }
    }

    /// Fetches the document at a URL, whatever id it states.
    pub(super) fn read_document(&self, url: &str) -> Result<Value> {
        let fetched = self.get_within_quota(url)?;
        if !is_activity_media_type(&fetched.content_type) {
            return Err(malformed("it is not an ActivityPub document"));
        }
        parse(&fetched.body)
    }

    /// The id and document of a URL: the document itself, or the one that the page at the URL links to.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub(super) fn linked_document(&self, url: &str) -> Result<(String, Value)> {
        let value = self.read_linked_document(url)?;
        let id = activitystreams::id_of(&value).ok_or_else(|| malformed("the document has no id"))?.to_owned();
        let document = if has_id(&value, url) { value } else { self.document(&id)? };
        Ok((id, document))
    }

    /// Fetches the document at a URL or linked from the page there, whatever id it states.
    pub(super) fn read_linked_document(&self, url: &str) -> Result<Value> {
        let fetched = self.get(url, Redirects::AnyOrigin)?;
        if is_activity_media_type(&fetched.content_type) {
            return parse(&fetched.body);
        }
        let html = String::from_utf8_lossy(&fetched.body);
        let link = link_discovery::alternate(fetched.link_header.as_deref(), &html)
            .ok_or_else(|| malformed("this page links to no ActivityPub document"))?;
        let link = Url::parse(url)
            .ok()
            .and_then(|base| base.join(&link).ok())
            .ok_or_else(|| malformed("the link of this page is not a URL"))?;
        self.read_document(link.as_str())
    }
}

/// Returns `true` if a document states this id.
pub(super) fn has_id(document: &Value, id: &str) -> bool {
    activitystreams::id_of(document) == Some(id)
}

/// Parses a post.
///
/// # Errors
/// [`Error::Gone`] for a tombstone.
pub(super) fn read_object(value: &Value) -> Result<Object> {
    check_exists(value)?;
    activitystreams::read_object(value).map_err(|e| malformed(&e.to_string()))
}

/// Parses an actor.
///
/// # Errors
/// [`Error::Gone`] for a tombstone.
pub(super) fn read_actor(value: &Value) -> Result<ActorDoc> {
    check_exists(value)?;
    activitystreams::read_actor(value).map_err(|e| malformed(&e.to_string()))
}

fn check_exists(value: &Value) -> Result<()> {
    if activitystreams::kind_of(value).as_deref() == Some("Tombstone") { Err(Error::Gone) } else { Ok(()) }
}
