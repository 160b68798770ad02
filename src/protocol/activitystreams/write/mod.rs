//! The documents that we send, each built by one function.
//!
//! Each member follows the strictest peer: `to`, `cc`, `tag` and `attachment` are
//! always arrays (Lemmy drops the whole activity otherwise), `name` and `summary` of actors are always there
//! (Pixelfed), timestamps have milliseconds (Misskey), no id of an activity has a fragment (Sharkey), and every activity has an id on the actor's host (Misskey).

mod chat;
mod interactions;
mod note;

pub use chat::chat_message;
pub use interactions::{OwnApproval, Request, approval, reaction, request, vote};
pub use note::{OwnAttachment, OwnNote, OwnPoll, note};

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::types::{ActorKind, Audience, Field};
use crate::protocol::time::Timestamp;

/// The media type of our ActivityPub responses (Lemmy's library accepts this exact spelling).
pub const CONTENT_TYPE: &str = "application/activity+json; charset=utf-8";
/// The media type of our deliveries.
pub const POST_CONTENT_TYPE: &str = "application/activity+json";

/// The terms that we use beyond the standard contexts, with what they mean; `@` before it says that the value is an id.
/// `schema` looks wrong with http and `#`, but is what Mastodon expects.
const TERMS: [(&str, &str); 45] = [
    ("manuallyApprovesFollowers", "as:manuallyApprovesFollowers"),
    ("sensitive", "as:sensitive"),
    ("Hashtag", "as:Hashtag"),
    ("movedTo", "@as:movedTo"),
    ("alsoKnownAs", "@as:alsoKnownAs"),
    ("toot", "http://joinmastodon.org/ns#"),
    ("Emoji", "toot:Emoji"),
    ("featured", "@toot:featured"),
    ("featuredTags", "@toot:featuredTags"),
    ("discoverable", "toot:discoverable"),
    ("indexable", "toot:indexable"),
    ("blurhash", "toot:blurhash"),
    ("votersCount", "toot:votersCount"),
    ("schema", "http://schema.org#"),
    ("PropertyValue", "schema:PropertyValue"),
    ("value", "schema:value"),
    ("quoteUrl", "as:quoteUrl"),
    ("misskey", "https://misskey-hub.net/ns#"),
    ("_misskey_quote", "misskey:_misskey_quote"),
    ("_misskey_reaction", "misskey:_misskey_reaction"),
    ("_misskey_content", "misskey:_misskey_content"),
    ("fedibird", "http://fedibird.com/ns#"),
    ("quoteUri", "fedibird:quoteUri"),
    ("quote", "@https://w3id.org/fep/044f#quote"),
    ("quoteAuthorization", "@https://w3id.org/fep/044f#quoteAuthorization"),
    ("QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest"),
    ("QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization"),
    ("gts", "https://gotosocial.org/ns#"),
    ("interactionPolicy", "@gts:interactionPolicy"),
    ("canQuote", "@gts:canQuote"),
    ("canReply", "@gts:canReply"),
    ("canLike", "@gts:canLike"),
    ("canAnnounce", "@gts:canAnnounce"),
    ("automaticApproval", "@gts:automaticApproval"),
    ("manualApproval", "@gts:manualApproval"),
    ("interactingObject", "@gts:interactingObject"),
    ("interactionTarget", "@gts:interactionTarget"),
    ("approvedBy", "@gts:approvedBy"),
    ("replyAuthorization", "@gts:replyAuthorization"),
    ("ReplyRequest", "gts:ReplyRequest"),
    ("LikeAuthorization", "gts:LikeAuthorization"),
    ("ReplyAuthorization", "gts:ReplyAuthorization"),
    ("AnnounceAuthorization", "gts:AnnounceAuthorization"),
    ("litepub", "http://litepub.social/ns#"),
    ("ChatMessage", "litepub:ChatMessage"),
];

