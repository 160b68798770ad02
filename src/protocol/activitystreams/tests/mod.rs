//! Small documents of our own, one for each rule; then real ones, when they lie beside the project.

mod actors;
mod limits_hold;
mod posts;
mod real;

use serde_json::{Value, json};

use super::*;
use crate::limits;
use crate::protocol::text::is_hidden;
use crate::protocol::time::Timestamp;

const ALICE: &str = "https://a.example/users/alice";

/// A Note with these members on top.
fn note(more: Value) -> Value {
    let mut doc = json!({
        "type": "Note", "id": "https://a.example/n/1", "attributedTo": ALICE,
        "to": "as:Public", "content": "<p>Hi</p>",
    });
    merge(&mut doc, more);
    doc
}

fn actor(more: Value) -> Value {
    let mut doc =
        json!({ "type": "Person", "id": ALICE, "inbox": "https://a.example/inbox", "preferredUsername": "alice" });
    merge(&mut doc, more);
    doc
}

fn merge(doc: &mut Value, more: Value) {
    let (Some(doc), Value::Object(more)) = (doc.as_object_mut(), more) else { return };
    doc.extend(more);
}

fn object(more: Value) -> Object {
    read_object(&note(more)).expect("a readable note")
}

fn person(more: Value) -> ActorDoc {
    read_actor(&actor(more)).expect("a readable actor")
}

#[test]
fn an_actor_without_a_name_is_named_by_its_id() {
    for (id, name) in [("https://h.example/users/ana/", "ana"), ("https://h.example/@ana?x=1", "ana")] {
        let doc = json!({"id": id, "type": "Person", "inbox": "https://h.example/inbox"});
        assert_eq!(read_actor(&doc).unwrap().user_name(), name);
    }
}

#[test]
fn ids_are_absolute_web_addresses_and_origins_fold() {
    for good in [
        "https://a.example/",
        "http://127.0.0.1:3000/u/x#main-key",
        "https://x.example/ap/at://did:plc:a/1",
        "https://A.example/%7Eü/",
    ] {
        assert!(is_id(good), "{good}");
    }
    let long = |n: usize| format!("https://a.example/{}", "x".repeat(n - 18));
    assert!(is_id(&long(limits::URL)) && !is_id(&long(limits::URL + 1)));
    for bad in [
        "",
        "a.example",
        "/u/a",
        "ftp://a.example/",
        "https:/a.example",
        "tag:a,2020:x",
        "https://a@b.example/",
        "https://a.example/\n",
        "https://a.example\\b",
        "acct:a@b.example",
    ] {
        assert!(!is_id(bad) && origin_of(bad).is_none(), "{bad}");
    }
    for same in ["https://a.example/x", "HTTPS://A.EXAMPLE/y", "https://a.example:443/z"] {
        assert!(same_origin(same, ALICE), "{same}");
    }
    for other in [
        "http://a.example/",
        "https://a.example:8443/",
        "https://b.example/",
        "https://a.example.evil.example/",
        "nonsense",
    ] {
        assert!(!same_origin(other, ALICE), "{other}");
    }
    assert!(!same_origin("x", "x"), "two things that are no ids have no origin in common");
    assert_eq!(origin_of("http://LOCALHOST:3000/x").expect("an origin").to_string(), "http://localhost:3000");
}

#[test]
fn types_come_with_prefixes_and_in_arrays() {
    for (written, read) in [
        (json!("as:Note"), "Note"),
        (json!(["Note", "X"]), "Note"),
        (json!("https://www.w3.org/ns/activitystreams#Note"), "Note"),
    ] {
        assert_eq!(kind_of(&json!({ "type": written })).as_deref(), Some(read));
    }
    assert_eq!(kind_of(&json!({ "type": 3 })), None);
    assert_eq!(object(json!({ "type": ["x:Thing", "Question"] })).kind, ObjectKind::Question);
    assert_eq!(person(json!({ "type": ["Person", "as:Service"] })).kind, ActorKind::Person);
}

