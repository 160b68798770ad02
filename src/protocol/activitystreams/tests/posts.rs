//! What is in a post: tags, media, polls, and the kinds that are not notes.

use serde_json::{Value, json};

use super::*;

#[test]
fn tags_of_three_kinds() {
    let tags = json!([
        { "type": "as:Mention", "href": "https://b.example/u/1", "name": "@bob@b.example" },
        { "type": "Mention", "href": "https://b.example/u/1" },
        { "type": "Mention", "name": "@nobody" },
        { "type": "Hashtag", "name": "#Rust" }, { "type": "as:Hashtag", "name": "rust" }, { "type": "Hashtag", "name": "#linux mint" }, { "type": "Hashtag", "name": "#2026" },
        { "type": "Emoji", "name": ":blob_cat:", "id": null, "icon": [{ "type": "Image", "url": "https://a.example/e.png" }] },
        { "type": "Emoji", "name": ":x\" onload=\"a:", "icon": { "url": "https://a.example/e.png" } },
        { "type": "Emoji", "name": ":noicon:" },
    ]);
    let read = object(json!({ "tag": tags }));
    assert_eq!(read.mentions, [Mention { href: "https://b.example/u/1".into(), name: Some("@bob@b.example".into()) }]);
    assert_eq!(read.hashtags, ["rust"]);
    assert_eq!(
        read.emoji,
        [Emoji { shortcode: "blob_cat".into(), url: "https://a.example/e.png".into(), still: None }]
    );
}

#[test]
fn media_of_many_shapes() {
    let hash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
    let one = object(json!({ "attachment": {
        "type": "Document", "mediaType": "image/PNG; q=1", "url": "https://a.example/p", "name": "cat\r\nsleeping", "blurhash": hash,
        "width": 640, "height": 480.0, "focalPoint": [-0.5, 1] } }));
    assert_eq!(
        one.attachments,
        [Attachment {
            kind: MediaKind::Image,
            media_type: Some("image/png".into()),
            url: "https://a.example/p".into(),
            description: Some("cat\nsleeping".into()),
            blurhash: Some(hash.into()),
            width: Some(640),
            height: Some(480),
            focus: Some((-0.5, 1.0))
        }]
    );
    let gotosocial = object(
        json!({ "attachment": [{ "type": "Image", "url": "https://a.example/p.jpg", "summary": "a cat", "name": "IMG_1.jpg", "blurhash": "bad", "width": -1, "focalPoint": [9, 9] }] }),
    );
    let read = &gotosocial.attachments[0];
    assert_eq!(
        (read.description.as_deref(), read.blurhash.as_deref(), read.width, read.focus),
        (Some("a cat"), None, None, None)
    );
    let spaced = object(json!({ "attachment": { "type": "Document", "url": "https://a.example/Screen Shot 1.png" } }));
    assert_eq!(spaced.attachments[0].url, "https://a.example/Screen%20Shot%201.png");
    let kinds =
        |value: Value| object(json!({ "attachment": value })).attachments.iter().map(|a| a.kind).collect::<Vec<_>>();
    assert_eq!(kinds(json!({ "type": "Document", "url": "https://a.example/x.webm?y=1" })), [MediaKind::Video]);
    assert_eq!(
        kinds(json!({ "type": "Audio", "url": [{ "type": "Link", "href": "https://a.example/x" }] })),
        [MediaKind::Audio]
    );
    assert_eq!(kinds(json!({ "type": "Document", "url": "https://a.example/x" })), [MediaKind::Unknown]);
    assert_eq!(kinds(json!({ "type": "Link", "href": "https://a.example/x.png" })), [MediaKind::Image]);
    for none in [
        json!({ "type": "Link", "href": "https://a.example/page" }),
        json!({ "type": "Note", "url": "https://a.example/x.png" }),
        json!({ "type": "PropertyValue", "name": "a", "value": "b" }),
        json!({ "type": "Image", "url": "data:image/png,x" }),
    ] {
        assert!(kinds(none.clone()).is_empty(), "{none}");
    }
    for (marked, wanted) in [(json!(true), true), (json!(false), false), (json!(null), false)] {
        let files = json!([{ "type": "Image", "url": "https://a.example/1.png" }, { "type": "Image", "url": "https://a.example/2.png", "sensitive": marked }]);
        assert_eq!(object(json!({ "attachment": files })).sensitive, wanted, "one file marks the post");
    }
}

