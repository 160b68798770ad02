//! `dassie xray`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::Shell;
use crate::domain::account::setup::{self, Credentials};
use crate::domain::inspect::{self, Setting, Xray};
use crate::domain::urls::Site;
use crate::domain::{Domain, Remote};
use crate::error::{Error, Result};
use crate::protocol::json;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::webfinger::Resource;
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file (`-` for standard input), which is read without any network; an address, or user@host, which are fetched.
    what: String,
    /// As if you followed its author. Always so where there is no server yet.
    #[arg(long)]
    followed: bool,
}

pub(super) fn run(shell: &Shell, args: &Args) -> Result<()> {
    let found = if args.what.starts_with("https://") || args.what.starts_with("http://") || is_handle(&args.what) {
        fetched(shell, args)?
    } else {
        from_file(shell, args)?
    };
    let value = serde_json::to_value(&found)?;
    shell.say(&told(&found), &value);
    Ok(())
}

/// A handle, unless it is the name of a file.
fn is_handle(what: &str) -> bool {
    what.trim_start_matches('@').contains('@') && !Path::new(what).exists()
}

fn from_file(shell: &Shell, args: &Args) -> Result<Xray> {
    let bytes = if args.what == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        bytes
    } else {
        std::fs::read(&args.what).map_err(|e| Error::invalid(format!("{} cannot be read: {e}", args.what)))?
    };
    let document = json::parse(&bytes).map_err(|e| Error::invalid(format!("{} is not usable JSON: {e}", args.what)))?;
    let setting = |followed| Setting { source: args.what.clone(), followed, checks: Vec::new() };
    if shell.is_set_up()? {
        return inspect::examine(&shell.open()?.domain, &document, setting(args.followed));
    }
    let nowhere = tempdir()?;
    let domain = empty_server(&nowhere.0)?;
    inspect::examine(&domain, &document, setting(true))
}

/// A directory that goes away again.
struct TempDir(std::path::PathBuf);

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's directory for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tempdir() -> Result<TempDir> {
    let mut name = [0_u8; 8];
    getrandom::fill(&mut name).map_err(|e| Error::internal(e.to_string()))?;
    let dir = std::env::temp_dir().join(format!("dassie-xray-{}", crate::protocol::secret::hex(&name)));
    std::fs::create_dir(&dir)?;
    Ok(TempDir(dir))
}

/// A server with an owner, where there is none.
fn empty_server(dir: &Path) -> Result<Arc<Domain>> {
    let site = Site::new("localhost", None)?;
    let domain = Arc::new(Domain::new(Store::open(dir)?, site)?);
    // Nothing is signed in here and nobody signs in, so one key and no password will do.
    let (key, proof_key) = (SigningKey::generate_rsa()?, ProofKey::generate()?);
    setup::create_with(&domain, "owner", "", Credentials { password_hash: String::new(), key, proof_key })?;
    Ok(domain)
}

fn fetched(shell: &Shell, args: &Args) -> Result<Xray> {
    let tools = shell.open()?;
    let (source, answer) = match Resource::parse(&args.what) {
        Ok(Resource::Other) | Err(_) => {
            return Err(Error::invalid(format!("`{}` is neither a file, an address nor user@host", args.what)));
        }
        Ok(Resource::Url(url)) => (url.clone(), tools.fetcher.examine(&url)?),
        Ok(Resource::Account { username, host }) => tools.fetcher.examine_handle(&username, &host)?,
    };
    inspect::examine_answer(&tools.domain, answer, source, args.followed)
}

/// A line for each thing that there is to say.
fn told(x: &Xray) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{label:<16} {}", text.replace('\n', "\n                 "));
    };
    for (label, text) in x.lines() {
        line(label, &text);
    }
    for c in &x.checks {
        line(if c.ok { "in order" } else { "not in order" }, &format!("{}: {}", c.what, c.found));
    }
    line("verdict", &x.verdict);
    if let Some(condition) = x.provided {
        line("provided that", condition);
    }
    out.trim_end().to_owned()
}
