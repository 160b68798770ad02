//! The `tag` member: mentions, hashtags and custom emoji.

use serde_json::Value;

use crate::limits;
use crate::protocol::text::{clean_name, parse_hashtag};

use super::values::{is_kind, list, picture, reference, text};
use crate::protocol::activitystreams::literal::plain;
use crate::protocol::activitystreams::types::{Emoji, Mention};

/// The tags of a document.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    pub(crate) mentions: Vec<Mention>,
    pub(crate) hashtags: Vec<String>,
    pub(crate) emoji: Vec<Emoji>,
}

/// Reads the first [`limits::REMOTE_TAGS`] tags, and of hashtags and emoji no more than their own limits.
pub(crate) fn tags(doc: &Value) -> Tags {
    let mut tags = Tags::default();
    for tag in list(doc.get("tag")).iter().take(limits::REMOTE_TAGS) {
        if is_kind(tag, "Mention") {
            tags.mention(tag);
        } else if is_kind(tag, "Hashtag") {
            tags.hashtag(tag);
        } else if is_kind(tag, "Emoji") {
            tags.custom_emoji(tag);
        }
    }
    tags
}

impl Tags {
    fn mention(&mut self, tag: &Value) {
        let href = plain(tag.get("href")).and_then(reference);
        let Some(href) = href else { return };
        // Limited by the number of tags only: the owner may be the last of them.
        if self.mentions.iter().any(|m| m.href == href) {
            return;
        }
        // A user name, two `@` and a host name.
        let longest = limits::ACTOR_USERNAME_CHARS + 255;
        let name = text(tag, "name").map(|n| clean_name(&n, longest)).filter(|n| !n.is_empty());
        self.mentions.push(Mention { href: href.to_owned(), name });
    }

    fn hashtag(&mut self, tag: &Value) {
        let Some(written) = text(tag, "name") else { return };
        // A name with a space or a bracket in it cannot be written in a post and has no page (PeerTube's tags).
        let Some(folded) = parse_hashtag(&written) else { return };
        if self.hashtags.len() < limits::REMOTE_HASHTAGS && !self.hashtags.contains(&folded) {
            self.hashtags.push(folded);
        }
    }

    fn custom_emoji(&mut self, tag: &Value) {
        let name = text(tag, "name").unwrap_or_default();
        // Some write `:name@host:` here too. Packs of Pleroma have dashes in names.
        let shortcode = name.trim().trim_matches(':').split('@').next().unwrap_or_default();
        let valid = !shortcode.is_empty()
            && shortcode.len() <= limits::EMOJI_CHARS
            && shortcode.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+.".contains(&b));
        let Some(url) = picture(tag.get("icon")).filter(|_| valid) else { return };
        let known = self.emoji.iter().any(|e| e.shortcode == shortcode);
        let bytes: usize = self.emoji.iter().map(|e| e.shortcode.len() + e.url.len()).sum();
        let fits = bytes + shortcode.len() + url.len() <= limits::REMOTE_EMOJI_BYTES;
        if !known && fits && self.emoji.len() < limits::REMOTE_EMOJI {
            self.emoji.push(Emoji { shortcode: shortcode.to_owned(), url, still: None });
        }
    }
}
