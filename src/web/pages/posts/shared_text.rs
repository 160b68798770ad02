//! The text of a post with what another app on the owner's device shares.

use crate::http::Form;

/// Where browsers send what is shared, as the manifest says.
pub(crate) const PATH: &str = "/share";
/// The field of the files.
pub(crate) const FILES: &str = "picture";

/// The text of a post with what was shared.
pub(crate) fn text(form: &Form) -> String {
    let get = |key: &str| form.get(key).unwrap_or_default();
    joined(get("title"), get("text"), get("url"))
}

/// Title, text and address, each once: many apps repeat the title and the address in the text.
fn joined(title: &str, text: &str, address: &str) -> String {
    let [title, text, address] = [title, text, address].map(str::trim);
    let is_new = |part: &&str| !part.is_empty() && !text.contains(part);
    let parts = [Some(title).filter(is_new), Some(text).filter(|t| !t.is_empty()), Some(address).filter(is_new)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n").replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_url_are_not_repeated() {
        let url = "https://a.example/b";
        for (title, shared, address, wanted) in [
            ("", "", "", ""),
            ("A page", "", url, "A page\n\nhttps://a.example/b"),
            ("A page", "A page https://a.example/b", url, "A page https://a.example/b"),
            ("A page", "I read this", url, "A page\n\nI read this\n\nhttps://a.example/b"),
            ("", " a note\r\nof two lines ", "", "a note\nof two lines"),
        ] {
            assert_eq!(joined(title, shared, address), wanted);
        }
    }
}
