//! Details of some kinds of object: time and place of events, length of recordings, ratings.

use serde_json::Value;

use super::values::{count, line, list, moment};
use crate::limits;
use crate::protocol::activitystreams::literal::{plain, string};
use crate::protocol::activitystreams::types::{Details, EventStatus, ObjectKind};

/// Reads the details of an object. Returns `None` if it has none.
pub(crate) fn details(doc: &Value, kind: ObjectKind) -> Option<Details> {
    let time = |member: &str| string(doc.get(member)).and_then(|written| moment(&written));
    let event = kind == ObjectKind::Event;
    let place = list(doc.get("location")).iter().find_map(|place| match string(Some(place)) {
        Some(name) => Some(crate::protocol::text::clean_name(&name, limits::ACTOR_NAME_CHARS)),
        None => line(place, "name", limits::ACTOR_NAME_CHARS),
    });
    let details = Details {
        starts_at: time("startTime").filter(|_| event),
        ends_at: time("endTime").filter(|_| event),
        place: place.filter(|p| event && !p.is_empty()),
        doubt: doubt(doc).filter(|_| event),
        seconds: length(doc),
        rating: plain(doc.get("rating")).and_then(Value::as_f64).filter(|r| (0.0..=5.0).contains(r)).map(|r| r as f32),
    };
    (details != Details::default()).then_some(details)
}

/// What an event says against its taking place: Mobilizon as in calendars (`ical:status`), Gancio in the terms of
/// schema.org (`eventStatus`), with or without their address.
pub(crate) fn doubt(doc: &Value) -> Option<EventStatus> {
    let written = ["ical:status", "eventStatus"].into_iter().find_map(|member| string(doc.get(member)))?;
    match written.rsplit(['/', ':', '#']).next()? {
        "CANCELLED" | "EventCancelled" => Some(EventStatus::Cancelled),
        "TENTATIVE" | "EventPostponed" => Some(EventStatus::Tentative),
        _ => None,
    }
}

/// How long a recording is: an `xsd:duration`, or a number of seconds.
fn length(doc: &Value) -> Option<u32> {
    let number = || count(doc.get("duration")).and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=YEAR).contains(n));
    string(doc.get("duration")).and_then(|written| seconds(&written)).or_else(number)
}

/// A recording longer than a year is a mistake.
const YEAR: u32 = 31_536_000;

/// An `xsd:duration` of days, hours, minutes and seconds, in whole seconds.
fn seconds(written: &str) -> Option<u32> {
    let rest = written.trim().strip_prefix('P').filter(|r| r.len() <= 32)?;
    let (mut total, mut number, mut in_time) = (0.0_f64, String::new(), false);
    for c in rest.chars() {
        let unit = match c {
            'T' if number.is_empty() => {
                in_time = true;
                continue;
            }
            '0'..='9' | '.' => {
                number.push(c);
                continue;
            }
            'D' if !in_time => 86_400.0,
            'H' if in_time => 3_600.0,
            'M' if in_time => 60.0,
            'S' if in_time => 1.0,
            _ => return None,
        };
        total += std::mem::take(&mut number).parse::<f64>().ok()? * unit;
    }
    (number.is_empty() && (1.0..=f64::from(YEAR)).contains(&total)).then_some(total as u32)
}

/// Stars for a rating of up to five: `★★★★½`.
pub(crate) fn stars(rating: f32) -> String {
    let halves = (rating * 2.0).round() as usize;
    let (full, half) = (halves / 2, if halves % 2 == 1 { "½" } else { "" });
    format!("{}{half}", "★".repeat(full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_the_spellings_of_the_field() {
        for (written, wanted) in [("PT1145S", 1_145), ("PT2.1S", 2), ("PT1H2M3S", 3_723), ("P1DT1S", 86_401)] {
            assert_eq!(seconds(written), Some(wanted), "{written}");
        }
        for bad in ["", "P", "PT", "1H", "PT5", "PTS", "P1M", "PT1e9H", "PT0S"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn ratings_are_stars() {
        assert_eq!((stars(4.5).as_str(), stars(3.0).as_str(), stars(0.4).as_str()), ("★★★★½", "★★★", "½"));
    }
}
