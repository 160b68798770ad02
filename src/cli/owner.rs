//! `dassie owner`.

use serde_json::json;

use super::context::{CommandContext, read_password};
use crate::domain::account::{password, two_factor};
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Set a new password. All browsers and apps are signed out.
    Passwd {
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Turn two-factor authentication off, if the authenticator app and all recovery codes are lost.
    TwoFactorOff,
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::Passwd { password_stdin } => {
            password::set(&server.domain, &read_password(password_stdin)?)?;
            ctx.print("The password has been changed; all browsers and apps are signed out", &json!({"changed": true}));
        }
        Command::TwoFactorOff => {
            two_factor::disable(&server.domain)?;
            ctx.print(
                "Two-factor authentication is off: signing in takes the password only",
                &json!({"enabled": false}),
            );
        }
    }
    Ok(())
}
