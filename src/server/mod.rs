//! The running server: it listens, reads requests within their limits, finds their routes and their senders, and
//! hands them to a bounded number of blocking threads.

mod auth;
mod body;
mod connection_limit;
pub mod data_dir;
mod dispatch;
mod forwarded;
mod headers;
mod host;
mod lanes;
mod stream;

pub(crate) use headers::FORM_ANYWHERE;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

use crate::app::App;
use crate::config::Config;
use crate::domain::Domain;
use crate::domain::account::login;
use crate::domain::account::setup;
use crate::domain::disk::Disk;
use crate::domain::federation_policy;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::http::Response;
use crate::http::cache::Cache;
use crate::http::rate_limit::Rates;
use crate::http::router::{Access, Class, Route, Router, Surface, Verb};
use crate::http::sign_ins::SignIns;
use crate::jobs::{WorkerContext, Workers};
use crate::limits;
use crate::media::MediaDir;
use crate::protocol::address::Cidr;
use crate::remote::dereference::Fetcher;
use crate::remote::{HttpClient, HttpClientConfig, Origin};
use crate::store::Store;

/// Everything that serving needs, opened and checked.
pub struct Server {
    app: Arc<App>,
    router: Router,
    tools: WorkerContext,
    proxies: Vec<Cidr>,
    connections: Arc<connection_limit::Connections>,
    lanes: lanes::Lanes,
    bodies: Arc<body::Budget>,
}

/// Health checks: `/livez` answers while the process does, `/readyz` while the database does.
const HEALTH: &[Route] = &[
    Route {
        method: Verb::Get,
        path: "/livez",
        surface: Surface::Api,
        access: Access::Public,
        class: Class::Free,
        body: 0,
        handler: |_, _| Ok(Response::new(hyper::StatusCode::OK, "text/plain; charset=utf-8", "ok\n")),
    },
    Route {
        method: Verb::Get,
        path: "/readyz",
        surface: Surface::Api,
        access: Access::Public,
        class: Class::Free,
        body: 0,
        handler: |app, _| {
            app.domain.store.read(|c| crate::store::database::settings::get(c, "domain"))?;
            Ok(Response::new(hyper::StatusCode::OK, "text/plain; charset=utf-8", "ready\n"))
        },
    },
];

/// The parts that the command line uses without serving: the rules, and a way to ask other servers.
pub fn open(data: &Path, config: &Config, site: Site) -> Result<WorkerContext> {
    data_dir::has_database(data)?;
    let store = Store::open(data)?;
    setup::bind_site(&store, &site)?;
    let gate = Arc::new(gate(config, &site)?);
    let disk = Disk::new(data, config.min_free_disk_mb.saturating_mul(1024 * 1024));
    let domain = Domain::new(store, site)?.with_allow_list(config.federation.allow_list).with_disk(disk);
    let domain = Arc::new(domain);
    setup::ensure_instance_actor(&domain)?;
    let fetcher = Arc::new(Fetcher::new(gate.clone(), domain.clone()));
    domain.set_remote(fetcher.clone());
    federation_policy::apply_mode(&domain)?;
    let media = MediaDir::open(data.join(data_dir::MEDIA))?;
    Ok(WorkerContext { domain, gate, fetcher, media, stopping: Arc::new(AtomicBool::new(false)) })
}

fn gate(config: &Config, site: &Site) -> Result<HttpClient> {
    let base = url::Url::parse(&site.base()).map_err(|e| Error::internal(e.to_string()))?;
    let own_origin = Origin {
        scheme: site.scheme().to_owned(),
        host: base.host_str().unwrap_or_default().to_owned(),
        port: base.port_or_known_default().unwrap_or(443),
    };
    let allow_addresses: Result<Vec<_>> =
        config.federation.allow_addresses.iter().map(|b| b.parse().map_err(Error::invalid)).collect();
    let ca_pem = match &config.federation.ca_file {
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map_err(|e| Error::invalid(format!("federation.ca_file {} cannot be read: {e}", path.display())))?,
        ),
        None => None,
    };
    let user_agent = format!("dassie/{} (+{}/)", env!("CARGO_PKG_VERSION"), site.base());
    HttpClient::new(HttpClientConfig { own_origin, allow_addresses: allow_addresses?, ca_pem, user_agent })
}

