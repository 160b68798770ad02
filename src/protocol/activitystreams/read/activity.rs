//! Activities.

use serde_json::Value;

use crate::limits;
use crate::write_guard;

use super::audience::audience;
use super::items::items;
use super::reaction::reaction;
use super::values::{first_id, id_of, is_kind, kinds, paragraph, when};
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::origin::is_id;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item};

/// Activities in an activity that are read: a community announces the Undo of an activity.
const INNER_LEVELS: usize = 2;

/// Reads an activity. Addressees are cut to [`limits::REMOTE_AUDIENCE`], objects to [`limits::ACTIVITY_OBJECTS`], the
/// comment of a Flag to [`limits::SUMMARY_CHARS`]; a reaction longer than [`limits::EMOJI_CHARS`] and its colons is
/// dropped, which leaves a plain Like. `EmojiReact` is a Like with a reaction (FEP-c0e0), and so is `Dislike`.
///
/// # Errors
/// [`ReadError`] if `type` or `actor` is missing, or `object` for a kind that needs it.
pub fn read_activity(doc: &Value) -> Result<Activity, ReadError> {
    write_guard::assert_outside("an activity is parsed");
    read_levels(doc, INNER_LEVELS)
}

/// Reads an activity with this many levels of activities in it.
fn read_levels(doc: &Value, levels: usize) -> Result<Activity, ReadError> {
    if !doc.is_object() {
        return Err(ReadError::NotAnObject);
    }
    let kind = kind(doc).ok_or(ReadError::Missing("type"))?;
    let actor = first_id(doc.get("actor")).ok_or(ReadError::Missing("actor"))?;
    let objects = items(doc.get("object"), limits::ACTIVITY_OBJECTS);
    if objects.is_empty() && !matches!(kind, ActivityKind::Other(_)) {
        return Err(ReadError::Missing("object"));
    }
    let inner = match objects.first() {
        Some(Item::Embedded(value)) if levels > 0 => read_levels(value, levels - 1).ok().map(Box::new),
        _ => None,
    };
    let has_reason = matches!(kind, ActivityKind::Flag | ActivityKind::Block);
    Ok(Activity {
        id: id_of(doc).filter(|id| is_id(id)).map(str::to_owned),
        content: if has_reason { reason(doc) } else { None },
        reaction: if kind == ActivityKind::Like { reaction(doc) } else { None },
        is_dislike: is_kind(doc, "Dislike"),
        kind,
        actor,
        objects,
        inner,
        target: first_id(doc.get("target")),
        result: first_id(doc.get("result")),
        instrument: items(doc.get("instrument"), 1).pop(),
        audience: audience(doc),
        published: when(doc, "published"),
    })
}

/// The reason of a report or ban: `content`, or `summary` (Lemmy).
fn reason(doc: &Value) -> Option<String> {
    ["content", "summary"].iter().find_map(|member| paragraph(doc, member, limits::SUMMARY_CHARS))
}

/// The first known type, else the first.
fn kind(doc: &Value) -> Option<ActivityKind> {
    let other = || kinds(doc).next().map(|name| ActivityKind::Other(name.to_owned()));
    kinds(doc).find_map(ActivityKind::known).or_else(other)
}
