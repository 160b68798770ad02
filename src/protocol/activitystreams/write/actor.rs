//! Our actor document.

use serde_json::{Value, json};

use super::context::with_context;
use super::emoji::{EmojiTag, emoji};
use crate::protocol::activitystreams::types::{ActorKind, Field, ProfileTabs};
use crate::protocol::time::Timestamp;

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
    /// The tabs of its profile.
    pub tabs: ProfileTabs,
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
    /// The domains whose pages may name it as their author.
    pub attribution_domains: Vec<String>,
}

/// What the texts of our actor mention: an id or address, and the name as written; and their custom emoji.
#[derive(Debug, Clone, Default)]
pub struct ProfileTags {
    /// Ids of actors, with `@user@host`.
    pub mentions: Vec<(String, String)>,
    /// Pages of hashtags, with `#tag`.
    pub hashtags: Vec<(String, String)>,
    /// Custom emoji.
    pub emoji: Vec<EmojiTag>,
}

impl ProfileTags {
    fn to_json(&self) -> Vec<Value> {
        let tag = |kind: &str, (href, name): &(String, String)| json!({"type": kind, "href": href, "name": name});
        let mentions = self.mentions.iter().map(|mention| tag("Mention", mention));
        let hashtags = self.hashtags.iter().map(|hashtag| tag("Hashtag", hashtag));
        mentions.chain(hashtags).chain(self.emoji.iter().map(emoji)).collect()
    }
}

/// Our actor.
pub fn actor(a: &OwnActor) -> Value {
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
        "showMedia": a.tabs.media,
        "showRepliesInMedia": a.tabs.media_replies,
        "showFeatured": a.tabs.featured,
        "publicKey": {"id": a.public_key.0, "owner": a.id, "publicKeyPem": a.public_key.1},
        "generator": {
            "type": "Application",
            "implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}],
        },
        "attachment": a.fields.iter().map(property_value).collect::<Vec<_>>(),
        "tag": a.tags.to_json(),
    });
    if a.kind != ActorKind::Application {
        add_person(&mut doc, a);
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

/// Adds what the owner has and the instance actor has not.
fn add_person(doc: &mut Value, a: &OwnActor) {
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
    if !a.attribution_domains.is_empty() {
        doc["attributionDomains"] = json!(a.attribution_domains);
    }
}

fn property_value(f: &Field) -> Value {
    json!({"type": "PropertyValue", "name": f.name, "value": f.value})
}
