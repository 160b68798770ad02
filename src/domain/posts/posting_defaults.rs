//! The owner's defaults for new posts.

use super::text_format::TextFormat;
use crate::domain::Domain;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::error::refusal::PostRefusal;
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::protocol::time::zone::Zone;
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::database::settings;
use crate::store::statuses::Status;

/// Who may quote new posts.
pub fn default_quote_policy(conn: &Conn) -> Result<QuotePolicy> {
    Ok(settings::get(conn, settings::DEFAULT_QUOTE_POLICY)?.and_then(|p| QuotePolicy::parse(&p)).unwrap_or_default())
}

/// The format in which the owner writes on the pages; apps state theirs.
pub fn default_format(conn: &Conn) -> Result<TextFormat> {
    let stored = settings::get(conn, settings::DEFAULT_FORMAT)?;
    Ok(TextFormat::of_media_type(&stored.unwrap_or_default()))
}

/// Sets [`default_format`].
pub fn set_default_format(domain: &Domain, format: TextFormat) -> Result<()> {
    domain.store.write_quietly(move |c| settings::set(c, settings::DEFAULT_FORMAT, format.media_type()))
}

/// The owner's time zone, if it is set and the system still knows it.
pub fn time_zone(conn: &Conn) -> Result<Option<Zone>> {
    Ok(settings::get(conn, settings::TIME_ZONE)?.and_then(|name| Zone::named(&name)))
}

/// Sets [`time_zone`].
///
/// # Errors
/// [`Error::Invalid`] if the system does not know the zone.
pub fn set_time_zone(domain: &Domain, name: &str) -> Result<()> {
    let known = Zone::named(name.trim());
    let zone = known.ok_or_else(|| Error::invalid(SettingRefusal::UnknownTimeZone(name.to_owned())))?;
    domain.store.write_quietly(move |c| settings::set(c, settings::TIME_ZONE, zone.name()))
}

/// The visibility of a new post. A reply to a post that is not open has at most the visibility of that post: a default is
/// narrowed, but a requested visibility is refused, because the owner would expect a larger audience.
///
/// # Errors
/// [`Error::Invalid`] if the requested visibility is refused.
pub(super) fn visibility(conn: &Conn, requested: Option<Visibility>, parent: Option<&Status>) -> Result<Visibility> {
    let widest = parent.map(|p| p.visibility).filter(|v| !v.is_open());
    match (requested, widest) {
        (Some(requested), Some(parent)) if requested < parent => {
            Err(Error::invalid(PostRefusal::ReplyTooWide { parent, requested }))
        }
        (Some(requested), _) => Ok(requested),
        (None, widest) => Ok(default_visibility(conn)?.max(widest.unwrap_or(Visibility::Public))),
    }
}

/// The default visibility of new posts.
pub fn default_visibility(conn: &Conn) -> Result<Visibility> {
    Ok(settings::get(conn, settings::DEFAULT_VISIBILITY)?
        .and_then(|v| Visibility::parse(&v))
        .unwrap_or(Visibility::Public))
}

/// Whether a new post is sensitive: always with a content warning, else as requested or as the owner's default.
pub(super) fn sensitive(conn: &Conn, requested: Option<bool>, summary: &str) -> Result<bool> {
    let default =
        || -> Result<bool> { Ok(settings::get(conn, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true")) };
    Ok(!summary.trim().is_empty() || requested.map_or_else(default, Ok)?)
}

/// The language of a new post: as requested, or the owner's default.
pub(super) fn language(conn: &Conn, requested: Option<&String>) -> Result<Option<String>> {
    match requested {
        Some(language) => Ok(Some(language.clone())),
        None => settings::get(conn, settings::DEFAULT_LANGUAGE),
    }
}
