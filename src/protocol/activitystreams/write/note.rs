//! Our posts as objects.

use serde_json::{Value, json};

use super::emoji::{EmojiTag, emoji};
use crate::protocol::activitystreams::read::policy;
use crate::protocol::activitystreams::read::quote::QUOTE_REL;
use crate::protocol::activitystreams::types::{Audience, InteractionPolicy};
use crate::protocol::html;
use crate::protocol::time::Timestamp;

/// A media attachment of a post of ours.
#[derive(Debug, Clone)]
pub struct OwnAttachment {
    /// Where it is.
    pub url: String,
    /// Its media type.
    pub media_type: String,
    /// Its description.
    pub alt: Option<String>,
    /// Its blurhash.
    pub blurhash: Option<String>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// The point to keep in view.
    pub focus: Option<(f32, f32)>,
}

/// A post of ours.
#[derive(Debug, Clone)]
pub struct OwnNote {
    /// Its id.
    pub id: String,
    /// Its author's id.
    pub attributed_to: String,
    /// Who it is for.
    pub audience: Audience,
    /// Its title, where it needs one.
    pub title: Option<String>,
    /// HTML.
    pub content: String,
    /// As written, with its media type.
    pub source: Option<(String, String)>,
    /// The content warning; empty for none.
    pub summary: String,
    /// Media are hidden at first.
    pub sensitive: bool,
    /// BCP 47 language.
    pub language: Option<String>,
    /// Its page for people.
    pub url: String,
    /// What it replies to.
    pub in_reply_to: Option<String>,
    /// The thread's context.
    pub conversation: String,
    /// When it was written.
    pub published: Timestamp,
    /// When it was edited.
    pub updated: Option<Timestamp>,
    /// Media.
    pub attachments: Vec<OwnAttachment>,
    /// Actor id and `@user@host` of mentioned actors.
    pub mentions: Vec<(String, String)>,
    /// Hashtags with their pages.
    pub hashtags: Vec<(String, String)>,
    /// Custom emoji in it.
    pub emoji: Vec<EmojiTag>,
    /// The quoted post: its id, its page, and the approval if there is one.
    pub quote: Option<(String, String, Option<String>)>,
    /// Its poll.
    pub poll: Option<OwnPoll>,
    /// The community that it is for.
    pub group: Option<String>,
    /// Who may do what with it.
    pub policy: Option<InteractionPolicy>,
    /// The approval by the author of the parent post.
    pub reply_approval: Option<String>,
    /// Ids of the first own replies.
    pub replies: Vec<String>,
    /// Favourites.
    pub likes: i64,
    /// Boosts.
    pub shares: i64,
}

/// A poll of ours.
#[derive(Debug, Clone)]
pub struct OwnPoll {
    /// Several options may be chosen.
    pub multiple: bool,
    /// Option texts with their counts, if public.
    pub options: Vec<(String, Option<u64>)>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// It is over.
    pub closed: bool,
    /// How many people voted.
    pub voters: u64,
}

/// A post of ours as an object, without context.
pub fn note(n: &OwnNote) -> Value {
    let content = content(n);
    let mut doc = json!({
        "id": n.id,
        "type": if n.poll.is_some() { "Question" } else { "Note" },
        "attributedTo": n.attributed_to,
        "content": content,
        "to": n.audience.to,
        "cc": n.audience.cc,
        "published": n.published.to_activity(),
        "url": n.url,
        "inReplyTo": n.in_reply_to,
        "conversation": n.conversation,
        "context": n.conversation,
        "summary": if n.summary.is_empty() { Value::Null } else { json!(n.summary) },
        "sensitive": n.sensitive,
        "attachment": n.attachments.iter().map(attachment).collect::<Vec<_>>(),
        "tag": tags(n),
        "replies": replies(n),
        "likes": {"id": format!("{}/likes", n.id), "type": "Collection", "totalItems": n.likes},
        "shares": {"id": format!("{}/shares", n.id), "type": "Collection", "totalItems": n.shares},
    });
    add_forms_of_content(&mut doc, n, &content);
    if let Some(updated) = n.updated {
        doc["updated"] = json!(updated.to_activity());
    }
    if let Some(poll) = &n.poll {
        add_poll(&mut doc, poll);
    }
    if let Some((id, _, approval)) = &n.quote {
        add_quote(&mut doc, id, approval.as_deref());
        // Misskey reads this instead of the content, whose last line names the quoted post for all others.
        doc["_misskey_content"] = json!(plain_content(n));
    }
    if let Some(group) = &n.group {
        doc["audience"] = json!(group);
    }
    if let Some(title) = &n.title {
        doc["name"] = json!(title);
    }
    if let Some(policy) = &n.policy {
        doc["interactionPolicy"] = policy::write(policy);
    }
    if let Some(approval) = &n.reply_approval {
        doc["approvedBy"] = json!(approval);
        doc["replyAuthorization"] = json!(approval);
    }
    doc
}

