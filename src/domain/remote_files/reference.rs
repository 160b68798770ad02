//! Which remote files are served: those of rows that are stored and visible, from hosts whose media are accepted.

use ring::digest::{SHA256, digest};

use super::address::{Audience, RemoteFile};
use crate::domain::urls::host_of;
use crate::domain::{Domain, federation_policy};
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, MediaId};
use crate::protocol::secret;
use crate::store::peers::domain_policies::Severity;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, media, statuses};

/// The bytes of a key: half of a SHA-256.
const KEY: usize = 16;

/// A remote file that may be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedFile {
    /// Who was shown its address.
    pub audience: Audience,
    /// What it belongs to.
    pub file: RemoteFile,
    /// Where it is.
    pub url: String,
    /// Its key in the cache.
    pub key: String,
}

impl WantedFile {
    /// The file at a URL.
    pub fn new(audience: Audience, file: RemoteFile, url: String) -> Self {
        Self { key: key_of(&url), audience, file, url }
    }
}

/// The key of a URL in the cache: another URL is another file.
pub fn key_of(url: &str) -> String {
    secret::hex(&digest(&SHA256, url.as_bytes()).as_ref()[..KEY])
}

/// The file of an address of this server.
///
/// # Errors
/// [`Error::NotFound`] if this server has not made the address, or if the file may no longer be served.
pub fn wanted(domain: &Domain, subject: &str, code: &str, encoded: &str) -> Result<WantedFile> {
    let (audience, file, url) = domain.file_addresses.open(subject, code, encoded)?;
    match domain.store.read(|c| is_served(c, domain, audience, file, &url))? {
        true => Ok(WantedFile::new(audience, file, url)),
        false => Err(Error::NotFound),
    }
}

fn is_served(conn: &Conn, domain: &Domain, audience: Audience, file: RemoteFile, url: &str) -> Result<bool> {
    let viewer = match audience {
        Audience::Owner => domain.as_owner()?,
        Audience::Visitor => Viewer::Anonymous,
    };
    Ok(is_accepted(conn, domain, url)?
        && match file {
            RemoteFile::Attachment(id) => is_shown_attachment(conn, id, url, viewer)?,
            RemoteFile::Picture(actor) => is_picture(conn, actor, url)?,
            RemoteFile::Emoji | RemoteFile::Card => true,
        })
}

/// Returns `true` if the domain policy permits files of this host.
fn is_accepted(conn: &Conn, domain: &Domain, url: &str) -> Result<bool> {
    let Some(host) = host_of(url) else { return Ok(false) };
    let policy = federation_policy::of(conn, domain, &host)?;
    Ok(!policy.is_suspended() && !policy.reject_media)
}

/// Returns `true` if a cached file is still needed: its row is stored and has this URL. Nothing refers to custom emoji and link
/// previews by id; they are removed when they are no longer shown.
pub fn is_referenced(conn: &Conn, domain: &Domain, subject: &str, url: &str) -> Result<bool> {
    Ok(is_accepted(conn, domain, url)?
        && match subject.parse::<RemoteFile>() {
            Ok(RemoteFile::Attachment(id)) => {
                media::get(conn, id)?.is_some_and(|m| m.remote_url.as_deref() == Some(url))
            }
            Ok(RemoteFile::Picture(actor)) => is_picture(conn, actor, url)?,
            Ok(RemoteFile::Emoji | RemoteFile::Card) => true,
            Err(_) => false,
        })
}

/// An attachment of an earlier version of a post belongs to no status; only viewers of that version have its address.
fn is_shown_attachment(conn: &Conn, id: MediaId, url: &str, viewer: Viewer) -> Result<bool> {
    let Some(row) = media::get(conn, id)?.filter(|m| m.remote_url.as_deref() == Some(url)) else { return Ok(false) };
    match row.status_id {
        Some(status) => Ok(statuses::visible(conn, viewer, status)?.is_some()),
        None => Ok(true),
    }
}

fn is_picture(conn: &Conn, id: ActorId, url: &str) -> Result<bool> {
    Ok(actors::get(conn, id)?.is_some_and(|actor| {
        let has = |picture: &Option<String>| picture.as_deref() == Some(url);
        (has(&actor.avatar) || has(&actor.header)) && !actor.suspended && actor.limited != Severity::Suspend
    }))
}
