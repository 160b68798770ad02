//! Connections for ureq: TCP to checked addresses, TLS over it, and one deadline over every read and write.
//!
//! ureq's own connectors are not used, because its TLS connector cannot add a CA to the built-in roots, stores too few
//! sessions for a fan-out, and discards a connection after a late TLS session ticket.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver as UreqResolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport};

use super::dns::Resolver;
use crate::error::{Error, RemoteError, Result};
use crate::limits;

/// Twice the response head, so that a head within the limit always fits.
const INPUT_BUFFER: usize = 2 * limits::RESPONSE_HEAD;
/// A request is a head and a few kilobytes; it is sent in pieces of this size.
const OUTPUT_BUFFER: usize = 16 * 1024;
/// Packets that a peer may send on an idle connection (session tickets) before it is discarded.
const IDLE_PACKETS: usize = 8;

/// The progress of the request on this thread, which ureq does not report.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RequestProgress {
    /// It has opened a connection instead of reusing one. Only a request on a reused connection may be sent again.
    pub(crate) opened: bool,
    /// It was sent, and its response awaited.
    pub(crate) sent: bool,
}

thread_local! {
    static PROGRESS: Cell<RequestProgress> = const { Cell::new(RequestProgress { opened: false, sent: false }) };
}

/// Called before a request.
pub(crate) fn begin() {
    PROGRESS.set(RequestProgress::default());
}

/// The progress since [`begin`].
pub(crate) fn progress() -> RequestProgress {
    PROGRESS.get()
}

/// A [`RemoteError`] inside an error of ureq.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Carried(pub(crate) RemoteError);

fn carried(e: RemoteError) -> ureq::Error {
    ureq::Error::Other(Box::new(Carried(e)))
}

fn unreachable(host: &str, why: impl fmt::Display) -> ureq::Error {
    carried(RemoteError::Unreachable(format!("{host}: {why}")))
}

/// ureq calls its resolver before every request, also for pooled connections. This one returns nothing:
/// [`CheckedConnector`] looks the name up when it opens a connection, and connects to the addresses that it has checked.
#[derive(Debug)]
pub(crate) struct NoLookup;

impl UreqResolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &ureq::config::Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// The TLS configuration: the built-in roots and additional authorities in PEM.
///
/// # Errors
/// When the PEM contains no certificate or an invalid one.
pub(crate) fn tls_config(ca_pem: Option<&str>) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = ca_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|e| Error::internal(format!("the CA file is not PEM: {e}")))?;
            roots
                .add(certificate)
                .map_err(|e| Error::internal(format!("the CA file contains an invalid certificate: {e}")))?;
        }
        if roots.len() == before {
            return Err(Error::internal("the CA file contains no certificate"));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Internal(Box::new(e)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::in_memory_sessions(limits::TLS_SESSIONS);
    Ok(Arc::new(config))
}

/// Opens connections to checked addresses.
#[derive(Debug)]
pub(crate) struct CheckedConnector {
    pub(crate) resolver: Resolver,
    pub(crate) tls: Arc<ClientConfig>,
}

impl Connector for CheckedConnector {
    type Out = HttpConnection;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<HttpConnection>, ureq::Error> {
        PROGRESS.set(RequestProgress { opened: true, sent: false });
        let deadline = deadline(details.timeout);
        let host = details.uri.host().unwrap_or_default();
        let port = details.uri.port_u16().unwrap_or(if details.needs_tls() { 443 } else { 80 });
        let lookup_until = deadline.min(Instant::now() + limits::CONNECT_TIMEOUT);
        let addresses = self.resolver.addresses(host, port, lookup_until).map_err(carried)?;
        let connect_until = deadline.min(Instant::now() + limits::CONNECT_TIMEOUT);
        let stream = connect_first(&addresses, connect_until).map_err(|e| unreachable(host, e))?;
        stream.set_nodelay(true)?;
        let timed = Timed { stream, deadline };
        let wire = if details.needs_tls() {
            Wire::Tls(Box::new(self.handshake(host, timed).map_err(|e| unreachable(host, format!("TLS: {e}")))?))
        } else {
            Wire::Plain(timed)
        };
        Ok(Some(HttpConnection { wire, buffers: LazyBuffers::new(INPUT_BUFFER, OUTPUT_BUFFER) }))
    }
}

impl CheckedConnector {
    fn handshake(&self, host: &str, mut timed: Timed) -> io::Result<TlsStream> {
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(bare).map_err(io::Error::other)?;
        let mut conn = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
        conn.complete_io(&mut timed)?;
        Ok(StreamOwned::new(conn, timed))
    }
}

/// The deadline of this step of a request.
fn deadline(timeout: NextTimeout) -> Instant {
    let now = Instant::now();
    // Every request has a total deadline; the fallback only prevents an overflow of the clock.
    now.checked_add(*timeout.after).unwrap_or(now + limits::REMOTE_FILE_TIMEOUT)
}

/// Tries the addresses in the resolver's order. Each but the last gets half of the time that is left, so that a
/// dead IPv6 route does not use up the time of a working IPv4 one.
fn connect_first(addresses: &[SocketAddr], until: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    let tried = addresses.len().min(limits::ADDRESSES_TRIED);
    for (i, address) in addresses.iter().take(tried).enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = if i + 1 < tried { left / 2 } else { left };
        if share.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(stream),
            Err(e) => last = e,
        }
    }
    Err(last)
}

