//! Feeds the streams: renders what commits have changed, and closes streams whose token was revoked.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::api;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::streams::StreamEvent;
use crate::protocol::ids::TokenId;
use crate::store::account::apps;
use crate::store::database::column_types::IdList;
use crate::store::database::connection;
use crate::store::database::events::{Batch, StoreEvent};

/// Runs until it is dropped.
pub(in crate::server) async fn run(app: Arc<App>) {
    let mut commits = app.domain.store.events();
    loop {
        tokio::select! {
            batch = next(&mut commits) => match batch {
                Some(batch) => publish(&app, batch).await,
                // Some events are lost. Apps read what they have missed when they connect again.
                None => app.streams.close_all(),
            },
            () = app.streams.opened() => close_revoked(&app).await,
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

async fn publish(app: &Arc<App>, batch: Batch) {
    if app.streams.count() == 0 {
        return;
    }
    if batch.iter().any(|event| matches!(event, StoreEvent::TokensRevoked | StoreEvent::Elsewhere)) {
        close_revoked(app).await;
    }
    match on_thread(app, move |app| render(app, &batch)).await {
        Ok(events) => events.into_iter().for_each(|event| app.streams.publish(event)),
        Err(e) => tracing::error!(error = %e, "events could not be rendered for streams"),
    }
}

fn render(app: &App, batch: &Batch) -> Result<Vec<StreamEvent>> {
    let wanted = app.streams.wanted();
    if wanted.is_empty() { Ok(Vec::new()) } else { api::streaming::render(app, batch, &wanted) }
}

/// Closes the streams of tokens that are no longer valid. If that cannot be found out, all are closed.
async fn close_revoked(app: &Arc<App>) {
    let revoked = on_thread(app, |app| {
        let open = app.streams.tokens();
        let valid = app.domain.store.read(|c| apps::valid_tokens(c, &IdList::new(open.iter().map(|id| id.0))))?;
        Ok(open.difference(&valid).copied().collect::<HashSet<TokenId>>())
    });
    match revoked.await {
        Ok(revoked) => app.streams.close(&revoked),
        Err(e) => {
            tracing::error!(error = %e, "tokens of streams could not be checked");
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
