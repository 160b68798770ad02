//! Objects that become a status.

use std::borrow::Cow;

use serde_json::Value;

use crate::limits;
use crate::protocol::html;
use crate::write_guard;

use super::audience::audience;
use super::content::{Known, begins_with, body, has_content, name_alone, warns};
use super::details::details;
use super::kinds::is_activity_type;
use super::media::{attachments, is_file};
use super::policy::policy;
use super::quote::quote;
use super::tags::tags;
use super::values::{
    count, first_id, id_of, is_kind, is_public, kind_of, kinds, line, list, page, plain_names, reference, restricts,
    text, text_with_language, total, warning, when,
};
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::literal::{is_language_tag, language_map, plain, string};
use crate::protocol::activitystreams::origin::is_id;
use crate::protocol::activitystreams::origin::same_origin;
use crate::protocol::activitystreams::types::{Object, ObjectKind, Poll, PollOption};

/// Reads a post of any kind. Texts are cut to their limits, list items beyond the limit are dropped, ids and URLs over
/// [`limits::URL`] bytes count as absent.
///
/// # Errors
/// [`ReadError`] if `id` or the author is missing, for actors, collections and other types that are not posts, and for an
/// unknown type without content.
pub fn read_object(doc: &Value) -> Result<Object, ReadError> {
    write_guard::assert_outside("a post is parsed");
    if !doc.is_object() {
        return Err(ReadError::NotAnObject);
    }
    let doc = &*plain_names(doc);
    let (kind, type_name) = kind(doc)?;
    let id = id_of(doc).filter(|id| is_id(id)).ok_or(ReadError::Missing("id"))?.to_owned();
    let attributed_to = author(doc, &id).ok_or(ReadError::Missing("attributedTo"))?;
    read_members(doc, Head { id, kind, type_name, attributed_to })
}

/// The members without which a document is not a post.
struct Head {
    id: String,
    kind: ObjectKind,
    type_name: String,
    attributed_to: String,
}

fn read_members(doc: &Value, head: Head) -> Result<Object, ReadError> {
    let Head { id, kind, type_name, attributed_to } = head;
    let in_reply_to = first_id(doc.get("inReplyTo"));
    let group = group(doc, &attributed_to);
    let title = title(doc, kind, in_reply_to.is_none() && group.is_some());
    let url = page(doc, &id, |url| is_file(kind, url));
    let summary = if warns(doc, kind) { warning(doc, limits::SUMMARY_CHARS) } else { None };
    if kind == ObjectKind::Other && title.is_none() && !has_content(doc) && text(doc, "summary").is_none() {
        return Err(ReadError::Missing("content"));
    }
    let quote = quote(doc, &id);
    let attachments = attachments(doc, kind);
    let known =
        Known { kind, title: title.as_deref(), page: url.as_deref(), quote: quote.as_ref(), attachments: &attachments };
    let Shown { html, text, vote } = shown(doc, &known, in_reply_to.is_some());
    let tags = tags(doc);
    Ok(Object {
        plain: format!("{}\n{text}", summary.as_deref().unwrap_or_default()),
        html,
        sensitive: sensitive(doc) || tags.hashtags.iter().any(|t| t == "nsfw"),
        language: language(doc),
        in_reply_to,
        conversation: thread_name(doc, "context").or_else(|| thread_name(doc, "conversation")),
        audience: audience(doc),
        direct_message: restricts(doc, "directMessage") || type_name == "ChatMessage",
        published: when(doc, "published"),
        updated: when(doc, "updated"),
        attachments,
        poll: poll(doc),
        policy: policy(doc),
        details: details(doc, kind),
        group,
        quote,
        replies: replies(doc, &id),
        likes: total(doc, "likes"),
        shares: total(doc, "shares"),
        mentions: tags.mentions,
        hashtags: tags.hashtags,
        emoji: tags.emoji,
        kind,
        type_name,
        attributed_to,
        title,
        summary,
        url,
        vote,
        id,
    })
}

/// What a post shows, and the option that it votes for instead.
struct Shown {
    html: String,
    text: String,
    vote: Option<String>,
}

