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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::limit::Permit;
use super::stream;
use crate::error::{Error, Result};
use crate::jobs::Workers;
use crate::limits;
use crate::server::state::Server;
use crate::server::{dispatch, host, streaming};

impl Server {
    /// Serves until `stop` resolves; then finishes the current requests and jobs within a deadline.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
        let workers = Workers::start(self.workers.clone())?;
        let server = Arc::new(self);
        let feed = tokio::spawn(streaming::feed(server.app.clone()));
        accept_until(&server, listener, stop).await;
        feed.abort();
        let stopping = tokio::task::spawn_blocking(move || workers.stop());
        match tokio::time::timeout(limits::SHUTDOWN_WORKERS * 2, stopping).await {
            Ok(stopped) => stopped.map_err(|e| Error::internal(e.to_string()))?,
            Err(_) => tracing::warn!("some workers were still busy at shutdown"),
        }
        // Detached threads may hold the store until the process ends.
        let store = server.app.domain.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.map_err(|e| Error::internal(e.to_string()))
    }
}

async fn accept_until(server: &Arc<Server>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let (stopping, is_stopping) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => start_connection(server, is_stopping.clone(), stream, peer),
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
    server.app.streams.close_all();
    drop(is_stopping);
    stopping.send_replace(());
    // Each connection holds a receiver until it has ended.
    if tokio::time::timeout(limits::SHUTDOWN_REQUESTS, stopping.closed()).await.is_err() {
        tracing::warn!("some connections were still open at shutdown");
    }
}

/// Serves a connection in a task of its own, if there is room for it.
fn start_connection(server: &Arc<Server>, stopping: watch::Receiver<()>, stream: TcpStream, peer: SocketAddr) {
    let trusted = server.proxies.iter().any(|p| p.contains(peer.ip()));
    let Some(permit) = server.connections.enter(peer.ip(), trusted).map(Arc::new) else { return };
    // Small responses must not wait for more data. A socket without this option is served all the same.
    let _ = stream.set_nodelay(true);
    let served = serve_connection(server.clone(), stream, peer, permit.clone(), stopping);
    tokio::spawn(async move {
        tokio::select! {
            ended = served => if let Err(e) = ended {
                tracing::debug!(error = %e, "connection ended early");
            },
            () = permit.connection().evicted() => {
                tracing::debug!("connection was closed to make room for another");
            }
        }
    });
}

/// Serves a connection until it ends, or becomes a WebSocket. When the server stops, the present request is its last.
async fn serve_connection(
    server: Arc<Server>,
    stream: TcpStream,
    peer: SocketAddr,
    permit: Arc<Permit>,
    mut stopping: watch::Receiver<()>,
) -> Result<(), hyper::Error> {
    let local = stream.local_addr().ok().map(|a| host::LocalAddress(a.ip()));
    let socket = stream::GuardedSocket::new(stream, permit.connection().clone());
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let (server, connection) = (server.clone(), permit.connection().clone());
        request.extensions_mut().insert(permit.clone());
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        async move { Ok::<_, Infallible>(dispatch::respond(&server, &connection, peer.ip(), request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::REQUEST_HEAD_TIMEOUT)
        .max_buf_size(limits::REQUEST_HEAD_BYTES)
        .max_headers(limits::REQUEST_HEADERS)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        _ = stopping.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await
}
