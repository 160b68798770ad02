//! `dassie init`.

use std::io::Write;

use serde_json::json;

use super::{Shell, read_password, say};
use crate::domain::owner::{self, NewOwner};
use crate::domain::site::Site;
use crate::error::{Error, Result};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask nothing; everything must be given.
    #[arg(long)]
    yes: bool,
    /// The owner's user name; permanent.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The owner's display name.
    #[arg(long, value_name = "TEXT", default_value = "")]
    name: String,
    /// The domain of this server; permanent.
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The domain of the handle, if it is to differ from the server's; permanent.
    #[arg(long, value_name = "DOMAIN")]
    handle_domain: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) fn run(shell: &Shell, args: Args) -> Result<()> {
    let site = match (shell.bound_site()?, &args.domain) {
        (Some(bound), None) => bound,
        (_, Some(domain)) => Site::new(domain, args.handle_domain.as_deref())?,
        (None, None) if args.yes => return Err(Error::invalid("--domain is missing")),
        (None, None) => ask_site()?,
    };
    let tools = crate::server::open(&shell.data, &shell.config, site)?;
    let domain = &tools.domain;
    if let Ok(existing) = domain.owner() {
        if args.user.as_ref().is_some_and(|u| *u != existing.username) {
            return Err(Error::Conflict(
                format!("the owner is {} already; the user name is permanent", existing.username).into(),
            ));
        }
        shell.say(
            &format!("Everything is set up: {} owns {}", existing.username, domain.site.base()),
            &json!({"username": existing.username, "actor": existing.uri, "created": false}),
        );
        return Ok(());
    }
    let username = match args.user {
        Some(user) => user,
        None if args.yes => return Err(Error::invalid("--user is missing")),
        None => ask("User name (permanent; small letters, digits and _): ")?,
    };
    owner::check_username(&username)?;
    if args.yes && !args.password_stdin {
        return Err(Error::invalid("--password-stdin is missing: with --yes the password comes from standard input"));
    }
    let password = read_password(args.password_stdin)?;
    let made = owner::create(domain, NewOwner { username, display_name: args.name, password })?;
    let handle = format!("@{}@{}", made.username, domain.site.handle_domain());
    shell.say(
        &format!(
            "{handle} is yours. The domain and the user name are permanent; everything else can be changed.\n\
             Start the server: dassie --data {} serve",
            shell.data.display()
        ),
        &json!({"username": made.username, "actor": made.uri, "handle": handle, "created": true}),
    );
    Ok(())
}

fn ask_site() -> Result<Site> {
    say("The domain and your user name are permanent: every link to you is built on them.");
    let handle = ask("Your handle, like me@example.org, or only the domain: ")?;
    let domain = handle.trim_start_matches('@').rsplit('@').next().unwrap_or_default().to_owned();
    Site::new(&domain, None)
}

fn ask(question: &str) -> Result<String> {
    let mut out = std::io::stdout();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err(Error::invalid("there was no answer; with --yes everything can be given as arguments"));
    }
    Ok(line.trim().to_owned())
}