/// The body. In a post without text and attachments the name is a vote if it is a reply, and the text otherwise.
fn shown(doc: &Value, known: &Known<'_>, is_reply: bool) -> Shown {
    let html = body(doc, known);
    let text = html::to_text(&html);
    let is_empty = known.attachments.is_empty() && text.trim().is_empty();
    let vote = if is_reply && is_empty { vote(doc, known.kind) } else { None };
    let alone = if !is_reply && is_empty { name_alone(doc, known.kind) } else { None };
    match alone {
        Some(html) => Shown { text: html::to_text(&html), html, vote },
        None => Shown { html, text, vote },
    }
}

/// The title; a Note has one only if it begins a topic in a community.
fn title(doc: &Value, kind: ObjectKind, begins_topic: bool) -> Option<String> {
    match kind {
        ObjectKind::Note if begins_topic => topic(doc),
        ObjectKind::Note | ObjectKind::Question => None,
        _ => line(doc, "name", limits::SUMMARY_CHARS),
    }
}

/// The option that a reply without text votes for. snac fills the content of its votes with a line break.
fn vote(doc: &Value, kind: ObjectKind) -> Option<String> {
    let may_be = matches!(kind, ObjectKind::Note | ObjectKind::Question);
    line(doc, "name", limits::POLL_OPTION_CHARS).filter(|_| may_be)
}

/// Types that may have an author but are not posts; nor are activities, which may have a content
/// (Flag, EmojiReact) or a summary (Lemmy's Block and Lock).
const NOT_POSTS: [&str; 14] = [
    "Person",
    "Service",
    "Group",
    "Organization",
    "Application",
    "Collection",
    "OrderedCollection",
    "CollectionPage",
    "OrderedCollectionPage",
    "Tombstone",
    "Link",
    "Mention",
    "Hashtag",
    "Emoji",
];

/// The kind by the first known type, and that type.
fn kind(doc: &Value) -> Result<(ObjectKind, String), ReadError> {
    let known = |name: &str| {
        Some(match name {
            "Note" | "ChatMessage" => ObjectKind::Note,
            "Question" => ObjectKind::Question,
            "Article" => ObjectKind::Article,
            "Page" => ObjectKind::Page,
            "Video" => ObjectKind::Video,
            "Audio" => ObjectKind::Audio,
            "Image" => ObjectKind::Image,
            "Event" => ObjectKind::Event,
            _ => return None,
        })
    };
    if let Some(found) = kinds(doc).find_map(|name| known(name).map(|kind| (kind, name.to_owned()))) {
        return Ok(found);
    }
    let name = kind_of(doc).ok_or(ReadError::Missing("type"))?;
    if NOT_POSTS.contains(&name.as_str()) || is_activity_type(&name) {
        return Err(ReadError::WrongType { wanted: "a post", found: name });
    }
    Ok((ObjectKind::Other, name))
}

/// The author: of several (PeerTube names the account and the channel, Lemmy moderators) first those on the id's own
/// origin, then those that are not groups, then the first. Mobilizon's older documents say `actor`.
fn author(doc: &Value, id: &str) -> Option<String> {
    let candidates = |member: &str| {
        list(doc.get(member))
            .iter()
            .take(limits::ACTOR_ALIASES)
            .filter_map(|value| reference(value).map(|author| (author, is_kind(value, "Group"))))
            .min_by_key(|(author, group)| (!same_origin(author, id), *group))
            .map(|(author, _)| author.to_owned())
    };
    candidates("attributedTo").or_else(|| candidates("actor"))
}

/// The title of a Note that begins a topic in a community: its `name`, unless it repeats how the content begins
/// (Discourse and NodeBB name topics so; Bridgy Fed and others say the same twice).
fn topic(doc: &Value) -> Option<String> {
    line(doc, "name", limits::SUMMARY_CHARS).filter(|name| has_content(doc) && !begins_with(doc, name))
}

/// Marked as sensitive, whole or in one of its files (Pixelfed and others mark the file).
fn sensitive(doc: &Value) -> bool {
    let files = list(doc.get("attachment")).iter().take(limits::REMOTE_ATTACHMENTS);
    std::iter::once(doc).chain(files).any(|part| restricts(part, "sensitive"))
}

