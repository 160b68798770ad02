//! `dassie xray`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::context::CommandContext;
use crate::domain::account::setup::{self, Credentials};
use crate::domain::inspect::{self, Setting, Xray};
use crate::domain::urls::Site;
use crate::domain::{Domain, Remote};
use crate::error::{Error, Result};
use crate::protocol::discovery::webfinger::Resource;
use crate::protocol::json;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file (`-` for standard input), which is read without network access; or a URL or user@host, which is fetched.
    source: String,
    /// Assume that you follow the author. Always assumed if the server has not been set up.
    #[arg(long)]
    followed: bool,
}

pub(super) fn run(ctx: &CommandContext, args: &Args) -> Result<()> {
    let found = if args.source.starts_with("https://") || args.source.starts_with("http://") || is_handle(&args.source)
    {
        fetched(ctx, args)?
    } else {
        from_file(ctx, args)?
    };
    let value = serde_json::to_value(&found)?;
    ctx.print(&text_of(&found), &value);
    Ok(())
}

/// Returns `true` for a handle that is not the name of a file.
fn is_handle(source: &str) -> bool {
    source.trim_start_matches('@').contains('@') && !Path::new(source).exists()
}

fn from_file(ctx: &CommandContext, args: &Args) -> Result<Xray> {
    let bytes = if args.source == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        bytes
    } else {
        std::fs::read(&args.source).map_err(|e| Error::invalid(format!("{} cannot be read: {e}", args.source)))?
    };
    let document =
        json::parse(&bytes).map_err(|e| Error::invalid(format!("cannot read {} as JSON: {e}", args.source)))?;
    let setting = |followed| Setting { source: args.source.clone(), followed, checks: Vec::new() };
    if ctx.is_set_up()? {
        return inspect::examine(&ctx.open()?.domain, &document, setting(args.followed));
    }
    let dir = tempdir()?;
    let domain = empty_server(&dir.0)?;
    inspect::examine(&domain, &document, setting(true))
}

/// A temporary directory, removed on drop.
struct TempDir(std::path::PathBuf);

impl Drop for TempDir {
    fn drop(&mut self) {
        // A directory that cannot be removed stays in the system's temporary directory.
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

/// A new server with an owner, for a machine without one.
fn empty_server(dir: &Path) -> Result<Arc<Domain>> {
    let site = Site::new("localhost", None)?;
    let domain = Arc::new(Domain::new(Store::open(dir)?, site)?);
    // This server signs nothing and has no sign-in: throwaway keys and no password are enough.
    let (key, proof_key) = (SigningKey::generate_rsa()?, ProofKey::generate()?);
    setup::create_with(&domain, "owner", "", Credentials { password_hash: String::new(), key, proof_key })?;
    Ok(domain)
}

fn fetched(ctx: &CommandContext, args: &Args) -> Result<Xray> {
    let server = ctx.open()?;
    let (source, response) = match Resource::parse(&args.source) {
        Ok(Resource::Other) | Err(_) => {
            return Err(Error::invalid(format!("`{}` is neither a file, a URL nor a handle (user@host)", args.source)));
        }
        Ok(Resource::Url(url)) => (url.clone(), server.fetcher.examine(&url)?),
        Ok(Resource::Account { username, host }) => server.fetcher.examine_handle(&username, &host)?,
    };
    inspect::examine_answer(&server.domain, response, source, args.followed)
}

/// The result as text, a line for each entry.
fn text_of(x: &Xray) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{label:<16} {}", text.replace('\n', "\n                 "));
    };
    for (label, text) in x.lines() {
        line(label, &text);
    }
    for c in &x.checks {
        line(if c.ok { "passed" } else { "failed" }, &format!("{}: {}", c.what, c.found));
    }
    line("verdict", &x.verdict);
    if let Some(condition) = x.provided {
        line("provided that", condition);
    }
    out.trim_end().to_owned()
}
