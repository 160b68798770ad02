//! Range requests (RFC 9110 section 14): a single range of bytes.

use std::ops::Range;

use hyper::header::{CONTENT_RANGE, ETAG};
use hyper::{HeaderMap, Method, StatusCode};

use super::{Response, Sharing};

/// The meaning of a `Range` header.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Requested {
    /// Everything: no range, several ranges, another unit, or a malformed header (all of which may be ignored).
    Everything,
    /// These bytes.
    Part(Range<u64>),
    /// No byte of the representation.
    Unsatisfiable,
}

/// Reduces a complete response to the requested part: 206, or 416 when there is no such part. Everything
/// but a successful GET of a representation with `Accept-Ranges` is left unchanged.
pub fn apply(method: &Method, headers: &HeaderMap, response: Response) -> Response {
    let has_ranges = response.header(&hyper::header::ACCEPT_RANGES).is_some();
    if *method != Method::GET
        || response.status != StatusCode::OK
        || !has_ranges
        || !condition_holds(headers, &response)
    {
        return response;
    }
    let mut ranges = headers.get_all("range").iter();
    let (Some(range), None) = (ranges.next().and_then(|r| r.to_str().ok()), ranges.next()) else { return response };
    let length = response.length();
    match parse(range, length) {
        Requested::Everything => response,
        Requested::Part(part) => {
            let described = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            cut(response, &part).with_status(StatusCode::PARTIAL_CONTENT).with_header(CONTENT_RANGE, &described)
        }
        Requested::Unsatisfiable => {
            let described = format!("bytes */{length}");
            cut(response, &(0..0)).with_status(StatusCode::RANGE_NOT_SATISFIABLE).with_header(CONTENT_RANGE, &described)
        }
    }
}

/// `If-Range` with the current strong ETag, or absent. A date never matches: nothing here has `Last-Modified`.
fn condition_holds(headers: &HeaderMap, response: &Response) -> bool {
    let Some(condition) = headers.get("if-range") else { return true };
    response.header(&ETAG).is_some_and(|etag| etag == condition && !etag.as_bytes().starts_with(b"W/"))
}

fn cut(mut response: Response, part: &Range<u64>) -> Response {
    match &mut response.file {
        Some(file) => {
            file.start += part.start;
            file.length = part.end - part.start;
        }
        None => {
            let bytes = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(response.body.len());
            response.body = response.body.slice(bytes(part.start)..bytes(part.end));
        }
    }
    response.sharing = Sharing::Private;
    response
}

fn parse(header: &str, length: u64) -> Requested {
    let Some((unit, set)) = header.split_once('=') else { return Requested::Everything };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Requested::Everything;
    }
    let Some((first, last)) = set.trim().split_once('-') else { return Requested::Everything };
    let (first, last) = (first.trim(), last.trim());
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => return Requested::Everything,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(suffix)) if first.is_empty() => length.saturating_sub(suffix)..length,
        _ => return Requested::Everything,
    };
    if range.is_empty() { Requested::Unsatisfiable } else { Requested::Part(range) }
}

/// Digits only. A number above `u64` is larger than any file.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_headers_are_parsed_as_in_rfc_9110() {
        for (header, expected) in [
            ("bytes=0-0", Requested::Part(0..1)),
            ("bytes=2-5", Requested::Part(2..6)),
            ("Bytes = 2-5", Requested::Part(2..6)),
            ("bytes=7-", Requested::Part(7..10)),
            ("bytes=-3", Requested::Part(7..10)),
            ("bytes=-99", Requested::Part(0..10)),
            ("bytes=5-99999999999999999999999", Requested::Part(5..10)),
            ("bytes=10-", Requested::Unsatisfiable),
            ("bytes=10-12", Requested::Unsatisfiable),
            ("bytes=99999999999999999999999-", Requested::Unsatisfiable),
            ("bytes=-0", Requested::Unsatisfiable),
            ("bytes=5-2", Requested::Everything),
            ("bytes=0-1,3-4", Requested::Everything),
            ("bytes=-", Requested::Everything),
            ("bytes=a-b", Requested::Everything),
            ("bytes=+1-2", Requested::Everything),
            ("bytes", Requested::Everything),
            ("items=0-1", Requested::Everything),
        ] {
            assert_eq!(parse(header, 10), expected, "{header}");
        }
        assert_eq!(parse("bytes=0-", 0), Requested::Unsatisfiable);
        assert_eq!(parse("bytes=-5", 0), Requested::Unsatisfiable);
    }
}