#[test]
fn activities_of_many_shapes() {
    let read = |doc: Value| read_activity(&doc);
    let like = read(json!({ "type": "EmojiReact", "actor": { "type": "Person", "id": ALICE }, "object": ["https://b.example/1"], "content": "🎉" })).expect("a reaction");
    assert_eq!((like.kind, like.reaction.map(|r| r.text).as_deref(), like.id), (ActivityKind::Like, Some("🎉"), None));
    assert_eq!(like.objects, [Item::Id("https://b.example/1".into())]);
    let misskey =
        read(json!({ "type": "Like", "actor": ALICE, "object": "https://b.example/1", "_misskey_reaction": ":x:" }))
            .expect("a like");
    assert_eq!(misskey.reaction.map(|r| r.text).as_deref(), None);
    let long =
        read(json!({ "type": "Like", "actor": ALICE, "object": "https://b.example/1", "content": "x".repeat(67) }))
            .expect("a like");
    assert_eq!(long.reaction, None, "too long for a reaction: a plain like");
    let votes = read(json!({ "type": "Create", "actor": [ALICE], "object": [{ "name": "a" }, { "name": "b" }] }))
        .expect("votes");
    assert_eq!(votes.objects.len(), 2);
    let link = read(
        json!({ "type": "Announce", "actor": ALICE, "object": { "type": "Link", "href": "https://b.example/1" } }),
    )
    .expect("a boost");
    assert_eq!(link.objects, [Item::Id("https://b.example/1".into())]);
    assert_eq!(
        read(json!({ "type": "Arrive", "actor": ALICE })).expect("read").kind,
        ActivityKind::Other("Arrive".into())
    );
    assert_eq!(read(json!([])), Err(ReadError::NotAnObject));
    assert_eq!(read(json!({ "actor": ALICE })), Err(ReadError::Missing("type")));
    assert_eq!(read(json!({ "type": "Like", "object": ALICE })), Err(ReadError::Missing("actor")));
    assert_eq!(read(json!({ "type": "Like", "actor": ALICE, "object": "x" })), Err(ReadError::Missing("object")));
    assert_eq!(ReadError::Missing("actor").to_string(), "the member `actor` is missing or has no usable value");
}

#[test]
fn the_public_collection_has_one_spelling_and_is_ignored_in_bto_and_bcc() {
    for public in [json!("as:Public"), json!(["Public"]), json!(PUBLIC), json!({ "id": PUBLIC })] {
        assert_eq!(object(json!({ "to": public })).audience.to, [PUBLIC]);
    }
    let blind = object(
        json!({ "to": [], "cc": null, "bto": [PUBLIC, ALICE], "bcc": ["as:Public"], "audience": "https://b.example/c/x" }),
    );
    assert_eq!(blind.audience, Audience { to: vec![], cc: vec!["https://b.example/c/x".into(), ALICE.into()] });
    let twice = object(json!({ "to": [ALICE, ALICE, "as:Public", 3, null, "not an id"], "cc": [PUBLIC, ALICE] }));
    assert_eq!(twice.audience, Audience { to: vec![ALICE.into(), PUBLIC.into()], cc: vec![] });
}

#[test]
fn a_note_requires_only_id_and_author() {
    let bare = read_object(&json!({ "type": "Note", "id": "https://a.example/1", "attributedTo": ALICE }))
        .expect("a bare note");
    assert_eq!((bare.html.as_str(), bare.published), ("", None));
    for (doc, error) in [
        (json!("x"), ReadError::NotAnObject),
        (json!({ "type": "Note", "attributedTo": ALICE }), ReadError::Missing("id")),
        (json!({ "type": "Note", "id": "x", "attributedTo": ALICE }), ReadError::Missing("id")),
        (json!({ "type": "Note", "id": "https://a.example/1" }), ReadError::Missing("attributedTo")),
        (json!({ "id": "https://a.example/1", "attributedTo": ALICE }), ReadError::Missing("type")),
        (json!({ "type": "Rune", "id": "https://a.example/1", "attributedTo": ALICE }), ReadError::Missing("content")),
        (
            json!({ "type": "Tombstone", "id": "https://a.example/1", "attributedTo": ALICE }),
            ReadError::WrongType { wanted: "a post", found: "Tombstone".into() },
        ),
    ] {
        assert_eq!(read_object(&doc), Err(error), "{doc}");
    }
    for found in ["Create", "EmojiReact", "Flag", "Block", "Lock", "Undo", "QuoteRequest"] {
        let act = json!({ "type": found, "id": "https://a.example/1", "actor": ALICE, "content": "x", "summary": "x" });
        let error = ReadError::WrongType { wanted: "a post", found: found.into() };
        assert_eq!(read_object(&act), Err(error), "an activity is nothing to read");
    }
}

