//! Runs a server until a signal arrives.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::limits;
use crate::server::Server;

/// How long handlers may run on after the server has stopped.
const LAST_GRACE: Duration = Duration::from_secs(2);

/// Listens, opens the server and serves until a signal arrives. Nothing is opened if the address is not free.
pub(super) fn serve(
    config: Config,
    open: impl FnOnce(Config, SocketAddr) -> Result<Server> + Send + 'static,
    greet: impl FnOnce(&Server, SocketAddr) -> Result<()>,
) -> Result<()> {
    raise_open_files();
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
        let address = listener.local_addr()?;
        let server = tokio::task::spawn_blocking(move || open(config, address))
            .await
            .map_err(|e| Error::internal(e.to_string()))??;
        crate::memory::watch();
        // Before the greeting: from then on a supervisor may stop the server.
        let stopped = stop_signal()?;
        greet(&server, address)?;
        server.serve(listener, stopped).await
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

/// Catches SIGTERM and Ctrl-C from now on. The future resolves on the first of them.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        end_after(limits::SHUTDOWN_TOTAL);
    })
}
