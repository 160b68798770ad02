//! Builds ActivityPub documents from the rows of local actors and their posts.

use serde_json::{Value, json};

use crate::domain::Owner;
use crate::domain::addressing::address;
use crate::domain::custom_emoji::usage;
use crate::domain::posts::polls;
use crate::domain::queries::status_view::{QuoteView, StatusView};
use crate::domain::urls::{Site, undo_of};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Audience, KeyMaterial, PUBLIC};
use crate::protocol::activitystreams::write::{
    self, Image, OwnActivity, OwnActor, OwnAttachment, OwnNote, OwnPoll, ProfileTags,
};
use crate::protocol::html;
use crate::protocol::signature::PublicKey;
use crate::protocol::text::{self, clean_name};
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::actors::Actor;
use crate::store::actors::{self, keys};
use crate::store::database::pagination::Page;
use crate::store::media::Media;
use crate::store::statuses::mentions::StoredMention;
use crate::store::statuses::{self, ApprovalState};

/// The document of a local actor.
pub fn actor_document(conn: &Conn, site: &Site, actor: &Actor) -> Result<Value> {
    let keys = keys::own(conn, actor.id)?;
    let pem = keys.iter().find_map(|k| match &k.material {
        KeyMaterial::Pem(pem) => Some((k.id.clone(), pem.clone())),
        KeyMaterial::Multibase(_) => None,
    });
    // Retired keys stay published for a while, so that their signatures can be verified.
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
        fields: actor.fields.clone(),
        locked: actor.locked,
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        tabs: actor.tabs,
        published: actor.created_at,
        updated: actor.updated_at,
        also_known_as: actor.also_known_as.clone(),
        moved_to: actor.moved_to.clone(),
        public_key: pem.ok_or_else(|| Error::internal("local actor has no RSA key"))?,
        multikeys,
        tags: profile_tags(conn, site, actor)?,
        attribution_domains: actor.attribution_domains.clone(),
    }))
}

/// The mentions and hashtags of a profile, each as URL and name, and its custom emoji.
fn profile_tags(conn: &Conn, site: &Site, actor: &Actor) -> Result<ProfileTags> {
    let mut source = actor.note_source.clone();
    for field in &actor.fields {
        source.push('\n');
        source.push_str(&html::to_text(&field.value));
    }
    let hashtags = text::render(&source, &|_, _| None, &|tag| site.tag(tag)).hashtags;
    let mut mentions = Vec::new();
    for handle in text::find_mentions(&source) {
        let domain = handle.host.as_deref().filter(|host| !site.owns_domain(host)).unwrap_or_default();
        if let Some(found) = actors::by_handle(conn, &handle.username, &domain.to_ascii_lowercase())? {
            let host = if domain.is_empty() { site.handle_domain() } else { &found.domain };
            mentions.push((found.uri.clone(), format!("@{}@{host}", found.username)));
        }
    }
    let hashtags = hashtags.into_iter().map(|tag| (site.tag(&tag), format!("#{tag}"))).collect();
    let emoji = usage::tags(conn, site, &actor.emoji)?;
    Ok(ProfileTags { mentions, hashtags, emoji })
}

fn image(site: &Site, file: Option<&str>, alt: &str) -> Option<Image> {
    let file = file?;
    Some(Image { url: site.media(file), media_type: media_type_of_file(file), alt: alt.to_owned() })
}

/// The media type of a local file, by its extension.
pub fn media_type_of_file(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    }
}

/// The handle of a mentioned actor, with an `@` before it.
pub fn mention_name(site: &Site, m: &StoredMention) -> String {
    let domain = if m.domain.is_empty() { site.handle_domain() } else { &m.domain };
    format!("@{}@{domain}", m.username)
}

/// The audience of a status of the owner.
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

