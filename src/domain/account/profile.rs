//! Changes of the owner's profile and posting defaults.

use std::sync::Arc;

use super::{attribution, verified_links};
use crate::domain::Domain;
use crate::domain::custom_emoji::usage;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::outbox::queue;
use crate::domain::posts::{self, TextFormat};
use crate::error::refusal::AccountRefusal;
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Field, ProfileTabs};
use crate::protocol::ids::MediaId;
use crate::protocol::text;
use crate::protocol::visibility::Visibility;
use crate::store::actors::{Actor, Profile};
use crate::store::database::settings;
use crate::store::queues::jobs::Task;
use crate::store::{Conn, actors, media, preview_cards};

/// A change of the profile and the posting defaults; `None` keeps the current value.
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
    /// The domains whose pages may name the owner as their author.
    pub attribution_domains: Option<Vec<String>>,
    /// The profile has a tab of media.
    pub show_media: Option<bool>,
    /// It shows the media of replies too.
    pub show_media_replies: Option<bool>,
    /// The profile has a tab of pinned posts, and featured hashtags.
    pub show_featured: Option<bool>,
    /// Linked pages are fetched for previews.
    pub link_previews: Option<bool>,
    /// Visibility of new posts.
    pub default_visibility: Option<Visibility>,
    /// New posts hide their media.
    pub default_sensitive: Option<bool>,
    /// Language of new posts; empty for none.
    pub default_language: Option<String>,
    /// Who may quote new posts.
    pub default_quote_policy: Option<QuotePolicy>,
}

/// Changes the owner's profile and sends it to the followers, unless only posting defaults have changed.
///
/// # Errors
/// [`Error::Invalid`] with the rule that a value breaks.
pub fn update_profile(domain: &Arc<Domain>, mut change: ProfileChange) -> Result<()> {
    check(&change)?;
    let owner = domain.owner()?;
    // Before the write, because mentioned accounts may have to be fetched.
    let note = change.note.as_deref().map(|note| text_html(domain, note)).transpose()?;
    let rows = change.fields.take();
    let fields = rows.map(|rows| rows.iter().filter_map(|(name, value)| field(domain, name, value)).collect());
    let mut fields: Option<Vec<Field>> =
        fields.map(|fields: Vec<Result<Field>>| fields.into_iter().collect()).transpose()?;
    change.attribution_domains =
        change.attribution_domains.map(|domains| attribution::domains(&domains)).transpose()?;
    domain.transact(move |tx| {
        set_defaults(tx, &change)?;
        let before = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        if let Some(fields) = &mut fields {
            verified_links::keep_verified(fields, &before.fields);
            if fields.iter().any(|field| verified_links::page_of(field).is_some()) {
                tx.queue_job_again(&Task::VerifyLinks(owner.id))?;
            }
        }
        let Some(profile) = changed(&before, change, note, fields) else { return Ok(()) };
        actors::update_profile(tx, owner.id, &profile, tx.now())?;
        usage::store_of_profile(tx, owner.id)?;
        for (old, new) in [(&before.avatar, &profile.avatar), (&before.header, &profile.header)] {
            if let Some(file) = old.as_ref().filter(|_| old != new) {
                media::discard_file(tx, MediaId(tx.next_id()), file, tx.now())?;
            }
        }
        queue::send_profile(tx, &owner)
    })
}

