//! Any JSON: no reader panics, and none lets a text through that is longer than its limit.
#![no_main]

use dassie::limits;
use dassie::protocol::activitystreams::{read_activity, read_actor, read_collection, read_object};
use dassie::protocol::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = json::parse(bytes) else { return };
    let _ = read_activity(&value);
    let _ = read_collection(&value);
    if let Ok(actor) = read_actor(&value) {
        assert!(actor.name.chars().count() <= limits::ACTOR_NAME_CHARS);
        assert!(actor.note.len() <= limits::ACTOR_NOTE && actor.fields.len() <= limits::ACTOR_FIELDS);
    }
    if let Ok(object) = read_object(&value) {
        assert!(object.html.len() <= limits::CLEAN_HTML && object.id.len() <= limits::URL);
        assert!(object.attachments.len() <= limits::REMOTE_ATTACHMENTS);
        assert!(object.mentions.len() <= limits::REMOTE_MENTIONS);
        assert!(object.summary.is_none_or(|s| s.chars().count() <= limits::SUMMARY_CHARS));
    }
});
