//! `dassie token`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::account::oauth::{self, Holder, Scopes};
use crate::error::{Error, Result};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create an access token and print it. It cannot be shown again.
    Create {
        /// Its scopes, separated by spaces: read, write, follow, push, or narrower ones like write:statuses.
        #[arg(long, default_value = "read write follow")]
        scope: String,
    },
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let Command::Create { scope } = command;
    let unknown: Vec<&str> = scope.split_whitespace().filter(|s| !oauth::SCOPES.contains(s)).collect();
    if !unknown.is_empty() {
        return Err(Error::invalid(format!(
            "unknown scope `{}`; the scopes are: {}",
            unknown.join("`, `"),
            oauth::SCOPES.join(" ")
        )));
    }
    let server = ctx.open()?;
    let scopes = Scopes::parse(&scope)?;
    let issued = oauth::issue(&server.domain, None, Holder::Owner, &scopes)?;
    ctx.print(&issued.secret, &json!({"access_token": issued.secret, "scope": issued.token.scopes}));
    Ok(())
}
