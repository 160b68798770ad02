//! Functions that scan untrusted text, tested with inputs that make scanners quadratic, at the largest size that
//! they can get.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use super::activitystreams::{read_activity, read_actor, read_object};
use super::discovery::webfinger;
use super::text::MentionLink;
use super::{html, ical, json as strict_json, markdown, text};
use crate::limits;

/// Prefix, repeated part and suffix of each input.
const REPEATED: [(&str, &str, &str); 48] = [
    ("", "http://", ""),
    ("", "https://a/", ""),
    ("https://a/", ")", ""),
    ("https://a/", "(", ""),
    ("https://a/", "]", "."),
    ("https://a/", "|", ""),
    ("", "https://a/( ", ""),
    ("", "https://u:p@", ""),
    ("", "https://:", ""),
    ("", "(http://", ""),
    ("", "h", ""),
    ("", "@", ""),
    ("", ".@", ""),
    ("", " @a", ""),
    ("", "@a@b@c", ""),
    ("", "@a@b.", ""),
    ("@a@", "b.", ""),
    ("@", "a", ""),
    ("", "#", ""),
    ("#", "a_", ""),
    ("", "#·", ""),
    ("", ":a", ""),
    ("", ":a:", ""),
    ("", "[", ""),
    ("", "![", ""),
    ("", "[a](", ""),
    ("", "[a]: <", ""),
    ("", "*a_", ""),
    ("", "**a *b ", ""),
    ("", "_", ""),
    ("", "~~a ", ""),
    ("", "`", ""),
    ("", "`a``b```", ""),
    ("", "<", ""),
    ("", "<a ", ""),
    ("", "<!--", ""),
    ("", "<p class=\"quote-inline\">", ""),
    ("<p class=\"quote-inline\">", "<p", "</p>"),
    ("<pre>", "\n", "x"),
    ("", "<div> <b>", ""),
    ("", "<details><summary>", ""),
    ("", "<math><msup>", ""),
    ("<math>", "<mfrac><mi>x</mi>", ""),
    ("", "&", ""),
    ("&#", "1", ""),
    ("", "> ", "a"),
    ("", "\n\n- ", ""),
    ("", "RE: <br>", "https://a/"),
];

fn texts(bytes: usize) -> impl Iterator<Item = String> {
    let long =
        move |(start, unit, end): &(&str, &str, &str)| format!("{start}{}{end}", unit.repeat(bytes / unit.len()));
    let spaced = move || format!("a{}{}", " ".repeat(bytes / 2), "<div><b>".repeat(bytes / 16));
    REPEATED.iter().map(long).chain(std::iter::once_with(spaced))
}

/// The processor time of a call on this thread: a busy machine does not change it.
pub(crate) fn processor_time<T>(call: impl FnOnce() -> T) -> Duration {
    let now = || clock_gettime(ClockId::ThreadCPUTime);
    let start = now();
    black_box(call());
    let end = now();
    Duration::new(end.tv_sec as u64, end.tv_nsec as u32) - Duration::new(start.tv_sec as u64, start.tv_nsec as u32)
}

/// Fails if a call takes as long as a quadratic scan. A linear one takes about ten milliseconds, in a debug build ten times
/// that.
fn quick<T>(what: &str, text: &str, call: impl FnOnce() -> T) {
    let took = processor_time(call);
    let shown: String = text.chars().take(24).collect();
    assert!(took < Duration::from_secs(4), "{what} took {took:?} for {shown:?}…");
}

fn unresolved(_: &str, _: Option<&str>) -> Option<MentionLink> {
    None
}

#[test]
fn texts_are_scanned_in_linear_time() {
    for text in texts(limits::REMOTE_HTML) {
        quick("text::render", &text, || text::render(&text, &unresolved, &|tag| tag.to_owned()));
        quick("find_mentions", &text, || text::find_mentions(&text));
        quick("count_chars", &text, || text::count_chars(&text));
        quick("clean_name", &text, || text::clean_name(&text, 200));
        quick("clean_text", &text, || text::clean_text(&text, 10_000));
        quick("shorten", &text, || text::shorten(&text, 200));
        quick("without_leading_mentions", &text, || text::without_leading_mentions(&text).len());
        quick("is_one_emoji", &text, || text::is_one_emoji(&text));
        quick("webfinger", &text, || webfinger::Resource::parse(&text).is_ok());
        quick("json", &text, || strict_json::parse(text.as_bytes()).is_ok());
    }
}

#[test]
fn markup_is_read_in_linear_time() {
    for text in texts(limits::REMOTE_HTML) {
        quick("html::clean", &text, || html::clean(&text));
        quick("html::to_text", &text, || html::to_text(&text));
        let now = super::time::Timestamp::from_millis(0);
        let event = ical::Event {
            id: "x",
            title: &text,
            starts_at: now,
            ends_at: None,
            place: None,
            doubt: None,
            text: &text,
            page: "x",
            written_at: now,
        };
        quick("ical", &text, || ical::write(&event));
    }
}

#[test]
fn markdown_is_rendered_in_linear_time() {
    for text in texts(limits::REMOTE_HTML) {
        quick("markdown", &text, || markdown::render(&text, &unresolved, &|tag| tag.to_owned()));
    }
    // Only a post of the owner is scanned for mentions.
    for text in texts(limits::POST_CHARS) {
        quick("markdown::find_mentions", &text, || markdown::find_mentions(&text));
    }
}

#[test]
fn documents_with_hostile_texts_are_read_in_linear_time() {
    let id = "https://a.example/1";
    for text in texts(limits::JSON_STRING - 64) {
        for media_type in ["text/html", "text/plain", "text/markdown"] {
            let note = json!({
                "type": "Note", "id": id, "attributedTo": id, "content": text, "mediaType": media_type, "summary": text,
                "name": text, "quoteUrl": "https://b.example/2", "published": text,
                "attachment": [{"type": "Image", "url": "https://a.example/i.png", "name": text}],
            });
            quick("read_object", &text, || read_object(&note).is_ok());
        }
        let actor = json!({
            "type": "Person", "id": id, "inbox": id, "name": text, "summary": text, "preferredUsername": text,
            "attachment": [{"type": "PropertyValue", "name": text, "value": text}],
        });
        quick("read_actor", &text, || read_actor(&actor).is_ok());
        let flag = json!({"type": "Flag", "actor": id, "object": id, "content": text});
        quick("read_activity", &text, || read_activity(&flag).is_ok());
    }
}
