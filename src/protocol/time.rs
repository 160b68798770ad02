//! Timestamps and their formats in ActivityPub, HTTP and the client API.

pub mod zone;

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::fmt::temporal::DateTimePrinter as TimestampPrinter;
use jiff::tz::TimeZone;

/// Milliseconds since 1970-01-01 UTC, also when serialised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Creates a timestamp from milliseconds since 1970.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Returns milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Adds a duration, saturating.
    pub fn plus(self, d: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Subtracts a duration, saturating.
    pub fn minus(self, d: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Parses the formats that peers send: RFC 3339 with `Z` or an offset, `+0000` without colon (Threads), fractions of any
    /// length (Fedify sends nanoseconds), a zone after a space (`to_s` of Ruby), the end of a day as `24:00:00` (xsd:dateTime),
    /// a date alone, or an RFC 2822 date as feeds have. Returns `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 64 {
            return None;
        }
        Self::parse_iso(text).or_else(|| Self::parse_end_of_day(text)).or_else(|| Self::parse_http(text))
    }

    /// The last instant of a day is the first of the next one.
    fn parse_end_of_day(text: &str) -> Option<Self> {
        let at = text.find("24:00:00").filter(|at| *at == "2026-11-20T".len())?;
        let start = format!("{}00{}", &text[..at], &text[at + 2..]);
        Self::parse_iso(&start).map(|t| t.plus(std::time::Duration::from_secs(86_400)))
    }

    fn parse_iso(text: &str) -> Option<Self> {
        let zone = text.rsplit_once(' ').filter(|(time, _)| time.contains(':'));
        let joined = zone.map(|(time, zone)| match zone {
            "UTC" | "GMT" | "Z" => format!("{time}Z"),
            offset => format!("{time}{offset}"),
        });
        let text = joined.as_deref().unwrap_or(text);
        if let Ok(t) = text.parse::<jiff::Timestamp>() {
            return Some(Self(t.as_millisecond()));
        }
        if let Some(t) = with_colon_in_offset(text).and_then(|t| t.parse::<jiff::Timestamp>().ok()) {
            return Some(Self(t.as_millisecond()));
        }
        if let Ok(local) = text.parse::<jiff::civil::DateTime>() {
            return local.to_zoned(TimeZone::UTC).ok().map(|z| Self(z.timestamp().as_millisecond()));
        }
        let date: jiff::civil::Date = text.parse().ok()?;
        date.to_zoned(TimeZone::UTC).ok().map(|z| Self(z.timestamp().as_millisecond()))
    }

    /// Parses an HTTP date (`Fri, 20 Nov 2026 23:19:53 GMT`, RFC 9110 section 5.6.7).
    pub fn parse_http(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let t = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self(t.as_millisecond()))
    }

    /// Formats for ActivityPub: `2026-11-20T22:55:47.007Z`. Milliseconds are kept because Misskey drops a boost that is dated
    /// before its post.
    pub fn to_activity(self) -> String {
        self.to_api()
    }

    /// Formats in whole seconds, `2026-11-20T22:55:47Z`, for proofs, feeds and pages.
    pub fn to_seconds(self) -> String {
        TimestampPrinter::new().precision(Some(0)).timestamp_to_string(&self.jiff())
    }

    /// Formats for the client API: three fraction digits and `Z` (Ice Cubes and the iOS app parse nothing else).
    pub fn to_api(self) -> String {
        TimestampPrinter::new().precision(Some(3)).timestamp_to_string(&self.jiff())
    }

    /// Formats the date, `2026-11-20`.
    pub fn to_date(self) -> String {
        self.civil().strftime("%Y-%m-%d").to_string()
    }

    /// Formats for HTTP headers (RFC 9110 section 5.6.7): `Fri, 20 Nov 2026 23:19:53 GMT`.
    pub fn to_http(self) -> String {
        DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&self.jiff())
            // Only years outside 0..=9999 fail, which `jiff()` clamps away.
            .unwrap_or_default()
    }

    /// Returns midnight UTC of the same day.
    pub fn midnight(self) -> Self {
        Self(self.0.div_euclid(86_400_000) * 86_400_000)
    }

    pub(super) fn jiff(self) -> jiff::Timestamp {
        // 0000-01-01 to 9999-12-31 in milliseconds: the range that all formats can express.
        let ms = self.0.clamp(-62_167_219_200_000, 253_402_214_400_000);
        jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    fn civil(self) -> jiff::civil::DateTime {
        TimeZone::UTC.to_datetime(self.jiff())
    }
}

fn with_colon_in_offset(text: &str) -> Option<String> {
    let at = text.len().checked_sub(4)?;
    let sign = text.get(at.checked_sub(1)?..at)?;
    let digits = text.get(at..)?;
    if !matches!(sign, "+" | "-") || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(format!("{}:{}", &text[..at + 2], &text[at + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_peers_send_are_parsed() {
        let expected = Some(Timestamp::from_millis(1_795_216_793_000));
        for text in [
            "2026-11-20T23:19:53Z",
            "2026-11-20T23:19:53+00:00",
            "2026-11-20T23:19:53+0000",
            "2026-11-21T00:19:53+01:00",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        assert_eq!(Timestamp::parse("2026-11-20T23:19:53.368793363Z"), Some(Timestamp::from_millis(1_795_216_793_368)));
        assert_eq!(Timestamp::parse("2026-11-20").map(Timestamp::to_date), Some("2026-11-20".into()));
        for text in [
            "2026-11-20 23:19:53 UTC",
            "2026-11-20T23:19:53 UTC",
            "2026-11-20 23:19:53 +0000",
            "2026-11-21 00:19:53 +0100",
            "2026-11-20 23:19:53",
            "Fri, 20 Nov 2026 23:19:53 GMT",
            "Fri, 20 Nov 2026 23:19:53 +0000",
            "20 Nov 2026 18:19:53 EST",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        for text in ["2026-11-20T24:00:00Z", "2026-11-20T24:00:00.000+00:00", "2026-11-20 24:00:00 UTC"] {
            assert_eq!(
                Timestamp::parse(text).map(Timestamp::to_seconds).as_deref(),
                Some("2026-11-21T00:00:00Z"),
                "{text}"
            );
        }
        for bad in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-20T24:00:01Z", "+0000", "é000", "Note", "Fri, 20"]
        {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
        assert_eq!(Timestamp::parse_http("Fri, 20 Nov 2026 23:19:53 GMT"), expected);
    }

    #[test]
    fn each_surface_has_its_format() {
        let t = Timestamp::from_millis(1_795_216_793_007);
        assert_eq!(t.to_activity(), "2026-11-20T23:19:53.007Z");
        assert_eq!(Timestamp::parse(&t.to_activity()), Some(t));
        assert_eq!(t.to_seconds(), "2026-11-20T23:19:53Z");
        assert_eq!(t.to_api(), "2026-11-20T23:19:53.007Z");
        assert_eq!(t.to_http(), "Fri, 20 Nov 2026 23:19:53 GMT");
        assert_eq!(t.midnight().to_api(), "2026-11-20T00:00:00.000Z");
        Timestamp::from_millis(i64::MAX).to_http();
    }
}
