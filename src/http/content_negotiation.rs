//! Content negotiation: `Accept`, `Accept-Encoding` and the weights that these and `Accept-Language` share.

/// The choices that a header lists, each with its weight from 0, which refuses it, to 1 (RFC 9110, section 12.4.2). A weight
/// that is not a number refuses too.
pub fn weighted(header: &str) -> impl Iterator<Item = (&str, f32)> {
    header.split(',').map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(0.0))
        });
        let weight: f32 = weight.unwrap_or(1.0);
        (name, if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 })
    })
}

/// Returns `true` if `Accept` prefers an ActivityPub document to a page. A wildcard alone is sent by browsers. Of equal
/// weights the first one wins: browsers that accept everything send `text/html` first.
pub fn wants_activity(accept: Option<&str>) -> bool {
    const ACTIVITY: [&str; 2] = ["application/activity+json", "application/ld+json"];
    let (mut document, mut page) = (0.0, 0.0);
    for (media_type, weight) in weighted(accept.unwrap_or_default()) {
        if ACTIVITY.iter().any(|known| media_type.eq_ignore_ascii_case(known)) && weight > page {
            document = weight.max(document);
        } else if media_type.eq_ignore_ascii_case("text/html") && weight > document {
            page = weight.max(page);
        }
    }
    document > page
}

/// Returns `true` if `Accept-Encoding` allows gzip.
pub fn accepts_gzip(accept_encoding: Option<&str>) -> bool {
    weighted(accept_encoding.unwrap_or_default())
        .any(|(name, weight)| name.eq_ignore_ascii_case("gzip") && weight > 0.0)
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
            "text/html;q=0.1, application/activity+json",
            "text/html;q=0, Application/Activity+JSON;q=0.001",
            "application/activity+json;q=0.5, text/html;q=0.5",
        ] {
            assert!(wants_activity(Some(yes)), "{yes}");
        }
        for no in [
            "*/*",
            "text/html",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/json",
            "text/html, application/activity+json",
            "application/activity+json;q=0",
            "application/activity+json; Q=0.0, */*",
            "application/activity+json;q=0.1, text/html;q=0.9",
            "application/ld+json;q=0.2, application/activity+json;q=0.3, text/html",
            "application/activity+json;q=NaN",
        ] {
            assert!(!wants_activity(Some(no)), "{no}");
        }
        assert!(!wants_activity(None));
    }

    #[test]
    fn clients_can_refuse_gzip() {
        assert!(accepts_gzip(Some("gzip, deflate, br")) && accepts_gzip(Some("br, GZIP;q=0.5")));
        assert!(!accepts_gzip(Some("gzip;q=0, br")) && !accepts_gzip(Some("gzip; Q=0.000")) && !accepts_gzip(None));
    }
}
