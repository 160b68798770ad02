//! `dassie status`.

use serde_json::json;

use super::Shell;
use crate::error::{Error, Result};
use crate::store::{actors, deliveries, hosts, inbox, jobs, statuses};

pub(super) fn run(shell: &Shell) -> Result<()> {
    let tools = shell.open()?;
    let domain = &tools.domain;
    let owner = domain.owner()?;
    let value = domain.store.read(|c| {
        let actor = actors::get(c, owner.id)?.ok_or(Error::NotFound)?;
        let (waiting, parked) = inbox::counts(c)?;
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "handle": format!("@{}@{}", owner.username, domain.site.handle_domain()),
            "url": domain.site.profile(&owner.username),
            "posts": statuses::count_local(c)?,
            "followers": actor.followers_count,
            "following": actor.following_count,
            "known_servers": hosts::count(c)?,
            "deliveries_waiting": deliveries::count(c)?,
            "inbox_waiting": waiting,
            "inbox_parked": parked,
            "jobs_waiting": jobs::count(c)?,
        }))
    })?;
    let text = |key: &str| match &value[key] {
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let line = format!(
        "{} at {}\n{} posts, {} followers, {} followed, {} known servers\n{} deliveries, {} activities and {} jobs wait; {} activities are parked",
        text("handle"),
        text("url"),
        text("posts"),
        text("followers"),
        text("following"),
        text("known_servers"),
        text("deliveries_waiting"),
        text("inbox_waiting"),
        text("jobs_waiting"),
        text("inbox_parked"),
    );
    shell.say(&line, &value);
    Ok(())
}
