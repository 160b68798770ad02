//! What the server tells about itself: texts and rules by the owner, and figures.

mod figures;
mod rules;
mod texts;

pub use figures::{Week, is_active, languages, weeks};
pub use rules::{Rule, rules};
pub use texts::{InstanceText, TextKind, text};

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::Result;

/// What the owner wrote about the server. Empty texts are removed.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// What the server is, as Markdown.
    pub description: String,
    /// The privacy policy, as Markdown.
    pub privacy: String,
    /// The terms of service, as Markdown.
    pub terms: String,
    /// The rules, one in each line.
    pub rules: String,
}

impl About {
    /// What is stored.
    pub fn stored(domain: &Domain) -> Result<Self> {
        domain.store.read(|c| {
            let source = |kind| -> Result<String> { Ok(text(c, kind)?.map(|t| t.source).unwrap_or_default()) };
            let rules: Vec<String> = rules(c)?.into_iter().map(|rule| rule.text).collect();
            Ok(Self {
                description: source(TextKind::Description)?,
                privacy: source(TextKind::Privacy)?,
                terms: source(TextKind::Terms)?,
                rules: rules.join("\n"),
            })
        })
    }

    /// Stores the texts and rules. A text that does not change keeps its time, and a rule its id.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if a text is too long or there are too many rules.
    pub fn store(self, domain: &Arc<Domain>) -> Result<()> {
        let lines = rules::lines(&self.rules)?;
        let written = [
            (TextKind::Description, self.description),
            (TextKind::Privacy, self.privacy),
            (TextKind::Terms, self.terms),
        ];
        // Rendered before the write.
        let written = written.map(|(kind, source)| Ok((kind, texts::read(domain, kind, &source)?)));
        let written = written.into_iter().collect::<Result<Vec<_>>>()?;
        domain.transact(move |tx| {
            for (kind, text) in written {
                texts::set(tx, kind, text)?;
            }
            rules::set(tx, &lines)
        })
    }
}
