//! Placeholder avatars: the initials of a name, as SVG.

use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::html;

/// Background colours on which white letters have a contrast of 5 or more.
const BACKGROUNDS: [&str; 8] = ["#7a4a1f", "#0b57d0", "#6d28d9", "#a03a2c", "#1a6b3c", "#0f6b6b", "#9d174d", "#4b5563"];

/// The path of the placeholder for an actor. The letters come from the first name that has any (display name, then user
/// name); the colour depends on the id, so that it stays the same when the name changes.
pub(super) fn path(names: [&str; 2], id: &str) -> String {
    let letters = names.map(initials).into_iter().find(|l| !l.is_empty()).unwrap_or_default();
    let letters: String = url::form_urlencoded::byte_serialize(letters.as_bytes()).collect();
    let sum = id.bytes().fold(0_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
    format!("/avatars/{letters}-{}.svg", sum % BACKGROUNDS.len())
}

/// The first letters of the first and the last word, without emoji, punctuation and custom emoji.
fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let words = name.split_whitespace().filter(|word| !(word.starts_with(':') && word.ends_with(':')));
    let mut letters = words.flat_map(|word| word.split(['_', '-', '.'])).filter_map(letter);
    let (first, last) = (letters.next(), letters.next_back());
    // Some letters become two in upper case.
    [first, last].into_iter().flatten().filter_map(|c| c.to_uppercase().next()).collect()
}

/// `GET /avatars/LETTERS-N.svg`.
pub(super) fn picture(_: &App, request: &Request) -> Result<Response> {
    let (letters, background) =
        request.param("file").strip_suffix(".svg").and_then(|f| f.rsplit_once('-')).ok_or(Error::NotFound)?;
    let background = background.parse().ok().and_then(|n: usize| BACKGROUNDS.get(n)).ok_or(Error::NotFound)?;
    if letters.chars().count() > 2 || !letters.chars().all(char::is_alphanumeric) {
        return Err(Error::NotFound);
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\"><rect width=\"96\" height=\"96\" fill=\"{background}\"/>\
         <text x=\"48\" y=\"48\" dy=\".35em\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" \
         font-size=\"40\" font-weight=\"600\" fill=\"#fff\">{}</text></svg>",
        html::escape(letters)
    );
    Ok(Response::new(StatusCode::OK, "image/svg+xml", svg)
        .with_header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .with_header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_at_most_two_initials() {
        for (name, wanted) in [
            ("alice", "A"),
            ("Ada of Lovelace", "AL"),
            ("🦀 ferris", "F"),
            (":cat: Tom", "T"),
            ("straße_ßen", "SS"),
            ("李小龍", "李"),
            ("…", ""),
        ] {
            assert_eq!(initials(name), wanted, "{name}");
        }
        assert!(path(["…", "Ü"], "x").starts_with("/avatars/%C3%9C-"));
    }
}
