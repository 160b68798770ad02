//! URLs of remote files on this server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A text (JSON or HTML) in which each address of a file of another server is replaced by the original URL.
pub fn unproxied(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/proxy/") {
        let (before, after) = rest.split_at(at);
        let parts: Vec<&str> = after.splitn(5, '/').collect();
        let end =
            parts[4].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(parts[4].len());
        let url = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[4][..end]).unwrap()).unwrap();
        out.push_str(&before[..before.rfind("http").unwrap()]);
        if !url.contains("://") {
            out.push_str("https://");
        }
        out.push_str(&url);
        rest = &parts[4][end..];
    }
    out + rest
}

/// The path of an address of ours.
pub fn path_of(url: &str) -> &str {
    &url[url.find("/proxy/").unwrap_or_else(|| panic!("{url} is not on this server"))..]
}
