//! Reads request bodies: each within its limits of size and time, and all within a limit of memory. Parts of the memory
//! are reserved for the owner and for small bodies. Uploads take no memory: their files are written to the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use crate::app::Route;
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result, SizeLimit};
use crate::http::multipart::{self, Files, Parts};
use crate::http::rate_limit::Caller;
use crate::limits;
use crate::media::MediaDir;

/// The sender of a body, for its share of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// The owner, by a valid token or session.
    Owner,
    /// Any other client; `None` for programs on this machine, which have no limit per client.
    Client(Option<Caller>),
}

/// Bytes by which a body grows in memory.
const BODY_GROWTH: usize = 16 * 1024;

#[derive(Default)]
struct Held {
    owner: usize,
    small: usize,
    large: usize,
    /// The large ones by client.
    clients: HashMap<Caller, usize>,
}

impl Held {
    /// The owner's memory beyond the reserved part.
    fn owner_surplus(&self) -> usize {
        self.owner.saturating_sub(limits::REQUEST_BODY_MEMORY_FOR_OWNER)
    }

    fn has_room(&self, share: &Share, size: usize) -> bool {
        let shared = limits::REQUEST_BODY_MEMORY - limits::REQUEST_BODY_MEMORY_FOR_OWNER - limits::SMALL_BODY_MEMORY;
        match share.sender {
            Sender::Owner => self.owner + size + self.large <= limits::REQUEST_BODY_MEMORY_FOR_OWNER + shared,
            Sender::Client(_) if share.is_small => self.small + size <= limits::SMALL_BODY_MEMORY,
            Sender::Client(client) => {
                let of_client = client.and_then(|c| self.clients.get(&c)).copied().unwrap_or(0);
                self.large + size + self.owner_surplus() <= shared
                    && of_client + size <= limits::REQUEST_BODY_MEMORY_PER_CLIENT
            }
        }
    }

    fn add(&mut self, share: &Share, size: usize) {
        match share.sender {
            Sender::Owner => self.owner += size,
            Sender::Client(_) if share.is_small => self.small += size,
            Sender::Client(client) => {
                self.large += size;
                if let Some(client) = client {
                    *self.clients.entry(client).or_default() += size;
                }
            }
        }
    }

    fn release(&mut self, share: &Share) {
        match share.sender {
            Sender::Owner => self.owner -= share.held,
            Sender::Client(_) if share.is_small => self.small -= share.held,
            Sender::Client(client) => {
                self.large -= share.held;
                if let Some((client, held)) = client.and_then(|c| self.clients.get_mut(&c).map(|held| (c, held))) {
                    *held -= share.held;
                    if *held == 0 {
                        self.clients.remove(&client);
                    }
                }
            }
        }
    }
}

/// The memory of all bodies.
#[derive(Default)]
pub(super) struct BodyMemory(Mutex<Held>);

/// A part of the memory, released on drop.
struct Share {
    memory: Arc<BodyMemory>,
    sender: Sender,
    is_small: bool,
    held: usize,
}

impl Share {
    /// Takes memory for bytes that have arrived. An announced length takes none.
    fn grow(&mut self, more: usize) -> Result<()> {
        let memory = self.memory.clone();
        let mut held = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_small && self.held + more > limits::SMALL_BODY {
            held.release(self);
            let before = std::mem::take(&mut self.held);
            self.is_small = false;
            return self.take(&mut held, before + more);
        }
        self.take(&mut held, more)
    }

    fn take(&mut self, held: &mut Held, size: usize) -> Result<()> {
        if !held.has_room(self, size) {
            return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
        }
        held.add(self, size);
        self.held += size;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.memory.0.lock().unwrap_or_else(PoisonError::into_inner).release(self);
    }
}

/// A body with its part of the memory.
#[derive(Default)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    _share: Option<Share>,
}

