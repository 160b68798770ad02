//! The documents that we send, each made in exactly one function.
//!
//! The shapes follow what the strictest readers of each member demand: `to`, `cc`, `tag` and `attachment` are
//! always arrays (Lemmy drops the whole activity otherwise), `name` and `summary` of actors are always there
//! (Pixelfed), timestamps have no fraction, and every activity has an id on the actor's host (Misskey).

use serde_json::{Map, Value, json};

use super::types::{ActorKind, Audience, Field};
use crate::protocol::time::Timestamp;

/// The media type of everything ActivityPub that we answer (Lemmy's library accepts this exact spelling).
pub const CONTENT_TYPE: &str = "application/activity+json; charset=utf-8";
/// The media type of what we post.
pub const POST_CONTENT_TYPE: &str = "application/activity+json";

/// The JSON-LD context of posts and activities, with every term that we use. `schema` looks wrong with http and
/// `#`, but is what Mastodon expects.
pub fn context() -> Value {
    json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        {
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "sensitive": "as:sensitive",
            "Hashtag": "as:Hashtag",
            "movedTo": {"@id": "as:movedTo", "@type": "@id"},
            "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
            "toot": "http://joinmastodon.org/ns#",
            "Emoji": "toot:Emoji",
            "featured": {"@id": "toot:featured", "@type": "@id"},
            "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
            "discoverable": "toot:discoverable",
            "indexable": "toot:indexable",
            "blurhash": "toot:blurhash",
            "votersCount": "toot:votersCount",
            "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
            "schema": "http://schema.org#",
            "PropertyValue": "schema:PropertyValue",
            "value": "schema:value"
        }
    ])
}

fn actor_context() -> Value {
    let mut context = context();
    if let Some(list) = context.as_array_mut() {
        list.insert(2, json!("https://w3id.org/security/multikey/v1"));
        list.insert(2, json!("https://www.w3.org/ns/did/v1"));
    }
    context
}

/// Puts the context in front of a document.
pub fn with_context(document: Value) -> Value {
    add_context(context(), document)
}

fn add_context(context: Value, document: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("@context".into(), context);
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

/// What our actor document says.
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
    pub multikey: Option<(String, String)>,
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
        "tag": [],
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
    if let Some((id, multibase)) = &a.multikey {
        doc["assertionMethod"] =
            json!([{"id": id, "type": "Multikey", "controller": a.id, "publicKeyMultibase": multibase}]);
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
    add_context(actor_context(), doc)
}

fn property_value(f: &Field) -> Value {
    json!({"type": "PropertyValue", "name": f.name, "value": f.value})
}

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

/// What a post of ours says.
#[derive(Debug, Clone)]
pub struct OwnNote {
    /// Its id.
    pub id: String,
    /// Its author's id.
    pub attributed_to: String,
    /// Who it is for.
    pub audience: Audience,
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
    /// Actor id and `@user@host` of those it names.
    pub mentions: Vec<(String, String)>,
    /// Hashtags with their pages.
    pub hashtags: Vec<(String, String)>,
    /// Ids of the first own replies.
    pub replies: Vec<String>,
    /// Favourites.
    pub likes: i64,
    /// Boosts.
    pub shares: i64,
}

/// A post of ours as an object, without context.
pub fn note(n: &OwnNote) -> Value {
    let mut doc = json!({
        "id": n.id,
        "type": "Note",
        "attributedTo": n.attributed_to,
        "content": n.content,
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
        "replies": {
            "id": format!("{}/replies", n.id),
            "type": "Collection",
            "first": {
                "type": "CollectionPage",
                "partOf": format!("{}/replies", n.id),
                "items": n.replies,
                "next": format!("{}/replies?page=true", n.id),
            },
        },
        "likes": {"id": format!("{}/likes", n.id), "type": "Collection", "totalItems": n.likes},
        "shares": {"id": format!("{}/shares", n.id), "type": "Collection", "totalItems": n.shares},
    });
    if let Some(language) = &n.language {
        doc["contentMap"] = json!({ language.as_str(): n.content });
    }
    if let Some((text, media_type)) = &n.source {
        doc["source"] = json!({"content": text, "mediaType": media_type});
    }
    if let Some(updated) = n.updated {
        doc["updated"] = json!(updated.to_activity());
    }
    doc
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
    mentions.chain(hashtags).collect()
}

/// What every activity of ours says.
#[derive(Debug, Clone)]
pub struct OwnActivity<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its type, `Create`.
    pub kind: &'a str,
    /// Who does it.
    pub actor: &'a str,
    /// What to: an id, or a whole document without context.
    pub object: Value,
    /// Who it is for.
    pub audience: Audience,
    /// When; said on Create and Announce.
    pub published: Option<Timestamp>,
}

/// An activity without context, to stand inside another one.
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

/// What stands where something was deleted.
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

/// A collection that is whole, or only counted when `items` is none.
pub fn collection(id: &str, total: i64, items: Option<Vec<Value>>) -> Value {
    let mut doc = json!({"id": id, "type": "OrderedCollection", "totalItems": total});
    if let Some(items) = items {
        doc["orderedItems"] = json!(items);
    }
    with_context(doc)
}
