//! Content negotiation: `Accept` and `Accept-Encoding`.

/// Returns `true` if `Accept` requests an ActivityPub document. A wildcard alone is sent by browsers.
pub fn wants_activity(accept: Option<&str>) -> bool {
    accept.is_some_and(|accept| {
        accept.split(',').any(|item| {
            let media_type = item.split(';').next().unwrap_or_default().trim();
            media_type.eq_ignore_ascii_case("application/activity+json")
                || media_type.eq_ignore_ascii_case("application/ld+json")
        }) && !prefers_html(accept)
    })
}

/// `text/html` before any ActivityPub type is sent by browsers that accept everything.
fn prefers_html(accept: &str) -> bool {
    let first = accept.split(',').map(|i| i.split(';').next().unwrap_or_default().trim()).find(|t| {
        t.eq_ignore_ascii_case("text/html")
            || t.eq_ignore_ascii_case("application/activity+json")
            || t.eq_ignore_ascii_case("application/ld+json")
    });
    first.is_some_and(|t| t.eq_ignore_ascii_case("text/html"))
}

/// Returns `true` if `Accept-Encoding` allows gzip.
pub fn accepts_gzip(accept_encoding: Option<&str>) -> bool {
    accept_encoding.is_some_and(|list| {
        list.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
                && !parts.any(|p| p.replace(' ', "").eq_ignore_ascii_case("q=0"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_get_documents_and_browsers_get_pages() {
        for yes in [
            "application/activity+json",
            "application/activity+json, application/ld+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\", text/html;q=0.1",
        ] {
            assert!(wants_activity(Some(yes)), "{yes}");
        }
        for no in [
            "*/*",
            "text/html",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/json",
            "text/html, application/activity+json",
        ] {
            assert!(!wants_activity(Some(no)), "{no}");
        }
        assert!(!wants_activity(None));
    }

    #[test]
    fn clients_can_refuse_gzip() {
        assert!(accepts_gzip(Some("gzip, deflate, br")) && accepts_gzip(Some("br, GZIP;q=0.5")));
        assert!(!accepts_gzip(Some("gzip;q=0, br")) && !accepts_gzip(None));
    }
}