/// Reads a body.
///
/// # Errors
/// [`Error::TooLarge`] above the route's limit, [`Error::Busy`] when no memory is left,
/// [`Error::BadRequest`] when it ends early or arrives too slowly.
pub(super) async fn read(memory: &Arc<BodyMemory>, body: Incoming, route: &Route, sender: Sender) -> Result<Body> {
    let announced = body.size_hint().exact();
    check_announced(&body, memory_limit(route))?;
    let is_small = announced.is_none_or(|n| n <= limits::SMALL_BODY as u64);
    let share = Share { memory: memory.clone(), sender, is_small, held: 0 };
    collect(body, route, share).await
}

/// Receives a multipart body, its files into temporary files.
///
/// # Errors
/// As [`read`], and when the disk refuses.
pub(super) async fn receive(body: Incoming, route: &Route, content_type: &str, media: &MediaDir) -> Result<Parts> {
    check_announced(&body, route.body)?;
    let state = (body, 0, Instant::now());
    let chunks = futures_util::stream::try_unfold(state, async |(mut body, received, began)| {
        let next = next_chunk(&mut body, deadline(began, received, route)).await?;
        let Some(chunk) = next else { return Ok::<_, Error>(None) };
        let received = received + chunk.len();
        if received > route.body { Err(too_large(route.body)) } else { Ok(Some((chunk, (body, received, began)))) }
    });
    multipart::receive(content_type, chunks, Files::Received(&|| media.temporary())).await
}

fn check_announced(body: &Incoming, most: usize) -> Result<()> {
    if body.size_hint().exact().unwrap_or(0) > most as u64 { Err(too_large(most)) } else { Ok(()) }
}

/// The most bytes of a body that is kept in memory: of those with files, only the text of forms.
fn memory_limit(route: &Route) -> usize {
    if is_large(route) { limits::FORM_BODY } else { route.body }
}

/// Returns `true` for routes whose bodies are read only from authorized senders.
pub(super) fn is_large(route: &Route) -> bool {
    route.body > limits::INBOX_BODY
}

fn too_large(most: usize) -> Error {
    Error::TooLarge { what: SizeLimit::RequestBody, limit: most as u64 }
}

/// The time by which more of a body must arrive. Uploads, which are read only from the owner, may be slow.
fn deadline(began: Instant, received: usize, route: &Route) -> Instant {
    if is_large(route) {
        return (Instant::now() + limits::UPLOAD_STALL_TIMEOUT).min(began + limits::UPLOAD_TIMEOUT);
    }
    let by_rate =
        limits::REQUEST_BODY_RATE_GRACE + Duration::from_secs((received / limits::REQUEST_BODY_MIN_RATE) as u64);
    (Instant::now() + limits::REQUEST_BODY_STALL_TIMEOUT).min(began + by_rate.min(limits::REQUEST_BODY_TIMEOUT))
}

/// The next bytes of a body, which must arrive by a time; `None` at its end.
async fn next_chunk(body: &mut Incoming, until: Instant) -> Result<Option<Bytes>> {
    loop {
        let next = tokio::time::timeout_at(until.into(), body.frame()).await;
        let Some(frame) = next.map_err(|_| Error::bad_request(RequestRefusal::BodyTooSlow))? else {
            return Ok(None);
        };
        let frame = frame.map_err(|_| Error::bad_request(RequestRefusal::BodyIncomplete))?;
        if let Ok(chunk) = frame.into_data() {
            return Ok(Some(chunk));
        }
    }
}