#[test]
fn only_malformed_members_are_dropped() {
    let members = [
        "content",
        "contentMap",
        "summary",
        "summaryMap",
        "name",
        "sensitive",
        "language",
        "url",
        "inReplyTo",
        "context",
        "conversation",
        "cc",
        "published",
        "updated",
        "tag",
        "attachment",
        "image",
        "icon",
        "oneOf",
        "anyOf",
        "endTime",
        "closed",
        "votersCount",
        "replies",
        "likes",
        "shares",
        "mediaType",
        "directMessage",
        "location",
        "startTime",
    ];
    for member in members {
        for wrong in [
            json!(null),
            json!(7),
            json!("\u{202e}x"),
            json!([]),
            json!([[[[[[[1]]]]]]]),
            json!({ "x": 1 }),
            json!([null, { "type": 1, "url": { "href": 3 } }]),
            json!(true),
        ] {
            for kind in ["Note", "Question", "Event", "Video", "Image"] {
                let mut doc = note(json!({ "type": kind }));
                merge(&mut doc, json!({ member: wrong }));
                let read = read_object(&doc);
                assert!(read.is_ok(), "{member} {wrong} {read:?}");
            }
        }
    }
    let members = [
        "preferredUsername",
        "name",
        "summary",
        "url",
        "endpoints",
        "sharedInbox",
        "outbox",
        "followers",
        "icon",
        "image",
        "attachment",
        "tag",
        "alsoKnownAs",
        "movedTo",
        "publicKey",
        "assertionMethod",
        "published",
        "generator",
        "webfinger",
        "discoverable",
    ];
    for member in members {
        for wrong in
            [json!(null), json!(7), json!([]), json!({ "x": 1 }), json!([null, 1, { "id": 3 }, "x"]), json!(true)]
        {
            let read = read_actor(&actor(json!({ member: wrong })));
            assert!(read.is_ok(), "{member} {wrong} {read:?}");
        }
    }
}

#[test]
fn content_language_and_times() {
    let map = object(json!({ "content": null, "contentMap": { "de": "<p>Hallo</p>", "en": "<p>Hello</p>" } }));
    assert_eq!((map.html.as_str(), map.language.as_deref()), ("<p>Hallo</p>", Some("de")));
    let hollow = object(json!({ "content": "", "contentMap": { "de": " ", "en": "<p>Hello</p>" } }));
    assert_eq!((hollow.html.as_str(), hollow.language.as_deref()), ("<p>Hello</p>", Some("en")));
    let empty = object(json!({ "content": null, "contentMap": { "de": "" }, "language": "fr" }));
    assert_eq!((empty.html.as_str(), empty.language.as_deref()), ("", Some("fr")));
    let same = object(json!({ "content": "Hello", "contentMap": { "de": "Hallo", "en-GB": "Hello" } }));
    assert_eq!((same.html.as_str(), same.language.as_deref()), ("Hello", Some("en-gb")));
    assert_eq!(
        object(json!({ "language": { "identifier": "fr", "name": "Français" } })).language.as_deref(),
        Some("fr")
    );
    for none in [json!("und"), json!("english language"), json!("x"), json!("")] {
        assert_eq!(object(json!({ "language": none })).language, None);
    }
    let at = Some(Timestamp::from_millis(1_795_216_793_000));
    for spelling in ["2026-11-20T23:19:53Z", "2026-11-20T23:19:53+0000", "2026-11-20T23:19:53.000000001Z"] {
        assert_eq!(object(json!({ "published": spelling })).published, at);
    }
    let markdown = object(json!({ "mediaType": "text/markdown", "content": "*a* https://x.example/ #b" }));
    assert!(markdown.html.starts_with("<p><em>a</em> <a href=\"https://x.example/\""), "{}", markdown.html);
    let tagged = object(json!({ "mediaType": "text/markdown", "content": "see #b" })).html;
    assert_eq!(tagged, "<p>see #b</p>", "no link to nowhere");
    assert_eq!(
        object(json!({ "content": " a &amp; b\n\nc\n" })).html,
        "a &amp; b<br><br>c",
        "text that calls itself HTML"
    );
    assert_eq!(object(json!({ "mediaType": "text/plain", "content": "a <b>\nc" })).html, "<p>a &lt;b&gt;<br>c</p>");
    let warned = object(json!({ "summary": "<p>a &amp; b</p>", "sensitive": true }));
    assert_eq!((warned.summary.as_deref(), warned.sensitive), (Some("a & b"), true));
    assert_eq!(object(json!({ "summary": "I <3 x" })).summary.as_deref(), Some("I <3 x"));
    assert!(object(json!({ "tag": { "type": "Hashtag", "name": "#NSFW" } })).sensitive);
}

