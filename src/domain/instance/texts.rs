//! Texts about the server that the owner wrote.

use serde::{Deserialize, Serialize};

use crate::domain::{Domain, Tx};
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::markdown;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::settings;

/// Which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// What the server is.
    Description,
    /// The privacy policy.
    Privacy,
    /// The terms of service.
    Terms,
}

impl TextKind {
    fn key(self) -> &'static str {
        match self {
            Self::Description => settings::EXTENDED_DESCRIPTION,
            Self::Privacy => settings::PRIVACY_POLICY,
            Self::Terms => settings::TERMS_OF_SERVICE,
        }
    }

    fn name(self) -> LimitedText {
        match self {
            Self::Description => LimitedText::ServerDescription,
            Self::Privacy => LimitedText::PrivacyPolicy,
            Self::Terms => LimitedText::TermsOfService,
        }
    }
}

/// A text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstanceText {
    /// As the owner wrote it.
    pub source: String,
    /// Cleaned HTML.
    pub html: String,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A text, if there is one.
///
/// # Errors
/// An internal error if the stored text is damaged.
pub fn text(conn: &Conn, kind: TextKind) -> Result<Option<InstanceText>> {
    let stored = settings::get(conn, kind.key())?;
    stored.map(|json| serde_json::from_str(&json).map_err(|e| Error::internal(e.to_string()))).transpose()
}

/// A text as it will be stored.
///
/// # Errors
/// [`Error::Invalid`] if it is too long.
pub(super) fn read(domain: &Domain, kind: TextKind, source: &str) -> Result<InstanceText> {
    let maximum = limits::INSTANCE_TEXT_CHARS;
    if source.chars().count() > maximum {
        return Err(Error::invalid(TextRefusal::TooLong { text: kind.name(), maximum }));
    }
    let source = source.replace("\r\n", "\n").trim().to_owned();
    let html = markdown::render(&source, &|_, _| None, &|tag| domain.site.tag(tag)).html;
    Ok(InstanceText { source, html, updated_at: domain.now() })
}

/// Stores a text unless it is unchanged, or removes it if it is empty.
pub(super) fn set(tx: &Tx<'_>, kind: TextKind, new: InstanceText) -> Result<()> {
    if text(tx, kind)?.map(|t| t.source).unwrap_or_default() == new.source {
        return Ok(());
    }
    if new.source.is_empty() {
        return settings::remove(tx, kind.key());
    }
    let json = serde_json::to_string(&new).map_err(|e| Error::internal(e.to_string()))?;
    settings::set(tx, kind.key(), &json)
}
