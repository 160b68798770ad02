//! `dassie follow`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::account::profile;
use crate::domain::relationships::follow::{self, FollowOptions};
use crate::domain::{Remote, Resolved};
use crate::error::{Error, Result};
use crate::protocol::discovery::webfinger::Resource;
use crate::store::actors;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// user@host, or the URL of a profile.
    account: String,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let server = ctx.open()?;
    let id = match Resource::parse(&args.account) {
        Ok(Resource::Other) | Err(_) => {
            return Err(Error::invalid(format!("`{}` is neither a handle (user@host) nor a URL", args.account)));
        }
        Ok(Resource::Account { username, host }) => server.fetcher.actor_by_handle(&username, &host)?,
        Ok(Resource::Url(url)) => server.fetcher.actor_by_uri(&url).or_else(|_| actor_of_page(&server, &url))?,
    };
    follow::follow(&server.domain, id, FollowOptions::default())?;
    let actor = server.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    let handle = profile::handle(&server.domain, &actor);
    ctx.print(
        &format!("Follow request to {handle} queued; a running server delivers it"),
        &json!({"id": id, "handle": handle, "actor": actor.uri}),
    );
    Ok(())
}

fn actor_of_page(server: &crate::jobs::WorkerContext, url: &str) -> Result<crate::protocol::ids::ActorId> {
    match server.fetcher.at_url(url)? {
        Resolved::Actor(id) => Ok(id),
        Resolved::Status(_) => Err(Error::invalid("this is the URL of a post, not of an account")),
    }
}
