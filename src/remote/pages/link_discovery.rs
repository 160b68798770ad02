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

/// Returns `true` if a page links to one of these URLs with `rel="me"`, by an `<a>` or a `<link>`. Linear in the length of
/// the page.
pub(crate) fn links_back(html: &str, targets: &[String]) -> bool {
    let mut rest = start_of(html);
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let Some(end) = rest.find('>') else { return false };
        let tag = &rest[..end];
        rest = &rest[end..];
        let name = tag.split(char::is_whitespace).next().unwrap_or_default();
        let is_link = name.eq_ignore_ascii_case("a") || name.eq_ignore_ascii_case("link");
        let is_me = |rel: String| rel.split_whitespace().any(|word| word.eq_ignore_ascii_case("me"));
        if is_link && attribute(tag, "rel").is_some_and(is_me) {
            let href = attribute(tag, "href").unwrap_or_default().replace("&amp;", "&");
            if targets.iter().any(|target| target.trim_end_matches('/') == href.trim_end_matches('/')) {
                return true;
            }
        }
    }
    false
}

/// The part of a page that is read.
fn start_of(html: &str) -> &str {
    let mut end = html.len().min(limits::LINK_DISCOVERY_BODY);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    &html[..end]
}

/// Reads each `<link …>` tag once; linear in the length of the page.
fn from_html(html: &str) -> Option<String> {
    let mut rest = start_of(html);
    while let Some(start) = rest.find("<link") {
        rest = &rest[start + 5..];
        let (tag, after) = rest.split_at(rest.find('>')?);
        rest = after;
        let attribute = |name: &str| attribute(tag, name);
        let is_activity = attribute("type").is_some_and(|t| t.starts_with("application/activity+json"));
        if is_activity && attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("alternate")) {
            return attribute("href").map(|href| href.replace("&amp;", "&"));
        }
    }
    None
}

/// The value of an attribute, whose name may be in any case.
fn attribute(tag: &str, name: &str) -> Option<String> {
    // The same bytes are at the same places.
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(name).map(|at| at + from) {
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
    use crate::protocol::hostile_texts::processor_time;

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

    #[test]
    fn a_page_links_back_with_rel_me() {
        let me = ["https://a.example/@alice".to_owned(), "https://a.example/users/alice".to_owned()];
        for page in [
            "<p><a href=\"https://a.example/@alice\" rel=\"me\">me</a>",
            "<A REL='noopener ME' class=x href=https://a.example/@alice/>",
            "<head><link rel=me href=\"https://a.example/users/alice\"></head>",
        ] {
            assert!(links_back(page, &me), "{page}");
        }
        for page in [
            "<a href=\"https://a.example/@alice\">me</a>",
            "<a rel=\"home\" href=\"https://a.example/@alice\">",
            "<a rel=me href=\"https://a.example/@alicex\">",
            "<abbr rel=me href=\"https://a.example/@alice\">",
            "rel=me https://a.example/@alice <a rel=me",
        ] {
            assert!(!links_back(page, &me), "{page}");
        }
    }

    /// Each tag is read once, also if others begin in it.
    #[test]
    fn a_page_of_open_tags_is_read_in_linear_time() {
        let me = ["https://a.example/@alice".to_owned()];
        for tag in ["<a rel=me ", "<link type=application/activity+json "] {
            let page = format!("{}>", tag.repeat(limits::LINK_DISCOVERY_BODY / tag.len() - 1));
            let took = processor_time(|| assert!(!links_back(&page, &me) && alternate(None, &page).is_none()));
            assert!(took.as_secs() < 2);
        }
    }
}
