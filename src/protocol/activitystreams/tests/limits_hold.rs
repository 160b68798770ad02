//! No field above its limit, whatever the document.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Every number of the limits table at its value and one above.
#[test]
fn lists_and_texts_are_cut_at_their_limit() {
    let many = |n: usize, make: &dyn Fn(usize) -> Value| Value::Array((0..n).map(make).collect());
    let tags = |kind: &'static str| move |n: usize| json!({ "type": kind, "name": format!("tag{n}"), "href": format!("https://a.example/{n}"), "icon": "https://a.example/i.png" });
    for above in [0, 1] {
        let read = object(json!({ "tag": many(limits::REMOTE_TAGS + above, &tags("Mention")) }));
        assert_eq!(read.mentions.len(), limits::REMOTE_TAGS);
        let read = object(json!({ "tag": many(limits::REMOTE_HASHTAGS + above, &tags("Hashtag")) }));
        assert_eq!(read.hashtags.len(), limits::REMOTE_HASHTAGS);
        let read = object(json!({ "tag": many(limits::REMOTE_EMOJI + above, &tags("Emoji")) }));
        assert_eq!(read.emoji.len(), limits::REMOTE_EMOJI);
        let file = |n: usize| json!({ "type": "Image", "url": format!("https://a.example/{n}.png"), "name": "x".repeat(limits::REMOTE_ALT_CHARS + above) });
        let read = object(json!({ "attachment": many(limits::REMOTE_ATTACHMENTS + above, &file) }));
        assert_eq!(read.attachments.len(), limits::REMOTE_ATTACHMENTS);
        assert_eq!(read.attachments[0].description.as_ref().map(|d| d.chars().count()), Some(limits::REMOTE_ALT_CHARS));
        let option = |n: usize| json!({ "name": format!("{n:0>width$}", width = limits::POLL_OPTION_CHARS + above) });
        let poll = object(json!({ "oneOf": many(limits::REMOTE_POLL_OPTIONS + above, &option) })).poll.expect("a poll");
        assert_eq!(
            (poll.options.len(), poll.options[0].title.len()),
            (limits::REMOTE_POLL_OPTIONS, limits::POLL_OPTION_CHARS)
        );
        let read = object(
            json!({ "to": many(limits::REMOTE_AUDIENCE + above, &|n| json!(format!("https://a.example/{n}"))), "cc": ALICE }),
        );
        assert_eq!(read.audience.to.len() + read.audience.cc.len(), limits::REMOTE_AUDIENCE);
        assert_eq!(
            object(json!({ "summary": "é".repeat(limits::SUMMARY_CHARS + above) })).summary.map(|s| s.chars().count()),
            Some(limits::SUMMARY_CHARS)
        );
        let field = |n: usize| {
            let length = if n == 0 { limits::ACTOR_FIELD_VALUE_CHARS + above } else { 9 };
            json!({ "type": "PropertyValue", "name": "n".repeat(limits::ACTOR_FIELD_NAME_CHARS + above), "value": "v".repeat(length) })
        };
        let read = person(json!({
            "attachment": many(limits::ACTOR_FIELDS + above, &field), "name": "é".repeat(limits::ACTOR_NAME_CHARS + above), "summary": "é".repeat(limits::ACTOR_NOTE),
            "preferredUsername": "u".repeat(limits::ACTOR_USERNAME_CHARS + above), "alsoKnownAs": many(limits::ACTOR_ALIASES + above, &|n| json!(format!("https://a.example/{n}"))),
            "publicKey": many(limits::ACTOR_KEYS + above, &|n| json!({ "id": format!("{ALICE}#{n}"), "publicKeyPem": "p" })),
        }));
        assert_eq!(
            (read.fields.len(), read.also_known_as.len(), read.keys.len()),
            (limits::ACTOR_FIELDS, limits::ACTOR_ALIASES, limits::ACTOR_KEYS)
        );
        assert_eq!(read.fields[0].name.len(), limits::ACTOR_FIELD_NAME_CHARS);
        assert!(
            (limits::ACTOR_FIELD_VALUE_CHARS / 2..=limits::ACTOR_FIELD_VALUE_CHARS)
                .contains(&read.fields[0].value.len())
        );
        let long = |_| json!({ "type": "PropertyValue", "name": "n", "value": "é".repeat(limits::ACTOR_FIELD_VALUE_CHARS / 2 + above) });
        let fields = person(json!({ "attachment": many(limits::ACTOR_FIELDS, &long) })).fields;
        let bytes: usize = fields.iter().map(|f| f.name.len() + f.value.len()).sum();
        assert!((limits::ACTOR_FIELDS_BYTES / 2..=limits::ACTOR_FIELDS_BYTES).contains(&bytes), "{bytes}");
        assert_eq!(read.name.chars().count(), limits::ACTOR_NAME_CHARS);
        assert!((limits::ACTOR_NOTE / 2..=limits::ACTOR_NOTE).contains(&read.note.len()));
        assert_eq!(read.username.is_some(), above == 0);
        let items = json!({ "type": "Collection", "items": many(limits::COLLECTION_ITEMS + above, &|_| json!(ALICE)) });
        assert_eq!(read_collection(&items).expect("a collection").items.len(), limits::COLLECTION_ITEMS);
        let flag = json!({ "type": "Flag", "actor": ALICE, "content": "x".repeat(limits::SUMMARY_CHARS + above), "object": many(limits::ACTIVITY_OBJECTS + above, &|_| json!(ALICE)) });
        let flag = read_activity(&flag).expect("a report");
        assert_eq!(
            (flag.objects.len(), flag.content.map(|c| c.len())),
            (limits::ACTIVITY_OBJECTS, Some(limits::SUMMARY_CHARS))
        );
    }
}

