//! Escaping of text for HTML.
//!
//! Own code, because the entity for the apostrophe (`&#39;`) is the one that ammonia writes, and cleaning must not change it.

/// Escapes text for any place in HTML, quoted attribute values included.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
