//! `dassie relay`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::outbox::relay as rules;
use crate::error::Result;
use crate::store::peers::relays;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Subscribe to a relay by the URL of its inbox or actor.
    Add {
        /// Such as https://relay.example/inbox or https://relay.example/actor.
        address: String,
    },
    /// Unsubscribe from a relay.
    Remove {
        /// The URL as it was added, or as `dassie relay list` shows it.
        address: String,
    },
    /// List the relays and whether they have accepted.
    List,
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::Add { address } => {
            rules::subscribe(&server.domain, &address)?;
            ctx.print("Subscription request queued; a running server delivers it", &json!({"relay": address}));
        }
        Command::Remove { address } => {
            rules::unsubscribe(&server.domain, &address)?;
            ctx.print("Unsubscribed", &json!({"relay": address}));
        }
        Command::List => {
            let all = server.domain.store.read(relays::list)?;
            let state = |accepted: bool| if accepted { "accepted" } else { "waiting" };
            let lines: Vec<_> = all.iter().map(|r| format!("{} {}", r.inbox, state(r.accepted))).collect();
            let value: Vec<_> = all.iter().map(|r| json!({"inbox": r.inbox, "accepted": r.accepted})).collect();
            let lines = if lines.is_empty() { "No relays are set".to_owned() } else { lines.join("\n") };
            ctx.print(&lines, &json!(value));
        }
    }
    Ok(())
}
