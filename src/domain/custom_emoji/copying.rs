//! Finds and fetches custom emoji of other servers that the owner copies.

use std::sync::Arc;

use super::manage;
use crate::domain::queries::statuses;
use crate::domain::urls::host_of;
use crate::domain::{Domain, federation_policy};
use crate::error::refusal::EmojiRefusal;
use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;

/// An emoji to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Original {
    /// One that its server offers.
    OfServer {
        /// The name.
        shortcode: String,
        /// The host of the server.
        host: String,
    },
    /// One in a stored post, in the name of its author, or in its reactions.
    InPost(StatusId, String),
}

impl Original {
    /// Parses `:name:@host` or `name@host`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn parse(written: &str) -> Result<Self> {
        let parts = written.trim().rsplit_once('@').filter(|(_, host)| !host.is_empty());
        let (name, host) = parts.ok_or_else(|| Error::invalid(EmojiRefusal::AddressForm))?;
        Ok(Self::OfServer { shortcode: manage::shortcode(name)?, host: host.to_ascii_lowercase() })
    }

    /// The name that the copy can have.
    ///
    /// # Errors
    /// [`Error::Invalid`] if an emoji of the owner cannot have this name.
    pub fn shortcode(&self) -> Result<String> {
        match self {
            Self::OfServer { shortcode, .. } => Ok(shortcode.clone()),
            // Packs of Pleroma have dashes in names.
            Self::InPost(_, shortcode) => manage::shortcode(&shortcode.replace('-', "_")),
        }
    }
}

/// Fetches the picture of an emoji.
///
/// # Errors
/// [`Error::NotFound`] if the post does not have it, [`Error::Absent`] if the server does not offer it,
/// [`Error::Remote`] if the server cannot be reached.
pub fn fetch(domain: &Arc<Domain>, original: &Original) -> Result<Vec<u8>> {
    let remote = domain.remote()?;
    let url = match original {
        Original::OfServer { host, .. } if domain.site.owns_domain(host) => {
            return Err(Error::invalid(EmojiRefusal::OwnEmoji));
        }
        Original::OfServer { shortcode, host } => remote.emoji_url(host, shortcode)?,
        Original::InPost(id, shortcode) => url_in_post(domain, *id, shortcode)?,
    };
    let host = host_of(&url).unwrap_or_default();
    if federation_policy::of_host(domain, &host)?.reject_media {
        return Err(Error::invalid(EmojiRefusal::MediaRejected(host)));
    }
    remote.emoji_picture(&url)
}

fn url_in_post(domain: &Arc<Domain>, id: StatusId, shortcode: &str) -> Result<String> {
    let view = statuses::get(domain, domain.as_owner()?, id)?;
    let view = view.content();
    let code = format!(":{shortcode}:");
    let mut named = view.status.emoji.iter().chain(&view.author.emoji).filter(|emoji| emoji.shortcode == shortcode);
    let reacted = || view.reactions.iter().find(|reaction| reaction.emoji == code)?.url.clone();
    let url = named.next().map(|emoji| emoji.url.clone()).or_else(reacted);
    url.filter(|url| !domain.site.owns(url)).ok_or(Error::NotFound)
}
