//! What the three surfaces share while the server runs.

use std::sync::Arc;

use crate::config::Config;
use crate::domain::Domain;
use crate::domain::account::login::DeviceKey;
use crate::http::cache::Cache;
use crate::http::rate_limit::Rates;
use crate::http::sign_ins::SignIns;
use crate::media::MediaDir;

/// The running server, as handlers see it.
pub struct App {
    /// The rules and the database.
    pub domain: Arc<Domain>,
    /// The configuration.
    pub config: Config,
    /// The media directory.
    pub media: MediaDir,
    /// Page templates.
    pub templates: minijinja::Environment<'static>,
    /// Rendered public answers.
    pub cache: Cache,
    /// Counters of rate limits.
    pub rates: Rates,
    /// Sign-in attempts.
    pub sign_ins: SignIns,
    /// Recognises browsers in which the owner has signed in.
    pub devices: DeviceKey,
}

impl App {
    /// The title of this server.
    pub fn title(&self) -> &str {
        if self.config.title.is_empty() { self.domain.site.authority() } else { &self.config.title }
    }
}
