//! `dassie follow`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::account::handle::handle;
use crate::domain::queries::accounts;
use crate::domain::relationships::follow::{self, FollowOptions};
use crate::error::{Error, Result};
use crate::store::actors;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// user@host, or the URL of a profile.
    account: String,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let server = ctx.open()?;
    let id = accounts::named(&server.domain, &args.account)?;
    follow::follow(&server.domain, id, FollowOptions::default())?;
    let actor = server.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    let handle = handle(&server.domain, &actor);
    ctx.print(
        &format!("Follow request to {handle} queued; a running server delivers it"),
        &json!({"id": id, "handle": handle, "actor": actor.uri}),
    );
    Ok(())
}
