//! Our own rows as ActivityPub documents, and the queue that they leave by.

use serde_json::{Value, json};

use super::audience::address;
use super::recipients::{Change, Recipients};
use super::site::Site;
use super::views::StatusView;
use super::{Domain, Owner, views};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Audience, Field, KeyMaterial, PUBLIC};
use crate::protocol::activitystreams::write::{self, Image, OwnActivity, OwnActor, OwnAttachment, OwnNote, OwnPoll};
use crate::protocol::html;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::signature::{PublicKey, proof};
use crate::protocol::text::clean_name;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::deliveries::{Lane, Outgoing};
use crate::store::page::Page;
use crate::store::statuses::{self, Status};
use crate::store::tags::Mention;
use crate::store::visible::Viewer;
use crate::store::{Conn, actors, blocks, deliveries, keys};

/// The document of an actor of ours.
///
/// # Errors
/// When the database cannot be read.
pub fn actor_document(conn: &Conn, site: &Site, actor: &Actor) -> Result<Value> {
    let keys = keys::own(conn, actor.id)?;
    let pem = keys.iter().find_map(|k| match &k.material {
        KeyMaterial::Pem(pem) => Some((k.id.clone(), pem.clone())),
        KeyMaterial::Multibase(_) => None,
    });
    // Retired keys are still published for a while, so that what they signed can be verified.
    let mut multikeys = Vec::new();
    for key in &keys {
        match &key.material {
            KeyMaterial::Multibase(text) => multikeys.push((key.id.clone(), text.clone())),
            KeyMaterial::Pem(pem) if key.retired => {
                multikeys.push((key.id.clone(), PublicKey::from_pem(pem)?.to_multibase()));
            }
            KeyMaterial::Pem(_) => {}
        }
    }
    let (username, handle_domain) = match actor.kind {
        ActorKind::Application => (site.host(), site.authority()),
        _ => (actor.username.as_str(), site.handle_domain()),
    };
    Ok(write::actor(&OwnActor {
        id: actor.uri.clone(),
        kind: actor.kind,
        username: username.to_owned(),
        handle: format!("{username}@{handle_domain}"),
        name: actor.display_name.clone(),
        summary: actor.note.clone(),
        url: actor.url.clone().unwrap_or_else(|| actor.uri.clone()),
        inbox: actor.inbox.clone(),
        shared_inbox: site.shared_inbox(),
        icon: image(site, actor.avatar.as_deref(), &actor.avatar_alt),
        image: image(site, actor.header.as_deref(), &actor.header_alt),
        fields: actor.fields.iter().map(|f| Field { name: f.name.clone(), value: f.value.clone() }).collect(),
        locked: actor.locked,
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        published: actor.created_at,
        updated: actor.updated_at,
        also_known_as: actor.also_known_as.clone(),
        moved_to: actor.moved_to.clone(),
        public_key: pem.ok_or_else(|| Error::internal("an actor of ours has no RSA key"))?,
        multikeys,
    }))
}

fn image(site: &Site, file: Option<&str>, alt: &str) -> Option<Image> {
    let file = file?;
    Some(Image { url: site.media(file), media_type: media_type_of_file(file), alt: alt.to_owned() })
}

/// The media type of a file of ours, by its ending.
pub fn media_type_of_file(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    }
}

/// `@user@host` of somebody whom a post names.
pub fn mention_name(site: &Site, m: &Mention) -> String {
    let domain = if m.domain.is_empty() { site.handle_domain() } else { &m.domain };
    format!("@{}@{domain}", m.username)
}

/// Who a status of ours is addressed to.
pub fn audience_of(view: &StatusView) -> Audience {
    let followers = view.author.followers_uri.clone().unwrap_or_default();
    let mut mentioned: Vec<String> = view.mentions.iter().map(|m| m.uri.clone()).collect();
    if let Some(group) = view.group.as_ref().filter(|_| view.status.visibility.is_open())
        && !mentioned.contains(&group.uri)
    {
        mentioned.push(group.uri.clone());
    }
    address(view.status.visibility, &followers, &mentioned)
}