#[test]
fn polls_and_votes() {
    let poll = object(json!({ "type": "Question", "oneOf": [{ "type": "Note", "name": "yes", "replies": { "totalItems": 2 } }, { "name": "no" }, 3], "endTime": "2026-11-20T23:19:53Z", "votersCount": 2 })).poll.expect("a poll");
    let option = |text: &str, votes| PollOption { title: text.into(), name: text.into(), votes };
    let expected = Poll {
        multiple: false,
        options: vec![option("yes", 2), option("no", 0)],
        ends_at: Some(Timestamp::from_millis(1_795_216_793_000)),
        closed: false,
        voters: Some(2),
        hide_totals: false,
    };
    assert_eq!(poll, expected);
    let ends = |closed: Value, end: Value| {
        let poll = json!({ "type": "Question", "anyOf": [{ "name": "a" }], "closed": closed, "endTime": end });
        object(poll).poll.map(|p| (p.closed, p.ends_at.map(Timestamp::to_seconds)))
    };
    let (early, late) = ("2026-11-20T23:19:53Z", "2026-11-21T23:19:53Z");
    for (closed, end, wanted) in [
        (json!(true), json!(null), (true, None)),
        (json!(true), json!(late), (true, Some(late))),
        // Pleroma writes the end, future or past, only here: whether the poll is over follows from the time.
        (json!(late), json!(null), (false, Some(late))),
        (json!(early), json!(late), (false, Some(early))),
        (json!(late), json!(early), (false, Some(early))),
        (json!(false), json!(late), (false, Some(late))),
        (json!(null), json!(null), (false, None)),
    ] {
        assert_eq!(ends(closed.clone(), end), Some((wanted.0, wanted.1.map(str::to_owned))), "{closed}");
    }
    assert_eq!(object(json!({ "type": "Question", "oneOf": [] })).poll, None);
    let vote = json!({ "content": null, "name": "yes", "inReplyTo": "https://b.example/poll" });
    assert_eq!(object(vote).vote.as_deref(), Some("yes"));
    assert_eq!(object(json!({ "content": null, "name": "yes" })).vote, None, "it is not a reply");
    assert_eq!(object(json!({ "name": "a title" })).vote, None, "a note with content is not a vote");
}