/// The language: that of the content in its language map, else `language` or `inLanguage` (a string, or Lemmy's and
/// PeerTube's `{identifier, name}`).
fn language(doc: &Value) -> Option<String> {
    let from_map = text_with_language(doc, "content").and_then(|(_, language)| language).map(Cow::Borrowed);
    // Mbin names the language of a content that is not there.
    let of_nothing = || language_map(doc.get("contentMap")?).next().map(|(language, _)| Cow::Borrowed(language));
    let stated = || {
        let value = plain(doc.get("language").or_else(|| doc.get("inLanguage")))?;
        string(Some(value.get("identifier").unwrap_or(value)))
    };
    let is_tag = |tag: &Cow<'_, str>| is_language_tag(tag);
    let tag = from_map.filter(is_tag).or_else(|| stated().filter(is_tag)).or_else(|| of_nothing().filter(is_tag))?;
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    (tag != "und").then_some(tag)
}

/// The community that a post is for: the first of `audience` that is neither public nor a followers collection
/// (FEP-1b12; Friendica and Lemmy write it), else a Group among those that it is attributed to (the channel of PeerTube).
fn group(doc: &Value, author: &str) -> Option<String> {
    let audience = list(doc.get("audience")).iter().take(limits::ACTOR_ALIASES).filter_map(reference);
    let group = |id: &&str| !is_public(id) && *id != author && !id.ends_with("/followers");
    let stated = audience.into_iter().find(group);
    stated.or_else(|| channel(doc, author)).map(str::to_owned)
}

/// The Group that a post is attributed to besides its author: one that says so, else the second of two ids.
fn channel<'a>(doc: &'a Value, author: &str) -> Option<&'a str> {
    let others = || {
        let named = list(doc.get("attributedTo")).iter().take(limits::ACTOR_ALIASES);
        named.filter_map(|value| Some((reference(value)?, value))).filter(|(id, _)| *id != author)
    };
    let group = others().find(|(_, value)| is_kind(value, "Group"));
    group.or_else(|| others().find(|(_, value)| value.is_string())).map(|(id, _)| id)
}

/// The collection of replies (`comments` in PeerTube), if it is on the origin of the post.
fn replies(doc: &Value, id: &str) -> Option<String> {
    let mut named = ["replies", "comments"].into_iter().filter_map(|member| doc.get(member).and_then(reference));
    let stated = named.find(|uri| is_id(uri) && same_origin(uri, id));
    stated.map(str::to_owned).or_else(|| embeds_replies(doc).then(|| id.to_owned()))
}

/// Returns `true` if the replies are embedded: a collection without id, or a bare list (PieFed).
fn embeds_replies(doc: &Value) -> bool {
    let lists = |value: &Value| ["items", "orderedItems", "first"].iter().any(|member| value.get(member).is_some());
    match doc.get("replies") {
        Some(Value::Array(items)) => !items.is_empty(),
        Some(replies) => id_of(replies).is_none() && lists(replies),
        None => false,
    }
}

/// The name of a thread: an id, or an opaque string such as Mastodon's `tag:` URIs.
fn thread_name(doc: &Value, member: &str) -> Option<String> {
    let value = plain(doc.get(member))?;
    let name = value.as_str().or_else(|| id_of(value))?;
    let plain =
        !name.is_empty() && name.len() <= limits::URL && !name.chars().any(|c| c.is_whitespace() || c.is_control());
    plain.then(|| name.to_owned())
}

/// A poll: the first [`limits::REMOTE_POLL_OPTIONS`] options; [`content::body`](super::content) states how many more there are. `closed` is `true`, or a time: when it was closed (Mastodon),
/// or when it will be, and then there is no `endTime` (Pleroma, Akkoma, Rebased). Of two times the earlier counts.
fn poll(doc: &Value) -> Option<Poll> {
    let (member, multiple) = match (list(doc.get("oneOf")), list(doc.get("anyOf"))) {
        ([], []) => return None,
        ([], many) => (many, true),
        (one, _) => (one, false),
    };
    let option = |value: &Value| {
        let title = line(value, "name", limits::POLL_OPTION_CHARS)?;
        let name = text(value, "name").filter(|name| name.len() <= limits::POLL_OPTION_NAME);
        let name = name.map_or_else(|| title.clone(), Cow::into_owned);
        Some(PollOption { title, name, votes: total(value, "replies").unwrap_or(0) })
    };
    let options: Vec<_> = member.iter().filter_map(option).take(limits::REMOTE_POLL_OPTIONS).collect();
    let voters = doc.get("votersCount");
    (!options.is_empty()).then(|| Poll {
        multiple,
        options,
        ends_at: [when(doc, "endTime"), when(doc, "closed")].into_iter().flatten().min(),
        closed: restricts(doc, "closed"),
        voters: count(voters),
        hide_totals: false,
    })
}