/// A status of ours as a Note, without context.
///
/// # Errors
/// When the database cannot be read.
pub fn note_document(conn: &Conn, site: &Site, view: &StatusView) -> Result<Value> {
    let s = &view.status;
    let replies = statuses::open_replies(conn, s.id, &Page { from_oldest: true, ..Page::newest(5) })?;
    let mut replies: Vec<String> = replies.into_iter().map(|(_, uri)| uri).collect();
    replies.reverse();
    Ok(write::note(&OwnNote {
        id: s.uri.clone(),
        attributed_to: view.author.uri.clone(),
        audience: audience_of(view),
        title: title_in_group(view),
        content: s.content.clone(),
        source: s.source.clone().zip(s.source_type.clone()),
        summary: s.summary.clone(),
        sensitive: s.sensitive,
        language: s.language.clone(),
        url: view.page().to_owned(),
        in_reply_to: s.in_reply_to_uri.clone(),
        conversation: s.conversation.clone().unwrap_or_else(|| format!("{}/context", s.uri)),
        published: s.created_at,
        updated: s.edited_at,
        attachments: view
            .media
            .iter()
            .filter_map(|m| {
                let file = m.file.as_deref()?;
                Some(OwnAttachment {
                    url: site.media(file),
                    media_type: media_type_of_file(file).to_owned(),
                    alt: m.description.clone(),
                    blurhash: m.blurhash.clone(),
                    size: m.size,
                    focus: m.focus,
                })
            })
            .collect(),
        mentions: view.mentions.iter().map(|m| (m.uri.clone(), mention_name(site, m))).collect(),
        hashtags: view.tags.iter().map(|t| (t.clone(), site.tag(t))).collect(),
        emoji: s.emoji.clone(),
        quote: view.quote.as_ref().map(|q| (q.uri.clone(), q.page().to_owned(), q.approval.clone())),
        poll: view.poll.as_ref().map(|p| OwnPoll {
            multiple: p.multiple,
            options: p.options.clone(),
            ends_at: p.ends_at,
            closed: p.closed,
            voters: p.voters.unwrap_or(0),
        }),
        group: view.group.as_ref().map(|g| g.uri.clone()),
        policy: s.policy.clone(),
        reply_approval: s.reply_approval.clone(),
        replies,
        likes: s.favourites_count,
        shares: s.boosts_count,
    }))
}

/// The activity that brought a status of ours into the world: Create of a Note, or Announce. Without context.
///
/// # Errors
/// When the database cannot be read.
pub fn origin_activity(conn: &Conn, site: &Site, view: &StatusView) -> Result<Value> {
    if let Some(boosted) = &view.boost_of {
        return Ok(write::bare_activity(&OwnActivity {
            id: &view.status.uri,
            kind: "Announce",
            actor: &view.author.uri,
            object: json!(boosted.status.uri),
            audience: boost_audience(view, boosted),
            published: Some(view.status.created_at),
        }));
    }
    let create = write::bare_activity(&OwnActivity {
        id: &format!("{}/activity", view.status.uri),
        kind: "Create",
        actor: &view.author.uri,
        object: note_document(conn, site, view)?,
        audience: audience_of(view),
        published: Some(view.status.created_at),
    });
    Ok(for_group(create, view))
}

/// An activity about a post in a community names it too (FEP-1b12; Lemmy reads it there).
pub(super) fn for_group(mut activity: Value, view: &StatusView) -> Value {
    if let Some(group) = &view.group {
        activity["audience"] = json!(group.uri);
    }
    activity
}

