//! Request bodies on their way into memory: each within its limit and time, all together within theirs.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::Method;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};
use crate::http::Route;
use crate::limits;

/// A body, and its part of the memory that bodies may take.
#[derive(Default)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    held: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// Takes memory for so much more. It is taken as the bytes arrive: who only promises them takes nothing.
    fn hold(&mut self, room: &Arc<Semaphore>, more: usize) -> Result<()> {
        let busy = || Error::Busy { retry_after: limits::BUSY_RETRY_AFTER };
        let more = u32::try_from(more).map_err(|_| busy())?;
        let permit = room.clone().try_acquire_many_owned(more).map_err(|_| busy())?;
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
        Ok(())
    }
}

/// Reads a body.
///
/// # Errors
/// [`Error::TooLarge`] above the route's limit, [`Error::Busy`] when all bodies together are too large now,
/// [`Error::BadRequest`] when it ends early or takes too long.
pub(super) async fn read(room: &Arc<Semaphore>, body: Incoming, route: &Route, method: &Method) -> Result<Body> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(Body::default());
    }
    if body.size_hint().exact().unwrap_or(0) > route.body as u64 {
        return Err(too_large(route));
    }
    let time = if is_large(route) { limits::UPLOAD_READ } else { limits::BODY_READ };
    let read = tokio::time::timeout(time, collect(room, body, route)).await;
    read.unwrap_or_else(|_| Err(Error::bad_request("The request body took too long")))
}

/// True of a route whose bodies are read only of those who may send them.
pub(super) fn is_large(route: &Route) -> bool {
    route.body > limits::INBOX_BODY
}

fn too_large(route: &Route) -> Error {
    Error::TooLarge { what: "request body", limit: route.body as u64 }
}

async fn collect(room: &Arc<Semaphore>, mut body: Incoming, route: &Route) -> Result<Body> {
    let (mut bytes, mut read) = (Vec::new(), Body::default());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::bad_request("The request body ended early"))?;
        let Ok(part) = frame.into_data() else { continue };
        if bytes.len() + part.len() > route.body {
            return Err(too_large(route));
        }
        read.hold(room, part.len())?;
        bytes.extend_from_slice(&part);
    }
    read.bytes = Bytes::from(bytes);
    Ok(read)
}
