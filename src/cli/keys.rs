//! `dassie keys`.

use serde_json::json;

use super::Shell;
use crate::domain::account::key_rotation;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make new keys, and announce them to all servers. The old ones stay published for two weeks.
    Rotate,
}

pub(super) fn run(shell: &Shell, command: &Command) -> Result<()> {
    let tools = shell.open()?;
    match command {
        Command::Rotate => {
            key_rotation::rotate(&tools.domain)?;
            let owner = tools.domain.owner()?;
            let line = format!("The new key is {}", owner.key_id);
            shell.say(&line, &json!({"key": owner.key_id, "proof_key": owner.proof_key_id}));
            Ok(())
        }
    }
}
