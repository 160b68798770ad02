//! What the owner wants of posts that say nothing else.

use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::error::{Error, Result};
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::database::settings;
use crate::store::statuses::Status;

/// Who may quote new posts.
///
/// # Errors
/// When the database cannot be read.
pub fn default_quote_policy(conn: &Conn) -> Result<QuotePolicy> {
    Ok(settings::get(conn, settings::DEFAULT_QUOTE_POLICY)?.and_then(|p| QuotePolicy::parse(&p)).unwrap_or_default())
}

/// Who a post is for. A reply is never for more people than what it answers, when that is not open: a default is
/// narrowed, a wish is refused, so that nobody believes to have posted to more people.
pub(crate) fn visibility(conn: &Conn, wanted: Option<Visibility>, parent: Option<&Status>) -> Result<Visibility> {
    let widest = parent.map(|p| p.visibility).filter(|v| !v.is_open());
    match (wanted, widest) {
        (Some(wanted), Some(widest)) if wanted < widest => Err(Error::invalid(format!(
            "A reply to a post that is {} cannot be {}: choose {}",
            in_words(widest),
            in_words(wanted),
            if widest == Visibility::Private { "followers only or direct" } else { "direct" },
        ))),
        (Some(wanted), _) => Ok(wanted),
        (None, widest) => Ok(default_visibility(conn)?.max(widest.unwrap_or(Visibility::Public))),
    }
}

fn in_words(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "for followers only",
        Visibility::Direct => "direct",
    }
}

/// The visibility of new posts.
///
/// # Errors
/// When the database cannot be read.
pub fn default_visibility(conn: &Conn) -> Result<Visibility> {
    Ok(settings::get(conn, settings::DEFAULT_VISIBILITY)?
        .and_then(|v| Visibility::parse(&v))
        .unwrap_or(Visibility::Public))
}

/// What has a content warning is sensitive; what has none is as it says, or as the owner's posts usually are.
pub(crate) fn sensitive(conn: &Conn, wanted: Option<bool>, summary: &str) -> Result<bool> {
    let default =
        || -> Result<bool> { Ok(settings::get(conn, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true")) };
    Ok(!summary.trim().is_empty() || wanted.map_or_else(default, Ok)?)
}

/// The language of a post: as it says, or the owner's usual one.
pub(crate) fn language(conn: &Conn, stated: Option<&String>) -> Result<Option<String>> {
    match stated {
        Some(language) => Ok(Some(language.clone())),
        None => settings::get(conn, settings::DEFAULT_LANGUAGE),
    }
}