#[test]
fn other_kinds_show_title_abstract_content_and_link() {
    let article = object(
        json!({ "type": "Article", "name": "A <Title>", "summary": "In short", "url": "https://a.example/p/1" }),
    );
    assert_eq!((article.title.as_deref(), article.summary), (Some("A <Title>"), None));
    let rel = "target=\"_blank\" rel=\"nofollow noopener noreferrer\"";
    assert!(article.html.starts_with(&format!("<p><strong><a href=\"https://a.example/p/1\" {rel}>A &lt;Title&gt;</a></strong></p><p>In short</p><p>Hi</p><p><a href=\"https://a.example/p/1\"")), "{}", article.html);
    let same = object(
        json!({ "type": "Event", "name": "Party", "content": "At nine.", "summary": "At nine.", "startTime": "2026-11-20T21:00:00+01:00", "endTime": "2026-11-21T01:00:00+01:00",
        "location": [{ "type": "Place", "name": "Club", "address": { "type": "PostalAddress", "streetAddress": "1 <Road>", "addressLocality": "Ghent" } }, "Online"] }),
    );
    assert_eq!(
        same.html,
        "<p><strong>Party</strong></p><p>📅 2026-11-20 21:00 (UTC+01:00) – 2026-11-21 01:00 (UTC+01:00)</p><p>📍 Club, 1 &lt;Road&gt;, Ghent</p><p>📍 Online</p>At nine."
    );
    let video = object(
        json!({ "type": "Video", "name": "Film", "mediaType": "text/markdown", "content": "**bold**", "icon": [{ "type": "Image", "url": "https://a.example/s.jpg", "width": 100 }, { "type": "Image", "url": "https://a.example/l.jpg", "width": 900 }] }),
    );
    assert!(video.html.contains("<strong>bold</strong>"), "{}", video.html);
    assert_eq!(video.attachments.iter().map(|a| a.url.as_str()).collect::<Vec<_>>(), ["https://a.example/l.jpg"]);
    let link = object(
        json!({ "type": "Page", "name": "News", "attachment": [{ "type": "Link", "href": "https://news.example/1" }], "image": { "type": "Image", "url": "https://a.example/t.png" } }),
    );
    assert!(link.html.contains("href=\"https://news.example/1\""), "{}", link.html);
    assert_eq!(link.attachments.len(), 1);
    let url = "https://blog.example/1";
    for (kind, wanted) in [("Page", true), ("Article", true), ("Note", false)] {
        let post = object(json!({ "type": kind, "name": "News", "url": url }));
        assert_eq!((post.html.contains(url), post.url), (wanted, None), "{kind}: the subject is no page of the post");
    }
    let both = json!([url, { "type": "Link", "mediaType": "text/html", "href": "https://a.example/p/1" }]);
    let both = object(json!({ "type": "Page", "name": "News", "url": both }));
    assert_eq!((both.html.contains(url), both.url.as_deref()), (true, Some("https://a.example/p/1")));
    let other = object(json!({ "type": "Review", "name": "Good book" }));
    assert_eq!((other.kind, other.type_name.as_str()), (ObjectKind::Other, "Review"));
    let spoiler = |sensitive: bool| {
        let read =
            object(json!({ "type": "Review", "name": "Good book", "summary": "He dies", "sensitive": sensitive }));
        (read.summary, read.html.contains("He dies"))
    };
    assert_eq!((spoiler(true), spoiler(false)), ((Some("He dies".into()), false), (None, true)));
    let long = object(
        json!({ "type": "Article", "name": "Long", "url": "https://a.example/p/1", "content": "<p>word &amp; word</p>".repeat(8_000) }),
    );
    assert!(
        long.html.len() <= limits::CLEAN_HTML && long.html.contains("/p/1</span></a></p>"),
        "a long article keeps its link"
    );
}

#[test]
fn a_note_has_a_title_where_it_begins_a_topic() {
    let topic = json!({ "name": "Why <so>?", "audience": "https://a.example/c/1" });
    let read = |more: Value| {
        let mut doc = topic.clone();
        merge(&mut doc, more);
        let read = object(doc);
        (read.title.is_some(), read.html)
    };
    let whole = "<p><strong>Why &lt;so&gt;?</strong></p><p>Hi</p>".to_owned();
    assert_eq!(read(json!({})), (true, whole));
    let hi = "<p>Hi</p>".to_owned();
    assert_eq!(read(json!({ "inReplyTo": "https://b.example/1" })), (false, hi.clone()), "a reply");
    assert_eq!(read(json!({ "audience": null })), (false, hi), "in no community");
    let same = "<p>Why &lt;so&gt;? Because.</p>";
    assert_eq!(read(json!({ "content": same })), (false, same.to_owned()), "the name repeats the content");
    let name = "<p>Why &lt;so&gt;?</p>".to_owned();
    assert_eq!(read(json!({ "content": null })), (false, name), "no content");
}

#[test]
fn a_picture_in_the_text_is_a_link_unless_it_is_shown_below() {
    let picture = "<img src=\"https://a.example/cat.png?a=1&amp;b=2\" alt=\"a cat\">";
    let comment = object(json!({ "content": format!("<p>{picture}</p>") }));
    assert!(comment.html.contains(">a cat</a>"), "{}", comment.html);
    let file = json!({ "type": "Image", "url": "https://a.example/cat.png?a=1&b=2" });
    let shown = object(json!({ "content": format!("<p>Hi</p><p>{picture}</p>"), "attachment": file }));
    assert_eq!(shown.html, "<p>Hi</p>");
}

