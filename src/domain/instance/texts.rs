//! Texts about the server that the owner wrote.

use serde::{Deserialize, Serialize};

use crate::domain::Tx;
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

pub(super) fn check(kind: TextKind, source: &str) -> Result<()> {
    let maximum = limits::INSTANCE_TEXT_CHARS;
    match source.chars().count() > maximum {
        true => Err(Error::invalid(TextRefusal::TooLong { text: kind.name(), maximum })),
        false => Ok(()),
    }
}

/// Stores a text, or removes it if it is empty.
pub(super) fn set(tx: &Tx<'_>, kind: TextKind, source: &str) -> Result<()> {
    let source = source.replace("\r\n", "\n").trim().to_owned();
    if text(tx, kind)?.map(|t| t.source).unwrap_or_default() == source {
        return Ok(());
    }
    if source.is_empty() {
        return settings::remove(tx, kind.key());
    }
    let html = markdown::render(&source, &|_, _| None, &|tag| tx.site().tag(tag)).html;
    let stored = InstanceText { source, html, updated_at: tx.now() };
    let json = serde_json::to_string(&stored).map_err(|e| Error::internal(e.to_string()))?;
    settings::set(tx, kind.key(), &json)
}
