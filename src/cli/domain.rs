//! `dassie domain`.

use serde_json::json;

use super::Shell;
use crate::domain::federation_policy::{self, Decision};
use crate::error::{Error, Result};
use crate::store::peers::domain_policies::{self, Severity};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Degree {
    /// It is heard by whoever follows it, and is in no public place.
    Silence,
    /// Nothing comes from there and nothing goes there.
    Suspend,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Keep a server and everything below its name away.
    Block {
        /// Such as example.org.
        host: String,
        /// How far away.
        #[arg(long, value_enum, default_value = "suspend")]
        severity: Degree,
        /// Take no media from there.
        #[arg(long)]
        reject_media: bool,
        /// Why, for yourself.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Let a server in: what was decided on a name above it does not hold, and in allow-list mode it is one of us.
    Allow {
        /// Such as example.org.
        host: String,
        /// Why, for yourself.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Forget what was decided on a server.
    Remove {
        /// Such as example.org.
        host: String,
    },
    /// Show everything that was decided.
    List,
}

pub(super) fn run(shell: &Shell, command: Command) -> Result<()> {
    let tools = shell.open()?;
    let domain = &tools.domain;
    match command {
        Command::Block { host, severity, reject_media, comment } => {
            let severity = match severity {
                Degree::Silence => Severity::Silence,
                Degree::Suspend => Severity::Suspend,
            };
            federation_policy::decide(domain, &host, Decision { severity, reject_media, comment })?;
            shell.say(&format!("{host}: {}", severity.as_str()), &json!({"host": host, "severity": severity.as_str()}));
        }
        Command::Allow { host, comment } => {
            federation_policy::decide(domain, &host, Decision { comment, ..Decision::default() })?;
            shell.say(&format!("{host}: allow"), &json!({"host": host, "severity": "allow"}));
        }
        Command::Remove { host } => {
            federation_policy::withdraw(domain, &host).map_err(|e| match e {
                Error::NotFound => Error::invalid(format!("nothing was decided on {host}")),
                other => other,
            })?;
            shell.say(&format!("{host}: forgotten"), &json!({"host": host}));
        }
        Command::List => list(shell, &domain.store.read(domain_policies::list)?),
    }
    Ok(())
}

fn list(shell: &Shell, all: &[domain_policies::HostPolicy]) {
    let line = |p: &domain_policies::HostPolicy| {
        let media = if p.reject_media { " without media" } else { "" };
        let comment = if p.comment.is_empty() { String::new() } else { format!(" ({})", p.comment) };
        format!("{} {}{media}{comment}", p.host, p.severity.as_str())
    };
    let value: Vec<_> = all
        .iter()
        .map(|p| {
            json!({
                "host": p.host, "severity": p.severity.as_str(), "reject_media": p.reject_media, "comment": p.comment,
                "since": p.created_at.to_api(),
            })
        })
        .collect();
    let lines: Vec<_> = all.iter().map(line).collect();
    let lines = if lines.is_empty() { "Nothing was decided on any server".to_owned() } else { lines.join("\n") };
    shell.say(&lines, &json!(value));
}