async fn collect(mut body: Incoming, route: &Route, mut share: Share) -> Result<Body> {
    let (mut bytes, began) = (Vec::<u8>::new(), Instant::now());
    loop {
        let Some(part) = next_chunk(&mut body, deadline(began, bytes.len(), route)).await? else { break };
        if bytes.len() + part.len() > memory_limit(route) {
            return Err(too_large(memory_limit(route)));
        }
        // A vector that grows by itself takes up to twice as much as it holds.
        if bytes.capacity() - bytes.len() < part.len() {
            let more = part.len().max(BODY_GROWTH);
            share.grow(more)?;
            bytes.reserve_exact(more);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Body { bytes: Bytes::from(bytes), _share: Some(share) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(memory: &Arc<BodyMemory>, sender: Sender, is_small: bool) -> Share {
        Share { memory: memory.clone(), sender, is_small, held: 0 }
    }

    fn client(n: u8) -> Sender {
        Sender::Client(Some(Caller::address([192, 0, 2, n].into())))
    }

    fn route(body: usize) -> Route {
        use crate::http::{Access, Class, Surface, Verb};
        let handler = |_: &crate::app::App, _: &crate::http::Request| Err(Error::NotFound);
        let (method, surface, access, class) = (Verb::Post, Surface::Federation, Access::Public, Class::Free);
        Route { method, path: "/inbox", surface, access, class, body, quick: false, handler }
    }

    #[test]
    fn a_body_that_drips_has_a_deadline_by_its_rate() {
        let inbox = route(limits::INBOX_BODY);
        let left = |seconds: u64, received: usize, route: &Route| {
            let began = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
            deadline(began, received, route).saturating_duration_since(Instant::now()).as_secs_f32()
        };
        assert!(left(0, 0, &inbox) > 4.0, "a body may begin slowly");
        assert!(left(9, 100, &inbox) < 1.1);
        assert_eq!(left(11, 100, &inbox), 0.0, "a byte now and then is no progress");
        assert!(left(11, 5 * limits::REQUEST_BODY_MIN_RATE, &inbox) > 3.0);
        assert_eq!(left(16, 5 * limits::REQUEST_BODY_MIN_RATE, &inbox), 0.0);
        // Only the owner uploads, perhaps from a train.
        let upload = route(limits::UPLOAD_BODY);
        assert!(left(200, 100, &upload) > 29.0);
        assert_eq!(left(limits::UPLOAD_TIMEOUT.as_secs(), limits::UPLOAD_BODY, &upload), 0.0);
    }

    #[test]
    fn memory_is_reserved_for_small_bodies_and_the_owner() {
        let memory = Arc::new(BodyMemory::default());
        let mut large: Vec<Share> = (0..200).map(|n| share(&memory, client(n), false)).collect();
        let taken = large.iter_mut().filter_map(|s| s.grow(limits::INBOX_BODY).ok()).count();
        assert!((8..64).contains(&taken), "{taken}");
        share(&memory, client(201), true).grow(limits::SMALL_BODY).unwrap();
        share(&memory, Sender::Owner, false).grow(limits::REQUEST_BODY_MEMORY_FOR_OWNER).unwrap();
        drop(large);
        let held = memory.0.lock().unwrap();
        assert_eq!((held.owner, held.small, held.large, held.clients.len()), (0, 0, 0, 0));
    }

    #[test]
    fn clients_have_a_limit_of_their_own() {
        let memory = Arc::new(BodyMemory::default());
        let mut greedy: Vec<Share> = (0..64).map(|_| share(&memory, client(1), false)).collect();
        let taken = greedy.iter_mut().filter_map(|s| s.grow(limits::INBOX_BODY).ok()).count();
        assert_eq!(taken, limits::REQUEST_BODY_MEMORY_PER_CLIENT / limits::INBOX_BODY);
        share(&memory, client(2), false).grow(limits::INBOX_BODY).unwrap();
    }

    #[test]
    fn bodies_of_unknown_length_are_small_at_first() {
        let memory = Arc::new(BodyMemory::default());
        let mut body = share(&memory, client(1), true);
        body.grow(limits::SMALL_BODY).unwrap();
        assert_eq!(memory.0.lock().unwrap().small, limits::SMALL_BODY);
        body.grow(1).unwrap();
        let held = |memory: &BodyMemory| {
            let held = memory.0.lock().unwrap();
            (held.small, held.large)
        };
        assert_eq!(held(&memory), (0, limits::SMALL_BODY + 1));
        drop(body);
        assert_eq!(held(&memory), (0, 0));
    }
}
