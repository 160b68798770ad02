//! Emoji reactions in both dialects, which are the same thing (FEP-c0e0): `EmojiReact` with `content` (Pleroma,
//! Akkoma, Hollo, Honk), and `Like` with `content` or `_misskey_reaction` (Misskey and its family, Mitra).

use serde_json::Value;

use super::tags::tags;
use super::values::{is_kind, text};
use crate::limits;
use crate::protocol::activitystreams::types::{Reaction, THUMB_DOWN};
use crate::protocol::text::{clean_name, is_one_emoji};

/// Reads the emoji of a reaction: one emoji, or `:name:` with an Emoji tag of that name. Anything
/// else leaves a plain Like. Misskey writes `:name@host:` and `:name@.:`.
pub(crate) fn reaction(doc: &Value) -> Option<Reaction> {
    if is_kind(doc, "Dislike") {
        return Some(Reaction { text: THUMB_DOWN.to_owned(), url: None });
    }
    let written = ["content", "_misskey_reaction"].iter().find_map(|m| text(doc, m))?;
    let longest = limits::EMOJI_CHARS + 2;
    let text = clean_name(&written, longest + 1);
    if text.is_empty() || text.chars().count() > longest {
        return None;
    }
    if let Some(code) = text.strip_prefix(':').and_then(|t| t.strip_suffix(':')) {
        let name = code.split('@').next().unwrap_or(code);
        let emoji = tags(doc).emoji.into_iter().find(|e| e.shortcode == name)?;
        return Some(Reaction { text: format!(":{name}:"), url: Some(emoji.url) });
    }
    // A heart is what Misskey sends for the plain like of other systems.
    let emoji = is_one_emoji(&text) && !text.chars().all(|c| c.is_ascii_graphic());
    emoji.then_some(Reaction { text, url: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_emoji_or_a_tagged_name_is_a_reaction() {
        let plain = |text: &str| reaction(&json!({ "content": text })).map(|r| r.text);
        for yes in ["👍", "👍🏽", "👩‍👩‍👧", "🇩🇪", "❤️", "⭐", "1️⃣"] {
            assert_eq!(plain(yes).as_deref(), Some(yes));
        }
        for no in ["~", "👌👌", "pudding", "a", "", ":blob:", " "] {
            assert_eq!(plain(no), None, "{no}");
        }
        let tag =
            json!({"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": "https://a.example/b.png"}});
        for content in [":blob:", ":blob@.:", ":blob@a.example:"] {
            let found = reaction(&json!({"content": content, "tag": [tag]})).unwrap();
            assert_eq!((found.text.as_str(), found.url.as_deref()), (":blob:", Some("https://a.example/b.png")));
        }
        let tag = json!({"type": "Emoji", "name": ":blob-cat@b.example:", "icon": {"url": "https://b.example/c.png"}});
        let found = reaction(&json!({"content": ":blob-cat@b.example:", "tag": tag})).unwrap();
        assert_eq!(found.text, ":blob-cat:");
        assert_eq!(reaction(&json!({"_misskey_reaction": "👍"})).map(|r| r.text).as_deref(), Some("👍"));
    }
}
