//! `dassie init`. Nothing is saved before the last question is answered.

use std::io::Write;

use serde_json::json;

use super::permanence::{self, Concern};
use super::{Shell, read_password, say};
use crate::domain::account::setup::{self, NewOwner};
use crate::domain::urls::Site;
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
    /// Read the password from standard input, one line.
    #[arg(long)]
    password_stdin: bool,
    /// Accept a domain that other servers cannot reach.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(shell: &Shell, args: Args) -> Result<()> {
    let bound = shell.bound_site()?;
    if let Some(site) = &bound {
        check_bound(site, &args)?;
        if shell.is_set_up()? {
            return already(shell, &args);
        }
    }
    let (site, named) = match bound {
        Some(site) => (site, None),
        None => choose_site(&args)?,
    };
    let username = choose_username(&args, named)?;
    setup::check_display_name(&args.name)?;
    confirm(&args, &site, &username)?;
    if args.yes && !args.password_stdin {
        return Err(Error::invalid("--password-stdin is missing: with --yes the password comes from standard input"));
    }
    let password = read_password(args.password_stdin)?;
    let tools = crate::server::open(&shell.data, &shell.config, site)?;
    let domain = &tools.domain;
    let made = setup::create(domain, NewOwner { username, display_name: args.name, password })?;
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

/// Refuses arguments that contradict what is permanent already.
fn check_bound(site: &Site, args: &Args) -> Result<()> {
    let Some(domain) = &args.domain else { return Ok(()) };
    let asked = Site::new(domain, args.handle_domain.as_deref())?;
    let same_handles = args.handle_domain.is_none() || asked.handle_domain() == site.handle_domain();
    if asked.authority() == site.authority() && same_handles {
        return Ok(());
    }
    Err(Error::Conflict(
        format!(
            "this data belongs to {} with handles at {}; both are permanent. Name another --data directory for {domain}",
            site.authority(),
            site.handle_domain()
        )
        .into(),
    ))
}

fn already(shell: &Shell, args: &Args) -> Result<()> {
    let tools = shell.open()?;
    let existing = tools.domain.owner()?;
    if args.user.as_ref().is_some_and(|u| *u != existing.username) {
        return Err(Error::Conflict(
            format!("the owner is {} already; the user name is permanent", existing.username).into(),
        ));
    }
    shell.say(
        &format!("Everything is set up: {} owns {}", existing.username, tools.domain.site.base()),
        &json!({"username": existing.username, "actor": existing.uri, "created": false}),
    );
    Ok(())
}

/// The domain, and the user name if the answer was a whole handle.
fn choose_site(args: &Args) -> Result<(Site, Option<String>)> {
    if let Some(domain) = &args.domain {
        return Ok((Site::new(domain, args.handle_domain.as_deref())?, None));
    }
    if args.yes {
        return Err(Error::invalid("--domain is missing"));
    }
    say("The domain and your user name are permanent: every link to you is built on them.");
    loop {
        let answer = ask("Your handle, like me@example.org, or only the domain: ")?;
        let answer = answer.trim_start_matches('@');
        let (user, domain) = match answer.rsplit_once('@') {
            Some((user, domain)) => (Some(user.to_owned()), domain),
            None => (None, answer),
        };
        match Site::new(domain, args.handle_domain.as_deref()) {
            // Mostly a user name.
            Ok(site) if user.is_none() && permanence::of(&site) == Some(Concern::SingleLabel) => {
                say(&format!("`{domain}` is not a whole domain like example.org."));
            }
            Ok(site) => return Ok((site, user)),
            Err(e) => say(&super::plain(&e)),
        }
    }
}

fn choose_username(args: &Args, named: Option<String>) -> Result<String> {
    if let Some(user) = &args.user {
        setup::check_username(user)?;
        return Ok(user.clone());
    }
    if args.yes {
        return Err(Error::invalid("--user is missing"));
    }
    let mut answer = named;
    loop {
        let user = match answer.take() {
            Some(user) => user,
            None => ask("User name (permanent; small letters, digits and _): ")?,
        };
        match setup::check_username(&user) {
            Ok(()) => return Ok(user),
            Err(e) => say(&super::plain(&e)),
        }
    }
}

/// Shows what is permanent and has it confirmed. With --yes, a domain that cannot work needs --force.
fn confirm(args: &Args, site: &Site, username: &str) -> Result<()> {
    let concern = permanence::of(site);
    if let Some(concern) = concern {
        if args.yes && !args.force && concern != Concern::ThisMachine && concern != Concern::Reserved {
            return Err(Error::invalid(format!(
                "{}; it is permanent. Name a real domain, or add --force",
                concern.describe(site.authority())
            )));
        }
        let _ = writeln!(std::io::stderr(), "Warning: {}.", concern.describe(site.authority()));
    }
    if args.yes {
        return Ok(());
    }
    say(&format!(
        "You will be @{username}@{}, at {}/. Neither can be changed later.",
        site.handle_domain(),
        site.base()
    ));
    let answer = ask("Is that right? [y/N] ")?;
    if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::invalid("not confirmed; nothing was saved"))
}

fn ask(question: &str) -> Result<String> {
    let mut out = std::io::stdout();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err(Error::invalid(
            "there was no answer; nothing was saved. With --yes everything can be given as arguments",
        ));
    }
    Ok(line.trim().to_owned())
}
