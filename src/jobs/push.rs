//! Sends notifications to push services.

use super::context::WorkerContext;
use crate::domain::push::{self, PreparedPush, PushOutcome};
use crate::error::{RemoteError, Result};
use crate::protocol::ids::NotificationId;

/// Sends a notification to a subscription, if both still exist.
///
/// # Errors
/// [`Error::Remote`](crate::Error::Remote) if the push service does not respond, is overloaded or fails: the job is retried.
pub(super) fn send(ctx: &WorkerContext, subscription: i64, notification: NotificationId) -> Result<()> {
    let Some(prepared) = push::prepare(&ctx.domain, subscription, notification)? else { return Ok(()) };
    let outcome = outcome(post(ctx, &prepared))?;
    push::finish(&ctx.domain, subscription, outcome)
}

fn post(ctx: &WorkerContext, message: &PreparedPush) -> Result<(u16, Option<u64>), RemoteError> {
    let url = ctx.http_client.url(&message.endpoint)?;
    let response = ctx.http_client.post(&url, &message.headers, &message.body)?;
    Ok((response.status, response.retry_after))
}

fn outcome(response: Result<(u16, Option<u64>), RemoteError>) -> Result<PushOutcome> {
    match response {
        Ok((200..=299, _)) => Ok(PushOutcome::Accepted),
        Ok((404 | 410, _)) | Err(RemoteError::Refused(_)) => Ok(PushOutcome::Expired),
        Ok((status @ (408 | 425 | 429 | 500..), retry_after)) => {
            Err(RemoteError::Status { status, retry_after }.into())
        }
        Ok(_) | Err(RemoteError::Status { .. } | RemoteError::Malformed(_)) => Ok(PushOutcome::Refused),
        Err(e) => Err(e.into()),
    }
}
