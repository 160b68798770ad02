//! `dassie owner`.

use serde_json::json;

use super::context::{CommandContext, read_password};
use super::owner_delete;
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
    /// Delete the account permanently. First lists what that does, and asks for the handle as confirmation.
    ///
    /// All known servers are asked to delete the account. Run it again to continue after an interruption, or to see what is
    /// left.
    Delete(owner_delete::Args),
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    match command {
        Command::Delete(args) => return owner_delete::run(ctx, args),
        Command::Passwd { password_stdin } => {
            password::set(&ctx.open()?.domain, &read_password(password_stdin)?)?;
            ctx.print("The password has been changed; all browsers and apps are signed out", &json!({"changed": true}));
        }
        Command::TwoFactorOff => {
            two_factor::disable(&ctx.open()?.domain)?;
            ctx.print(
                "Two-factor authentication is off: signing in takes the password only",
                &json!({"enabled": false}),
            );
        }
    }
    Ok(())
}
