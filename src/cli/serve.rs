//! `dassie serve`.

use std::time::Duration;

use tokio::net::TcpListener;

use super::context::{CommandContext, print_line};
use super::permanence::{self, Concern};
use crate::domain::account::login;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::limits;
use crate::server::Server;
use crate::store::database::dir_lock::DirLock;

/// How long handlers may run on after the server has stopped.
const LAST_GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The domain of this server; permanent. Not needed after `init` or a first start.
    domain: Option<String>,
    /// The domain of the handle, if it differs from the server's domain; permanent.
    #[arg(long, value_name = "DOMAIN")]
    handle_domain: Option<String>,
    /// Where to listen for http [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    crate::server::data_dir::has_database(&ctx.data)?;
    let _lock = DirLock::take(&ctx.data)?;
    let mut config = ctx.config.clone();
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    raise_open_files();
    let site = site(ctx, args.domain.as_deref(), args.handle_domain.as_deref(), &config.listen)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.threads)
        .max_blocking_threads(crate::limits::BLOCKING_THREADS)
        .thread_stack_size(2 * 1024 * 1024)
        .thread_keep_alive(Duration::from_secs(5))
        .enable_all()
        .build()?;
    let served = runtime.block_on(async move {
        let listener = TcpListener::bind(&config.listen).await.map_err(|e| {
            let remedy = match e.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    "ports below 1024 need a privilege: let a reverse proxy listen there, or name another address with --listen"
                }
                std::io::ErrorKind::AddrInUse => "stop the program that uses it, or name another address with --listen",
                _ => "name another address with --listen, like 127.0.0.1:8080",
            };
            Error::invalid(format!("cannot listen on {}: {e}; {remedy}", config.listen))
        })?;
        let server = tokio::task::spawn_blocking({
            let data = ctx.data.clone();
            move || Server::open(&data, config, site)
        })
        .await
        .map_err(|e| Error::internal(e.to_string()))??;
        crate::memory::watch();
        greet(&server, &listener)?;
        server.serve(listener, stop_signal()).await
    });
    // A handler that never returns must not keep the process alive.
    runtime.shutdown_timeout(LAST_GRACE);
    served
}

/// Raises the limit of open files to [`limits::OPEN_FILES`], if the system permits it: many systems start programs with 1,024,
/// which is less than all connections and streams need.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(limits::OPEN_FILES, |most| most.min(limits::OPEN_FILES));
    if limit.current.is_some_and(|current| current < wanted)
        && let Err(e) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
    {
        tracing::warn!(error = %e, "the limit of open files could not be raised");
    }
}

/// Ends the process if stopping takes too long, for example because of a long write. Committed work is safe, and the rest
/// is repeated after the next start.
fn end_after(limit: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        tracing::warn!("the server did not stop in time; exiting now");
        std::process::exit(0);
    });
}

/// The domain that is named, or that the data directory belongs to, or else this machine.
fn site(ctx: &CommandContext, domain: Option<&str>, handle_domain: Option<&str>, listen: &str) -> Result<Site> {
    match domain {
        Some(domain) => {
            let site = Site::new(domain, handle_domain)?;
            if let Some(concern) = permanence::of(&site).filter(|c| *c != Concern::ThisMachine)
                && ctx.bound_site()?.is_none()
            {
                return Err(Error::invalid(format!(
                    "{}; the domain is permanent. Use a real domain, or set it with `dassie init --force`",
                    concern.describe(domain)
                )));
            }
            Ok(site)
        }
        None => match ctx.bound_site()? {
            Some(site) => Ok(site),
            None => {
                let port = listen.rsplit(':').next().unwrap_or("8080");
                Site::new(&format!("localhost:{port}"), handle_domain)
            }
        },
    }
}

fn greet(server: &Server, listener: &TcpListener) -> Result<()> {
    let domain = &server.app().domain;
    print_line(&format!(
        "Dassie {} serves {} on {}",
        env!("CARGO_PKG_VERSION"),
        domain.site.base(),
        listener.local_addr()?
    ));
    if domain.is_deleted() {
        print_line("The account was deleted. This server delivers the deletion and answers requests with 410.");
    }
    if domain.awaits_setup() {
        let token = login::new_setup_token(domain)?;
        print_line("This server has not been set up yet. Open this link to set it up; it works once:");
        print_line(&format!("  {}", domain.site.url(&format!("/setup?token={token}"))));
    }
    Ok(())
}

/// Resolves on SIGTERM or Ctrl-C.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    tracing::info!("stopping");
    end_after(limits::SHUTDOWN_TOTAL);
}
