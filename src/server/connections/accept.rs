//! Accepts connections until the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};

use super::limit::Connection;
use super::stream;
use crate::error::{Error, Result};
use crate::jobs::Workers;
use crate::limits;
use crate::server::state::Server;
use crate::server::{dispatch, host};

impl Server {
    /// Serves until `stop` resolves; then finishes the current requests and jobs within a deadline.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
        let workers = Workers::start(self.workers.clone())?;
        let server = Arc::new(self);
        accept_until(&server, listener, stop).await;
        let stopping = tokio::task::spawn_blocking(move || workers.stop());
        match tokio::time::timeout(limits::SHUTDOWN_WORKERS * 2, stopping).await {
            Ok(stopped) => stopped.map_err(|e| Error::internal(e.to_string())),
            Err(_) => {
                tracing::warn!("some workers were still busy at shutdown");
                Ok(())
            }
        }
    }
}

async fn accept_until(server: &Arc<Server>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => start_connection(server, &graceful, stream, peer),
                Err(e) => {
                    // Mostly out of file descriptors: wait until some are closed.
                    tracing::warn!(error = %e, "connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(limits::SHUTDOWN_REQUESTS, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were still open at shutdown");
    }
}

/// Serves a connection in a task of its own, if there is room for it.
fn start_connection(server: &Arc<Server>, graceful: &GracefulShutdown, stream: TcpStream, peer: SocketAddr) {
    let trusted = server.proxies.iter().any(|p| p.contains(peer.ip()));
    let Some(permit) = server.connections.enter(peer.ip(), trusted) else { return };
    // Small responses must not wait for more data. A socket without this option is served all the same.
    let _ = stream.set_nodelay(true);
    let connection = serve_connection(server.clone(), stream, peer, permit.connection());
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            ended = connection => if let Err(e) = ended {
                tracing::debug!(error = %e, "connection ended early");
            },
            () = permit.connection().evicted() => {
                tracing::debug!("connection was closed to make room for another");
            }
        }
        drop(permit);
    });
}

fn serve_connection(
    server: Arc<Server>,
    stream: TcpStream,
    peer: SocketAddr,
    connection: &Arc<Connection>,
) -> impl GracefulConnection<Error = hyper::Error> + use<> {
    let local = stream.local_addr().ok().map(|a| host::LocalAddress(a.ip()));
    let socket = stream::GuardedSocket::new(stream, connection.clone());
    let connection = connection.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let (server, connection) = (server.clone(), connection.clone());
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        async move { Ok::<_, Infallible>(dispatch::respond(&server, &connection, peer.ip(), request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::REQUEST_HEAD_TIMEOUT)
        .max_buf_size(limits::REQUEST_HEAD_BYTES)
        .max_headers(limits::REQUEST_HEADERS)
        .serve_connection(TokioIo::new(socket), service)
}
