//! Pictures for those who have none: their initials, drawn by this server.

use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::html;

/// Grounds on which white letters have a contrast of 5 and more.
const GROUNDS: [&str; 8] = ["#7a4a1f", "#0b57d0", "#6d28d9", "#a03a2c", "#1a6b3c", "#0f6b6b", "#9d174d", "#4b5563"];

/// The path of the picture for somebody: the letters come from the first of the names that has any (display name, then
/// user name); the id chooses the colour, which therefore stays when the name changes.
pub(super) fn path(names: [&str; 2], id: &str) -> String {
    let letters = names.map(initials).into_iter().find(|l| !l.is_empty()).unwrap_or_default();
    let letters: String = url::form_urlencoded::byte_serialize(letters.as_bytes()).collect();
    let sum = id.bytes().fold(0_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
    format!("/avatars/{letters}-{}.svg", sum % GROUNDS.len())
}

/// The first letters of the first and of the last word. Emoji and signs are none, nor are custom emoji.
fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let words = name.split_whitespace().filter(|word| !(word.starts_with(':') && word.ends_with(':')));
    let mut letters = words.flat_map(|word| word.split(['_', '-', '.'])).filter_map(letter);
    let (first, last) = (letters.next(), letters.next_back());
    // Some letters become two when they are large.
    [first, last].into_iter().flatten().filter_map(|c| c.to_uppercase().next()).collect()
}

/// `GET /avatars/LETTERS-N.svg`.
pub(super) fn picture(_: &App, request: &Request) -> Result<Response> {
    let (letters, ground) =
        request.param("file").strip_suffix(".svg").and_then(|f| f.rsplit_once('-')).ok_or(Error::NotFound)?;
    let ground = ground.parse().ok().and_then(|n: usize| GROUNDS.get(n)).ok_or(Error::NotFound)?;
    if letters.chars().count() > 2 || !letters.chars().all(char::is_alphanumeric) {
        return Err(Error::NotFound);
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\"><rect width=\"96\" height=\"96\" fill=\"{ground}\"/>\
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
