//! State that the three surfaces share while the server runs.

use std::sync::Arc;

use crate::config::Config;
use crate::domain::Domain;
use crate::domain::account::login::DeviceKey;
use crate::http;
use crate::http::cache::Cache;
use crate::http::rate_limit::RateLimiter;
use crate::http::sign_ins::SignInLimiter;
use crate::http::streams::Streams;
use crate::media::MediaDir;

/// A handler of this server.
pub type Handler = http::Handler<App>;
/// A route of this server.
pub type Route = http::Route<App>;

/// The state of the running server.
pub struct App {
    /// The rules and the database.
    pub domain: Arc<Domain>,
    /// The configuration.
    pub config: Config,
    /// The media directory.
    pub media: MediaDir,
    /// Page templates.
    pub templates: minijinja::Environment<'static>,
    /// Open streams.
    pub streams: Arc<Streams>,
    /// Rendered responses.
    pub cache: Cache,
    /// Counts requests.
    pub rates: RateLimiter,
    /// Counts sign-in attempts.
    pub sign_ins: SignInLimiter,
    /// Recognises browsers in which the owner has signed in.
    pub devices: DeviceKey,
}

impl App {
    /// The title of this server.
    pub fn title(&self) -> &str {
        if self.config.title.is_empty() { self.domain.site.authority() } else { &self.config.title }
    }
}
