//! The addresses of remote files on this server. Each contains the URL of the file and an authentication code over it, so that
//! only this server can make one: it is not an open proxy.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use crate::domain::stored_secret::stored_secret;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, MediaId};
use crate::protocol::secret;
use crate::store::Store;
use crate::store::database::settings;
use crate::store::visibility::Viewer;

/// The bytes of an authentication code: a stranger cannot guess 128 bits.
const CODE: usize = 16;
/// The scheme that an address leaves out.
const HTTPS: &str = "https://";

/// Who was shown an address. Apps send no token with requests for pictures, so the address states whose quota applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The owner, in an app or a browser.
    Owner,
    /// Everyone else.
    Visitor,
}

impl Audience {
    /// The audience of what a viewer sees.
    pub fn of(viewer: Viewer) -> Self {
        Self::owner_if(viewer.is_owner())
    }

    /// The owner, or a visitor.
    pub fn owner_if(owner: bool) -> Self {
        if owner { Self::Owner } else { Self::Visitor }
    }
}

/// What a remote file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemoteFile {
    /// An attachment of a post.
    Attachment(MediaId),
    /// The avatar or header of an actor.
    Picture(ActorId),
    /// A custom emoji.
    Emoji,
    /// The picture of a link preview.
    Card,
}

impl fmt::Display for RemoteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attachment(id) => write!(f, "a{id}"),
            Self::Picture(id) => write!(f, "p{id}"),
            Self::Emoji => f.write_str("e"),
            Self::Card => f.write_str("c"),
        }
    }
}

impl FromStr for RemoteFile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match (text.get(..1), text.get(1..).unwrap_or_default()) {
            (Some("a"), id) => id.parse().map(Self::Attachment).map_err(|_| Error::NotFound),
            (Some("p"), id) => id.parse().map(Self::Picture).map_err(|_| Error::NotFound),
            (Some("e"), "") => Ok(Self::Emoji),
            (Some("c"), "") => Ok(Self::Card),
            _ => Err(Error::NotFound),
        }
    }
}

/// The key of the authentication codes. It is stored, so that addresses stay valid after a restart.
pub struct AddressKey(hmac::Key);

impl AddressKey {
    /// Loads the key, which is created at the first call. Must not be called inside a write.
    ///
    /// # Errors
    /// If the system provides no randomness.
    pub fn load(store: &Store) -> Result<Self> {
        Ok(Self::new(&stored_secret(store, settings::REMOTE_FILES_KEY, secret::generate)?))
    }

    fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    fn code(&self, subject: &str, encoded: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [subject, "/", encoded] {
            context.update(part.as_bytes());
        }
        let tag = context.sign();
        URL_SAFE_NO_PAD.encode(&tag.as_ref()[..CODE])
    }

    /// The path at which a file is served.
    pub fn path(&self, audience: Audience, file: RemoteFile, url: &str) -> String {
        let audience = match audience {
            Audience::Owner => 'o',
            Audience::Visitor => 'v',
        };
        let rest = url.strip_prefix(HTTPS).filter(|rest| !rest.contains("://")).unwrap_or(url);
        let (subject, encoded) = (format!("{audience}{file}"), URL_SAFE_NO_PAD.encode(rest));
        format!("/proxy/{subject}/{}/{encoded}", self.code(&subject, &encoded))
    }

    /// The file of a path of [`AddressKey::path`].
    ///
    /// # Errors
    /// [`Error::NotFound`] for everything that this server has not made.
    pub fn open(&self, subject: &str, code: &str, encoded: &str) -> Result<(Audience, RemoteFile, String)> {
        if !secret::same(code, &self.code(subject, encoded)) {
            return Err(Error::NotFound);
        }
        let audience = match subject.get(..1) {
            Some("o") => Audience::Owner,
            Some("v") => Audience::Visitor,
            _ => return Err(Error::NotFound),
        };
        let decoded = URL_SAFE_NO_PAD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = decoded.ok_or(Error::NotFound)?;
        let url = if text.contains("://") { text } else { format!("{HTTPS}{text}") };
        Ok((audience, subject[1..].parse()?, url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str) -> [&str; 3] {
        let mut parts = path.strip_prefix("/proxy/").unwrap().split('/');
        [(); 3].map(|()| parts.next().unwrap())
    }

    #[test]
    fn an_address_contains_the_file_and_its_audience() {
        let key = AddressKey::new("secret");
        for url in [
            "https://a.example/media/1.png?x=1#y",
            "http://127.0.0.1:8080/a",
            "https://web.example/proxy/https://a.example/ü.png",
            "https://",
            "",
        ] {
            for file in [RemoteFile::Attachment(MediaId(12)), RemoteFile::Picture(ActorId(7)), RemoteFile::Emoji] {
                for audience in [Audience::Owner, Audience::Visitor] {
                    let path = key.path(audience, file, url);
                    let [subject, code, encoded] = parts(&path);
                    let opened = key.open(subject, code, encoded);
                    match url {
                        // Not a URL; the gate would refuse it.
                        "" => assert!(opened.is_ok()),
                        _ => assert_eq!(opened.unwrap(), (audience, file, url.to_owned()), "{path}"),
                    }
                }
            }
        }
    }

    #[test]
    fn only_this_server_makes_addresses() {
        let (key, other) = (AddressKey::new("secret"), AddressKey::new("another"));
        let path = key.path(Audience::Visitor, RemoteFile::Attachment(MediaId(12)), "https://a.example/1.png");
        let [subject, code, encoded] = parts(&path);
        assert!(key.open(subject, code, encoded).is_ok());
        for (subject, code, encoded) in [
            ("oa12", code, encoded),
            ("va13", code, encoded),
            ("vp12", code, encoded),
            (subject, "", encoded),
            (subject, &code[1..], encoded),
            (subject, code, &encoded[1..]),
            (subject, code, &URL_SAFE_NO_PAD.encode("b.example/1.png")),
        ] {
            assert!(matches!(key.open(subject, code, encoded), Err(Error::NotFound)), "{subject} {code} {encoded}");
        }
        assert!(other.open(subject, code, encoded).is_err());
        let odd = key.code("x", "YQ");
        assert!(key.open("x", &odd, "YQ").is_err(), "an unknown subject is refused");
    }
}
