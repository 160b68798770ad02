//! `dassie move`.

use serde_json::json;

use super::context::{CommandContext, print_line, prompt};
use crate::domain::account::handle::NamedAccount;
use crate::domain::account::moving::{self, Cooldown, MoveState};
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::limits;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Move your followers to another account, which must list this one as an alias.
    To {
        /// The new account: user@host, or the URL of its profile.
        account: String,
        /// Do not ask for confirmation.
        #[arg(long)]
        yes: bool,
        /// Move even if the last move was less than 30 days ago.
        #[arg(long)]
        force: bool,
    },
    /// Cancel the move. Followers that have left do not come back.
    Cancel,
    /// Manage aliases: the accounts that may move to this one.
    #[command(subcommand)]
    Alias(Alias),
    /// Show the aliases and the move.
    Status,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Alias {
    /// Add an account that may move to this one.
    Add {
        /// The old account: user@host, or the URL of its profile.
        account: String,
    },
    /// Remove an alias.
    Remove {
        /// The alias, as `dassie move alias list` shows it.
        account: String,
    },
    /// List the aliases.
    List,
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::To { account, yes, force } => {
            let cooldown = if force { Cooldown::Ignored } else { Cooldown::Respected };
            move_to(ctx, &server, &account, cooldown, yes)
        }
        Command::Cancel => {
            moving::cancel(&server.domain)?;
            ctx.print("The move is cancelled; a running server sends the new profile", &json!({"moved_to": null}));
            Ok(())
        }
        Command::Alias(Alias::Add { account }) => {
            let alias = moving::add_alias(&server.domain, &account)?;
            ctx.print(&format!("{} may move to this account", alias.name()), &value(&alias));
            Ok(())
        }
        Command::Alias(Alias::Remove { account }) => {
            let alias = moving::remove_alias(&server.domain, &account)?;
            ctx.print(&format!("{} is no longer an alias", alias.name()), &value(&alias));
            Ok(())
        }
        Command::Alias(Alias::List) => {
            let aliases = moving::state(&server.domain)?.aliases;
            ctx.print(&names(&aliases), &json!(aliases.iter().map(value).collect::<Vec<_>>()));
            Ok(())
        }
        Command::Status => {
            let state = moving::state(&server.domain)?;
            let to = state
                .moved_to
                .as_ref()
                .map_or("The account has not moved".to_owned(), |to| format!("The account has moved to {}", to.name()));
            ctx.print(&format!("{to}\n{}", names(&state.aliases)), &state_value(&state));
            Ok(())
        }
    }
}

fn value(account: &NamedAccount) -> serde_json::Value {
    json!({"uri": account.uri, "handle": account.handle})
}

fn state_value(state: &MoveState) -> serde_json::Value {
    json!({
        "moved_to": state.moved_to.as_ref().map(value),
        "aliases": state.aliases.iter().map(value).collect::<Vec<_>>(),
        "next_move_at": state.next_move_at.map(|at| at.to_api()),
    })
}

fn names(aliases: &[NamedAccount]) -> String {
    match aliases {
        [] => "No aliases".to_owned(),
        all => format!("Aliases:\n  {}", all.iter().map(NamedAccount::name).collect::<Vec<_>>().join("\n  ")),
    }
}

fn move_to(ctx: &CommandContext, server: &WorkerContext, account: &str, cooldown: Cooldown, yes: bool) -> Result<()> {
    let domain = &server.domain;
    let target = moving::check_target(domain, account, cooldown)?;
    if !yes {
        print_line(&format!(
            "This moves your account to {}:\n\
             - the servers of your followers are asked to follow the new account instead\n\
             - your posts stay here, and your profile shows the new account\n\
             - you can no longer post, boost or follow from this account\n\
             - `dassie move cancel` undoes it, but followers that have left do not come back\n\
             - the next move is possible after {} days",
            target.name(),
            limits::MOVE_COOLDOWN.as_secs() / 86_400
        ));
        if !matches!(prompt("Move? [y/N] ")?.to_lowercase().as_str(), "y" | "yes") {
            return Err(Error::invalid("not confirmed; nothing was changed"));
        }
    }
    let target = moving::move_out(domain, &target.uri, cooldown)?;
    ctx.print(
        &format!("Your account has moved to {}; a running server notifies your followers", target.name()),
        &json!({"moved_to": value(&target)}),
    );
    Ok(())
}
