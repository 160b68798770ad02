//! The names of hashtags: as written, with or without `#`, and as stored, lower-case without it.

use super::scan::tag_name;
use crate::limits;

/// Returns a hashtag as written, without the sign and the space around it.
pub fn bare_hashtag(written: &str) -> &str {
    written.trim().trim_start_matches(['#', '＃'])
}

/// Returns the stored spelling of a searched hashtag. A text that is not a hashtag matches none.
pub fn folded_hashtag(written: &str) -> String {
    bare_hashtag(written).to_lowercase()
}

/// Returns the stored spelling of a text that is one hashtag and nothing else: what [`super::render`] would link, and at
/// most [`limits::HASHTAG_CHARS`] characters after folding, which may lengthen it (`İ`).
pub fn parse_hashtag(written: &str) -> Option<String> {
    let bare = bare_hashtag(written);
    let name = tag_name(bare).filter(|name| name.len() == bare.len())?;
    Some(name.to_lowercase()).filter(|folded| folded.chars().count() <= limits::HASHTAG_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hashtag_is_read_in_every_script() {
        let tags = [("#Birds", "birds"), ("＃鳥", "鳥"), ("Ünï_1", "ünï_1"), (" हिन्दी ", "हिन्दी"), ("l·l", "l·l")];
        for (written, stored) in tags {
            assert_eq!(parse_hashtag(written).as_deref(), Some(stored));
        }
        for written in ["", "#", "123", "_", "a b", "a-b", "a/b", "·a", &"x".repeat(101), &"İ".repeat(60)] {
            assert_eq!(parse_hashtag(written), None, "{written}");
        }
    }

    #[test]
    fn search_terms_are_only_folded() {
        assert_eq!(folded_hashtag("＃Two Words"), "two words");
    }
}
