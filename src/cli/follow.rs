//! `dassie follow`.

use serde_json::json;

use super::Shell;
use crate::domain::account::profile;
use crate::domain::relationships::follow::{self, FollowOptions};
use crate::domain::{Remote, Resolved};
use crate::error::{Error, Result};
use crate::protocol::webfinger::Resource;
use crate::store::actors;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// user@host, or the address of a profile.
    who: String,
}

pub(super) fn run(shell: &Shell, args: Args) -> Result<()> {
    let tools = shell.open()?;
    let id = match Resource::parse(&args.who) {
        Ok(Resource::Other) | Err(_) => {
            return Err(Error::invalid(format!("`{}` is neither user@host nor an address", args.who)));
        }
        Ok(Resource::Account { username, host }) => tools.fetcher.actor_by_handle(&username, &host)?,
        Ok(Resource::Url(url)) => tools.fetcher.actor_by_uri(&url).or_else(|_| as_page(&tools, &url))?,
    };
    follow::follow(&tools.domain, id, FollowOptions::default())?;
    let actor = tools.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    let handle = profile::handle(&tools.domain, &actor);
    shell.say(
        &format!("The request to follow {handle} is on its way; a running server delivers it"),
        &json!({"id": id, "handle": handle, "actor": actor.uri}),
    );
    Ok(())
}

fn as_page(tools: &crate::jobs::WorkerContext, url: &str) -> Result<crate::protocol::ids::ActorId> {
    match tools.fetcher.at_url(url)? {
        Resolved::Actor(id) => Ok(id),
        Resolved::Status(_) => Err(Error::invalid("this is the address of a post, not of a person")),
    }
}