fn check_object(o: &Object) {
    let web = |url: &Option<String>| url.as_deref().is_none_or(is_id);
    assert!(is_id(&o.id) && is_id(&o.attributed_to) && web(&o.url) && web(&o.in_reply_to) && web(&o.replies));
    assert!(o.html.len() <= limits::CLEAN_HTML && !o.html.contains("<script") && !o.html.chars().any(is_hidden));
    assert!(o.summary.as_ref().is_none_or(|s| s.chars().count() <= limits::SUMMARY_CHARS && !s.chars().any(is_hidden)));
    assert!(o.title.as_ref().is_none_or(|s| s.chars().count() <= limits::SUMMARY_CHARS && !s.chars().any(is_hidden)));
    assert!(o.attachments.len() <= limits::REMOTE_ATTACHMENTS && o.attachments.iter().all(|a| is_id(&a.url)));
    assert!(o.audience.to.iter().chain(&o.audience.cc).all(|id| is_id(id)));
    assert!(o.emoji.iter().all(|e| is_id(&e.url) && e.shortcode.len() <= limits::EMOJI_CHARS));
    assert!(o.conversation.as_ref().is_none_or(|c| c.len() <= limits::URL));
}

fn check_actor(a: &ActorDoc) {
    assert!(is_id(&a.id) && is_id(&a.inbox) && a.url.as_deref().is_none_or(|u| same_origin(u, &a.id)));
    assert!(a.name.chars().count() <= limits::ACTOR_NAME_CHARS && !a.name.chars().any(is_hidden));
    assert!(
        a.note.len() <= limits::ACTOR_NOTE
            && a.fields.len() <= limits::ACTOR_FIELDS
            && a.keys.len() <= limits::ACTOR_KEYS
    );
    assert!(a.keys.iter().all(|k| same_origin(&k.id, &a.id) && same_origin(&k.owner, &a.id)));
}

pub(super) fn read_all(doc: &Value) {
    let _ = (read_activity(doc), read_collection(doc), kind_of(doc), id_of(doc));
    if let Ok(object) = read_object(doc) {
        check_object(&object);
    }
    if let Ok(actor) = read_actor(doc) {
        check_actor(&actor);
    }
}

/// Arbitrary values with the strings that matter among them.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "https://(a|b)\\.example/[a-z#\\\\é]{0,4}".prop_map(Value::from),
        "as:Public|Note|Question|Event|Video|Person|Link|Mention|Hashtag|Emoji|Image|Document|Collection|Like|Create|text/markdown|text/plain|image/png|en|2026-11-20T10:00:00[Z+ -]{0,2}[0-9:]{0,5}|:a:|#a".prop_map(Value::from),
        "<(b|a href=x|script|p)>\\PC{0,8}".prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    let key = "id|type|url|href|name|content|contentMap|summary|tag|attachment|icon|image|mediaType|attributedTo|actor|object|to|cc|bto|oneOf|anyOf|closed|endTime|startTime|location|address|published|publicKey|assertionMethod|owner|publicKeyPem|inbox|endpoints|items|first|focalPoint|blurhash|replies|totalItems|language|width|context|en";
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_json_is_read_or_refused(doc in value(), kind in "Note|Question|Event|Video|Audio|Image|Page|Review|Person|Like|Create|Collection") {
        read_all(&doc);
        // The same members on documents that have what they need, so that the readers get past the first check.
        let mut posted = note(json!({}));
        let mut acting = actor(json!({}));
        merge(&mut posted, doc.clone());
        merge(&mut acting, doc);
        merge(&mut posted, json!({ "type": kind, "id": "https://a.example/n/1", "attributedTo": ALICE, "actor": ALICE }));
        merge(&mut acting, json!({ "type": "Person", "id": ALICE, "inbox": "https://a.example/inbox" }));
        read_all(&posted);
        prop_assert!(read_actor(&acting).is_ok());
    }
}
