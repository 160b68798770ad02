//! Reads a document into an [`Xray`].

use serde_json::Value;

use super::quote_approval;
use super::reading::{ApprovalDetails, Attachment, Field, Poll, Xray};
use crate::protocol::activitystreams;
use crate::protocol::activitystreams::types::{Activity, ActorDoc, Interaction, Item, Object};
use crate::protocol::html;
use crate::protocol::time::Timestamp;

/// Reads a document by itself, without the database.
pub(crate) fn read(document: &Value) -> Xray {
    let kind = activitystreams::kind_of(document).unwrap_or_default();
    let blank = Xray { kind: "unknown", r#type: kind.clone(), ..Xray::default() };
    if activitystreams::is_activity_type(&kind) {
        return match activitystreams::read_activity(document) {
            Ok(activity) => of_activity(&activity, blank),
            Err(_) => blank,
        };
    }
    if let Some(allows) = Interaction::of_approval(&kind) {
        return of_approval(document, allows, blank);
    }
    if let Ok(actor) = activitystreams::read_actor(document) {
        return of_actor(actor, blank);
    }
    if let Ok(object) = activitystreams::read_object(document) {
        return of_object(&object, blank);
    }
    match activitystreams::read_collection(document) {
        Ok(collection) => Xray { kind: "collection", id: collection.id, total: collection.total, ..blank },
        Err(_) => Xray { id: activitystreams::id_of(document).map(str::to_owned), ..blank },
    }
}

fn of_actor(actor: ActorDoc, blank: Xray) -> Xray {
    let name = actor.user_name();
    let host = activitystreams::origin_of(&actor.id).map(|o| o.authority()).unwrap_or_default();
    let field = |f: activitystreams::Field| Field { name: f.name, value: html::to_text(&f.value) };
    Xray {
        kind: "actor",
        id: Some(actor.id),
        author: Some(format!("@{name}@{host}")),
        title: Some(actor.name).filter(|n| !n.is_empty()),
        text: Some(html::to_text(&actor.note)),
        html: Some(actor.note),
        url: actor.url,
        emoji: actor.emoji.into_iter().map(|e| e.shortcode).collect(),
        target: actor.moved_to,
        published: actor.published.map(Timestamp::to_seconds),
        fields: actor.fields.into_iter().map(field).collect(),
        aliases: actor.also_known_as,
        proxy_of: actor.proxy_of.map(|(address, _)| address),
        locked: actor.locked,
        suspended: actor.suspended,
        ..blank
    }
}

/// Mastodon and GoToSocial use the same members; older versions of GoToSocial wrote `actor`, `object` and `target`.
fn of_approval(document: &Value, allows: Interaction, blank: Xray) -> Xray {
    let first = |members: [&str; 2]| {
        let ids = members.into_iter().filter_map(|member| activitystreams::first_id(document.get(member)));
        ids.into_iter().next()
    };
    Xray {
        kind: "consent",
        id: activitystreams::id_of(document).map(str::to_owned),
        author: first(["attributedTo", "actor"]),
        approval: Some(ApprovalDetails {
            allows: allows.as_str().to_lowercase(),
            interacting: first(["interactingObject", "object"]),
            to: first(["interactionTarget", "target"]),
        }),
        ..blank
    }
}

fn of_activity(activity: &Activity, blank: Xray) -> Xray {
    let object_in = |item: &Item| match item {
        Item::Embedded(value) => activitystreams::read_object(value).ok(),
        Item::Id(_) => None,
    };
    let inner: Vec<Object> = activity.objects.iter().filter_map(object_in).collect();
    let base = match inner.first() {
        Some(object) => {
            let outer = blank.r#type.clone();
            let read = of_object(object, blank);
            Xray { r#type: format!("{outer} {}", read.r#type), ..read }
        }
        None => blank,
    };
    // GoToSocial sends all votes in a poll in one Create.
    let votes: Vec<_> = inner.iter().filter_map(|object| object.vote.as_deref()).collect();
    let text = if votes.len() > 1 { Some(votes.join("\n")) } else { activity.content.clone().or(base.text) };
    let objects: Vec<_> = activity.objects.iter().filter_map(Item::id).map(str::to_owned).collect();
    Xray {
        kind: if base.kind == "vote" { "vote" } else { "activity" },
        id: activity.id.clone(),
        author: Some(activity.actor.clone()),
        object: objects.first().cloned(),
        objects,
        target: activity.target.clone(),
        result: activity.result.clone(),
        instrument: activity.instrument.as_ref().and_then(Item::id).map(str::to_owned),
        reaction: activity.reaction.as_ref().map(|r| r.text.clone()),
        text,
        ..base
    }
}

fn of_object(object: &Object, blank: Xray) -> Xray {
    Xray {
        kind: if object.vote.is_some() { "vote" } else { "post" },
        r#type: object.type_name.clone(),
        id: Some(object.id.clone()),
        author: Some(object.attributed_to.clone()),
        text: Some(object.vote.clone().unwrap_or_else(|| html::to_text(&object.html))),
        html: Some(object.html.clone()),
        title: object.title.clone(),
        content_warning: object.summary.clone(),
        sensitive: object.sensitive,
        language: object.language.clone(),
        published: object.published.map(Timestamp::to_seconds),
        updated: object.updated.map(Timestamp::to_seconds),
        url: object.url.clone(),
        attachments: object
            .attachments
            .iter()
            .map(|a| Attachment { kind: a.kind.as_str(), url: a.url.clone(), alt: a.description.clone() })
            .collect(),
        mentions: object.mentions.iter().map(|m| m.href.clone()).collect(),
        hashtags: object.hashtags.clone(),
        emoji: object.emoji.iter().map(|e| e.shortcode.clone()).collect(),
        poll: object.poll.as_ref().map(|p| Poll {
            multiple: p.multiple,
            options: p.options.iter().map(|o| (o.title.clone(), o.votes)).collect(),
            ends: p.ends_at.map(Timestamp::to_seconds),
            closed: p.closed,
            voters: p.voters,
        }),
        quote: object.quote.as_ref().map(|q| quote_approval::stated(q, &object.id)),
        in_reply_to: object.in_reply_to.clone(),
        group: object.group.clone(),
        policy: object.policy.as_ref().and_then(|p| serde_json::to_value(p).ok()),
        ..blank
    }
}