fn check(change: &ProfileChange) -> Result<()> {
    let too_long = |name: LimitedText, text: &Option<String>, maximum: usize| match text {
        Some(t) if t.chars().count() > maximum => Err(Error::invalid(TextRefusal::TooLong { text: name, maximum })),

        _ => Ok(()),
    };
    too_long(LimitedText::DisplayName, &change.display_name, limits::OWNER_NAME_CHARS)?;
    too_long(LimitedText::ProfileNote, &change.note, limits::OWNER_NOTE_CHARS)?;
    too_long(LimitedText::AvatarDescription, &change.avatar_alt, limits::ALT_CHARS)?;
    too_long(LimitedText::HeaderDescription, &change.header_alt, limits::ALT_CHARS)?;
    if change.fields.as_ref().is_some_and(|f| f.len() > limits::OWNER_FIELDS) {
        return Err(Error::invalid(AccountRefusal::TooManyFields(limits::OWNER_FIELDS)));
    }
    for (name, value) in change.fields.iter().flatten() {
        too_long(LimitedText::FieldLabel, &Some(name.clone()), limits::ACTOR_FIELD_NAME_CHARS)?;
        too_long(LimitedText::FieldValue, &Some(value.clone()), limits::ACTOR_FIELD_VALUE_CHARS)?;
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
    if let Some(on) = change.link_previews {
        preview_cards::set_enabled(conn, on)?;
    }
    match change.default_language.as_deref() {
        Some("") => settings::remove(conn, settings::DEFAULT_LANGUAGE)?,
        Some(language) => settings::set(conn, settings::DEFAULT_LANGUAGE, language)?,
        None => {}
    }
    Ok(())
}

/// The profile after a change; `None` if it stays the same.
fn changed(before: &Actor, change: ProfileChange, note: Option<String>, fields: Option<Vec<Field>>) -> Option<Profile> {
    let is_changed = change.display_name.is_some()
        || change.note.is_some()
        || fields.is_some()
        || change.avatar.is_some()
        || change.avatar_alt.is_some()
        || change.header.is_some()
        || change.header_alt.is_some()
        || change.locked.is_some()
        || change.bot.is_some()
        || change.discoverable.is_some()
        || change.indexable.is_some()
        || change.show_media.or(change.show_media_replies).or(change.show_featured).is_some()
        || change.attribution_domains.is_some();
    if !is_changed {
        return None;
    }
    let note_source = change.note.unwrap_or_else(|| before.note_source.clone());
    let bot = change.bot.unwrap_or(before.kind == ActorKind::Service);
    // A description goes with its picture.
    let described = |picture: &Option<Option<String>>, alt: Option<String>, before: &str| match picture {
        Some(None) => String::new(),
        _ => alt.unwrap_or_else(|| before.to_owned()),
    };
    Some(Profile {
        kind: if bot { ActorKind::Service } else { ActorKind::Person },
        display_name: change
            .display_name
            .map_or_else(|| before.display_name.clone(), |n| text::clean_name(&n, limits::OWNER_NAME_CHARS)),
        note: note.unwrap_or_else(|| before.note.clone()),
        note_source,
        fields: fields.unwrap_or_else(|| before.fields.clone()),
        avatar_alt: described(&change.avatar, change.avatar_alt, &before.avatar_alt),
        avatar: change.avatar.unwrap_or_else(|| before.avatar.clone()),
        header_alt: described(&change.header, change.header_alt, &before.header_alt),
        header: change.header.unwrap_or_else(|| before.header.clone()),
        locked: change.locked.unwrap_or(before.locked),
        discoverable: change.discoverable.unwrap_or(before.discoverable),
        indexable: change.indexable.unwrap_or(before.indexable),
        tabs: ProfileTabs {
            media: change.show_media.unwrap_or(before.tabs.media),
            media_replies: change.show_media_replies.unwrap_or(before.tabs.media_replies),
            featured: change.show_featured.unwrap_or(before.tabs.featured),
        },
        attribution_domains: change.attribution_domains.unwrap_or_else(|| before.attribution_domains.clone()),
    })
}

/// A profile field; `None` for an empty row of the form.
fn field(domain: &Arc<Domain>, name: &str, value: &str) -> Option<Result<Field>> {
    let name = text::clean_name(name, limits::ACTOR_FIELD_NAME_CHARS);
    if name.is_empty() || value.trim().is_empty() {
        return None;
    }
    Some(field_html(domain, value.trim()).map(|value| Field { name, value, verified_at: None }))
}

fn field_html(domain: &Arc<Domain>, value: &str) -> Result<String> {
    let html = text_html(domain, value)?;
    // A field is one line, so it has no paragraph. With rel=me the linked page can verify the profile.
    Ok(html.replace("<p>", "").replace("</p>", "").replace("rel=\"nofollow noopener", "rel=\"me nofollow noopener"))
}

/// The HTML of a profile text, with the same links as in a post.
fn text_html(domain: &Arc<Domain>, source: &str) -> Result<String> {
    let named = posts::resolve_mentions(domain, source, TextFormat::Plain, None)?;
    Ok(posts::render(domain, source, TextFormat::Plain, &named).html)
}
