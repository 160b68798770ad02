//! The command line. Commands work while the server runs: they share its database.

mod domain;
mod follow;
mod init;
mod keys;
mod owner;
mod permanence;
mod post;
mod relay;
mod serve;
mod status;
mod token;
mod xray;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::domain::account::setup as owner_rules;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::protocol::text::{is_hidden, is_ignorable};
use crate::server::data_dir::has_database;
use crate::store::Store;

/// A fediverse server for one person.
#[derive(Debug, Parser)]
#[command(name = "dassie", version, about, max_term_width = 100)]
pub struct Cli {
    /// The one directory that holds everything: the database, media, and config.toml.
    #[arg(long, global = true, default_value = "./data", env = "DASSIE_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The configuration file [default: config.toml in the data directory, if it is there].
    #[arg(long, global = true, env = "DASSIE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print machine-readable JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server. Without a domain and without `init`, a local instance to try things out.
    Serve(serve::Args),
    /// Choose domain, user name and password. Can be run again: what is permanent stays.
    Init(init::Args),
    /// The owner's account.
    #[command(subcommand)]
    Owner(owner::Command),
    /// Access tokens for apps and scripts.
    #[command(subcommand)]
    Token(token::Command),
    /// Post a text, from the argument or from standard input (`-`).
    Post(post::Args),
    /// Follow somebody, by handle (user@host) or address.
    Follow(follow::Args),
    /// Show what Dassie makes of a document or activity, and why.
    Xray(xray::Args),
    /// Servers that are kept away, or let in.
    #[command(subcommand)]
    Domain(domain::Command),
    /// Relays that pass public posts on.
    #[command(subcommand)]
    Relay(relay::Command),
    /// The keys that this server signs with.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Show what this server is and what waits.
    Status,
}

/// What every command needs.
struct Shell {
    data: PathBuf,
    config: Config,
    json: bool,
}

impl Shell {
    /// The parts of a server that was set up already.
    fn open(&self) -> Result<WorkerContext> {
        if !has_database(&self.data)? {
            return Err(Error::invalid(format!(
                "there is no server in {}; run `dassie init` or `dassie serve` first, or name another --data",
                self.data.display()
            )));
        }
        let site = self
            .bound_site()?
            .ok_or_else(|| Error::invalid("this server was never started; run `dassie init` first"))?;
        let tools = crate::server::open(&self.data, &self.config, site)?;
        tools.domain.owner().map_err(|_| {
            Error::invalid(
                "this server has no owner yet; run `dassie init`, or open the setup link that `dassie serve` prints",
            )
        })?;
        Ok(tools)
    }

    /// Whether there is a server that has its owner.
    fn is_set_up(&self) -> Result<bool> {
        Ok(has_database(&self.data)? && owner_rules::is_set_up(&Store::open(&self.data)?)?)
    }

    /// The domain that the data directory belongs to.
    fn bound_site(&self) -> Result<Option<Site>> {
        if !has_database(&self.data)? {
            return Ok(None);
        }
        owner_rules::bound_site(&Store::open(&self.data)?)
    }

    /// Prints a result: a line for people, or JSON.
    fn say(&self, line: &str, value: &serde_json::Value) {
        if self.json { say(&value.to_string()) } else { say(line) }
    }
}

/// Prints a line. A reader that has gone away (`| head`) is no fault.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{}", printable(line));
}

/// A text without what a terminal obeys or does not show: such characters are written as in JSON, so that JSON stays valid.
fn printable(text: &str) -> std::borrow::Cow<'_, str> {
    let harmful =
        |c: char| c != '\n' && c != '\t' && (c.is_control() || is_hidden(c) || is_ignorable(c) && !is_joiner(c));
    if !text.contains(harmful) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmful(c) {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = std::fmt::Write::write_fmt(&mut out, format_args!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Joiners and variation selectors, which words and emoji need.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(std::io::stderr(), "dassie: {}", printable(&plain(&e)));
            ExitCode::FAILURE
        }
    }
}

/// An error in the words of the command line.
fn plain(error: &Error) -> String {
    match error {
        Error::Invalid(message) => message.to_string(),
        other => other.to_string(),
    }
}

fn run(cli: Cli) -> Result<()> {
    let text = |(k, v): (std::ffi::OsString, std::ffi::OsString)| {
        Some((k.into_string().ok()?, v.to_string_lossy().into_owned()))
    };
    let config = Config::load(cli.config.as_deref(), &cli.data, std::env::vars_os().filter_map(text))?;
    let shell = Shell { data: cli.data, config, json: cli.json };
    match cli.command {
        Command::Serve(args) => serve::run(shell, args),
        Command::Init(args) => init::run(&shell, args),
        Command::Owner(command) => owner::run(&shell, command),
        Command::Token(command) => token::run(&shell, command),
        Command::Post(args) => post::run(&shell, args),
        Command::Follow(args) => follow::run(&shell, args),
        Command::Xray(args) => xray::run(&shell, &args),
        Command::Domain(command) => domain::run(&shell, command),
        Command::Relay(command) => relay::run(&shell, command),
        Command::Keys(command) => keys::run(&shell, &command),
        Command::Status => status::run(&shell),
    }
}

fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A second log in one process (tests) is no fault.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}

/// Reads a password: from standard input, or asked for twice, until both are the same.
fn read_password(from_stdin: bool) -> Result<String> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        owner_rules::check_password(&password)?;
        return Ok(password);
    }
    loop {
        let first = prompt("Password: ")?;
        if let Err(e) = owner_rules::check_password(&first) {
            say(&plain(&e));
            continue;
        }
        if prompt("The same again: ")? == first {
            return Ok(first);
        }
        say("The two passwords differ; nothing is saved yet.");
    }
}

fn prompt(question: &str) -> Result<String> {
    rpassword::prompt_password(question).map_err(|e| {
        Error::invalid(format!(
            "the password cannot be asked for without a terminal ({e}); nothing was saved. \
             Give it on standard input with --password-stdin"
        ))
    })
}
