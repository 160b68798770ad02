//! `dassie status`.

use serde_json::json;

use super::context::CommandContext;
use crate::error::{Error, Result};
use crate::store::peers::hosts;
use crate::store::queues::{deliveries, inbox_queue, jobs};
use crate::store::{actors, statuses};

pub(super) fn run(ctx: &CommandContext) -> Result<()> {
    let server = ctx.open()?;
    let domain = &server.domain;
    let owner = domain.owner()?;
    let value = domain.store.read(|c| {
        let actor = actors::get(c, owner.id)?.ok_or(Error::NotFound)?;
        let (waiting, parked) = inbox_queue::counts(c)?;
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "handle": format!("@{}", domain.site.handle_of(&owner.username)),
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
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let count = |key: &str, one: &str, more: &str| {
        let n = value[key].as_i64().unwrap_or_default();
        format!("{n} {}", if n == 1 { one } else { more })
    };
    let line = format!(
        "{} at {}\n{}, {}, {} following, {}\nwaiting: {}, {}, {}; parked: {}",
        text("handle"),
        text("url"),
        count("posts", "post", "posts"),
        count("followers", "follower", "followers"),
        value["following"],
        count("known_servers", "known server", "known servers"),
        count("deliveries_waiting", "delivery", "deliveries"),
        count("inbox_waiting", "activity", "activities"),
        count("jobs_waiting", "job", "jobs"),
        count("inbox_parked", "activity", "activities"),
    );
    ctx.print(&line, &value);
    Ok(())
}
