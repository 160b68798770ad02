//! Actors as accounts: remote ones as they are stored, the owner's as it is changed.

use std::sync::Arc;

use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::outbox::queue;
use crate::domain::posts::{self, TextFormat};
use crate::domain::{Domain, federation_policy, urls};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKind, Field};
use crate::protocol::ids::{ActorId, MediaId};
use crate::protocol::text;
use crate::protocol::visibility::Visibility;
use crate::store::actors::{Actor, Profile};
use crate::store::database::settings;
use crate::store::peers::domain_policies::ActorHosts;
use crate::store::peers::{domain_policies, hosts};
use crate::store::relationships::{blocks, follows};
use crate::store::{Conn, actors, media};

/// Stores the document of a remote actor under the handle that was confirmed for it.
///
/// # Errors
/// When the document's id has no host, or the database cannot be written.
pub fn store_actor(
    conn: &Conn,
    domain: &Domain,
    doc: &ActorDoc,
    username: &str,
    handle_domain: &str,
) -> Result<ActorId> {
    let host = urls::host_of(&doc.id).ok_or_else(|| Error::bad_request("the actor's id has no host"))?;
    if domain.site.owns(&doc.id) {
        return Err(Error::bad_request("an actor of ours cannot be written from outside"));
    }
    if doc.speaks_rfc9421 {
        hosts::speaks_rfc9421(conn, &host, domain.now())?;
    }
    let place = (host, handle_domain.to_owned());
    let standing = federation_policy::of_place(conn, domain, &place)?;
    let doc = permitted(conn, domain, &place, doc)?;
    let id = ActorId(domain.next_id());
    let id = actors::upsert_remote(conn, id, &doc, (username, handle_domain), &place.0, domain.now())?;
    domain_policies::limit_actors(conn, &place, standing.severity)?;
    Ok(id)
}

/// The document without the pictures that this server does not take.
fn permitted(conn: &Conn, domain: &Domain, place: &ActorHosts, doc: &ActorDoc) -> Result<ActorDoc> {
    let taken = |picture: &Option<String>| -> Result<Option<String>> {
        let one = federation_policy::taken_media(conn, domain, place, picture.as_slice(), |url| url)?;
        Ok(one.into_iter().next())
    };
    let emoji = federation_policy::taken_media(conn, domain, place, &doc.emoji, |e| &e.url)?;
    Ok(ActorDoc { icon: taken(&doc.icon)?, image: taken(&doc.image)?, emoji, ..doc.clone() })
}

/// `user@domain` of an actor; a handle of ours has our domain.
pub fn handle(domain: &Domain, actor: &Actor) -> String {
    let host = if actor.domain.is_empty() { domain.site.handle_domain() } else { &actor.domain };
    format!("{}@{host}", actor.username)
}

/// How the owner stands to an actor.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// The owner follows it.
    pub following: bool,
    /// The owner wants its boosts.
    pub show_boosts: bool,
    /// The owner is told of each post.
    pub notify: bool,
    /// The owner has asked to follow it.
    pub requested: bool,
    /// Why a follow by the owner is not in effect.
    pub failure: Option<String>,
    /// It follows the owner.
    pub followed_by: bool,
    /// It has asked to follow the owner.
    pub requested_by: bool,
    /// The owner blocks it.
    pub blocking: bool,
    /// It blocks the owner.
    pub blocked_by: bool,
}

/// How the owner stands to an actor.
///
/// # Errors
/// When the database cannot be read.
pub fn relation(conn: &Conn, owner: ActorId, other: ActorId) -> Result<Relation> {
    let out = follows::between(conn, owner, other)?;
    let back = follows::between(conn, other, owner)?;
    Ok(Relation {
        following: out.as_ref().is_some_and(|f| f.accepted),
        show_boosts: out.as_ref().is_some_and(|f| f.accepted && f.show_boosts),
        notify: out.as_ref().is_some_and(|f| f.notify),
        requested: out.as_ref().is_some_and(follows::Follow::is_waiting),
        failure: out.and_then(|f| f.failure),
        followed_by: back.as_ref().is_some_and(|f| f.accepted),
        requested_by: back.is_some_and(|f| !f.accepted),
        blocking: blocks::exists(conn, owner, other)?,
        blocked_by: blocks::exists(conn, other, owner)?,
    })
}

