//! The command line: the table of commands. Commands also work while the server runs: they share its database.

mod context;
mod domain;
mod emoji;
mod follow;
mod init;
mod keys;
mod media;
mod move_account;
mod owner;
mod owner_delete;
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
use crate::error::Result;
use context::{CommandContext, error_text, printable};

/// A fediverse server for one person.
#[derive(Debug, Parser)]
#[command(name = "dassie", version, about, max_term_width = 100)]
pub struct Cli {
    /// The one directory that holds everything: the database, media, and config.toml.
    #[arg(long, global = true, default_value = "./data", env = "DASSIE_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The configuration file [default: config.toml in the data directory, if it exists].
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
    /// Run the server. Without a domain and without `init`, a local instance for testing.
    Serve(serve::Args),
    /// Set the domain, the user name and the password. Can be run again: the domain and the user name never change.
    Init(init::Args),
    /// Manage the owner's account.
    #[command(subcommand)]
    Owner(owner::Command),
    /// Manage access tokens for apps and scripts.
    #[command(subcommand)]
    Token(token::Command),
    /// Publish a post from the argument or from standard input (`-`).
    Post(post::Args),
    /// Follow an account by its handle (user@host) or URL.
    Follow(follow::Args),
    /// Show how Dassie processes a document or activity, and why.
    Xray(xray::Args),
    /// Manage the policies for other servers.
    #[command(subcommand)]
    Domain(domain::Command),
    /// Manage your custom emoji.
    #[command(subcommand)]
    Emoji(emoji::Command),
    /// Manage relays, which distribute public posts.
    #[command(subcommand)]
    Relay(relay::Command),
    /// Manage the space that media take.
    #[command(subcommand)]
    Media(media::Command),
    /// Manage the keys that this server signs with.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Move the account to another one, or another one to this one.
    #[command(subcommand)]
    Move(move_account::Command),
    /// Show the account, its numbers and the queues.
    Status,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(&cli.command);
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(std::io::stderr(), "dassie: {}", printable(&error_text(&e)));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let text = |(k, v): (std::ffi::OsString, std::ffi::OsString)| {
        Some((k.into_string().ok()?, v.to_string_lossy().into_owned()))
    };
    let config = Config::load(cli.config.as_deref(), &cli.data, std::env::vars_os().filter_map(text))?;
    let ctx = CommandContext { data: cli.data, config, json: cli.json };
    match cli.command {
        Command::Serve(args) => serve::run(&ctx, args),
        Command::Init(args) => init::run(&ctx, args),
        Command::Owner(command) => owner::run(&ctx, command),
        Command::Token(command) => token::run(&ctx, command),
        Command::Post(args) => post::run(&ctx, args),
        Command::Follow(args) => follow::run(&ctx, args),
        Command::Xray(args) => xray::run(&ctx, &args),
        Command::Domain(command) => domain::run(&ctx, command),
        Command::Emoji(command) => emoji::run(&ctx, command),
        Command::Relay(command) => relay::run(&ctx, command),
        Command::Media(command) => media::run(&ctx, command),
        Command::Keys(command) => keys::run(&ctx, &command),
        Command::Move(command) => move_account::run(&ctx, command),
        Command::Status => status::run(&ctx),
    }
}

fn start_log(command: &Command) {
    use tracing_subscriber::EnvFilter;
    // The demo delivers nothing, which is not worth a line each time.
    let level = if matches!(command, Command::Serve(args) if args.is_demo()) { "warn" } else { "info" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    // A second log in one process (tests) is not an error.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
