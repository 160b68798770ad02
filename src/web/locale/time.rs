//! Times as pages show them.

use std::cell::RefCell;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use super::message::Message;
use crate::protocol::time::Timestamp;
use crate::protocol::time::zone::Zone;

/// A time as pages show it. It is absolute, because a cached page must stay correct; the script makes it relative.
///
/// In templates, `iso` is the time for machines (RFC 3339), `full` the time for people, and `day` the day alone.
#[derive(Debug, Clone, Copy)]
pub struct Time(Timestamp);

std::thread_local! {
    /// The zone of the page that this thread renders.
    static ZONE: RefCell<Zone> = RefCell::default();
}

/// Renders what shows times in a zone.
pub fn in_zone<T>(zone: Zone, render: impl FnOnce() -> T) -> T {
    let before = ZONE.replace(zone);
    let rendered = render();
    ZONE.set(before);
    rendered
}

/// A time as pages show it.
pub fn time(t: Timestamp) -> Time {
    Time(t)
}

impl Time {
    /// The message that has this time as text: `date-full` or `date-day`.
    fn message(self, id: &'static str) -> Message {
        let (iso, zone) = ZONE.with_borrow(|zone| (zone.clock(self.0), zone.abbreviation(self.0)));
        let part = |range: std::ops::Range<usize>| iso.get(range).unwrap_or_default();
        let message = Message::new(id)
            .with("day", part(8..10).trim_start_matches('0'))
            .with("month", part(5..7).parse::<u8>().unwrap_or_default())
            .with("year", part(0..4));
        if id == "date-full" { message.with("time", part(11..16)).with("zone", zone) } else { message }
    }
}

impl Object for Time {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "iso" => Some(Value::from(self.0.to_seconds())),
            "full" => Some(self.message("date-full").into()),
            "day" => Some(self.message("date-day").into()),
            _ => None,
        }
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Value::from_object(*self).serialize(serializer)
    }
}
