//! Storing remote actors.

use crate::domain::{Domain, federation_policy, urls};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::ActorDoc;
use crate::protocol::ids::ActorId;
use crate::store::peers::domain_policies::{self, ActorHosts};
use crate::store::peers::hosts;
use crate::store::{Conn, actors};

/// Stores the document of a remote actor under its verified handle.
///
/// # Errors
/// [`Error::BadRequest`] if its id has no host, or is on this server.
pub fn store(
    conn: &Conn,
    domain: &Domain,
    document: &ActorDoc,
    username: &str,
    handle_domain: &str,
) -> Result<ActorId> {
    let host = urls::host_of(&document.id).ok_or_else(|| Error::bad_request("actor id has no host"))?;
    if domain.site.owns(&document.id) {
        return Err(Error::bad_request("local actors cannot be written by other servers"));
    }
    if document.speaks_rfc9421 {
        hosts::speaks_rfc9421(conn, &host, domain.now())?;
    }
    let place = (host, handle_domain.to_owned());
    let policy = federation_policy::of_place(conn, domain, &place)?;
    let document = with_accepted_media(conn, domain, &place, document)?;
    let id = ActorId(domain.next_id());
    let id = actors::upsert_remote(conn, id, &document, (username, handle_domain), &place.0, domain.now())?;
    domain_policies::limit_actors(conn, &place, policy.severity)?;
    Ok(id)
}

/// The document without images that the policy rejects.
fn with_accepted_media(conn: &Conn, domain: &Domain, place: &ActorHosts, document: &ActorDoc) -> Result<ActorDoc> {
    let accepted = |image: &Option<String>| -> Result<Option<String>> {
        let images = federation_policy::accepted_media(conn, domain, place, image.as_slice(), |url| url)?;
        Ok(images.into_iter().next())
    };
    let emoji = federation_policy::accepted_media(conn, domain, place, &document.emoji, |e| &e.url)?;
    Ok(ActorDoc { icon: accepted(&document.icon)?, image: accepted(&document.image)?, emoji, ..document.clone() })
}
