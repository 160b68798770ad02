//! Time zones, from the system's time zone data.

use jiff::tz::{self, TimeZone};

use super::Timestamp;

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// The zone with a name such as `Europe/Berlin`, unless the system does not know it.
    pub fn named(name: &str) -> Option<Self> {
        // A name of the system's data never leads out of its directory.
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
        if name == "UTC" {
            return Some(Self::default());
        }
        if is_name { TimeZone::get(name).ok().map(Self) } else { None }
    }

    /// The names of all zones that the system knows.
    pub fn names() -> Vec<String> {
        tz::db().available().map(|name| name.to_string()).collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Its abbreviation at a time, such as `CET`.
    pub fn abbreviation(&self, t: Timestamp) -> String {
        self.0.to_offset_info(t.jiff()).abbreviation().to_owned()
    }

    /// A time as the clocks of this zone show it: `2026-11-20T23:19`.
    pub fn clock(&self, t: Timestamp) -> String {
        self.0.to_datetime(t.jiff()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The time at which the clocks of this zone show this, with or without seconds. Of two such times it is the earlier one;
    /// a time that is skipped is taken as if it were not.
    pub fn time(&self, clock: &str) -> Option<Timestamp> {
        let civil: jiff::civil::DateTime = clock.trim().replace(' ', "T").parse().ok()?;
        let at = civil.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_times_are_converted() {
        let utc = Zone::default();
        let t = Timestamp::from_millis(1_795_216_740_000);
        assert_eq!(
            (utc.clock(t).as_str(), utc.abbreviation(t).as_str(), utc.name()),
            ("2026-11-20T23:19", "UTC", "UTC")
        );
        assert_eq!(utc.time("2026-11-20T23:19"), Some(t));
        assert_eq!(utc.time("2026-11-20 23:19:00"), Some(t));
        assert_eq!(utc.time("soon"), None);
        // A system may have no time zone data.
        if let Some(berlin) = Zone::named("Europe/Berlin") {
            assert_eq!((berlin.clock(t).as_str(), berlin.abbreviation(t).as_str()), ("2026-11-21T00:19", "CET"));
            assert_eq!(berlin.time("2026-11-21T00:19"), Some(t));
            assert!(Zone::names().iter().any(|name| name == berlin.name()));
        }
    }

    #[test]
    fn only_names_of_zones_are_read() {
        for bad in ["../../etc/passwd", "Europe/Nowhere", "", "Europe/Berlin\0"] {
            assert_eq!(Zone::named(bad), None, "{bad}");
        }
    }
}
