//! A text of the owner, read before it is written to the database.

use std::sync::Arc;

use super::TextFormat;
use super::mentions::{Named, find_named, render};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::{html, text};
use crate::store::statuses::Status;

/// A text of the owner, read before the write: who it mentions, its HTML, and that as plain text.
pub(crate) struct Written {
    pub(crate) named: Vec<Named>,
    pub(crate) html: String,
    pub(crate) hashtags: Vec<String>,
    pub(crate) plain: String,
}

impl Written {
    pub(crate) fn read(domain: &Arc<Domain>, text: &str, format: TextFormat, parent: Option<&Status>) -> Result<Self> {
        let named = find_named(domain, text, format, parent)?;
        let rendered = render(domain, text, format, &named);
        let plain = html::to_text(&rendered.html);
        Ok(Self { named, html: rendered.html, hashtags: rendered.hashtags, plain })
    }

    /// A text that shows nothing (a comment, a rule, a definition of Markdown, invisible characters) is no text.
    pub(crate) fn check(&self, media: usize) -> Result<()> {
        match media == 0 && text::is_blank(&self.plain) {
            true => Err(Error::invalid("Text can't be blank: nothing in it would be shown")),
            false => Ok(()),
        }
    }
}
