//! `dassie token`.

use serde_json::json;

use super::Shell;
use crate::domain::account::oauth::{self, Scopes};
use crate::error::{Error, Result};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an access token and print it alone; it is shown only now.
    Create {
        /// What it may do, separated by spaces: read, write, follow, push, or finer ones like write:statuses.
        #[arg(long, default_value = "read write follow")]
        scope: String,
    },
}

pub(super) fn run(shell: &Shell, command: Command) -> Result<()> {
    let Command::Create { scope } = command;
    let unknown: Vec<&str> = scope.split_whitespace().filter(|s| !oauth::SCOPES.contains(s)).collect();
    if !unknown.is_empty() {
        return Err(Error::invalid(format!(
            "there is no scope `{}`; the scopes are: {}",
            unknown.join("`, `"),
            oauth::SCOPES.join(" ")
        )));
    }
    let tools = shell.open()?;
    let scopes = Scopes::parse(&scope)?;
    let issued = oauth::issue(&tools.domain, None, true, &scopes)?;
    shell.say(&issued.secret, &json!({"access_token": issued.secret, "scope": issued.token.scopes}));
    Ok(())
}
