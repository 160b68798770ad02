//! The open streams: what they subscribe to, and when they must close.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};

use super::{StreamEvent, StreamHolder, StreamStart};
use crate::domain::account::oauth::Scopes;
use crate::domain::streaming::{Channel, Subscription};
use crate::error::{Error, Result};
use crate::limits;

/// The open streams of this server.
pub struct Streams {
    state: Mutex<State>,
    events: broadcast::Sender<Arc<StreamEvent>>,
    opened: Notify,
}

#[derive(Default)]
struct State {
    next: u64,
    /// The number of events so far.
    published: u64,
    /// By age: numbers only grow.
    open: BTreeMap<u64, Open>,
    /// The number of subscriptions to each channel.
    channels: HashMap<Channel, usize>,
}

struct Open {
    holder: StreamHolder,
    close: Arc<Notify>,
    /// The number of events that it has taken or that were published before it.
    taken: Arc<AtomicU64>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { state: Mutex::default(), events: broadcast::Sender::new(limits::STREAM_EVENTS), opened: Notify::new() }
    }
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a stream. If its holder, or all together, have too many, the oldest of the holder with most is closed.
    pub fn open(self: &Arc<Self>, start: &StreamStart) -> OpenStream {
        let close = Arc::new(Notify::new());
        let mut state = self.lock();
        let events = self.events.subscribe();
        let taken = Arc::new(AtomicU64::new(state.published));
        let number = state.next;
        state.next += 1;
        state.open.insert(number, Open { holder: start.holder, close: close.clone(), taken: taken.clone() });
        state.make_room(start.holder);
        drop(state);
        self.opened.notify_one();
        let (streams, scopes) = (self.clone(), start.scopes.clone());
        let mut stream = OpenStream { streams, number, scopes, subscriptions: Vec::new(), events, taken, close };
        start.subscriptions.iter().for_each(|first| stream.add(first.clone()));
        stream
    }

    /// Resolves after a stream was opened: its token or session may have ended in the meantime.
    pub async fn opened(&self) {
        self.opened.notified().await;
    }

    /// The channels with a subscription.
    pub fn wanted(&self) -> HashSet<Channel> {
        self.lock().channels.keys().cloned().collect()
    }

    /// The holders of all streams.
    pub fn holders(&self) -> HashSet<StreamHolder> {
        self.lock().open.values().map(|open| open.holder).collect()
    }

    /// The number of open streams.
    pub fn count(&self) -> usize {
        self.lock().open.len()
    }

    /// Sends an event to all streams that subscribe to one of its channels. Streams that are [`limits::STREAM_EVENTS`]
    /// behind are closed, because their clients do not read.
    pub fn publish(&self, event: StreamEvent) {
        let mut state = self.lock();
        // Without a stream it is not needed.
        let _ = self.events.send(Arc::new(event));
        state.published += 1;
        let oldest = state.published.saturating_sub(limits::STREAM_EVENTS as u64);
        state
            .open
            .values()
            .filter(|open| open.taken.load(Ordering::Relaxed) < oldest)
            .for_each(|open| open.close.notify_one());
    }

    /// Closes the streams of these holders.
    pub fn close(&self, holders: &HashSet<StreamHolder>) {
        self.lock()
            .open
            .values()
            .filter(|open| holders.contains(&open.holder))
            .for_each(|open| open.close.notify_one());
    }

    /// Closes all streams.
    pub fn close_all(&self) {
        self.lock().open.values().for_each(|open| open.close.notify_one());
    }
}

impl State {
    /// Closes what is too much now that a stream of this holder was added. Streams that are being closed no longer count.
    fn make_room(&mut self, holder: StreamHolder) {
        let of_holder = self.open.values().filter(|open| open.holder == holder).count();
        if of_holder > limits::STREAMS_PER_HOLDER {
            self.close_oldest(holder);
        }
        if self.open.len() > limits::STREAMS {
            let mut counts: HashMap<StreamHolder, usize> = HashMap::new();
            for open in self.open.values() {
                *counts.entry(open.holder).or_default() += 1;
            }
            if let Some((holder, _)) = counts.into_iter().max_by_key(|(_, count)| *count) {
                self.close_oldest(holder);
            }
        }
    }

    fn close_oldest(&mut self, holder: StreamHolder) {
        let oldest = self.open.iter().find(|(_, open)| open.holder == holder).map(|(number, _)| *number);
        if let Some(open) = oldest.and_then(|number| self.open.remove(&number)) {
            open.close.notify_one();
        }
    }

    fn subscribe(&mut self, channel: &Channel) {
        *self.channels.entry(channel.clone()).or_default() += 1;
    }

    fn unsubscribe(&mut self, channel: &Channel) {
        if let Some(count) = self.channels.get_mut(channel) {
            *count -= 1;
            if *count == 0 {
                self.channels.remove(channel);
            }
        }
    }
}