/// A post that begins a thread in a community needs a title there: its content warning, or else its first line.
fn title_in_group(view: &StatusView) -> Option<String> {
    if view.group.is_none() || view.status.in_reply_to_uri.is_some() {
        return None;
    }
    let text = format!("{}\n{}", view.status.summary, html::to_text(&view.status.content));
    text.lines().map(|line| clean_name(line, limits::GROUP_TITLE_CHARS)).find(|line| !line.is_empty())
}

fn boost_audience(view: &StatusView, boosted: &StatusView) -> Audience {
    let followers = view.author.followers_uri.clone().unwrap_or_default();
    let author = if boosted.author.local { vec![] } else { vec![boosted.author.uri.clone()] };
    address(view.status.visibility, &followers, &author)
}

/// What an activity is about and where it goes.
pub struct Send {
    /// The actor of ours that does it.
    pub actor: ActorId,
    /// The whole document, with context.
    pub document: Value,
    /// Where it goes.
    pub recipients: Recipients,
    /// How urgent it is.
    pub lane: Lane,
    /// The status that it is about.
    pub status: Option<StatusId>,
}

/// Puts an activity into the delivery queue, inside the write that caused it. The caller rings
/// `domain.wake.delivery` after the write.
///
/// # Errors
/// When the database cannot be written.
pub fn send(conn: &Conn, domain: &Domain, s: Send) -> Result<()> {
    if s.recipients.inboxes.is_empty() && !s.recipients.to_followers {
        return Ok(());
    }
    let public = is_public(&s.document);
    let owner = domain.owner().ok().filter(|o| public && o.id == s.actor);
    // Only what is public is proven for ever; what is private must stay deniable.
    let document = match &owner {
        Some(owner) => proof::attach(s.document, &owner.proof_key, &owner.proof_key_id, domain.now()),
        None => s.document,
    };
    let text = |member: &str| document[member].as_str().unwrap_or_default().to_owned();
    let out = Outgoing {
        id: domain.next_id(),
        actor: s.actor,
        uri: text("id"),
        kind: text("type"),
        status: s.status,
        body: serde_json::to_vec(&document)?,
        to_followers: s.recipients.to_followers,
        private: s.recipients.to_followers && !public,
    };
    deliveries::enqueue(conn, &out, &s.recipients.inboxes, s.lane, domain.now())
}

/// What is sent even to those who block whoever sends it: answers to them, and ends of what they may have.
const TOLD_TO_ALL: [&str; 5] = ["Accept", "Reject", "Undo", "Delete", "Block"];

/// True if an actor shall hear of this although it might block who does it.
fn hears(conn: &Conn, to: &Actor, from: ActorId, document: &Value) -> Result<bool> {
    let told = document["type"].as_str().is_some_and(|kind| TOLD_TO_ALL.contains(&kind));
    Ok(told || !blocks::exists(conn, to.id, from)?)
}

/// Sends an activity of an actor of ours to one other actor, as [`send`] does; unless that blocks the first.
///
/// # Errors
/// When the database cannot be written.
pub fn send_to(conn: &Conn, domain: &Domain, from: ActorId, to: &Actor, document: Value) -> Result<()> {
    if !hears(conn, to, from, &document)? {
        return Ok(());
    }
    let recipients = Recipients::actor(to);
    send(conn, domain, Send { actor: from, document, recipients, lane: Lane::Owner, status: None })
}

/// Sends what the owner does with a status to its author, whose ActivityPub id goes into the document.
///
/// # Errors
/// When the database cannot be written.
pub fn send_to_author(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    status: &Status,
    document: impl FnOnce(&str) -> Value,
) -> Result<()> {
    let Some(author) = actors::get(conn, status.actor_id)? else { return Ok(()) };
    let (document, recipients) = (document(&author.uri), Recipients::actor(&author));
    if !hears(conn, &author, owner.id, &document)? {
        return Ok(());
    }
    send(conn, domain, Send { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(status.id) })
}

fn is_public(document: &Value) -> bool {
    ["to", "cc"]
        .iter()
        .any(|member| document[*member].as_array().is_some_and(|list| list.iter().any(|id| id == PUBLIC)))
}

