//! `dassie owner`.

use serde_json::json;

use super::context::{CommandContext, read_password};
use crate::domain::account::password;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Set a new password. All browsers and apps are signed out.
    Passwd {
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let Command::Passwd { password_stdin } = command;
    let server = ctx.open()?;
    password::set(&server.domain, &read_password(password_stdin)?)?;
    ctx.print("The password has been changed; all browsers and apps are signed out", &json!({"changed": true}));
    Ok(())
}