/// The content, with a link to the quoted post for peers without support for quotes.
fn content(n: &OwnNote) -> String {
    let Some((_, page, _)) = &n.quote else { return n.content.clone() };
    let page = html::escape(page);
    format!(
        "{}<p class=\"quote-inline\">RE: <a href=\"{page}\" rel=\"nofollow noopener\" target=\"_blank\">{page}</a></p>",
        n.content
    )
}

/// The text without the line that names the quoted post: as the owner wrote it, where that is known.
fn plain_content(n: &OwnNote) -> String {
    match &n.source {
        Some((text, _)) => text.clone(),
        None => html::to_text(&n.content),
    }
}

/// Adds the content by its language, and as it was written.
fn add_forms_of_content(doc: &mut Value, n: &OwnNote, content: &str) {
    if let Some(language) = &n.language {
        doc["contentMap"] = json!({ language.as_str(): content });
    }
    if let Some((text, media_type)) = &n.source {
        doc["source"] = json!({"content": text, "mediaType": media_type});
    }
}

/// The collection of replies, whose first page lists the first own replies.
fn replies(n: &OwnNote) -> Value {
    let id = format!("{}/replies", n.id);
    json!({
        "id": id,
        "type": "Collection",
        "first": {
            "type": "CollectionPage",
            "partOf": id,
            "items": n.replies,
            "next": format!("{id}?page=true"),
        },
    })
}

/// Adds the quoted post under the name that each system reads, and its approval.
fn add_quote(doc: &mut Value, quoted: &str, approval: Option<&str>) {
    for member in ["quote", "quoteUrl", "quoteUri", "_misskey_quote"] {
        doc[member] = json!(quoted);
    }
    if let Some(approval) = approval {
        doc["quoteAuthorization"] = json!(approval);
    }
}

fn add_poll(doc: &mut Value, poll: &OwnPoll) {
    let option = |(name, votes): &(String, Option<u64>)| {
        let replies = match votes {
            Some(votes) => json!({"type": "Collection", "totalItems": votes}),
            None => json!({"type": "Collection"}),
        };
        json!({"type": "Note", "name": name, "replies": replies})
    };
    let options: Vec<Value> = poll.options.iter().map(option).collect();
    doc[if poll.multiple { "anyOf" } else { "oneOf" }] = json!(options);
    doc["votersCount"] = json!(poll.voters);
    if let Some(end) = poll.ends_at {
        doc["endTime"] = json!(end.to_activity());
        if poll.closed {
            doc["closed"] = json!(end.to_activity());
        }
    }
}

fn attachment(a: &OwnAttachment) -> Value {
    let mut doc = json!({"type": "Document", "mediaType": a.media_type, "url": a.url, "name": a.alt});
    if let Some(blurhash) = &a.blurhash {
        doc["blurhash"] = json!(blurhash);
    }
    if let Some((width, height)) = a.size {
        doc["width"] = json!(width);
        doc["height"] = json!(height);
    }
    if let Some((x, y)) = a.focus {
        doc["focalPoint"] = json!([x, y]);
    }
    doc
}

fn tags(n: &OwnNote) -> Vec<Value> {
    let mentions = n.mentions.iter().map(|(id, name)| json!({"type": "Mention", "href": id, "name": name}));
    let hashtags =
        n.hashtags.iter().map(|(tag, page)| json!({"type": "Hashtag", "href": page, "name": format!("#{tag}")}));
    let emojis = n.emoji.iter().map(emoji);
    let quote = n.quote.iter().map(|(id, ..)| {
        let media_type = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
        json!({"type": "Link", "mediaType": media_type, "rel": QUOTE_REL, "href": id})
    });
    mentions.chain(hashtags).chain(emojis).chain(quote).collect()
}