/// What the owner changes of the profile and the posting defaults; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// Display name.
    pub display_name: Option<String>,
    /// Biography as written.
    pub note: Option<String>,
    /// Label and text of each profile field; replaces all of them.
    pub fields: Option<Vec<(String, String)>>,
    /// A file below the media directory; `Some(None)` removes the avatar.
    pub avatar: Option<Option<String>>,
    /// Its description.
    pub avatar_alt: Option<String>,
    /// As `avatar`, for the header.
    pub header: Option<Option<String>>,
    /// Its description.
    pub header_alt: Option<String>,
    /// Follows are approved by hand.
    pub locked: Option<bool>,
    /// The account is a bot.
    pub bot: Option<bool>,
    /// May be shown in directories.
    pub discoverable: Option<bool>,
    /// Posts may be searched.
    pub indexable: Option<bool>,
    /// Visibility of new posts.
    pub default_visibility: Option<Visibility>,
    /// New posts hide their media.
    pub default_sensitive: Option<bool>,
    /// Language of new posts; empty for none.
    pub default_language: Option<String>,
    /// Who may quote new posts.
    pub default_quote_policy: Option<QuotePolicy>,
}

/// Changes the owner's profile and tells the followers, unless only posting defaults changed.
///
/// # Errors
/// [`Error::Invalid`] naming the rule that a value breaks.
pub fn update_profile(domain: &Arc<Domain>, mut change: ProfileChange) -> Result<()> {
    check(&change)?;
    let owner = domain.owner()?;
    // Before the write, because accounts that the texts mention may have to be looked up.
    let note = change.note.as_deref().map(|note| text_html(domain, note)).transpose()?;
    let rows = change.fields.take();
    let fields = rows.map(|rows| rows.iter().filter_map(|(name, value)| field(domain, name, value)).collect());
    let fields: Option<Vec<Field>> =
        fields.map(|fields: Vec<Result<Field>>| fields.into_iter().collect()).transpose()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        set_defaults(conn, &change)?;
        let before = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        let Some(profile) = changed(&before, change, note, fields) else { return Ok(()) };
        actors::update_profile(conn, owner.id, &profile, ctx.now())?;
        for (old, new) in [(&before.avatar, &profile.avatar), (&before.header, &profile.header)] {
            if let Some(file) = old.as_ref().filter(|_| old != new) {
                media::discard_file(conn, MediaId(ctx.next_id()), file, ctx.now())?;
            }
        }
        queue::send_profile(conn, &ctx, &owner)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

fn check(change: &ProfileChange) -> Result<()> {
    let too_long = |what: &str, text: &Option<String>, max: usize| match text {
        Some(t) if t.chars().count() > max => {
            Err(Error::invalid(format!("{what} is too long (maximum is {max} characters)")))
        }
        _ => Ok(()),
    };
    too_long("Display name", &change.display_name, limits::OWNER_NAME_CHARS)?;
    too_long("Note", &change.note, limits::OWNER_NOTE_CHARS)?;
    too_long("Avatar description", &change.avatar_alt, limits::ALT_CHARS)?;
    too_long("Header description", &change.header_alt, limits::ALT_CHARS)?;
    if change.fields.as_ref().is_some_and(|f| f.len() > limits::OWNER_FIELDS) {
        return Err(Error::invalid(format!("Cannot have more than {} profile fields", limits::OWNER_FIELDS)));
    }
    for (name, value) in change.fields.iter().flatten() {
        too_long("Profile field label", &Some(name.clone()), limits::ACTOR_FIELD_NAME_CHARS)?;
        too_long("Profile field", &Some(value.clone()), limits::ACTOR_FIELD_VALUE_CHARS)?;
    }
    Ok(())
}

fn set_defaults(conn: &Conn, change: &ProfileChange) -> Result<()> {
    if let Some(visibility) = change.default_visibility {
        settings::set(conn, settings::DEFAULT_VISIBILITY, visibility.as_str())?;
    }
    if let Some(sensitive) = change.default_sensitive {
        settings::set(conn, settings::DEFAULT_SENSITIVE, if sensitive { "true" } else { "false" })?;
    }
    if let Some(policy) = change.default_quote_policy {
        settings::set(conn, settings::DEFAULT_QUOTE_POLICY, policy.as_str())?;
    }
    match change.default_language.as_deref() {
        Some("") => settings::remove(conn, settings::DEFAULT_LANGUAGE)?,
        Some(language) => settings::set(conn, settings::DEFAULT_LANGUAGE, language)?,
        None => {}
    }
    Ok(())
}

/// The profile after a change; `None` when it stays as it is.
fn changed(before: &Actor, change: ProfileChange, note: Option<String>, fields: Option<Vec<Field>>) -> Option<Profile> {
    let touches = change.display_name.is_some()
        || change.note.is_some()
        || fields.is_some()
        || change.avatar.is_some()
        || change.avatar_alt.is_some()
        || change.header.is_some()
        || change.header_alt.is_some()
        || change.locked.is_some()
        || change.bot.is_some()
        || change.discoverable.is_some()
        || change.indexable.is_some();
    if !touches {
        return None;
    }
    let note_source = change.note.unwrap_or_else(|| before.note_source.clone());
    let bot = change.bot.unwrap_or(before.kind == ActorKind::Service);
    Some(Profile {
        kind: if bot { ActorKind::Service } else { ActorKind::Person },
        display_name: change
            .display_name
            .map_or_else(|| before.display_name.clone(), |n| text::clean_name(&n, limits::OWNER_NAME_CHARS)),
        note: note.unwrap_or_else(|| before.note.clone()),
        note_source,
        fields: fields.unwrap_or_else(|| before.fields.clone()),
        avatar: change.avatar.unwrap_or_else(|| before.avatar.clone()),
        avatar_alt: change.avatar_alt.unwrap_or_else(|| before.avatar_alt.clone()),
        header: change.header.unwrap_or_else(|| before.header.clone()),
        header_alt: change.header_alt.unwrap_or_else(|| before.header_alt.clone()),
        locked: change.locked.unwrap_or(before.locked),
        discoverable: change.discoverable.unwrap_or(before.discoverable),
        indexable: change.indexable.unwrap_or(before.indexable),
    })
}

/// An empty row of the form is no field.
fn field(domain: &Arc<Domain>, name: &str, value: &str) -> Option<Result<Field>> {
    let name = text::clean_name(name, limits::ACTOR_FIELD_NAME_CHARS);
    if name.is_empty() || value.trim().is_empty() {
        return None;
    }
    Some(field_html(domain, value.trim()).map(|value| Field { name, value }))
}

fn field_html(domain: &Arc<Domain>, value: &str) -> Result<String> {
    let html = text_html(domain, value)?;
    // A field is one line: without the paragraph around it, and with rel=me so that the linked page can vouch back.
    Ok(html.replace("<p>", "").replace("</p>", "").replace("rel=\"nofollow noopener", "rel=\"me nofollow noopener"))
}

/// The HTML of a text of the profile, with the same links as in a post.
fn text_html(domain: &Arc<Domain>, source: &str) -> Result<String> {
    let named = posts::resolve_mentions(domain, source, TextFormat::Plain, None)?;
    Ok(posts::render(domain, source, TextFormat::Plain, &named).html)
}
