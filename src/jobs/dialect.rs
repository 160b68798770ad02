//! Adapts an activity to the software of a host, which may need another form of it, or support no activity of its type.

use serde_json::Value;

use super::context::WorkerContext;
use crate::domain::urls::host_of;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::activitystreams::write;
use crate::protocol::activitystreams::{is_actor_type, kind_of};
use crate::protocol::discovery::software::{Software, is_direct};
use crate::protocol::html;
use crate::protocol::text::clean_name;
use crate::store::peers::hosts;
use crate::store::queues::deliveries::Delivery;
use crate::store::{actors, statuses};

/// How much depends on the software of the receiving host.
enum SoftwareNeed {
    /// Nothing.
    Nothing,
    /// Only an error in the log: stored software is enough.
    Known,
    /// The delivery: NodeInfo is requested if nothing is stored.
    Required,
}

/// The body for this host; `None` if its software does not support the activity.
///
/// # Errors
/// [`crate::Error::Remote`] when the software is required and cannot be requested now.
pub(super) fn adapt(ctx: &WorkerContext, delivery: &Delivery, body: Vec<u8>) -> Result<Option<Vec<u8>>> {
    let may_differ = |kind: &ActivityKind| {
        !matches!(kind, ActivityKind::Follow | ActivityKind::Accept | ActivityKind::Reject | ActivityKind::Like)
    };
    if !may_differ(&delivery.kind) {
        return Ok(Some(body));
    }
    let activity: Value = serde_json::from_slice(&body)?;
    let software = match need(&activity, &delivery.host) {
        SoftwareNeed::Nothing => return Ok(Some(body)),
        SoftwareNeed::Known => {
            let stored = ctx.domain.store.read(|c| hosts::software(c, &delivery.host))?;
            Software::named(stored.and_then(|(name, _)| name))
        }
        SoftwareNeed::Required => ctx.fetcher.software_of(&delivery.host)?,
    };
    if !software.takes(&activity) {
        return Ok(None);
    }
    if !is_message(&activity) {
        return Ok(Some(body));
    }
    let Some(recipient) = recipient(ctx, &activity, delivery)? else { return Ok(Some(body)) };
    let is_chat = software.wants_chat_messages()
        // Without NodeInfo, the messages of the recipient show what it supports.
        || software.is_unknown() && has_sent_chat_messages(ctx, &recipient)?;
    match is_chat {
        true => Ok(Some(serde_json::to_vec(&write::chat_message(&activity, &recipient))?)),
        false => Ok(Some(body)),
    }
}

fn need(activity: &Value, host: &str) -> SoftwareNeed {
    use ActivityKind::{Add, Announce, Block, Create, Delete, Move, Remove, Request, Undo, Update};
    let object = &activity["object"];
    match kind_of(activity).as_deref().map(ActivityKind::of) {
        Some(Block) => SoftwareNeed::Required,
        // Followers get boosts too; only the author of the boosted post may be on a server that does not support them.
        Some(Announce) => match object.as_str().and_then(host_of).as_deref() == Some(host) {
            true => SoftwareNeed::Required,
            false => SoftwareNeed::Known,
        },
        Some(Undo) if !object.is_string() => need(object, host),
        Some(Create | Update | Delete) if is_message(activity) => SoftwareNeed::Required,
        Some(Update) if kind_of(object).is_some_and(|kind| is_actor_type(&kind)) => SoftwareNeed::Known,
        Some(Add | Remove | Move | Request(_)) => SoftwareNeed::Known,
        _ => SoftwareNeed::Nothing,
    }
}

/// Returns `true` for a direct message, its edit and its deletion. A vote has the same form without content.
fn is_message(activity: &Value) -> bool {
    let object = &activity["object"];
    let kind = kind_of(object);
    let is_post = match kind.as_deref() {
        Some("Note" | "Question") => object.get("content").is_some(),
        Some("Tombstone") => true,
        _ => false,
    };
    is_post && is_direct(activity)
}

/// The addressee of a message with this inbox.
fn recipient(ctx: &WorkerContext, activity: &Value, delivery: &Delivery) -> Result<Option<String>> {
    let inbox = &delivery.inbox;
    let behind = ctx.domain.store.read(|c| actors::uris_by_inbox(c, inbox, limits::INBOX_ACTORS_REFRESHED))?;
    let addressees = ["to", "cc"].into_iter().filter_map(|member| activity[member].as_array()).flatten();
    let mut ids = addressees.filter_map(Value::as_str);
    Ok(ids.find(|id| behind.iter().any(|uri| uri == id)).map(str::to_owned))
}

fn has_sent_chat_messages(ctx: &WorkerContext, actor: &str) -> Result<bool> {
    ctx.domain.store.read(|c| match actors::id_by_uri(c, actor)? {
        Some(id) => statuses::has_sent_chat_messages(c, id),
        None => Ok(false),
    })
}

/// The text of a refusal: the error text of JSON, or the text of a page.
pub(super) fn words(excerpt: &str) -> Option<String> {
    let from_json = || {
        let value: Value = serde_json::from_str(excerpt).ok()?;
        let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
        ["message", "error_description", "error", "title", "detail"].into_iter().find_map(text)
    };
    let plain = from_json().unwrap_or_else(|| match excerpt.contains('<') {
        true => html::to_text(&html::clean(excerpt)),
        false => excerpt.to_owned(),
    });
    Some(clean_name(&plain, limits::DELIVERY_EXCERPT_CHARS)).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_shown_as_text() {
        for (excerpt, shown) in [
            (r#"{"error":"object_is_not_public"}"#, Some("object_is_not_public")),
            (r#"{"error":"couldnt_parse","message":"missing field `target`"}"#, Some("missing field `target`")),
            (r#"{"status":400}"#, Some(r#"{"status":400}"#)),
            ("<html><body><p>Not <b>allowed</b></p></body></html>", Some("Not allowed")),
            ("  \u{202e}plain \u{7}text ", Some("plain text")),
            ("", None),
        ] {
            assert_eq!(words(excerpt).as_deref(), shown, "{excerpt}");
        }
    }
}
