use std::sync::Arc;

use dassie::domain::Domain;
use dassie::domain::inspect::{self, Setting, Xray};
use dassie::protocol::activitystreams::types::{ActorDoc, Item};
use dassie::protocol::activitystreams::{self, kind_of};
use dassie::protocol::discovery::webfinger;
use serde_json::Value;

use super::index::{Entry, entries};
use crate::support::TestServer;

const FALLBACK: &str = "the line that stands in for the quote is taken off where the quote is shown";

/// Documents that are deliberately parsed differently than their index states, with the reasons.
const DISAGREEMENTS: &[(&str, &str, &str)] = &[
    ("misskey/quote-create", "text", FALLBACK),
    ("fedibird/quote-uri", "text", FALLBACK),
    ("fedibird/quote-post", "text", FALLBACK),
    ("fedibird/quote-mismatched", "text", FALLBACK),
    ("fedibird/quote", "text", FALLBACK),
    ("fep/044f-quote-note", "text", FALLBACK),
    ("pleroma/chat-message", "text", "a script is no text"),
    ("misskey/recursive-quote", "quote", "it quotes itself, which is no quote"),
    ("fep/044f-quote-with-authorization", "text", FALLBACK),
    ("fep/e232-quote-tag", "text", FALLBACK),
    ("misskey/quote", "text", FALLBACK),
    ("misskey/quote-post", "text", FALLBACK),
    ("discourse/page-object", "text", "the title of a topic stands above its text"),
    ("plume/article", "tags", "it names the same person twice"),
    ("owncast/note-with-attachment", "tags", "it names the same hashtag twice"),
    ("mitra/user-fedbox-mock", "fields", "a Link with a name is a field too (FEP-fb2a)"),
    ("microblogpub/user-invalid-alsoknownas", "aliases", "the alias is not a URL"),
    ("bridgyfed/actor", "keys", "the id of its key is not a URL, so it cannot be fetched"),
];

pub fn read(domain: &Arc<Domain>, document: &Value) -> Xray {
    let setting = Setting { source: "test".into(), followed: true, checks: Vec::new() };
    inspect::examine(domain, document, setting).unwrap()
}

/// Letters and digits alone: texts are compared without their markup and spaces.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text in quotation marks after a label.
fn quoted<'a>(stated: &'a str, label: &str) -> Option<&'a str> {
    let rest = &stated[stated.find(&format!("{label} \""))? + label.len() + 2..];
    let end = rest.find("\"; ").or_else(|| rest.find("\" [")).or_else(|| rest.rfind('"'))?;
    Some(&rest[..end])
}

/// The number before a label.
fn number(stated: &str, label: &str) -> Option<usize> {
    stated
        .split("; ")
        .chain(stated.split(": "))
        .chain(stated.split(", "))
        .find_map(|part| part.trim().strip_suffix(label)?.rsplit(' ').next()?.parse().ok())
}

/// The word after a label.
fn word<'a>(stated: &'a str, label: &str) -> Option<&'a str> {
    stated.split(label).nth(1)?.split([';', ' ', ',']).next().filter(|w| !w.is_empty())
}

/// The index cuts long addresses.
fn is_uri(found: &str, wanted: &str) -> bool {
    found == wanted || wanted.len() >= 70 && found.starts_with(wanted)
}

