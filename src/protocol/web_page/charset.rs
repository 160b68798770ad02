//! The character encoding of a page.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::protocol::characters::cut_bytes;

/// How many bytes at the start of a page may declare its encoding (HTML standard, section 13.2.3.2).
const DECLARATION: usize = 1024;

/// Decodes a page: by its byte order mark, the `charset` of its `Content-Type`, or its `<meta>` element. Without any of them it
/// is UTF-8 if that is valid, else windows-1252. Invalid sequences become replacement characters.
pub fn decode(body: &[u8], content_type: &str) -> String {
    let declared = || declared_in_page(body);
    let encoding = Encoding::for_bom(body)
        .map(|(encoding, _)| encoding)
        .or_else(|| charset_in(content_type))
        .or_else(declared)
        .unwrap_or_else(|| if is_utf8(body) { UTF_8 } else { WINDOWS_1252 });
    encoding.decode(body).0.into_owned()
}

/// Returns `true` for UTF-8 whose last character may be cut.
fn is_utf8(body: &[u8]) -> bool {
    std::str::from_utf8(body).map_or_else(|e| e.error_len().is_none(), |_| true)
}

/// The encoding that `charset=` names in a text.
fn charset_in(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let label = lower.split_once("charset")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '/'));
    Encoding::for_label(&label.as_bytes()[..end.unwrap_or(label.len())])
}

/// The encoding that a `<meta>` element declares. UTF-16 cannot be declared in ASCII, so it means UTF-8.
fn declared_in_page(body: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&body[..body.len().min(DECLARATION)]);
    let mut rest = cut_bytes(&start, DECLARATION);
    while let Some(at) = rest.find("<meta").or_else(|| rest.find("<META")) {
        rest = &rest[at + 5..];
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        if let Some(encoding) = charset_in(tag) {
            return Some(encoding.output_encoding());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_decoded_as_they_declare() {
        for (body, content_type, text) in [
            ("é".as_bytes(), "text/html", "é"),
            (b"\xe9", "text/html; charset=ISO-8859-1", "é"),
            (b"\xe9", "text/html;charset=\"latin1\"", "é"),
            (b"\xe9.", "text/html", "é."),
            (b"\xef\xbb\xbfa", "text/html; charset=latin1", "a"),
            (b"\xff\xfea\0b\0", "text/html", "ab"),
            (b"<meta charset='koi8-r'>\xc1", "text/html", "<meta charset='koi8-r'>а"),
            (
                b"<META http-equiv=Content-Type content=\"text/html; charset=shift_jis\">\x83\x65",
                "text/html",
                "<META http-equiv=Content-Type content=\"text/html; charset=shift_jis\">テ",
            ),
            (b"<meta charset=utf-16>a", "text/html", "<meta charset=utf-16>a"),
            (b"\xc3", "text/html; charset=unknown", "\u{fffd}"),
        ] {
            assert_eq!(decode(body, content_type), text, "{content_type}");
        }
    }
}