#[test]
fn a_cancelled_or_tentative_event_states_that() {
    let start = "2026-11-20T21:00:00Z";
    for (member, value, doubt, shown) in [
        ("ical:status", "CANCELLED", Some(EventStatus::Cancelled), "<p>📅 Cancelled: 2026-11-20 21:00 (UTC)</p>"),
        ("ical:status", "TENTATIVE", Some(EventStatus::Tentative), "<p>📅 Not yet certain: 2026-11-20 21:00 (UTC)</p>"),
        ("ical:status", "CONFIRMED", None, "<p>📅 2026-11-20 21:00 (UTC)</p>"),
        ("eventStatus", "EventCancelled", Some(EventStatus::Cancelled), "<p>📅 Cancelled: 2026-11-20 21:00 (UTC)</p>"),
        ("eventStatus", "https://schema.org/EventCancelled", Some(EventStatus::Cancelled), "📅 Cancelled: "),
        ("eventStatus", "https://schema.org/EventScheduled", None, "<p>📅 2026-11-20"),
    ] {
        let event = object(json!({ "type": "Event", "name": "Party", "startTime": start, member: value }));
        assert_eq!(event.details.and_then(|d| d.doubt), doubt, "{value}");
        assert!(event.html.contains(shown), "{value}: {}", event.html);
    }
    let note = object(json!({ "type": "Note", "ical:status": "CANCELLED" }));
    assert_eq!((note.details, note.html.as_str()), (None, "<p>Hi</p>"));
}

#[test]
fn an_object_whose_address_is_its_file_shows_the_file() {
    let files = [
        ("Image", "png", MediaKind::Image),
        ("Audio", "mp3", MediaKind::Audio),
        ("Video", "webm?x=1", MediaKind::Video),
    ];
    for (kind, end, wanted) in files {
        let url = format!("https://a.example/f.{end}");
        let one = object(json!({ "type": kind, "name": "Thing", "url": url }));
        assert_eq!(one.attachments.iter().map(|a| (a.kind, a.url.as_str())).collect::<Vec<_>>(), [(wanted, &*url)]);
        assert_eq!((one.url, one.html.contains(&url)), (None, false), "{kind}: the file is no page");
        let both = object(json!({ "type": kind, "name": "Thing", "url": [url, "https://a.example/page"] }));
        assert_eq!((both.attachments.len(), both.url.as_deref()), (1, Some("https://a.example/page")), "{kind}");
    }
    let note = object(json!({ "type": "Note", "url": "https://a.example/f.png" }));
    assert_eq!((note.attachments.len(), note.url.as_deref()), (0, Some("https://a.example/f.png")));
}

#[test]
fn a_note_with_only_a_name_shows_its_name() {
    let html = |more: Value| {
        let note = object(more);
        (note.html, note.vote)
    };
    let expected = || ("<p>Hello &lt;you&gt;</p>".to_owned(), None);
    for nothing in [json!(null), json!(""), json!("<p> </p>")] {
        assert_eq!(html(json!({ "type": "Note", "name": "Hello <you>", "content": nothing })), expected(), "{nothing}");
    }
    let reply = json!({ "type": "Note", "name": "Hello", "content": null, "inReplyTo": "https://b.example/1" });
    assert_eq!(html(reply), (String::new(), Some("Hello".into())), "that is a vote");
    assert_eq!(html(json!({ "type": "Note", "name": "Hello" })).0, "<p>Hi</p>");
    let image = json!({ "type": "Image", "url": "https://a.example/1.png" });
    let pictured = json!({ "type": "Note", "name": "Hello", "content": "", "attachment": image });
    assert_eq!(html(pictured).0, "");
}
