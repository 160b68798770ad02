//! `dassie keys`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::account::key_rotation;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Generate new keys and announce them to other servers. The old keys stay published for two weeks.
    Rotate,
}

pub(super) fn run(ctx: &CommandContext, command: &Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::Rotate => {
            key_rotation::rotate(&server.domain)?;
            let owner = server.domain.owner()?;
            let line = format!("The new key is {}", owner.key_id);
            ctx.print(&line, &json!({"key": owner.key_id, "proof_key": owner.proof_key_id}));
            Ok(())
        }
    }
}
