//! Plain text: links, mentions and hashtags in it, its HTML, its length, and names made safe to show.

mod clean;
mod hashtag;
pub mod keywords;
mod language;
mod length;
mod render;
mod scan;
mod shortcodes;
#[cfg(test)]
mod tests;
mod token;

pub use super::characters::{is_hidden, is_ignorable, without_ignorable};
pub use clean::{clean_name, clean_text, is_blank, is_one_emoji, shorten, without_leading_mentions};
pub use hashtag::{bare_hashtag, folded_hashtag, parse_hashtag};
pub use language::{known_language, known_languages, language_tag};
pub use length::count_chars;
pub(super) use render::Linker;
pub(crate) use render::link;
pub use render::{MentionLink, Rendered, render};
pub(crate) use scan::note_handle;
pub use scan::{Handle, find_mentions};
pub use shortcodes::{is_shortcode, shortcodes};
pub(super) use token::{Token, token};
