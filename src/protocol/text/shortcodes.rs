//! Shortcodes of custom emoji.

use crate::limits;

/// Returns `true` for the name of a custom emoji: two or more ASCII letters, digits and underscores.
pub fn is_shortcode(name: &str) -> bool {
    (limits::EMOJI_CHARS_MIN..=limits::EMOJI_CHARS).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The names between colons in a text, in order and with repetitions. Linear in its length.
pub fn shortcodes(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let after = &rest[rest.find(':')? + 1..];
            let within = &after.as_bytes()[..after.len().min(limits::EMOJI_CHARS + 1)];
            let name = within.iter().position(|b| *b == b':').and_then(|end| after.get(..end));
            match name.filter(|name| is_shortcode(name)) {
                Some(name) => {
                    rest = &after[name.len() + 1..];
                    return Some(name);
                }
                None => rest = after,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_colons_are_found() {
        let found = |text: &str| shortcodes(text).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(found("<p>:ok: a:b c :blob_cat::dot2:</p>"), ["ok", "blob_cat", "dot2"]);
        assert_eq!(found("10:30:45 :é: :a: ::: :a-b: :open"), ["30"]);
        assert_eq!(found(&format!(":{}:", "x".repeat(limits::EMOJI_CHARS + 1))), [""; 0]);
        let began = std::time::Instant::now();
        assert_eq!(shortcodes(&":aé".repeat(200_000)).count(), 0);
        assert!(began.elapsed().as_secs() < 5);
    }
}