/// Delete of something of the owner: a post leaves a Tombstone, anything else is named by its id.
pub fn deletion(owner: &Owner, id: &str, is_post: bool, audience: Audience) -> Value {
    let object = if is_post { json!({"id": id, "type": "Tombstone"}) } else { json!(id) };
    write::activity(&OwnActivity {
        id: &format!("{id}#delete"),
        kind: "Delete",
        actor: &owner.uri,
        object,
        audience,
        published: None,
    })
}

/// An activity of the owner on one object, addressed to one actor: Follow, Like, Accept and their kind.
pub fn personal(owner: &Owner, id: &str, kind: &str, object: Value, to: &str) -> Value {
    write::activity(&OwnActivity {
        id,
        kind,
        actor: &owner.uri,
        object,
        audience: Audience { to: vec![to.to_owned()], cc: vec![] },
        published: None,
    })
}

/// Undo of an activity of the owner, which is embedded whole (Pixelfed requires it).
pub fn undo(owner: &Owner, original: Value, audience: Audience) -> Value {
    let id = format!("{}/undo", original["id"].as_str().unwrap_or_default());
    write::activity(&OwnActivity {
        id: &id,
        kind: "Undo",
        actor: &owner.uri,
        object: original,
        audience,
        published: None,
    })
}

/// Update of the owner's whole actor document, to followers and those followed.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_profile(conn: &Conn, domain: &Domain, owner: &Owner) -> Result<()> {
    let Some(actor) = actors::get(conn, owner.id)? else { return Err(Error::NotFound) };
    let mut object = actor_document(conn, &domain.site, &actor)?;
    if let Some(members) = object.as_object_mut() {
        members.remove("@context");
    }
    let followers = actor.followers_uri.clone().unwrap_or_default();
    let document = write::activity(&OwnActivity {
        id: &format!("{}#updates/{}", owner.uri, domain.next_id()),
        kind: "Update",
        actor: &owner.uri,
        object,
        audience: Audience { to: vec![PUBLIC.to_owned()], cc: vec![followers] },
        published: None,
    });
    let inboxes = crate::store::follows::following_inboxes(conn, owner.id)?;
    let recipients = Recipients { inboxes, to_followers: true };
    send(conn, domain, Send { actor: owner.id, document, recipients, lane: Lane::Bulk, status: None })
}

/// Sends the activity that brought a status of ours into the world.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_origin(conn: &Conn, domain: &Domain, owner: &Owner, id: StatusId, recipients: Recipients) -> Result<()> {
    let view = views::Loader::new(conn, Viewer::Owner(owner.id)).status(id)?.ok_or(Error::NotFound)?;
    let document = write::with_context(origin_activity(conn, &domain.site, &view)?);
    send(conn, domain, Send { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(id) })
}

/// Sends an edited status of ours.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_update(conn: &Conn, domain: &Domain, owner: &Owner, id: StatusId) -> Result<()> {
    let view = views::Loader::new(conn, Viewer::Owner(owner.id)).status(id)?.ok_or(Error::NotFound)?;
    let document = write::activity(&OwnActivity {
        id: &format!("{}#updates/{}", view.status.uri, domain.next_id()),
        kind: "Update",
        actor: &owner.uri,
        object: note_document(conn, &domain.site, &view)?,
        audience: audience_of(&view),
        published: None,
    });
    let document = for_group(document, &view);
    let recipients = super::recipients::of_change(conn, id, Change::Edit)?;
    send(conn, domain, Send { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(id) })
}

/// The audience of the end of a status: Public if it was open, so that forwarders pass it on.
pub fn deletion_audience(view: &StatusView) -> Audience {
    if view.status.visibility == Visibility::Direct || view.status.visibility == Visibility::Private {
        return audience_of(view);
    }
    Audience { to: vec![PUBLIC.to_owned()], cc: view.group.iter().map(|g| g.uri.clone()).collect() }
}
