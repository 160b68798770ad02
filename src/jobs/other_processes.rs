//! Changes by other processes: the command line writes to the same database while the server runs.

use std::time::Duration;

use super::context::WorkerContext;
use crate::error::Result;
use crate::store::actors::{self, keys};

/// How soon a change is seen. Streams of a token that the command line revokes close within a second.
const INTERVAL: Duration = Duration::from_millis(500);

pub(super) fn run(ctx: &WorkerContext) {
    let mut watch = ctx.domain.store.watch().ok();
    while !ctx.is_stopping() {
        // Our own quiet writes are indistinguishable here, so they invalidate cached responses too, at most twice a second.
        if let Some(watch) = &mut watch
            && watch.changed().unwrap_or(false)
        {
            ctx.domain.store.touch();
            // `dassie init` may have created the owner, `dassie keys` new keys, and `dassie owner delete` may have deleted the account.
            if owner_changed(ctx).unwrap_or(false)
                && let Err(e) = ctx.domain.reload()
            {
                tracing::warn!(error = %e, "owner could not be loaded");
            }
        }
        std::thread::sleep(INTERVAL);
    }
}

fn owner_changed(ctx: &WorkerContext) -> Result<bool> {
    let Ok(owner) = ctx.domain.owner() else { return Ok(true) };
    let (keys, actor) = ctx.domain.store.read(|c| Ok((keys::own(c, owner.id)?, actors::get(c, owner.id)?)))?;
    Ok(actor.is_none_or(|a| a.gone_at.is_some())
        || keys.iter().any(|k| k.id == owner.key_id && k.retired)
        || !keys.iter().any(|k| k.id == owner.key_id))
}