/// Differences between the index and the parsed document.
#[derive(Default)]
struct Wrong(Vec<(&'static str, String)>);

impl Wrong {
    fn must(&mut self, field: &'static str, holds: bool, found: impl std::fmt::Debug) {
        if !holds {
            self.0.push((field, format!("{found:?}")));
        }
    }
}

fn differences(entry: &Entry, x: &Xray) -> Vec<(&'static str, String)> {
    let stated = entry.stated.replace(" [LD signature]", "").replace(" [integrity proof]", "");
    let mut wrong = Wrong::default();
    let verb = stated.split(" by ").next().unwrap_or_default();
    if activitystreams::is_activity_type(verb) {
        wrong.must("verb", x.r#type.split(' ').next() == Some(verb), &x.r#type);
    }
    if x.kind == "post" || x.kind == "vote" || x.r#type.starts_with("Create") || x.r#type.starts_with("Update") {
        texts(&stated, x, &mut wrong);
        members(&stated, x, &mut wrong);
        let object = entry.document.get("object").unwrap_or(&entry.document);
        let dated = x.published.is_some() == object["published"].is_string();
        wrong.must("published", dated || x.text.is_none(), &x.published);
        attachments(&stated, object, x, &mut wrong);
    }
    if (stated.contains(" actor http") || stated.contains(" actor {{")) && !stated.contains(" by ") {
        actor(&stated, activitystreams::read_actor(&entry.document).ok(), &mut wrong);
    }
    if stated.contains(" inline items, first ") {
        collection(&stated, &entry.document, x, &mut wrong);
    }
    if let Some(subject) = word(&stated, "JRD/nodeinfo: subject ").filter(|s| *s != "None") {
        let jrd = webfinger::read(&entry.document).unwrap();
        wrong.must("subject", jrd.subject.as_deref() == Some(subject), jrd.subject);
    }
    wrong.0
}

/// Text, title, warning, language and visibility.
fn texts(stated: &str, x: &Xray, wrong: &mut Wrong) {
    let (text, title) = (x.text.clone().unwrap_or_default(), x.title.clone().unwrap_or_default());
    let short = ["Note", "Question", "ChatMessage"].iter().any(|k| x.r#type.ends_with(k));
    if let Some(wanted) = quoted(stated, "text") {
        let (found, wanted) = (plain(&text), plain(wanted));
        let begins =
            if short && !stated.contains("title \"") { found.starts_with(&wanted) } else { found.contains(&wanted) };
        wrong.must("text", begins, &text);
    }
    if let Some(wanted) = quoted(stated, "title") {
        // A poll has its question where others have a title.
        let found = if title.is_empty() { &text } else { &title };
        wrong.must("title", plain(found).starts_with(&plain(wanted)), found);
    }
    if let Some(wanted) = quoted(stated, "summary/CW").filter(|_| short) {
        let found = x.content_warning.clone().unwrap_or_default();
        wrong.must("warning", plain(&found).starts_with(&plain(wanted)), found);
    } else {
        wrong.must("warning", x.content_warning.is_none() || stated.contains("summary/CW"), &x.content_warning);
    }
    let visibility = stated.rsplit("; ").next().unwrap_or_default();
    let visibility = if visibility == "followers-only" { "private" } else { visibility };
    if ["public", "unlisted", "private", "direct"].contains(&visibility) {
        wrong.must("visibility", x.visibility == Some(visibility), x.visibility);
    }
    let language = word(stated, "; language ").map(str::to_lowercase);
    wrong.must("language", language.is_none() || x.language == language, &x.language);
    wrong.must("sensitive", x.sensitive == stated.contains("; sensitive"), x.sensitive);
    wrong.must("updated", !stated.contains("; has updated") || x.updated.is_some(), &x.updated);
}

/// Tags, the replied-to and quoted posts, and polls.
fn members(stated: &str, x: &Xray, wrong: &mut Wrong) {
    for (label, found) in
        [(" Mention tag", x.mentions.len()), (" Hashtag tag", x.hashtags.len()), (" Emoji tag", x.emoji.len())]
    {
        let wanted = number(stated, label).or_else(|| number(stated, &format!("{label}s"))).unwrap_or(0);
        wrong.must("tags", wanted == found, format!("{found} of{label}"));
    }
    let wanted = word(stated, "; reply to ").unwrap_or_default();
    let found = x.in_reply_to.clone().unwrap_or_default();
    let unstated = wanted == "SCRUBBED_ID" || stated.contains(" objects: ");
    wrong.must("reply", unstated || is_uri(&found, wanted), &found);
    let dialects = ["; quote http", "; quoteUrl http", "; quoteUri http", "; _misskey_quote http"];
    let wanted = dialects.iter().find_map(|label| Some(format!("http{}", word(stated, label)?)));
    let found = x.quote.as_ref().map(|q| q.uri.clone());
    let linked = stated.contains("Link tag");
    let same = match (&wanted, &found) {
        (Some(wanted), Some(found)) => is_uri(found, wanted),
        (None, found) => found.is_none() || linked,
        (Some(_), None) => false,
    };
    wrong.must("quote", same, found);
    for (label, multiple) in [("; poll single ", false), ("; poll multiple ", true)] {
        if let Some(wanted) = word(stated, label).and_then(|n| n.parse::<usize>().ok()) {
            let found = x.poll.as_ref().map(|p| (p.multiple, p.options.len()));
            wrong.must("poll", found == Some((multiple, wanted)), found);
        }
    }
}

/// Media of Notes, one for each attachment, with the descriptions that stand in the document. Other kinds have posters
/// besides, and links that are text.
fn attachments(stated: &str, object: &Value, x: &Xray, wrong: &mut Wrong) {
    let listed = stated.split(" attachments ").nth(1).and_then(|r| r.split(';').next()).unwrap_or_default();
    let wanted = listed.split(',').filter(|p| !p.contains("×Link") && !p.contains("×Note"));
    let wanted: usize = wanted.filter_map(|p| p.trim().split('×').next()?.parse::<usize>().ok()).sum();
    let exact = x.r#type.ends_with("Note") || x.r#type.ends_with("Question");
    let found = x.attachments.len();
    wrong.must("attachments", found == wanted || !exact && found >= wanted, format!("{found} of {wanted}"));
    if !x.r#type.ends_with(object["type"].as_str().unwrap_or_default()) || x.text.is_none() {
        return;
    }
    let all = object["attachment"].as_array().cloned().unwrap_or_else(|| vec![object["attachment"].clone()]);
    for described in all.iter().filter(|a| a.is_object() && a["type"] != "Link" && a["type"] != "Note") {
        let alt = ["summary", "name"].iter().find_map(|m| described[m].as_str().filter(|t| !t.trim().is_empty()));
        let read = x.attachments.iter().any(|a| a.alt.as_deref().map(plain) == alt.map(plain));
        wrong.must("alt", read, alt);
    }
}

fn actor(stated: &str, actor: Option<ActorDoc>, wrong: &mut Wrong) {
    let usable = !stated.contains("NO inbox");
    wrong.must("actor", actor.is_some() == usable, actor.is_some());
    let Some(actor) = actor else { return };
    let kind = stated.split(" actor ").next().unwrap_or_default();
    wrong.must("kind", format!("{:?}", actor.kind) == kind, actor.kind);
    wrong.must("id", word(stated, " actor ").is_some_and(|id| is_uri(&actor.id, id.trim_end_matches(':'))), &actor.id);
    if let Some(name) = word(stated, "preferredUsername ") {
        let found = actor.username.clone().unwrap_or_default();
        wrong.must("name", found == name || name.len() >= 40 && found.starts_with(name), found);
    }
    if let Some(name) = stated.split(": name ").nth(1).and_then(|s| s.split("; ").next()) {
        wrong.must("display name", plain(&actor.name) == plain(name), &actor.name);
    }
    wrong.must("keys", actor.keys.is_empty() == stated.contains("NO publicKey"), actor.keys.len());
    wrong.must("shared inbox", actor.shared_inbox.is_some() == stated.contains("shared inbox"), &actor.shared_inbox);
    wrong.must("icon", actor.icon.is_some() == stated.contains("; icon"), &actor.icon);
    wrong.must("fields", actor.fields.len() == number(stated, " profile fields").unwrap_or(0), &actor.fields);
    wrong.must("locked", actor.locked == stated.contains("; locked"), actor.locked);
    wrong.must("pins", actor.featured.is_some() == stated.contains("; featured"), &actor.featured);
    wrong.must("moved", actor.moved_to.as_deref() == word(stated, "; movedTo "), &actor.moved_to);
    let aliases = word(stated, "; alsoKnownAs ").and_then(|n| n.parse().ok()).unwrap_or(0);
    wrong.must("aliases", actor.also_known_as.len() == aliases, &actor.also_known_as);
}

fn collection(stated: &str, document: &Value, x: &Xray, wrong: &mut Wrong) {
    let read = activitystreams::read_collection(document).unwrap();
    wrong.must("kind", x.kind == "collection" && kind_of(document).is_some_and(|k| stated.starts_with(&k)), x.kind);
    let total = word(stated, "totalItems ").and_then(|n| n.parse().ok());
    wrong.must("total", read.total == total, read.total);
    wrong.must("items", Some(read.items.len()) == number(stated, " inline items"), read.items.len());
    let first = match &read.first {
        None => "none",
        Some(Item::Id(_)) => "by id",
        Some(Item::Embedded(_)) => "embedded",
    };
    wrong.must("first", stated.ends_with(&format!("first {first}")), first);
}

#[test]
fn every_document_is_parsed_as_its_index_states() {
    let server = TestServer::start("alice");
    let (mut unexplained, mut explained) = (Vec::new(), Vec::new());
    let all = entries();
    for entry in &all {
        let x = read(&server.app.domain, &entry.document);
        for (field, found) in differences(entry, &x) {
            match DISAGREEMENTS.iter().find(|(name, f, _)| *name == entry.name && *f == field) {
                Some(known) => explained.push(known),
                None => unexplained.push(format!("{} {field}: {} but {found:.100}", entry.name, entry.stated)),
            }
        }
    }
    assert!(unexplained.is_empty(), "{} differences:\n{}", unexplained.len(), unexplained.join("\n"));
    let idle: Vec<_> = DISAGREEMENTS.iter().filter(|d| !explained.contains(d)).collect();
    assert!(all.is_empty() || idle.is_empty(), "we agree by now: {idle:?}");
}
