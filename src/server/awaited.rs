//! Responses that wait for a file of another server. No thread waits.

use super::connections::limit::Busy;
use super::{handler, headers};
use crate::domain::remote_files::Stage;
use crate::http::response::AwaitedFile;
use crate::http::{Response, Surface};
use crate::{limits, web};

/// Waits until a file begins to arrive, at most [`limits::REMOTE_FILE_WAIT`], and makes the response. The connection is busy
/// meanwhile.
pub(super) async fn complete(awaited: AwaitedFile, _busy: Busy) -> Response {
    let AwaitedFile { download, method, headers } = awaited;
    let mut stages = download.subscribe();
    let has_begun = stages.wait_for(|stage| !matches!(stage, Stage::Waiting));
    let stage = match tokio::time::timeout(limits::REMOTE_FILE_WAIT, has_begun).await {
        Ok(Ok(stage)) => Some(stage.clone()),
        // The sender lives as long as `download`, so this is the end of the time.
        _ => None,
    };
    drop(stages);
    let response = web::respond_with_remote_file(download, stage);
    handler::select(&method, &headers, headers::finish(response, Surface::Files, None))
}
