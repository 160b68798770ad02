//! The socket of a connection, which closes when the client stalls, and response bodies, which are sent in small pieces.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, Sleep};

use super::limit::{Active, Connection};
use crate::domain::remote_files::{Download, Stage};
use crate::http::Response;
use crate::http::response::{FilePart, FileSource};
use crate::limits;

/// A socket whose writes fail when the client does not read: nothing for [`limits::RESPONSE_STALL_TIMEOUT`], or less than
/// [`limits::RESPONSE_MIN_RATE`] on average since the response first had to wait.
pub(crate) struct GuardedSocket {
    inner: TcpStream,
    connection: Arc<Connection>,
    waiting: Option<Waiting>,
    timer: Pin<Box<Sleep>>,
}

struct Waiting {
    request: u32,
    since: Instant,
    progress: Instant,
    bytes: usize,
}

impl Waiting {
    fn deadline(&self) -> Instant {
        let by_rate = Duration::from_secs((self.bytes / limits::RESPONSE_MIN_RATE) as u64);
        (self.progress + limits::RESPONSE_STALL_TIMEOUT).min(self.since + limits::RESPONSE_STALL_TIMEOUT + by_rate)
    }
}

impl GuardedSocket {
    pub(crate) fn new(inner: TcpStream, connection: Arc<Connection>) -> Self {
        // A small send buffer makes the progress of the client visible. Without it the average rate still applies.
        let _ = socket2::SockRef::from(&inner).set_send_buffer_size(limits::SOCKET_SEND_BUFFER);
        Self { inner, connection, waiting: None, timer: Box::pin(tokio::time::sleep(Duration::ZERO)) }
    }

    fn written(&mut self, n: usize) {
        self.connection.progressed();
        let request = self.connection.request();
        match &mut self.waiting {
            // A stream has no average rate: it sends when something happens.
            Some(w) if w.request == request && !self.connection.is_streaming() => {
                w.bytes += n;
                w.progress = Instant::now();
            }
            waiting => *waiting = None,
        }
    }

    /// Waits for the client until its deadline.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let (request, now) = (self.connection.request(), Instant::now());
        let waiting = match &mut self.waiting {
            Some(w) if w.request == request => w,
            waiting => waiting.insert(Waiting { request, since: now, progress: now, bytes: 0 }),
        };
        self.timer.as_mut().reset(waiting.deadline());
        ready!(self.timer.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly")))
    }

    fn after_write(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Pending => self.wait(cx),
            Poll::Ready(Ok(n)) => {
                self.written(n);
                Poll::Ready(Ok(n))
            }
            failed => failed,
        }
    }
}

impl AsyncRead for GuardedSocket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.connection.progressed();
        }
        read
    }
}

impl AsyncWrite for GuardedSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.after_write(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.after_write(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// A response body, sent in pieces of [`limits::RESPONSE_CHUNK`].
pub(crate) struct WireBody {
    source: BodySource,
    /// The request is active until its response is sent.
    _active: Option<Active>,
}

enum BodySource {
    Memory(Bytes),
    File {
        part: FilePart,
        reading: Option<JoinHandle<io::Result<Bytes>>>,
    },
    /// What a stream sends, until it ends.
    Events(Receiver<Bytes>),
}

impl WireBody {
    pub(crate) fn new(response: &Response, head_only: bool, active: Option<Active>) -> Self {
        let source = match &response.file {
            _ if head_only => BodySource::Memory(Bytes::new()),
            Some(part) => BodySource::File { part: part.clone(), reading: None },
            None => BodySource::Memory(response.body.clone()),
        };
        Self { source, _active: active }
    }

    /// The body of a stream. The request is no longer active: streams have a limit of their own.
    pub(crate) fn events(events: Receiver<Bytes>) -> Self {
        Self { source: BodySource::Events(events), _active: None }
    }

    /// The remaining bytes; `None` if the number is unknown.
    fn remaining(&self) -> Option<u64> {
        match &self.source {
            BodySource::Memory(bytes) => Some(bytes.len() as u64),
            BodySource::File { part, .. } => Some(part.length),
            BodySource::Events(_) => None,
        }
    }
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, io::Error>>> {
        if self.remaining() == Some(0) {
            return Poll::Ready(None);
        }
        let piece = match &mut self.source {
            BodySource::Memory(bytes) => bytes.split_to(bytes.len().min(limits::RESPONSE_CHUNK)),
            BodySource::Events(events) => match ready!(events.poll_recv(cx)) {
                Some(bytes) => bytes,
                None => return Poll::Ready(None),
            },
            BodySource::File { part, reading } => {
                let task = reading.get_or_insert_with(|| {
                    let (source, start) = (part.source.clone(), part.start);
                    let length = part.length.min(limits::RESPONSE_CHUNK as u64);
                    match source {
                        FileSource::Stored(path) => {
                            tokio::task::spawn_blocking(move || read_piece(&path, start, length))
                        }
                        FileSource::Arriving(download) => tokio::spawn(read_arriving(download, start, length)),
                    }
                });
                let read = ready!(Pin::new(task).poll(cx));
                *reading = None;
                let piece = read.map_err(io::Error::other)??;
                part.start += piece.len() as u64;
                part.length -= piece.len() as u64;
                piece
            }
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Opens the file for each piece, so that slow clients hold no file descriptors.
fn read_piece(path: &Path, start: u64, length: u64) -> io::Result<Bytes> {
    let mut piece = vec![0; length as usize];
    std::fs::File::open(path)?.read_exact_at(&mut piece, start)?;
    Ok(piece.into())
}

/// Waits until bytes from `start` on have arrived, and reads at most `length` of them.
async fn read_arriving(download: Arc<Download>, start: u64, length: u64) -> io::Result<Bytes> {
    let mut stages = download.subscribe();
    loop {
        let has_more = |stage: &Stage| !matches!(stage, Stage::Receiving(part) if part.written <= start);
        let stage = stages.wait_for(has_more).await.map_err(io::Error::other)?.clone();
        let is_final = matches!(stage, Stage::Complete(_));
        let (path, length) = match stage {
            Stage::Receiving(part) => (part.path, length.min(part.written - start)),
            Stage::Complete(file) => (file.path, length),
            Stage::Failed(failure) => return Err(io::Error::other(failure.to_string())),
            Stage::Waiting => return Err(io::Error::other("the file was not fetched")),
        };
        let read = tokio::task::spawn_blocking(move || read_piece(&path, start, length)).await;
        match read.map_err(io::Error::other)? {
            // It has its final name meanwhile, which the next stage states.
            Err(e) if e.kind() == io::ErrorKind::NotFound && !is_final => {
                stages.changed().await.map_err(io::Error::other)?;
            }
            read => return read,
        }
    }
}
