//! Custom emoji.

use serde_json::{Value, json};

use crate::protocol::activitystreams::types::Emoji;
use crate::protocol::time::Timestamp;

/// A custom emoji in a document of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmojiTag {
    /// Its id.
    pub id: String,
    /// The name between the colons.
    pub shortcode: String,
    /// The URL of the picture.
    pub url: String,
    /// The media type of the picture, if it is known.
    pub media_type: Option<String>,
    /// When the picture or the name last changed, if that is known.
    pub updated: Option<Timestamp>,
}

impl From<Emoji> for EmojiTag {
    /// An emoji of another server, of which the id is not stored.
    fn from(emoji: Emoji) -> Self {
        let Emoji { shortcode, url, still: _ } = emoji;
        Self { id: url.clone(), shortcode, url, media_type: None, updated: None }
    }
}

/// A custom emoji as an object, without context.
pub fn emoji(e: &EmojiTag) -> Value {
    let mut icon = json!({"type": "Image", "url": e.url});
    if let Some(media_type) = &e.media_type {
        icon["mediaType"] = json!(media_type);
    }
    let mut tag = json!({"type": "Emoji", "id": e.id, "name": format!(":{}:", e.shortcode), "icon": icon});
    if let Some(updated) = e.updated {
        tag["updated"] = json!(updated.to_activity());
    }
    tag
}
