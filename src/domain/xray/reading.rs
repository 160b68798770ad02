//! A document, read and laid out.

use serde_json::Value;

use super::{Attachment, Poll, Quote, Xray};
use crate::protocol::activitystreams::types::{Activity, Audience, Item, Object, PUBLIC};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::html;
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;

/// Everything that can be said of a document without knowing anything else.
pub(super) fn read(document: &Value) -> Xray {
    let kind = activitystreams::kind_of(document).unwrap_or_default();
    let blank = Xray { kind: "unknown", r#type: kind.clone(), ..Xray::default() };
    if activitystreams::is_activity_type(&kind) {
        return match activitystreams::read_activity(document) {
            Ok(activity) => of_activity(&activity, blank),
            Err(_) => blank,
        };
    }
    if let Ok(actor) = activitystreams::read_actor(document) {
        let name = actor.username.clone().unwrap_or_default();
        let host = activitystreams::origin_of(&actor.id).map(|o| o.authority()).unwrap_or_default();
        return Xray {
            kind: "actor",
            id: Some(actor.id),
            author: Some(format!("@{name}@{host}")),
            title: Some(actor.name).filter(|n| !n.is_empty()),
            text: Some(html::to_text(&actor.note)),
            html: Some(actor.note),
            url: actor.url,
            emoji: actor.emoji.into_iter().map(|e| e.shortcode).collect(),
            target: actor.moved_to,
            published: actor.published.map(Timestamp::to_activity),
            ..blank
        };
    }
    if let Ok(object) = activitystreams::read_object(document) {
        return of_object(&object, None, blank);
    }
    match activitystreams::read_collection(document) {
        Ok(collection) => Xray { kind: "collection", id: collection.id, ..blank },
        Err(_) => Xray { id: activitystreams::id_of(document).map(str::to_owned), ..blank },
    }
}

fn of_activity(activity: &Activity, blank: Xray) -> Xray {
    let item = activity.objects.first();
    let inner = match item {
        Some(Item::Embedded(value)) => activitystreams::read_object(value).ok(),
        _ => None,
    };
    let base = match &inner {
        Some(object) => {
            let outer = blank.r#type.clone();
            let read = of_object(object, Some(&activity.audience), blank);
            Xray { r#type: format!("{outer} {}", read.r#type), ..read }
        }
        None => blank,
    };
    Xray {
        kind: if base.kind == "vote" { "vote" } else { "activity" },
        id: activity.id.clone(),
        author: Some(activity.actor.clone()),
        object: item.and_then(Item::id).map(str::to_owned),
        target: activity.target.clone(),
        reaction: activity.reaction.as_ref().map(|r| r.text.clone()),
        text: activity.content.clone().or(base.text),
        visibility: base.visibility.or_else(|| visibility(&activity.audience, &activity.actor)),
        ..base
    }
}

fn of_object(object: &Object, outer: Option<&Audience>, blank: Xray) -> Xray {
    let own = !object.audience.to.is_empty() || !object.audience.cc.is_empty();
    let audience = if own { &object.audience } else { outer.unwrap_or(&object.audience) };
    let direct = || Some(Visibility::Direct.as_str());
    Xray {
        kind: if object.vote.is_some() { "vote" } else { "post" },
        r#type: object.type_name.clone(),
        id: Some(object.id.clone()),
        author: Some(object.attributed_to.clone()),
        text: Some(object.vote.clone().unwrap_or_else(|| html::to_text(&object.html))),
        html: Some(object.html.clone()),
        title: object.title.clone(),
        visibility: if object.direct_message {
            direct()
        } else {
            visibility(audience, &object.attributed_to).or_else(direct)
        },
        content_warning: object.summary.clone(),
        sensitive: object.sensitive,
        language: object.language.clone(),
        published: object.published.map(Timestamp::to_activity),
        updated: object.updated.map(Timestamp::to_activity),
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
            options: p.options.clone(),
            ends: p.ends_at.map(Timestamp::to_activity),
            closed: p.closed,
            voters: p.voters,
        }),
        quote: quote(object),
        in_reply_to: object.in_reply_to.clone(),
        group: object.group.clone(),
        policy: object.policy.as_ref().and_then(|p| serde_json::to_value(p).ok()),
        ..blank
    }
}

fn quote(object: &Object) -> Option<Quote> {
    let q = object.quote.as_ref()?;
    let (approved, why) = match (&q.authorization, q.asks_consent) {
        (_, false) => (true, "the dialect that it is written in knows no consent"),
        (Some(stamp), true) if same_origin(stamp, &q.uri) => {
            (true, "it names a consent on the server of the quoted post, which is asked for it")
        }
        (Some(_), true) => (false, "the consent that it names lies on another server than the quoted post"),
        (None, true) if same_origin(&q.uri, &object.id) => (true, "if the quoted post is by the same author"),
        (None, true) => (false, "it names no consent of the quoted author"),
    };
    Some(Quote { uri: q.uri.clone(), approved, why })
}

/// As far as it can be told without the author's document: its followers are taken for what is called so.
fn visibility(audience: &Audience, author: &str) -> Option<&'static str> {
    let has = |list: &[String], wanted: &str| list.iter().any(|id| id == wanted);
    let followers = |list: &[String]| list.iter().any(|id| id.ends_with("/followers") && same_origin(id, author));
    let visibility = if has(&audience.to, PUBLIC) {
        Visibility::Public
    } else if has(&audience.cc, PUBLIC) {
        Visibility::Unlisted
    } else if followers(&audience.to) || followers(&audience.cc) {
        Visibility::Private
    } else if audience.to.is_empty() && audience.cc.is_empty() {
        return None;
    } else {
        Visibility::Direct
    };
    Some(visibility.as_str())
}