/// An open stream, until it is dropped.
pub struct OpenStream {
    streams: Arc<Streams>,
    number: u64,
    scopes: Scopes,
    subscriptions: Vec<Subscription>,
    events: broadcast::Receiver<Arc<StreamEvent>>,
    taken: Arc<AtomicU64>,
    close: Arc<Notify>,
}

impl OpenStream {
    /// Waits for the next event that one of the subscriptions receives. Returns `None` if the client is too slow: events were
    /// dropped, so it must connect again and read what it has missed.
    pub async fn next(&mut self) -> Option<Arc<StreamEvent>> {
        loop {
            let event = self.events.recv().await.ok()?;
            self.taken.fetch_add(1, Ordering::Relaxed);
            if self.subscriptions.iter().any(|s| event.is_for(s)) {
                return Some(event);
            }
        }
    }

    /// Resolves once when the stream must close: its token or session has ended, a newer stream takes its place, its client does not
    /// read, or the server stops.
    pub fn closing(&self) -> impl Future<Output = ()> + use<> {
        let close = self.close.clone();
        async move { close.notified().await }
    }

    /// The scopes of its token or session.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The subscriptions that receive an event.
    pub fn receivers<'a>(&'a self, event: &'a StreamEvent) -> impl Iterator<Item = &'a Subscription> {
        self.subscriptions.iter().filter(|s| event.is_for(s))
    }

    /// Adds a subscription; a repeated one changes nothing.
    ///
    /// # Errors
    /// [`Error::BadRequest`] if the stream has too many.
    pub fn subscribe(&mut self, subscription: Subscription) -> Result<()> {
        if self.subscriptions.iter().any(|s| s.channel == subscription.channel) {
            return Ok(());
        }
        if self.subscriptions.len() >= limits::STREAM_SUBSCRIPTIONS {
            return Err(Error::bad_request("Too many subscriptions on one connection"));
        }
        self.add(subscription);
        Ok(())
    }

    fn add(&mut self, subscription: Subscription) {
        self.streams.lock().subscribe(&subscription.channel);
        self.subscriptions.push(subscription);
    }

    /// Ends a subscription, if there is one.
    pub fn unsubscribe(&mut self, channel: &Channel) {
        if let Some(at) = self.subscriptions.iter().position(|s| s.channel == *channel) {
            self.subscriptions.remove(at);
            self.streams.lock().unsubscribe(channel);
        }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut state = self.streams.lock();
        state.open.remove(&self.number);
        for subscription in &self.subscriptions {
            state.unsubscribe(&subscription.channel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Transport;
    use super::*;
    use crate::domain::streaming::Requested;
    use crate::protocol::ids::{SessionId, TokenId};

    fn open(streams: &Arc<Streams>, token: i64) -> OpenStream {
        let scopes = Scopes::parse("read").unwrap();
        let subscription = Subscription::new(&scopes, Requested { stream: "user", ..Requested::default() }).unwrap();
        streams.open(&StreamStart {
            holder: StreamHolder::Token(TokenId(token)),
            scopes,
            subscriptions: vec![subscription],
            transport: Transport::WebSocket,
        })
    }

    fn update() -> StreamEvent {
        StreamEvent::new("update", "{}", vec![Channel::User])
    }

    #[tokio::test]
    async fn a_further_stream_of_a_holder_closes_its_oldest() {
        let streams = Arc::<Streams>::default();
        let other = open(&streams, 2);
        let all: Vec<_> = (0..=limits::STREAMS_PER_HOLDER).map(|_| open(&streams, 1)).collect();
        all[0].closing().await;
        assert_eq!(streams.count(), limits::STREAMS_PER_HOLDER + 1);
        drop(all);
        assert_eq!((streams.count(), streams.wanted().len()), (1, 1));
        drop(other);
        assert_eq!((streams.count(), streams.wanted().len()), (0, 0));
    }

    #[tokio::test]
    async fn a_slow_stream_ends_and_the_others_continue() {
        let streams = Arc::<Streams>::default();
        let (mut slow, mut quick) = (open(&streams, 1), open(&streams, 1));
        for _ in 0..=limits::STREAM_EVENTS {
            streams.publish(update());
            assert!(quick.next().await.is_some());
        }
        slow.closing().await;
        assert!(slow.next().await.is_none());
    }

    #[tokio::test]
    async fn streams_close_with_their_holder() {
        let streams = Arc::<Streams>::default();
        let (first, second) = (open(&streams, 1), open(&streams, 2));
        streams.close(&HashSet::from([StreamHolder::Session(SessionId(2)), StreamHolder::Token(TokenId(1))]));
        first.closing().await;
        streams.close_all();
        second.closing().await;
    }
}
