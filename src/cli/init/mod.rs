//! `dassie init`. Nothing is saved before the last answer.

pub(super) mod permanence;

use std::io::Write;

use serde_json::json;

use crate::cli::context::{CommandContext, error_text, print_line, prompt, read_password};
use crate::domain::account::setup::{self, NewOwner};
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use permanence::Concern;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Do not prompt; all values must be given as arguments.
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
    /// The domain of the handle, if it differs from the server's domain; permanent.
    #[arg(long, value_name = "DOMAIN")]
    handle_domain: Option<String>,
    /// Read the password from standard input, one line.
    #[arg(long)]
    password_stdin: bool,
    /// Accept a domain that other servers cannot reach.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let bound = ctx.bound_site()?;
    if let Some(site) = &bound {
        check_bound(site, &args)?;
        if ctx.is_set_up()? {
            return report_existing(ctx, &args);
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
    let server = crate::server::open(&ctx.data, &ctx.config, site)?;
    let domain = &server.domain;
    let made = setup::create(domain, NewOwner { username, display_name: args.name, password })?;
    let handle = format!("@{}", domain.site.handle_of(&made.username));
    ctx.print(
        &format!(
            "{handle} is yours. The domain and the user name are permanent; everything else can be changed.\n\
             Start the server: dassie --data {} serve",
            ctx.data.display()
        ),
        &json!({"username": made.username, "actor": made.uri, "handle": handle, "created": true}),
    );
    Ok(())
}

/// Refuses arguments that differ from the domain of existing data.
fn check_bound(site: &Site, args: &Args) -> Result<()> {
    let Some(domain) = &args.domain else { return Ok(()) };
    let requested = Site::new(domain, args.handle_domain.as_deref())?;
    let same_handles = args.handle_domain.is_none() || requested.handle_domain() == site.handle_domain();
    if requested.authority() == site.authority() && same_handles {
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

fn report_existing(ctx: &CommandContext, args: &Args) -> Result<()> {
    let server = ctx.open()?;
    let existing = server.domain.owner()?;
    if args.user.as_ref().is_some_and(|u| *u != existing.username) {
        return Err(Error::Conflict(
            format!("the owner is already {}; the user name is permanent", existing.username).into(),
        ));
    }
    ctx.print(
        &format!("The server is already set up: {} owns {}", existing.username, server.domain.site.base()),
        &json!({"username": existing.username, "actor": existing.uri, "created": false}),
    );
    Ok(())
}

/// The domain, and the user name if the answer was a full handle.
fn choose_site(args: &Args) -> Result<(Site, Option<String>)> {
    if let Some(domain) = &args.domain {
        return Ok((Site::new(domain, args.handle_domain.as_deref())?, None));
    }
    if args.yes {
        return Err(Error::invalid("--domain is missing"));
    }
    print_line("The domain and your user name are permanent: every link to you is built on them.");
    loop {
        let answer = prompt("Your handle, like me@example.org, or only the domain: ")?;
        let answer = answer.trim_start_matches('@');
        let (user, domain) = match answer.rsplit_once('@') {
            Some((user, domain)) => (Some(user.to_owned()), domain),
            None => (None, answer),
        };
        match Site::new(domain, args.handle_domain.as_deref()) {
            // Probably a user name.
            Ok(site) if user.is_none() && permanence::of(&site) == Some(Concern::SingleLabel) => {
                print_line(&format!("`{domain}` is not a full domain like example.org."));
            }
            Ok(site) => return Ok((site, user)),
            Err(e) => print_line(&error_text(&e)),
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
            None => prompt("User name (permanent; lowercase letters, digits and _): ")?,
        };
        match setup::check_username(&user) {
            Ok(()) => return Ok(user),
            Err(e) => print_line(&error_text(&e)),
        }
    }
}

/// Prompts for a confirmation of the permanent values. With --yes, a domain that cannot work needs --force.
fn confirm(args: &Args, site: &Site, username: &str) -> Result<()> {
    let concern = permanence::of(site);
    if let Some(concern) = concern {
        if args.yes && !args.force && concern != Concern::ThisMachine && concern != Concern::Reserved {
            return Err(Error::invalid(format!(
                "{}; the domain is permanent. Use a real domain, or add --force",
                concern.describe(site.authority())
            )));
        }
        let _ = writeln!(std::io::stderr(), "Warning: {}.", concern.describe(site.authority()));
    }
    if args.yes {
        return Ok(());
    }
    print_line(&format!(
        "You will be @{username}@{}, at {}/. Neither can be changed later.",
        site.handle_domain(),
        site.base()
    ));
    let answer = prompt("Is that right? [y/N] ")?;
    if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::invalid("not confirmed; nothing was saved"))
}
