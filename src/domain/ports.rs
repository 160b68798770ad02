//! What the rules need from other servers. The layers above implement it; the domain itself opens no connection.

use std::net::IpAddr;

use super::inspect::Examined;
use crate::error::Result;
use crate::protocol::discovery::software::Software;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::keys::Key;

/// Access to other servers.
///
/// All calls block and must not be made inside a write.
pub trait Remote: Send + Sync {
    /// The actor with this handle, by WebFinger; fetched if it is unknown or old. A name that begins with `!` is that of
    /// a community, which is preferred to a person of the same name.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if the server has no such account,
    /// [`Error::Remote`](crate::Error::Remote) if it cannot be reached.
    fn actor_by_handle(&self, username: &str, domain: &str) -> Result<ActorId>;

    /// The actor with this ActivityPub id; fetched if it is unknown.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn actor_by_uri(&self, uri: &str) -> Result<ActorId>;

    /// The actor with this ActivityPub id; always fetched.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn fresh_actor(&self, uri: &str) -> Result<ActorId>;

    /// What a URL resolves to: that of a page or an ActivityPub id.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn at_url(&self, url: &str) -> Result<Resolved>;

    /// Fetches the document at a URL and reports the checks that it passed or failed. A response that is not a usable
    /// document is a result too. The author is stored, as after a search, and nothing else.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if the server cannot be reached.
    fn examine(&self, address: &str) -> Result<Examined>;

    /// Fetches the document of the actor with this handle, as [`Remote::examine`] does, and returns its URL too.
    ///
    /// # Errors
    /// As [`Remote::examine`].
    fn examine_handle(&self, username: &str, domain: &str) -> Result<(String, Examined)>;

    /// The template of the page on which the server of an account opens objects of others, for a visitor with this handle;
    /// `None` if the server states none. Visitors have their own quota of look-ups.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) if the quota is used up, otherwise as [`Remote::actor_by_handle`].
    fn interaction_page(&self, username: &str, domain: &str) -> Result<Option<String>>;

    /// The public keys that a `keyId` may refer to, each with its actor: the key with this id, or the keys of the actor
    /// with this id; at least one. Cached keys are used unless `fresh` is set. Failures are counted against the host of
    /// the key and the client that sent the `keyId`.
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) if there is no such key, [`Error::Busy`](crate::Error::Busy)
    /// if its server cannot be asked now, [`Error::Gone`](crate::Error::Gone) if its actor is gone.
    fn keys(&self, key_id: &str, fresh: bool, client: Option<IpAddr>) -> Result<Vec<Key>>;

    /// Checks that our rules permit a connection to a URL: https, and no private address.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) with the rule that forbids it.
    fn check_url(&self, url: &str) -> Result<()>;

    /// The software of a host, cached or from its NodeInfo. A host without NodeInfo has unknown software.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if the host does not respond now.
    fn software(&self, host: &str) -> Result<Software>;
}

/// What a URL resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// An actor.
    Actor(ActorId),
    /// A status.
    Status(StatusId),
}