/// A status of the owner as a Note, without context.
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
        attachments: view.media.iter().filter_map(|m| attachment(site, m)).collect(),
        mentions: mentions_of(view).map(|m| (m.uri.clone(), mention_name(site, m))).collect(),
        hashtags: view.tags.iter().map(|t| (t.clone(), site.tag(t))).collect(),
        emoji: usage::tags(conn, site, &s.emoji)?,
        quote: quoted(view).map(|q| (q.uri.clone(), q.page().to_owned(), q.approval.clone())),
        poll: view.poll.as_ref().map(|p| OwnPoll {
            multiple: p.multiple,
            options: p
                .options
                .iter()
                .map(|o| (o.title.clone(), (!polls::hides_counts(p, crate::domain::now())).then_some(o.votes)))
                .collect(),
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

/// The mentioned actors and the author that the status replies to; without mentions that were edited out, which are
/// still recipients.
fn mentions_of(view: &StatusView) -> impl Iterator<Item = &StoredMention> {
    view.mentions.iter().filter(|m| !m.silent || Some(m.actor_id) == view.status.in_reply_to_actor)
}

/// The quoted post, unless its author has refused or revoked the quote.
fn quoted(view: &StatusView) -> Option<&QuoteView> {
    view.quote.as_ref().filter(|q| !matches!(q.state, ApprovalState::Rejected | ApprovalState::Revoked))
}

/// An upload of the owner; `None` while it has no file.
fn attachment(site: &Site, media: &Media) -> Option<OwnAttachment> {
    let file = media.file.as_deref()?;
    Some(OwnAttachment {
        url: site.media(file),
        media_type: media.media_type.clone().unwrap_or_else(|| media_type_of_file(file).to_owned()),
        alt: media.description.clone(),
        blurhash: media.blurhash.clone(),
        size: media.size,
        focus: media.focus,
    })
}

/// The Create or Announce of a status of the owner, without context.
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

/// Adds the community of a post to the `audience` of an activity (FEP-1b12; Lemmy reads it there).
pub(crate) fn for_group(mut activity: Value, view: &StatusView) -> Value {
    if let Some(group) = &view.group {
        activity["audience"] = json!(group.uri);
    }
    activity
}

/// The title of the first post of a thread in a community, which is required there: its content warning, or its first
/// line without leading mentions.
fn title_in_group(view: &StatusView) -> Option<String> {
    if view.group.is_none() || view.status.in_reply_to_uri.is_some() {
        return None;
    }
    let text = format!("{}\n{}", view.status.summary, html::to_preview(&view.status.content));
    let title = |line: &str| text::shorten(&clean_name(line, usize::MAX), limits::GROUP_TITLE_CHARS);
    let mut lines = text.lines().map(|line| title(text::without_leading_mentions(line)));
    lines.find(|line| !line.is_empty()).or_else(|| text.lines().map(title).find(|line| !line.is_empty()))
}

fn boost_audience(view: &StatusView, boosted: &StatusView) -> Audience {
    let followers = view.author.followers_uri.clone().unwrap_or_default();
    let author = if boosted.author.local { vec![] } else { vec![boosted.author.uri.clone()] };
    address(view.status.visibility, &followers, &author)
}

/// Delete of something of the owner: a post leaves a Tombstone, anything else is named by its id.
pub fn deletion(owner: &Owner, id: &str, is_post: bool, audience: Audience) -> Value {
    let object = if is_post { json!({"id": id, "type": "Tombstone"}) } else { json!(id) };
    write::activity(&OwnActivity {
        id: &format!("{id}/delete"),
        kind: "Delete",
        actor: &owner.uri,
        object,
        audience,
        published: None,
    })
}

/// An activity of a local actor that is addressed to one actor, such as Follow, Like or Accept.
pub fn personal(actor: &str, id: &str, kind: &str, object: Value, to: &str) -> Value {
    write::activity(&OwnActivity {
        id,
        kind,
        actor,
        object,
        audience: Audience { to: vec![to.to_owned()], cc: vec![] },
        published: None,
    })
}

/// The Undo of an activity of a local actor, which is embedded whole (Pixelfed requires it).
pub fn undo(actor: &str, original: Value, audience: Audience) -> Value {
    let id = undo_of(original["id"].as_str().unwrap_or_default());
    write::activity(&OwnActivity { id: &id, kind: "Undo", actor, object: original, audience, published: None })
}

/// The audience of the Delete of a status: public if the status was public or unlisted, so that it is forwarded.
pub fn deletion_audience(view: &StatusView) -> Audience {
    if view.status.visibility == Visibility::Direct || view.status.visibility == Visibility::Private {
        return audience_of(view);
    }
    Audience { to: vec![PUBLIC.to_owned()], cc: view.group.iter().map(|g| g.uri.clone()).collect() }
}

/// A Follow of a local actor as it was received, to be embedded in the response. One without an id has an empty one.
pub(crate) fn received_follow(id: &str, follower: &str, followed: &str) -> Value {
    let mut follow = json!({"type": "Follow", "actor": follower, "object": followed});
    if !id.is_empty() {
        follow["id"] = json!(id);
    }
    follow
}