impl Server {
    /// Opens the data directory and checks everything that can be wrong before anybody is answered.
    ///
    /// # Errors
    /// When the data belongs to another domain, the configuration is wrong, or a route declares no access.
    pub fn open(data: &Path, config: Config, site: Site) -> Result<Self> {
        let tools = open(data, &config, site)?;
        tools.media.sweep_temp()?;
        let proxies: Result<Vec<Cidr>> =
            config.trusted_proxies.iter().map(|b| b.parse().map_err(|e: String| Error::invalid(e))).collect();
        let router = Router::new(&[HEALTH, crate::api::ROUTES, crate::web::ROUTES, crate::federation::ROUTES])?;
        let devices = login::device_key(&tools.domain)?;
        let app = App {
            domain: tools.domain.clone(),
            templates: crate::web::templates::environment(config.override_dir.as_deref())?,
            config,
            media: tools.media.clone(),
            cache: Cache::default(),
            rates: Rates::default(),
            sign_ins: SignIns::default(),
            devices,
        };
        Ok(Self {
            app: Arc::new(app),
            router,
            tools,
            proxies: proxies?,
            connections: Arc::default(),
            lanes: lanes::Lanes::default(),
            bodies: Arc::default(),
        })
    }

    /// The state that handlers see.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Every route, for tests that walk them all.
    pub fn routes(&self) -> &[Route] {
        self.router.all()
    }

    /// Serves until `stop` resolves; then finishes what is under way within a deadline and folds the database.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
        let workers = Workers::start(self.tools.clone())?;
        let server = Arc::new(self);
        accept_until(&server, listener, stop).await;
        match tokio::time::timeout(limits::SHUTDOWN_WORKERS * 2, tokio::task::spawn_blocking(move || workers.stop()))
            .await
        {
            Ok(stopped) => stopped.map_err(|e| Error::internal(e.to_string())),
            Err(_) => {
                tracing::warn!("some workers were still busy when the server stopped");
                Ok(())
            }
        }
    }
}

async fn accept_until(server: &Arc<Server>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let trusted = server.proxies.iter().any(|p| p.contains(peer.ip()));
                    let Some(place) = server.connections.enter(peer.ip(), trusted) else { continue };
                    // Small answers must not wait for more of them; a socket that refuses is served all the same.
                    let _ = stream.set_nodelay(true);
                    let connection = serve_connection(server.clone(), stream, peer, place.connection());
                    let connection = graceful.watch(connection);
                    tokio::spawn(async move {
                        tokio::select! {
                            ended = connection => if let Err(e) = ended {
                                tracing::debug!(error = %e, "a connection ended early");
                            },
                            () = place.connection().evicted() => {
                                tracing::debug!("a connection was closed to make room for another");
                            }
                        }
                        drop(place);
                    });
                }
                Err(e) => {
                    // Out of file descriptors, mostly: wait for some to be given back.
                    tracing::warn!(error = %e, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(limits::SHUTDOWN_REQUESTS, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were still open when the server stopped");
    }
}

fn serve_connection(
    server: Arc<Server>,
    stream: tokio::net::TcpStream,
    peer: SocketAddr,
    connection: &Arc<connection_limit::Connection>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + use<> {
    let local = stream.local_addr().ok().map(|a| host::LocalAddress(a.ip()));
    let socket = stream::GuardedSocket::new(stream, connection.clone());
    let connection = connection.clone();
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        let (server, connection) = (server.clone(), connection.clone());
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        async move { Ok::<_, std::convert::Infallible>(dispatch::answer(&server, &connection, peer.ip(), request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::REQUEST_HEAD_TIMEOUT)
        .max_buf_size(limits::REQUEST_HEAD_BYTES)
        .max_headers(limits::REQUEST_HEADERS)
        .serve_connection(TokioIo::new(socket), service)
}
