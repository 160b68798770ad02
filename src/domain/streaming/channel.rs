//! The channels of the streaming API, and who may subscribe to them
//! (<https://docs.joinmastodon.org/methods/streaming/#streams>).

use crate::domain::account::oauth::Scopes;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::protocol::text::folded_hashtag;
use crate::store::timelines::PublicScope;

/// What apps can subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The home timeline and notifications.
    User,
    /// Notifications.
    Notifications,
    /// Conversations.
    Direct,
    /// A public timeline.
    Public {
        /// The servers that the posts are from.
        scope: PublicScope,
        /// Only posts with media.
        only_media: bool,
    },
    /// Public posts with a hashtag.
    Hashtag {
        /// The hashtag, lower-case and without `#`.
        tag: String,
        /// Only posts of the owner.
        local: bool,
    },
    /// The timeline of a list.
    List(i64),
    /// The thread that begins with a status. Only our own pages subscribe to it.
    Thread(StatusId),
}

/// A request to subscribe, as an app words it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Requested<'a> {
    /// The name of the stream: `public:local`.
    pub stream: &'a str,
    /// The hashtag of a hashtag stream.
    pub tag: Option<&'a str>,
    /// The id of the list of a list stream.
    pub list: Option<&'a str>,
}

impl Channel {
    /// Reads the name of a stream with its parameters.
    ///
    /// # Errors
    /// [`Error::BadRequest`] if there is no such stream, or a parameter is missing.
    pub fn read(requested: Requested<'_>) -> Result<Self> {
        let public = |scope, only_media| Ok(Self::Public { scope, only_media });
        match requested.stream {
            "user" => Ok(Self::User),
            "user:notification" => Ok(Self::Notifications),
            "direct" => Ok(Self::Direct),
            "public" => public(PublicScope::All, false),
            "public:media" => public(PublicScope::All, true),
            "public:local" => public(PublicScope::Local, false),
            "public:local:media" => public(PublicScope::Local, true),
            "public:remote" => public(PublicScope::Remote, false),
            "public:remote:media" => public(PublicScope::Remote, true),
            "hashtag" | "hashtag:local" => {
                let tag = folded_hashtag(requested.tag.unwrap_or_default());
                if tag.is_empty() || tag.chars().count() > limits::HASHTAG_CHARS {
                    return Err(Error::bad_request("Missing tag name parameter"));
                }
                Ok(Self::Hashtag { tag, local: requested.stream == "hashtag:local" })
            }
            "list" => match requested.list.and_then(|id| id.parse().ok()) {
                Some(id) if id > 0 => Ok(Self::List(id)),
                _ => Err(Error::bad_request("Missing list name parameter")),
            },
            _ => Err(Error::bad_request("Unknown stream type")),
        }
    }

    /// The scope that a token needs.
    fn scope(&self) -> &'static str {
        match self {
            Self::Notifications => "read:notifications",
            _ => "read:statuses",
        }
    }
}

/// A subscription of one connection to one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The channel.
    pub channel: Channel,
    /// The name of the stream in messages, as the app has spelt it: `["hashtag", "Cats"]`.
    pub name: Vec<String>,
    /// It includes notifications.
    pub notifications: bool,
}

impl Subscription {
    /// The subscription that an app requests with a token that has these scopes.
    ///
    /// # Errors
    /// [`Error::BadRequest`] if there is no such stream; [`Error::Forbidden`] if the token does not permit it.
    pub fn new(scopes: &Scopes, requested: Requested<'_>) -> Result<Self> {
        let channel = Channel::read(requested)?;
        if !scopes.cover(channel.scope()) {
            return Err(Error::Forbidden("This action is outside the authorized scopes".into()));
        }
        let parameter = match channel {
            Channel::Hashtag { .. } => requested.tag,
            Channel::List(_) => requested.list,
            _ => None,
        };
        let name = std::iter::once(requested.stream).chain(parameter).map(str::to_owned).collect();
        Ok(Self { channel, name, notifications: scopes.cover("read:notifications") })
    }

    /// The subscription of a page that shows the thread that begins with a status.
    pub fn to_thread(first: StatusId) -> Self {
        Self { channel: Channel::Thread(first), name: vec!["thread".into(), first.to_string()], notifications: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscribe(scopes: &str, stream: &str, tag: Option<&str>) -> Result<Subscription> {
        Subscription::new(&Scopes::parse(scopes).unwrap(), Requested { stream, tag, list: Some("7") })
    }

    #[test]
    fn a_token_subscribes_to_what_its_scopes_cover() {
        assert_eq!(subscribe("read", "user", None).unwrap().channel, Channel::User);
        assert!(subscribe("read", "user", None).unwrap().notifications);
        assert!(!subscribe("read:statuses", "user", None).unwrap().notifications);
        assert!(matches!(subscribe("read:statuses", "user:notification", None), Err(Error::Forbidden(_))));
        assert!(matches!(subscribe("read:notifications", "public", None), Err(Error::Forbidden(_))));
        assert!(matches!(subscribe("write push", "public", None), Err(Error::Forbidden(_))));
    }

    #[test]
    fn a_name_is_returned_as_it_was_spelt() {
        let cats = subscribe("read", "hashtag:local", Some("Cats")).unwrap();
        assert_eq!(cats.channel, Channel::Hashtag { tag: "cats".into(), local: true });
        assert_eq!(cats.name, ["hashtag:local", "Cats"]);
        assert_eq!(subscribe("read", "list", None).unwrap().name, ["list", "7"]);
        assert!(subscribe("read", "hashtag", None).is_err() && subscribe("read", "hashtag", Some("#")).is_err());
        assert!(subscribe("read", "everything", None).is_err());
    }
}
