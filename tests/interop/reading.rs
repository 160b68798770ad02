use std::sync::Arc;

use dassie::domain::Domain;
use dassie::domain::xray::{self, Setting, Xray};
use serde_json::Value;

use super::index::{Entry, entries};
use crate::support::TestServer;

/// Where we read a document otherwise than its index says, and why.
const DISAGREEMENTS: &[(&str, &str, &str)] = &[
    ("pleroma/create-note-2018", "attachments", "it names the same file twice"),
    ("misskey/quote-create", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    ("fedibird/quote-uri", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    ("fedibird/quote-post", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    (
        "fedibird/quote-mismatched",
        "text",
        "the line that stands in for the quote is taken off where the quote is shown",
    ),
    ("fedibird/quote", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    ("fep/044f-quote-note", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    (
        "fep/044f-quote-with-authorization",
        "text",
        "the line that stands in for the quote is taken off where the quote is shown",
    ),
    ("fep/e232-quote-tag", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    ("misskey/quote", "text", "the line that stands in for the quote is taken off where the quote is shown"),
    ("mbin/create-entry", "title", "its ids are blacked out, so it is no post"),
    ("mbin/create-entry", "tags", "its ids are blacked out, so it is no post"),
    ("mbin/create-entry", "language", "its ids are blacked out, so it is no post"),
    ("mbin/create-comment", "text", "its ids are blacked out, so it is no post"),
    ("mbin/create-comment", "tags", "its ids are blacked out, so it is no post"),
    ("mbin/create-comment", "reply", "its ids are blacked out, so it is no post"),
    ("mbin/create-comment", "language", "its ids are blacked out, so it is no post"),
    ("plume/article", "tags", "it names the same person twice"),
    ("owncast/note-with-attachment", "tags", "it names the same hashtag twice"),
];

pub fn read(domain: &Arc<Domain>, document: &Value) -> Xray {
    let setting = Setting { source: "test".into(), followed: true, checks: Vec::new() };
    xray::examine(domain, document, setting).unwrap()
}

/// Letters and digits alone: texts are compared without their markup and spaces.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text in quotation marks after a label.
fn quoted<'a>(said: &'a str, label: &str) -> Option<&'a str> {
    let rest = &said[said.find(&format!("{label} \""))? + label.len() + 2..];
    let end = rest.find("\"; ").or_else(|| rest.find("\" [")).or_else(|| rest.rfind('"'))?;
    Some(&rest[..end])
}

/// The number before a label.
fn number(said: &str, label: &str) -> Option<usize> {
    said.split("; ")
        .chain(said.split(": "))
        .find_map(|part| part.trim().strip_suffix(label)?.rsplit(' ').next()?.parse().ok())
}

fn contains(text: &str, wanted: &str) -> bool {
    let wanted: String = plain(wanted).chars().take(24).collect();
    plain(text).contains(&wanted)
}

/// Everything that the index says of a document and our reading does not.
fn differences(entry: &Entry, x: &Xray) -> Vec<(&'static str, String)> {
    let said = entry.said.replace(" [LD signature]", "");
    let mut wrong = Vec::new();
    let mut must = |field: &'static str, ok: bool, found: String| {
        if !ok {
            wrong.push((field, found));
        }
    };
    let short = x.r#type.ends_with("Note") || x.r#type.ends_with("Question");
    let text = format!("{} {}", x.text.clone().unwrap_or_default(), x.title.clone().unwrap_or_default());
    if x.kind == "post" || x.r#type.starts_with("Create") || x.r#type.starts_with("Update") {
        for label in ["text", "title"] {
            if let Some(wanted) = quoted(&said, label) {
                must(label, contains(&text, wanted), text.clone());
            }
        }
        if let Some(wanted) = quoted(&said, "summary/CW").filter(|_| short) {
            let found = x.content_warning.clone().unwrap_or_default();
            must("warning", contains(&found, wanted), found);
        }
        let visibility = said.rsplit("; ").next().unwrap_or_default();
        let visibility = if visibility == "followers-only" { "private" } else { visibility };
        if ["public", "unlisted", "private", "direct"].contains(&visibility) {
            must("visibility", x.visibility == Some(visibility), format!("{:?}", x.visibility));
        }
        for (label, found) in [
            (" Mention tag", x.mentions.len()),
            (" Mention tags", x.mentions.len()),
            (" Hashtag tag", x.hashtags.len()),
            (" Hashtag tags", x.hashtags.len()),
            (" Emoji tag", x.emoji.len()),
            (" Emoji tags", x.emoji.len()),
        ] {
            if let Some(wanted) = number(&said, label) {
                must("tags", wanted == found, format!("{found} of{label}"));
            }
        }
        if let Some(uri) = said.split("reply to ").nth(1).and_then(|s| s.split([';', ' ']).next()) {
            // The index cuts long addresses.
            let found = x.in_reply_to.as_deref().unwrap_or_default();
            must("reply", found == uri || uri.len() > 70 && found.starts_with(uri), format!("{found:?}"));
        }
        if said.contains("; sensitive") {
            must("sensitive", x.sensitive, "not sensitive".into());
        }
        if let Some(wanted) = said.split("language ").nth(1).and_then(|s| s.split(';').next()) {
            must("language", x.language.as_deref() == Some(&wanted.to_lowercase()), format!("{:?}", x.language));
        }
        if let Some(rest) = said.split("attachments ").nth(1).filter(|r| !r.contains("×Link") && !r.contains("×Note"))
        {
            let listed = rest
                .split(';')
                .next()
                .unwrap()
                .split(',')
                .filter_map(|p| p.trim().split('×').next()?.parse::<usize>().ok());
            let wanted: usize = listed.sum();
            must("attachments", x.attachments.len() >= wanted, format!("{} of {wanted}", x.attachments.len()));
        }
    }
    for (label, multiple) in [("poll single ", false), ("poll multiple ", true)] {
        if let Some(wanted) = said.split(label).nth(1).and_then(|s| s.split(' ').next()?.parse::<usize>().ok()) {
            let found = x.poll.as_ref().map(|p| (p.multiple, p.options.len()));
            must(
                "poll",
                found.is_none_or(|f| f == (multiple, wanted)) && (found.is_some() || x.kind == "unknown"),
                format!("{found:?}"),
            );
        }
    }
    if (said.contains(" actor http") || said.contains(" actor {{")) && !said.contains(" by ") {
        let usable = !said.contains("NO inbox");
        must("actor", (x.kind == "actor") == usable, x.kind.into());
        if let Some(name) =
            said.split("preferredUsername ").nth(1).and_then(|s| s.split([';', ' ']).next()).filter(|_| usable)
        {
            must(
                "name",
                x.author.as_deref().unwrap_or_default().starts_with(&format!("@{name}")),
                format!("{:?}", x.author),
            );
        }
    }
    let verb = said.split(" by ").next().unwrap_or_default();
    if dassie::protocol::activitystreams::is_activity_type(verb) {
        must("verb", x.r#type.split(' ').next() == Some(verb), x.r#type.clone());
    }
    wrong
}

#[test]
fn every_document_is_read_as_its_index_says() {
    let server = TestServer::start("alice");
    let mut looked_at = 0;
    let mut unexplained = Vec::new();
    for entry in entries() {
        let x = read(&server.app.domain, &entry.document);
        looked_at += 1;
        for (field, found) in differences(&entry, &x) {
            if !DISAGREEMENTS.iter().any(|(name, f, _)| *name == entry.name && *f == field) {
                unexplained.push(format!("{} {field}: {} but {found:.100}", entry.name, entry.said));
            }
        }
    }
    assert!(looked_at == 0 || looked_at > 300, "{looked_at}");
    assert!(unexplained.is_empty(), "{} differences:\n{}", unexplained.len(), unexplained.join("\n"));
}