/// A socket with one deadline for all reads and writes. Time-outs of the socket alone would restart with each byte of a peer
/// that sends slowly.
#[derive(Debug)]
struct Timed {
    stream: TcpStream,
    deadline: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

/// `None` if the call was interrupted by a signal and must be repeated.
fn settled(result: io::Result<usize>) -> Option<io::Result<usize>> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => None,
        // The socket returns WouldBlock after its time-out.
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Some(Err(io::ErrorKind::TimedOut.into())),
        result => Some(result),
    }
}

impl Read for Timed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(self.left()?))?;
            if let Some(result) = settled(self.stream.read(buf)) {
                return result;
            }
        }
    }
}

impl Write for Timed {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        loop {
            self.stream.set_write_timeout(Some(self.left()?))?;
            if let Some(result) = settled(self.stream.write(buf)) {
                return result;
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type TlsStream = StreamOwned<ClientConnection, Timed>;

#[derive(Debug)]
enum Wire {
    Plain(Timed),
    Tls(Box<TlsStream>),
}

impl Wire {
    fn timed(&mut self) -> &mut Timed {
        match self {
            Self::Plain(timed) => timed,
            Self::Tls(tls) => &mut tls.sock,
        }
    }

    fn is_idle(&mut self) -> bool {
        match self {
            Self::Plain(timed) => {
                matches!(timed.stream.peek(&mut [0]), Err(e) if e.kind() == io::ErrorKind::WouldBlock)
            }
            Self::Tls(tls) => is_tls_idle(tls),
        }
    }
}

/// Reads what the peer has sent on an idle connection. Session tickets are stored for the next handshake; after anything
/// else, such as a close or unrequested data, the connection cannot be reused.
fn is_tls_idle(tls: &mut TlsStream) -> bool {
    for _ in 0..IDLE_PACKETS {
        match tls.conn.process_new_packets() {
            Ok(state) if state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed() => {}
            _ => return false,
        }
        match tls.conn.read_tls(&mut tls.sock.stream) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(e) => return e.kind() == io::ErrorKind::WouldBlock,
        }
    }
    false
}

/// A connection with ureq's buffers.
#[derive(Debug)]
pub(crate) struct HttpConnection {
    wire: Wire,
    buffers: LazyBuffers,
}

fn io_error(e: io::Error, timeout: NextTimeout) -> ureq::Error {
    if e.kind() == io::ErrorKind::TimedOut { ureq::Error::Timeout(timeout.reason) } else { ureq::Error::Io(e) }
}

impl Transport for HttpConnection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.wire.timed().deadline = deadline(timeout);
        let bytes = self.buffers.output().get(..amount).unwrap_or_default();
        let sent = match &mut self.wire {
            Wire::Plain(timed) => timed.write_all(bytes),
            Wire::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        };
        sent.map_err(|e| io_error(e, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        PROGRESS.set(RequestProgress { sent: true, ..PROGRESS.get() });
        self.wire.timed().deadline = deadline(timeout).min(Instant::now() + limits::READ_STALL);
        let space = self.buffers.input_append_buf();
        let read = match &mut self.wire {
            Wire::Plain(timed) => timed.read(space),
            Wire::Tls(tls) => tls.read(space),
        };
        let amount = read.map_err(|e| io_error(e, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        if self.wire.timed().stream.set_nonblocking(true).is_err() {
            return false;
        }
        let idle = self.wire.is_idle();
        idle && self.wire.timed().stream.set_nonblocking(false).is_ok()
    }

    fn is_tls(&self) -> bool {
        matches!(self.wire, Wire::Tls(_))
    }
}
