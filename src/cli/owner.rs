//! `dassie owner`.

use serde_json::json;

use super::{Shell, read_password};
use crate::domain::account::setup;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Set a new password. Every browser and app is signed out.
    Passwd {
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) fn run(shell: &Shell, command: Command) -> Result<()> {
    let Command::Passwd { password_stdin } = command;
    let tools = shell.open()?;
    setup::set_password(&tools.domain, &read_password(password_stdin)?)?;
    shell.say("The password is changed; every browser and app is signed out", &json!({"changed": true}));
    Ok(())
}