/// The JSON-LD context of a document: the standard ones, and those of [`TERMS`] that it uses.
fn context(document: &Value) -> Value {
    let mut used = HashSet::new();
    words(document, &mut used);
    let mut terms = Map::new();
    for (term, meaning) in TERMS.iter().filter(|(term, _)| used.contains(term)) {
        let (iri, value) = match meaning.strip_prefix('@') {
            Some(id) => (id, json!({"@id": id, "@type": "@id"})),
            None => (*meaning, json!(meaning)),
        };
        terms.insert((*term).to_owned(), value);
        let prefix = iri.split(':').next().unwrap_or_default();
        if let Some((prefix, meaning)) = TERMS.iter().find(|(t, _)| *t == prefix) {
            terms.insert((*prefix).to_owned(), json!(meaning));
        }
    }
    if used.contains("focalPoint") {
        terms.insert("toot".into(), json!("http://joinmastodon.org/ns#"));
        terms.insert("focalPoint".into(), json!({"@container": "@list", "@id": "toot:focalPoint"}));
    }
    let mut context = vec![json!("https://www.w3.org/ns/activitystreams"), json!("https://w3id.org/security/v1")];
    if used.contains("assertionMethod") {
        context.push(json!("https://www.w3.org/ns/did/v1"));
        context.push(json!("https://w3id.org/security/multikey/v1"));
    }
    if !terms.is_empty() {
        context.push(Value::Object(terms));
    }
    Value::Array(context)
}

/// Every member and type that a document uses.
fn words<'a>(value: &'a Value, found: &mut HashSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::Object(members) => {
            for (name, value) in members {
                found.insert(name);
                if let ("type", Value::String(kind)) = (name.as_str(), value) {
                    found.insert(kind);
                }
                words(value, found);
            }
        }
        _ => {}
    }
}

/// Puts the context in front of a document.
pub fn with_context(document: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("@context".into(), context(&document));
    if let Value::Object(members) = document {
        whole.extend(members);
    }
    Value::Object(whole)
}

/// An image of an actor.
#[derive(Debug, Clone)]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its description; may be empty.
    pub alt: String,
}

impl Image {
    fn to_json(&self) -> Value {
        let mut image = json!({"type": "Image", "mediaType": self.media_type, "url": self.url});
        if !self.alt.is_empty() {
            image["name"] = json!(self.alt);
        }
        image
    }
}

/// Our actor document.
#[derive(Debug, Clone)]
pub struct OwnActor {
    /// Its id; inbox and collections hang below it.
    pub id: String,
    /// Person, Service, or Application for the instance actor.
    pub kind: ActorKind,
    /// Its user name.
    pub username: String,
    /// `user@domain`.
    pub handle: String,
    /// Display name.
    pub name: String,
    /// Biography as HTML.
    pub summary: String,
    /// Its page for people.
    pub url: String,
    /// Its inbox.
    pub inbox: String,
    /// The shared inbox.
    pub shared_inbox: String,
    /// Avatar.
    pub icon: Option<Image>,
    /// Header.
    pub image: Option<Image>,
    /// Profile fields with HTML values.
    pub fields: Vec<Field>,
    /// Follows are approved by hand.
    pub locked: bool,
    /// May be shown in directories.
    pub discoverable: bool,
    /// Posts may be searched.
    pub indexable: bool,
    /// When it was made.
    pub published: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// Former ids.
    pub also_known_as: Vec<String>,
    /// Where it has moved.
    pub moved_to: Option<String>,
    /// The RSA key: id and SPKI PEM.
    pub public_key: (String, String),
    /// The Ed25519 key: id and multibase.
    pub multikeys: Vec<(String, String)>,
    /// What its texts mention.
    pub tags: ProfileTags,
}

/// What the texts of our actor mention: an id or address, and the name as written.
#[derive(Debug, Clone, Default)]
pub struct ProfileTags {
    /// Ids of actors, with `@user@host`.
    pub mentions: Vec<(String, String)>,
    /// Pages of hashtags, with `#tag`.
    pub hashtags: Vec<(String, String)>,
}

impl ProfileTags {
    fn to_json(&self) -> Vec<Value> {
        let tag = |kind: &str, (href, name): &(String, String)| json!({"type": kind, "href": href, "name": name});
        let mentions = self.mentions.iter().map(|mention| tag("Mention", mention));
        mentions.chain(self.hashtags.iter().map(|hashtag| tag("Hashtag", hashtag))).collect()
    }
}

