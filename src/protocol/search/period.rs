//! Days, months and years of a search, in UTC.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::protocol::time::Timestamp;

/// A day, a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first millisecond.
    pub start: Timestamp,
    /// The first millisecond after it.
    pub end: Timestamp,
}

impl Period {
    /// Parses `2026-11-29`, `2026-11` or `2026`. Returns `None` for other texts and days that do not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let is_date = text
            .split('-')
            .zip([4, 2, 2])
            .all(|(digits, length)| digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit()));
        let (first, length): (String, Span) = match text.len() {
            4 => (format!("{text}-01-01"), 1.year()),
            7 => (format!("{text}-01"), 1.month()),
            10 => (text.to_owned(), 1.day()),
            _ => return None,
        };
        let first: Date = first.parse().ok().filter(|_| is_date)?;
        Some(Self { start: midnight(first), end: midnight(first.checked_add(length).ok()?) })
    }
}

fn midnight(date: Date) -> Timestamp {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    let days = i64::from((date - EPOCH).get_days());
    Timestamp::from_millis(days * 86_400_000)
}
