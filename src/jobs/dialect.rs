//! What one server gets of an activity: other software reads other forms of it, or nothing of its type.

use serde_json::Value;

use super::WorkerContext;
use crate::domain::urls::host_of;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::activitystreams::write;
use crate::protocol::activitystreams::{is_actor_type, kind_of};
use crate::protocol::html;
use crate::protocol::software::{Software, is_direct};
use crate::protocol::text::clean_name;
use crate::store::peers::hosts;
use crate::store::queues::deliveries::Delivery;
use crate::store::{actors, statuses};

/// How much depends on the software of the server that an activity goes to.
enum Need {
    /// Nothing.
    Nothing,
    /// Only the noise of an error: what is stored is enough.
    Known,
    /// Whether it arrives: NodeInfo is requested if nothing is stored.
    Asked,
}

/// The bytes that go to this server; `None` when its software does not read such an activity.
///
/// # Errors
/// [`crate::Error::Remote`] when it must be known and cannot be requested now.
pub(super) fn adapt(tools: &WorkerContext, delivery: &Delivery, body: Vec<u8>) -> Result<Option<Vec<u8>>> {
    let may_differ = |kind: &ActivityKind| {
        !matches!(kind, ActivityKind::Follow | ActivityKind::Accept | ActivityKind::Reject | ActivityKind::Like)
    };
    if !may_differ(&delivery.kind) {
        return Ok(Some(body));
    }
    let activity: Value = serde_json::from_slice(&body)?;
    let software = match need(&activity, &delivery.host) {
        Need::Nothing => return Ok(Some(body)),
        Need::Known => {
            let stored = tools.domain.store.read(|c| hosts::software(c, &delivery.host))?;
            Software::named(stored.and_then(|(name, _)| name))
        }
        Need::Asked => tools.fetcher.software_of(&delivery.host)?,
    };
    if !software.takes(&activity) {
        return Ok(None);
    }
    if !is_message(&activity) {
        return Ok(Some(body));
    }
    let Some(recipient) = recipient(tools, &activity, delivery)? else { return Ok(Some(body)) };
    let is_chat = software.wants_chat_messages()
        // Without NodeInfo, what the recipient sends tells what it reads.
        || software.is_unknown() && has_sent_chat_messages(tools, &recipient)?;
    match is_chat {
        true => Ok(Some(serde_json::to_vec(&write::chat_message(&activity, &recipient))?)),
        false => Ok(Some(body)),
    }
}

fn need(activity: &Value, host: &str) -> Need {
    use ActivityKind::{Add, Announce, Block, Create, Delete, Move, Remove, Request, Undo, Update};
    let object = &activity["object"];
    match kind_of(activity).as_deref().map(ActivityKind::of) {
        Some(Block) => Need::Asked,
        // Followers get boosts too; only the author of what is boosted may be on a server that reads none.
        Some(Announce) => match object.as_str().and_then(host_of).as_deref() == Some(host) {
            true => Need::Asked,
            false => Need::Known,
        },
        Some(Undo) if !object.is_string() => need(object, host),
        Some(Create | Update | Delete) if is_message(activity) => Need::Asked,
        Some(Update) if kind_of(object).is_some_and(|kind| is_actor_type(&kind)) => Need::Known,
        Some(Add | Remove | Move | Request(_)) => Need::Known,
        _ => Need::Nothing,
    }
}

/// True of a direct message, its edit and its end; a vote looks like one but has no words.
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

/// Which addressee a message at this inbox is for.
fn recipient(tools: &WorkerContext, activity: &Value, delivery: &Delivery) -> Result<Option<String>> {
    let inbox = &delivery.inbox;
    let behind = tools.domain.store.read(|c| actors::uris_by_inbox(c, inbox, limits::INBOX_ACTORS_REFRESHED))?;
    let addressees = ["to", "cc"].into_iter().filter_map(|member| activity[member].as_array()).flatten();
    let mut ids = addressees.filter_map(Value::as_str);
    Ok(ids.find(|id| behind.iter().any(|uri| uri == id)).map(str::to_owned))
}

fn has_sent_chat_messages(tools: &WorkerContext, actor: &str) -> Result<bool> {
    tools.domain.store.read(|c| match actors::id_by_uri(c, actor)? {
        Some(id) => statuses::has_sent_chat_messages(c, id),
        None => Ok(false),
    })
}

/// What a server says about a refusal, in plain words: of JSON the text of its error, of a page its text.
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
    fn a_refusal_is_shown_in_plain_words() {
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