/// Our actor.
pub fn actor(a: &OwnActor) -> Value {
    let person = a.kind != ActorKind::Application;
    let mut doc = json!({
        "id": a.id,
        "type": a.kind.as_str(),
        "preferredUsername": a.username,
        "webfinger": a.handle,
        "inbox": a.inbox,
        "outbox": format!("{}/outbox", a.id),
        "url": a.url,
        "name": a.name,
        "summary": a.summary,
        "published": a.published.to_activity(),
        "updated": a.updated.to_activity(),
        "endpoints": {"sharedInbox": a.shared_inbox},
        "manuallyApprovesFollowers": a.locked,
        "discoverable": a.discoverable,
        "indexable": a.indexable,
        "publicKey": {"id": a.public_key.0, "owner": a.id, "publicKeyPem": a.public_key.1},
        "generator": {
            "type": "Application",
            "implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}],
        },
        "attachment": a.fields.iter().map(property_value).collect::<Vec<_>>(),
        "tag": a.tags.to_json(),
    });
    if person {
        for (member, path) in [
            ("followers", "followers"),
            ("following", "following"),
            ("featured", "collections/featured"),
            ("featuredTags", "collections/tags"),
            ("liked", "liked"),
        ] {
            doc[member] = json!(format!("{}/{path}", a.id));
        }
        doc["alsoKnownAs"] = json!(a.also_known_as);
    }
    if !a.multikeys.is_empty() {
        let key = |(id, multibase): &(String, String)| json!({"id": id, "type": "Multikey", "controller": a.id, "publicKeyMultibase": multibase});
        doc["assertionMethod"] = json!(a.multikeys.iter().map(key).collect::<Vec<_>>());
    }
    if let Some(icon) = &a.icon {
        doc["icon"] = icon.to_json();
    }
    if let Some(image) = &a.image {
        doc["image"] = image.to_json();
    }
    if let Some(moved) = &a.moved_to {
        doc["movedTo"] = json!(moved);
    }
    with_context(doc)
}

fn property_value(f: &Field) -> Value {
    json!({"type": "PropertyValue", "name": f.name, "value": f.value})
}

/// An activity of ours.
#[derive(Debug, Clone)]
pub struct OwnActivity<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its type, `Create`.
    pub kind: &'a str,
    /// The id of its actor.
    pub actor: &'a str,
    /// What to: an id, or a whole document without context.
    pub object: Value,
    /// Its addressees.
    pub audience: Audience,
    /// Its time; written for Create and Announce.
    pub published: Option<Timestamp>,
}

/// Builds an activity without context, to embed in another one.
pub fn bare_activity(a: &OwnActivity<'_>) -> Value {
    let mut doc = json!({
        "id": a.id,
        "type": a.kind,
        "actor": a.actor,
        "object": a.object,
        "to": a.audience.to,
        "cc": a.audience.cc,
    });
    if let Some(published) = a.published {
        doc["published"] = json!(published.to_activity());
    }
    doc
}

/// An activity.
pub fn activity(a: &OwnActivity<'_>) -> Value {
    with_context(bare_activity(a))
}

/// Builds the document of a deleted object.
pub fn tombstone(id: &str, former: &str, deleted: Timestamp) -> Value {
    with_context(json!({"id": id, "type": "Tombstone", "formerType": former, "deleted": deleted.to_activity()}))
}

/// A collection that has pages.
pub fn paged_collection(id: &str, total: i64) -> Value {
    with_context(json!({
        "id": id,
        "type": "OrderedCollection",
        "totalItems": total,
        "first": format!("{id}?page=true"),
        "last": format!("{id}?min_id=0&page=true"),
    }))
}

/// A page of a collection.
pub fn collection_page(
    id: &str,
    part_of: &str,
    next: Option<String>,
    prev: Option<String>,
    items: Vec<Value>,
) -> Value {
    let mut doc = json!({"id": id, "type": "OrderedCollectionPage", "partOf": part_of, "orderedItems": items});
    if let Some(next) = next {
        doc["next"] = json!(next);
    }
    if let Some(prev) = prev {
        doc["prev"] = json!(prev);
    }
    with_context(doc)
}

/// Builds a collection with all items, or only its size if `items` is `None`.
pub fn collection(id: &str, total: i64, items: Option<Vec<Value>>) -> Value {
    let mut doc = json!({"id": id, "type": "OrderedCollection", "totalItems": total});
    if let Some(items) = items {
        doc["orderedItems"] = json!(items);
    }
    with_context(doc)
}