#[test]
fn the_page_is_html_and_on_its_own_origin() {
    let deep = json!([[{ "type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4" }, [{ "type": "Link", "mimeType": "text/html", "href": "https://a.example/w/1" }]], "magnet:?x"]);
    for (url, expected) in [
        (deep, Some("https://a.example/w/1")),
        (json!("https://A.example/@alice/1"), Some("https://A.example/@alice/1")),
        (json!(["threads://x", "https://a.example/t"]), Some("https://a.example/t")),
        (json!([{ "type": "Link", "href": "https://a.example/l" }]), Some("https://a.example/l")),
        (json!("https://evil.example/1"), None),
        (json!({ "type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4" }), None),
        (json!("javascript:alert(1)"), None),
    ] {
        assert_eq!(object(json!({ "url": url })).url.as_deref(), expected, "{url}");
    }
}

#[test]
fn authors_of_several_kinds() {
    let channel = json!([{ "type": "Group", "id": "https://a.example/c/1" }, { "type": "Person", "id": ALICE }]);
    assert_eq!(object(json!({ "type": "Video", "attributedTo": channel })).attributed_to, ALICE);
    assert_eq!(object(json!({ "attributedTo": ["https://b.example/u/1", ALICE] })).attributed_to, ALICE);
    assert_eq!(object(json!({ "attributedTo": null, "actor": ALICE })).attributed_to, ALICE);
}

#[test]
fn replies_and_threads() {
    for parent in [
        json!("https://b.example/1"),
        json!(["https://b.example/1"]),
        json!({ "type": "Link", "href": "https://b.example/1" }),
        json!({ "id": "https://b.example/1", "type": "Note" }),
    ] {
        assert_eq!(object(json!({ "inReplyTo": parent })).in_reply_to.as_deref(), Some("https://b.example/1"));
    }
    let thread = object(
        json!({ "conversation": "tag:a.example,2026:objectId=1", "replies": { "id": "https://a.example/n/1/replies", "type": "Collection" }, "likes": { "totalItems": 3 }, "shares": "https://a.example/s" }),
    );
    assert_eq!(thread.conversation.as_deref(), Some("tag:a.example,2026:objectId=1"));
    assert_eq!(thread.replies.as_deref(), Some("https://a.example/n/1/replies"));
    assert_eq!((thread.likes, thread.shares), (Some(3), None));
    assert_eq!(
        object(json!({ "context": "https://a.example/c", "conversation": "x" })).conversation.as_deref(),
        Some("https://a.example/c")
    );
    assert!(
        object(json!({ "directMessage": true })).direct_message
            && object(json!({ "type": "ChatMessage" })).direct_message
    );
}
