//! Discovers the ActivityPub document of a page: by its `Link` header (Flipboard) or its `<link>` elements.

use crate::limits;

/// The URL of the ActivityPub form of a page, as written.
pub(crate) fn alternate(link_header: Option<&str>, html: &str) -> Option<String> {
    link_header.and_then(from_header).or_else(|| from_html(html))
}

fn from_header(header: &str) -> Option<String> {
    header.split(',').find_map(|link| {
        let (target, params) = link.trim().strip_prefix('<')?.split_once('>')?;
        let params = params.to_ascii_lowercase().replace('"', "");
        (params.contains("rel=alternate") && params.contains("application/activity+json")).then(|| target.to_owned())
    })
}

/// Reads each `<link …>` tag once; linear in the length of the page.
fn from_html(html: &str) -> Option<String> {
    let mut end = html.len().min(limits::LINK_DISCOVERY_BODY);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = &html[..end];
    while let Some(start) = rest.find("<link") {
        rest = &rest[start + 5..];
        let tag = &rest[..rest.find('>')?];
        let attribute = |name: &str| attribute(tag, name);
        let is_activity = attribute("type").is_some_and(|t| t.starts_with("application/activity+json"));
        if is_activity && attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("alternate")) {
            return attribute("href").map(|href| href.replace("&amp;", "&"));
        }
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(at) = tag[from..].find(name).map(|at| at + from) {
        from = at + name.len();
        let before = tag[..at].chars().next_back();
        let after = tag[from..].trim_start();
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else { continue };
        let quote = value.chars().next()?;
        return match quote {
            '"' | '\'' => value[1..].split(quote).next().map(str::to_owned),
            _ => value.split(char::is_whitespace).next().map(str::to_owned),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_header_and_page() {
        let header = "<https://a.example/x>; rel=\"alternate\"; type=\"application/activity+json\"";
        assert_eq!(alternate(Some(header), "").as_deref(), Some("https://a.example/x"));
        for page in [
            "<head><link rel='stylesheet' href='/s.css'><link href=\"/ap?a=1&amp;b=2\" rel=\"alternate\" type='application/activity+json'></head>",
            "<link rel=alternate type=application/activity+json href=/ap?a=1&b=2 />",
        ] {
            assert_eq!(alternate(None, page).as_deref(), Some("/ap?a=1&b=2"), "{page}");
        }
        assert_eq!(alternate(None, "<link rel=alternate type=text/html href=/x><link"), None);
    }
}
