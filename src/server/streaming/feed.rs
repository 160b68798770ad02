//! Feeds the streams: renders what commits have changed, also the owner's posts by the command line, and closes streams
//! whose token or session has ended.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::api;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::streams::{StreamEvent, StreamHolder};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::account::{apps, sessions};
use crate::store::database::column_types::IdList;
use crate::store::database::connection;
use crate::store::database::events::{Batch, StoreEvent};
use crate::store::{statuses, timelines};

/// How far back posts of another process are looked for; its commits are noticed within half a second.
const LOOK_BACK: Duration = Duration::from_secs(10);
/// Posts that are remembered, which is more than the owner posts in that time.
const RECENT: usize = 256;

/// Runs until it is dropped.
pub(in crate::server) async fn run(app: Arc<App>) {
    let mut commits = app.domain.store.events();
    let mut posts = OwnPosts::default();
    loop {
        tokio::select! {
            batch = next(&mut commits) => match batch {
                Some(batch) => publish(&app, batch, &mut posts).await,
                // Some events are lost. Apps read what they have missed when they connect again.
                None => app.streams.close_all(),
            },
            () = app.streams.opened() => close_ended(&app).await,
        }
    }
}

/// The events of the next commit, or `None` if too many were missed.
async fn next(commits: &mut Receiver<Batch>) -> Option<Batch> {
    match commits.recv().await {
        Ok(batch) => Some(batch),
        Err(RecvError::Lagged(_)) => None,
        // The store lives as long as the app.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

/// Recent posts of which the streams know.
#[derive(Default)]
struct OwnPosts {
    /// By a commit of this process.
    ours: Recent,
    /// Found after a commit of another process.
    found: Recent,
}

#[derive(Default)]
struct Recent(VecDeque<StatusId>);

impl Recent {
    fn add(&mut self, id: StatusId) {
        if self.0.len() == RECENT {
            self.0.pop_front();
        }
        self.0.push_back(id);
    }

    fn has(&self, id: StatusId) -> bool {
        self.0.contains(&id)
    }
}

impl OwnPosts {
    /// The events of a commit without those of posts that were found before.
    fn remaining(&mut self, batch: &Batch) -> Vec<StoreEvent> {
        let mut events = Vec::with_capacity(batch.len());
        for event in batch.iter() {
            match event {
                StoreEvent::Stored(id) | StoreEvent::InTimeline(_, id) if self.found.has(*id) => continue,
                StoreEvent::Stored(id) => self.ours.add(*id),
                _ => {}
            }
            events.push(event.clone());
        }
        events
    }

    /// The events of posts by another process.
    async fn find(&mut self, app: &Arc<App>) -> Result<Vec<StoreEvent>> {
        let recent = on_thread(app, |app| {
            let since = app.domain.now().minus(LOOK_BACK);
            app.domain.store.read(|c| {
                let ids = statuses::own_since(c, since, RECENT as u32)?;
                ids.into_iter().map(|id| Ok((id, timelines::showing(c, id)?))).collect::<Result<Vec<_>>>()
            })
        });
        let mut events = Vec::new();
        for (id, shown_in) in recent.await? {
            if !self.ours.has(id) && !self.found.has(id) {
                self.found.add(id);
                events.push(StoreEvent::Stored(id));
                events.extend(shown_in.into_iter().map(|timeline| StoreEvent::InTimeline(timeline, id)));
            }
        }
        Ok(events)
    }
}

async fn publish(app: &Arc<App>, batch: Batch, posts: &mut OwnPosts) {
    let mut events = posts.remaining(&batch);
    if app.streams.count() == 0 {
        return;
    }
    let ends_access = |event: &StoreEvent| {
        matches!(event, StoreEvent::TokensRevoked | StoreEvent::SessionsEnded | StoreEvent::Elsewhere)
    };
    if batch.iter().any(ends_access) {
        close_ended(app).await;
    }
    if batch.contains(&StoreEvent::Elsewhere) {
        match posts.find(app).await {
            Ok(found) => events.extend(found),
            Err(e) => tracing::error!(error = %e, "posts of other processes could not be found for streams"),
        }
    }
    match on_thread(app, move |app| render(app, &events)).await {
        Ok(events) => events.into_iter().for_each(|event| app.streams.publish(event)),
        Err(e) => tracing::error!(error = %e, "events could not be rendered for streams"),
    }
}

fn render(app: &App, events: &[StoreEvent]) -> Result<Vec<StreamEvent>> {
    let wanted = app.streams.wanted();
    if wanted.is_empty() { Ok(Vec::new()) } else { api::streaming::render(app, events, &wanted) }
}

/// Closes the streams of tokens and sessions that are no longer valid. If that cannot be found out, all are closed.
async fn close_ended(app: &Arc<App>) {
    let ended = on_thread(app, |app| {
        let open = app.streams.holders();
        let ids = |of: fn(&StreamHolder) -> Option<i64>| IdList::new(open.iter().filter_map(of));
        let tokens = ids(|holder| if let StreamHolder::Token(id) = holder { Some(id.0) } else { None });
        let browsers = ids(|holder| if let StreamHolder::Session(id) = holder { Some(id.0) } else { None });
        let since = app.domain.now().minus(limits::SESSION_AGE);
        let valid: HashSet<StreamHolder> = app.domain.store.read(|c| {
            let tokens = apps::valid_tokens(c, &tokens)?.into_iter().map(StreamHolder::Token);
            let sessions = sessions::valid(c, &browsers, since)?.into_iter().map(StreamHolder::Session);
            Ok(tokens.chain(sessions).collect())
        })?;
        Ok(open.difference(&valid).copied().collect::<HashSet<StreamHolder>>())
    });
    match ended.await {
        Ok(ended) => app.streams.close(&ended),
        Err(e) => {
            tracing::error!(error = %e, "tokens and sessions of streams could not be checked");
            app.streams.close_all();
        }
    }
}

async fn on_thread<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = app.clone();
    let ran = tokio::task::spawn_blocking(move || connection::with_reserved_reader(|| work(&app))).await;
    ran.map_err(|_| Error::internal("rendering for streams was cancelled"))?
}
