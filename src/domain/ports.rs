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

    /// Returns `true` if a web page links to one of these profiles with `rel="me"`.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if the page cannot be fetched.
    fn links_back(&self, page: &str, profiles: &[String]) -> Result<bool>;

    /// The public keys that a `keyId` may refer to, each with its actor: the key with this id, or the keys of the actor
    /// with this id; at least one. Cached keys are used unless `fresh` is set. Failures are counted against the host of
    /// the key and the client that sent the `keyId`.
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) if there is no such key, [`Error::Busy`](crate::Error::Busy)
    /// if its server cannot be contacted now, [`Error::Gone`](crate::Error::Gone) if its actor is gone.
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

    /// The URL of the picture of a custom emoji that a host offers.
    ///
    /// # Errors
    /// [`Error::Absent`](crate::Error::Absent) if it offers none with this name, [`Error::Remote`](crate::Error::Remote) if it
    /// cannot be reached.
    fn emoji_url(&self, host: &str, shortcode: &str) -> Result<String>;

    /// The picture of a custom emoji.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if it cannot be fetched.
    fn emoji_picture(&self, url: &str) -> Result<Vec<u8>>;

    /// Translates texts with a service.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if the service does not respond as documented.
    fn translate(&self, service: &TranslationService, job: TranslationJob<'_>) -> Result<Translated>;

    /// Fetches an image, video or recording, whatever its type, and writes it to a sink as it arrives.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if it cannot be fetched, and those of the sink.
    fn file(&self, url: &str, sink: &mut dyn FileSink) -> Result<()>;

    /// The languages that a service translates, each with those it is translated into.
    ///
    /// # Errors
    /// As [`Remote::translate`].
    fn translation_languages(&self, service: &TranslationService) -> Result<Vec<(String, Vec<String>)>>;
}

/// A service that translates texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TranslationService {
    /// A LibreTranslate server; the key may be empty.
    LibreTranslate {
        /// Its address without a trailing slash.
        url: String,
        /// The key.
        key: String,
    },
    /// DeepL.
    DeepL {
        /// The key of the account.
        key: String,
    },
}

impl TranslationService {
    /// The name that apps show.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LibreTranslate { .. } => "LibreTranslate",
            Self::DeepL { .. } => "DeepL.com",
        }
    }
}

/// Texts to translate, as HTML.
#[derive(Debug, Clone, Copy)]
pub struct TranslationJob<'a> {
    /// The texts.
    pub texts: &'a [String],
    /// Their language; detected if `None`.
    pub from: Option<&'a str>,
    /// The language of the translation.
    pub to: &'a str,
}

/// Translated texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The texts, in the order of the job.
    pub texts: Vec<String>,
    /// The detected language.
    pub source: Option<String>,
}

/// What a URL resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// An actor.
    Actor(ActorId),
    /// A status.
    Status(StatusId),
}

/// Receives a file that is fetched.
pub trait FileSink {
    /// The file begins; `length` is its size as its server states it.
    ///
    /// # Errors
    /// If such a file is not received.
    fn begin(&mut self, length: Option<u64>) -> Result<()>;

    /// The next bytes.
    ///
    /// # Errors
    /// If no more of the file is received.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;
}
