//! `dassie relay`.

use serde_json::json;

use super::Shell;
use crate::domain::outbox::relay as rules;
use crate::error::Result;
use crate::store::peers::relays;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Subscribe to a relay, by the address of its inbox or of its actor.
    Add {
        /// Such as https://relay.example/inbox or https://relay.example/actor.
        address: String,
    },
    /// Leave a relay.
    Remove {
        /// As it was added, or as `dassie relay list` shows it.
        address: String,
    },
    /// Show the relays, and whether they have accepted.
    List,
}

pub(super) fn run(shell: &Shell, command: Command) -> Result<()> {
    let tools = shell.open()?;
    match command {
        Command::Add { address } => {
            rules::subscribe(&tools.domain, &address)?;
            shell.say("The request is on its way; a running server delivers it", &json!({"relay": address}));
        }
        Command::Remove { address } => {
            rules::unsubscribe(&tools.domain, &address)?;
            shell.say("Left", &json!({"relay": address}));
        }
        Command::List => {
            let all = tools.domain.store.read(relays::list)?;
            let state = |accepted: bool| if accepted { "accepted" } else { "waiting" };
            let lines: Vec<_> = all.iter().map(|r| format!("{} {}", r.inbox, state(r.accepted))).collect();
            let value: Vec<_> = all.iter().map(|r| json!({"inbox": r.inbox, "accepted": r.accepted})).collect();
            let lines = if lines.is_empty() { "No relays".to_owned() } else { lines.join("\n") };
            shell.say(&lines, &json!(value));
        }
    }
    Ok(())
}
