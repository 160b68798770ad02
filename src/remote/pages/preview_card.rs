//! Fetches linked pages for their previews: once, without a signature, and only what the page states about itself.

use std::time::Instant;

use url::Url;

use crate::domain::Remote;
use crate::domain::account::attribution;
use crate::domain::preview_cards::fetched;
use crate::domain::urls::host_of;
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::json;
use crate::protocol::web_page::{Head, Oembed, PageMetadata, decode};
use crate::remote::signed_client::malformed;
use crate::remote::{Fetched, Fetcher, Get};
use crate::store::actors;
use crate::store::preview_cards::PreviewCard;

/// What is read of a URL.
struct Wanted {
    accept: &'static str,
    max_bytes: usize,
}

const PAGE: Wanted = Wanted { accept: "text/html, application/xhtml+xml", max_bytes: limits::PAGE_BODY };
const OEMBED: Wanted = Wanted { accept: "application/json", max_bytes: limits::OEMBED_BODY };

impl Fetcher {
    /// Fetches a page and stores its preview. A page that cannot be fetched has none; that is remembered, and not an error.
    ///
    /// # Errors
    /// [`Error::Busy`] if no more pages of its domain may be fetched now.
    pub fn preview_card(&self, url: &str) -> Result<()> {
        if !self.domain.link_previews {
            return Ok(());
        }
        match self.fetch_card(url) {
            Ok(card) => fetched::store(&self.domain, card),
            Err(Error::Remote(error)) => {
                tracing::debug!(%error, url, "page for a preview could not be fetched");
                fetched::failed(&self.domain, url.to_owned())
            }
            Err(error) => Err(error),
        }
    }

    fn fetch_card(&self, url: &str) -> Result<PreviewCard> {
        let fetched = self.fetch_page(url, &PAGE)?;
        let essence = fetched.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !matches!(essence.as_str(), "text/html" | "application/xhtml+xml") {
            return Err(malformed("it is not a web page"));
        }
        let base = fetched.url.as_url();
        let html = decode(&fetched.body, &fetched.content_type);
        let mut page = PageMetadata::of(&Head::read(&html), base);
        if let Some(oembed) = page.oembed.take().filter(|_| page.is_incomplete()) {
            match self.oembed(&oembed) {
                Ok(oembed) => page.complete(oembed),
                Err(error) => tracing::debug!(%error, url, "oEmbed description could not be read"),
            }
        }
        let host = host_of(fetched.url.as_str()).unwrap_or_default();
        if page.provider_name.is_empty() {
            page.provider_name = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        }
        let creator = page.creator.as_deref().and_then(|handle| self.creator(handle, &host));
        Ok(PreviewCard { url: url.to_owned(), host, page, creator })
    }

    /// Fetches from a URL within the quota for pages. A redirect must not lead to a suspended host.
    fn fetch_page(&self, url: &str, wanted: &Wanted) -> Result<Fetched> {
        let host = host_of(url).unwrap_or_default();
        self.take_page_quota(&host)?;
        let target = self.http_client.url(url)?;
        let request = Get {
            accept: wanted.accept,
            max_bytes: wanted.max_bytes,
            deadline: limits::PAGE_TIMEOUT,
            same_origin_redirects: false,
            sign: None,
        };
        let since = Instant::now();
        let fetched = self.http_client.get_beginning(&target, request);
        if let Err(error) = &fetched {
            self.note_page_failure(&host, error, since);
        }
        let fetched = fetched?;
        self.check_policy(&host_of(fetched.url.as_str()).unwrap_or_default())?;
        Ok(fetched)
    }

    fn oembed(&self, url: &str) -> Result<Oembed> {
        let fetched = self.fetch_page(url, &OEMBED)?;
        let value = json::parse(&fetched.body).map_err(|e| RemoteError::Malformed(e.to_string()))?;
        let base: &Url = fetched.url.as_url();
        Ok(Oembed::read(&value, base))
    }

    /// The account that a page names as its author, if it permits that for the host of the page.
    fn creator(&self, handle: &str, host: &str) -> Option<ActorId> {
        let (username, domain) = handle.split_once('@')?;
        if self.domain.site.owns_domain(domain) {
            let owner = self.domain.owner().ok().filter(|owner| owner.username.eq_ignore_ascii_case(username))?;
            return self.permitting(owner.id, host);
        }
        self.take_page_quota(domain).ok()?;
        let found = self.actor_by_handle(username, domain).ok()?;
        // The stored document may be older than its permission.
        self.permitting(found, host).or_else(|| {
            let account = self.domain.store.read(|c| actors::get(c, found)).ok().flatten()?;
            self.permitting(self.fresh_actor(&account.uri).ok()?, host)
        })
    }

    /// The account, if it permits that pages on a host name it as their author.
    fn permitting(&self, account: ActorId, host: &str) -> Option<ActorId> {
        let account = self.domain.store.read(|c| actors::get(c, account)).ok().flatten()?;
        attribution::permits(&account, host).then_some(account.id)
    }
}
