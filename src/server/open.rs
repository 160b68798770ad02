//! Opens the data directory and checks everything that can be wrong before requests are served.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::body::BodyMemory;
use super::connections::limit::Connections;
use super::handler_threads::HandlerThreads;
use super::state::Server;
use super::{data_dir, health};
use crate::app::App;
use crate::config::Config;
use crate::domain::account::{login, setup};
use crate::domain::disk::Disk;
use crate::domain::urls::Site;
use crate::domain::{Domain, federation_policy};
use crate::error::{Error, Result};
use crate::http::Router;
use crate::http::cache::Cache;
use crate::http::rate_limit::RateLimiter;
use crate::http::sign_ins::SignInLimiter;
use crate::http::streams::Streams;
use crate::jobs::WorkerContext;
use crate::media::{FileCache, MediaDir};
use crate::protocol::address::Cidr;
use crate::remote::Fetcher;
use crate::remote::{HttpClient, HttpClientConfig, Origin, Reach};
use crate::store::{Store, search};
use crate::{api, federation, web};

/// Opens what the command line uses without serving: the domain, the HTTP client and the media directory.
///
/// # Errors
/// When the data belongs to another domain, or the configuration is invalid.
pub fn open(data: &Path, config: &Config, site: Site) -> Result<WorkerContext> {
    data_dir::has_database(data)?;
    let store = Store::open(data)?;
    setup::bind_site(&store, &site)?;
    store.write_quietly(search::begin_rebuild_if_outdated)?;
    let http_client = Arc::new(http_client(config, &site)?);
    let disk = Disk::new(data, config.min_free_disk_mb.saturating_mul(1024 * 1024));
    let domain = Domain::new(store, site)?
        .with_allow_list(config.federation.allow_list)
        .with_link_previews(config.link_previews)
        .with_disk(disk);
    let domain = Arc::new(domain);
    if let Some(owner) = &config.demo {
        domain.set_back(Duration::from_secs(owner.days * 24 * 3600));
    }
    setup::ensure_instance_actor(&domain)?;
    let fetcher = Arc::new(Fetcher::new(http_client.clone(), domain.clone()));
    domain.set_remote(fetcher.clone());
    federation_policy::apply_mode(&domain)?;
    let media = MediaDir::open(data.join(data_dir::MEDIA))?;
    let stopping = Arc::new(AtomicBool::new(false));
    let budget = config.storage.budget.0;
    let files = FileCache::open(domain.clone(), data.join(data_dir::CACHE), budget, stopping.clone())?;
    Ok(WorkerContext { domain, http_client, fetcher, media, files, proven_bodies: Arc::default(), stopping })
}

fn http_client(config: &Config, site: &Site) -> Result<HttpClient> {
    let base = url::Url::parse(&site.base()).map_err(|e| Error::internal(e.to_string()))?;
    let own_origin = Origin {
        scheme: site.scheme().to_owned(),
        host: base.host_str().unwrap_or_default().to_owned(),
        port: base.port_or_known_default().unwrap_or(443),
    };
    let ca_pem = match &config.federation.ca_file {
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map_err(|e| Error::invalid(format!("federation.ca_file {} cannot be read: {e}", path.display())))?,
        ),
        None => None,
    };
    let allow_addresses = address_blocks(&config.federation.allow_addresses)?;
    let user_agent = format!("dassie/{} (+{}/)", env!("CARGO_PKG_VERSION"), site.base());
    let reach = if config.demo.is_some() { Reach::Nothing } else { Reach::Internet };
    HttpClient::new(HttpClientConfig { own_origin, allow_addresses, ca_pem, user_agent, reach })
}

fn address_blocks(texts: &[String]) -> Result<Vec<Cidr>> {
    texts.iter().map(|text| text.parse().map_err(|e: String| Error::invalid(e))).collect()
}

impl Server {
    /// Opens the server.
    ///
    /// # Errors
    /// When the data belongs to another domain, the configuration is invalid, or a route declares no access.
    pub fn open(data: &Path, config: Config, site: Site) -> Result<Self> {
        let workers = open(data, &config, site)?;
        workers.media.sweep_temp()?;
        workers.files.sweep()?;
        workers.domain.push_keys()?;
        let proxies = address_blocks(&config.trusted_proxies)?;
        let app = App {
            domain: workers.domain.clone(),
            templates: web::templates::load(config.override_dir.as_deref())?,
            config,
            media: workers.media.clone(),
            files: workers.files.clone(),
            streams: Arc::<Streams>::default(),
            cache: Cache::default(),
            rates: RateLimiter::default(),
            sign_ins: SignInLimiter::default(),
            devices: login::device_key(&workers.domain)?,
        };
        Ok(Self {
            app: Arc::new(app),
            router: Router::new(&[health::ROUTES, api::ROUTES, web::ROUTES, federation::ROUTES])?,
            workers,
            proxies,
            connections: Arc::<Connections>::default(),
            threads: HandlerThreads::default(),
            bodies: Arc::<BodyMemory>::default(),
        })
    }
}
