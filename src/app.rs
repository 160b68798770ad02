//! State that the three surfaces share while the server runs.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use crate::config::Config;
use crate::domain::Domain;
use crate::domain::account::login::{self, DeviceKey};
use crate::error::Result;
use crate::http;
use crate::http::cache::Cache;
use crate::http::rate_limit::{Caller, RateLimiter};
use crate::http::sign_ins::{SignInClient, SignInLimiter};
use crate::http::streams::Streams;
use crate::http::{Request, cookies};
use crate::media::{FileCache, MediaDir};

/// A handler of this server.
pub type Handler = http::Handler<App>;
/// A route of this server.
pub type Route = http::Route<App>;

/// The page templates in one language, made when its first page is rendered.
pub type PageTemplates =
    LazyLock<minijinja::Environment<'static>, Box<dyn FnOnce() -> minijinja::Environment<'static> + Send>>;

/// The page templates.
pub struct Templates {
    /// Those that are built in, in every language.
    pub built_in: Vec<PageTemplates>,
    /// The same with the owner's in place of some of them, if there are any.
    pub own: Option<Vec<PageTemplates>>,
    /// What is wrong with files of the owner, by their names.
    pub faults: Mutex<BTreeMap<String, String>>,
}

/// The state of the running server.
pub struct App {
    /// The rules and the database.
    pub domain: Arc<Domain>,
    /// The configuration.
    pub config: Config,
    /// The media directory.
    pub media: MediaDir,
    /// The cache of files of other servers.
    pub files: FileCache,
    /// Page templates.
    pub templates: Templates,
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

    /// Makes an attempt of a request to prove who sends it. A failed one counts against the client, which has to wait after some
    /// of them. The route of the request has the class [`http::Class::Login`].
    ///
    /// # Errors
    /// Those of the attempt, and [`Error::RateLimited`](crate::Error::RateLimited) while the client has to wait.
    pub fn counted<T>(&self, request: &Request, attempt: impl FnOnce() -> Result<T>) -> Result<T> {
        let mark = cookies::device(request, !self.domain.site.is_loopback());
        let client = match mark.and_then(|mark| self.devices.id_in(mark)) {
            Some(id) => SignInClient::Device(id.to_owned()),
            None => SignInClient::Address(Caller::address(request.client)),
        };
        let delay = self.sign_ins.begin(&client, &login::password_mark(&self.domain)?, self.domain.now())?;
        std::thread::sleep(delay);
        let proved = attempt()?;
        self.sign_ins.succeeded(&client);
        Ok(proved)
    }

    /// Checks user name and password, as [`App::counted`].
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) if either is wrong.
    pub fn check_password(&self, request: &Request, username: &str, password: &str) -> Result<()> {
        self.counted(request, || login::check_password(&self.domain, username, password))
    }
}
