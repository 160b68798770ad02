//! One event as an iCalendar file (RFC 5545).

use crate::protocol::activitystreams::types::EventStatus;
use crate::protocol::time::Timestamp;

/// The event.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Its globally unique id (`UID`).
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Its location.
    pub place: Option<&'a str>,
    /// Set if it is cancelled or not certain (`STATUS`).
    pub doubt: Option<EventStatus>,
    /// Its description.
    pub text: &'a str,
    /// Its web page.
    pub page: &'a str,
    /// When the file is written (`DTSTAMP`).
    pub written_at: Timestamp,
}

/// Writes the file. Text values are escaped (section 3.3.11) and lines are folded at 75 bytes (section 3.1).
pub fn write(event: &Event<'_>) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//Dassie//EN".into(),
        "BEGIN:VEVENT".into(),
        format!("UID:{}", escape(event.id)),
        format!("DTSTAMP:{}", basic(event.written_at)),
        format!("DTSTART:{}", basic(event.starts_at)),
    ];
    lines.extend(event.ends_at.filter(|end| *end >= event.starts_at).map(|end| format!("DTEND:{}", basic(end))));
    lines.push(format!("SUMMARY:{}", escape(event.title)));
    lines.extend(event.place.map(|place| format!("LOCATION:{}", escape(place))));
    lines.extend(event.doubt.map(|doubt| match doubt {
        EventStatus::Tentative => "STATUS:TENTATIVE".to_owned(),
        EventStatus::Cancelled => "STATUS:CANCELLED".to_owned(),
    }));
    lines.push(format!("DESCRIPTION:{}", escape(event.text)));
    lines.push(format!("URL:{}", escape(event.page)));
    lines.extend(["END:VEVENT".into(), "END:VCALENDAR".into()]);
    lines.iter().map(|line| fold(line)).collect()
}

/// `20261121T043900Z`.
fn basic(at: Timestamp) -> String {
    at.to_seconds().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Folds a line at 75 bytes; a continuation line begins with a space.
fn fold(line: &str) -> String {
    let (mut out, mut width) = (String::with_capacity(line.len() + 8), 0);
    for c in line.chars() {
        if width + c.len_utf8() > 74 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_file_with_short_lines() {
        let text = "a, b; c\nd ".repeat(20);
        let event = Event {
            id: "https://a.example/1",
            title: "Fête",
            starts_at: Timestamp::from_millis(1_795_235_940_000),
            ends_at: None,
            place: Some("Here, there"),
            doubt: Some(EventStatus::Cancelled),
            text: &text,
            page: "https://a.example/1",
            written_at: Timestamp::from_millis(0),
        };
        let file = write(&event);
        assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
        assert!(file.contains("DTSTAMP:19700101T000000Z\r\n") && file.contains("LOCATION:Here\\, there\r\n"));
        assert!(file.contains("\r\nSTATUS:CANCELLED\r\n"), "{file}");
        assert!(!write(&Event { doubt: None, ..event }).contains("STATUS"));
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
        assert!(file.replace("\r\n ", "").contains("a\\, b\\; c\\nd a"), "{file}");
    }
}
