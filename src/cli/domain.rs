//! `dassie domain`.

use serde_json::json;

use super::context::CommandContext;
use crate::domain::federation_policy::{self, Decision};
use crate::error::{Error, Result};
use crate::store::peers::domain_policies::{self, Severity};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Restriction {
    /// Hide its posts from public timelines.
    Silence,
    /// Accept nothing from it and send nothing to it.
    Suspend,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Restrict a server and all its subdomains.
    Block {
        /// The host, such as example.org.
        host: String,
        /// The restriction.
        #[arg(long, value_enum, default_value = "suspend")]
        severity: Restriction,
        /// Load no media from it.
        #[arg(long)]
        reject_media: bool,
        /// A private note, such as the reason.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Allow a server: override the policy of its parent domain, and admit it in allow-list mode.
    Allow {
        /// The host, such as example.org.
        host: String,
        /// A private note, such as the reason.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Remove the policy for a server.
    Remove {
        /// The host, such as example.org.
        host: String,
    },
    /// List all policies.
    List,
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    let domain = &server.domain;
    match command {
        Command::Block { host, severity, reject_media, comment } => {
            let severity = match severity {
                Restriction::Silence => Severity::Silence,
                Restriction::Suspend => Severity::Suspend,
            };
            federation_policy::decide(domain, &host, Decision { severity, reject_media, comment })?;
            ctx.print(&format!("{host}: {}", severity.as_str()), &json!({"host": host, "severity": severity.as_str()}));
        }
        Command::Allow { host, comment } => {
            federation_policy::decide(domain, &host, Decision { comment, ..Decision::default() })?;
            ctx.print(&format!("{host}: allow"), &json!({"host": host, "severity": "allow"}));
        }
        Command::Remove { host } => {
            federation_policy::withdraw(domain, &host).map_err(|e| match e {
                Error::NotFound => Error::invalid(format!("no policy is set for {host}")),
                other => other,
            })?;
            ctx.print(&format!("{host}: policy removed"), &json!({"host": host}));
        }
        Command::List => list(ctx, &domain.store.read(domain_policies::list)?),
    }
    Ok(())
}

fn list(ctx: &CommandContext, all: &[domain_policies::HostPolicy]) {
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
    let lines = if lines.is_empty() { "No policies are set".to_owned() } else { lines.join("\n") };
    ctx.print(&lines, &json!(value));
}
