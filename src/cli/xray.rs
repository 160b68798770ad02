//! `dassie xray`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::Shell;
use crate::domain::owner::{self, NewOwner};
use crate::domain::site::Site;
use crate::domain::xray::{self, Setting, Xray};
use crate::domain::{Domain, Found, Remote};
use crate::error::{Error, Result};
use crate::protocol::json;
use crate::protocol::webfinger::Resource;
use crate::store::{Store, actors, statuses};

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
    match shell.open() {
        Ok(tools) => xray::examine(&tools.domain, &document, setting(args.followed)),
        Err(_) => {
            let nowhere = tempdir()?;
            let answer = nobodys(&nowhere.0).and_then(|domain| xray::examine(&domain, &document, setting(true)));
            drop(nowhere);
            answer
        }
    }
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
fn nobodys(dir: &Path) -> Result<Arc<Domain>> {
    let site = Site::new("localhost", None)?;
    let domain = Arc::new(Domain::new(Store::open(dir)?, site)?);
    let new = NewOwner { username: "owner".into(), display_name: String::new(), password: "unused, unused".into() };
    owner::create(&domain, new)?;
    Ok(domain)
}

fn fetched(shell: &Shell, args: &Args) -> Result<Xray> {
    let tools = shell.open()?;
    let resource = Resource::parse(&args.what)
        .map_err(|_| Error::invalid(format!("`{}` is neither a file, an address nor user@host", args.what)))?;
    let address = match resource {
        Resource::Url(url) => url,
        Resource::Account { username, host } => {
            let id = tools.fetcher.actor_by_handle(&username, &host)?;
            tools.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?.uri
        }
    };
    let (document, checks) = tools.fetcher.examine(&address).or_else(|first| match tools.fetcher.at_url(&address) {
        // The page of something: what is behind it.
        Ok(Found::Status(id)) => {
            let status = tools.domain.store.read(|c| statuses::get(c, id))?.ok_or(Error::NotFound)?;
            tools.fetcher.examine(&status.uri)
        }
        Ok(Found::Actor(id)) => {
            let actor = tools.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
            tools.fetcher.examine(&actor.uri)
        }
        Err(_) => Err(first),
    })?;
    xray::examine(&tools.domain, &document, Setting { source: address, followed: args.followed, checks })
}

/// A line for each thing that there is to say.
fn told(x: &Xray) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        if !text.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{label:<16} {}", text.replace('\n', "\n                 "));
        }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    line("kind", &format!("{} ({})", x.kind, x.r#type));
    line("id", &text(&x.id));
    line("author", &text(&x.author));
    line("title", &text(&x.title));
    line("text", &text(&x.text));
    line("visibility", x.visibility.unwrap_or_default());
    line("content warning", &text(&x.content_warning));
    line("sensitive", if x.sensitive { "yes" } else { "" });
    line("language", &text(&x.language));
    line("published", &text(&x.published));
    line("edited", &text(&x.updated));
    line("page", &text(&x.url));
    for a in &x.attachments {
        let alt = a.alt.as_ref().map_or("without description".to_owned(), |alt| format!("“{alt}”"));
        line("attachment", &format!("{} {} {alt}", a.kind, a.url));
    }
    line("mentions", &x.mentions.join(" "));
    line("hashtags", &x.hashtags.iter().map(|t| format!("#{t}")).collect::<Vec<_>>().join(" "));
    line("emoji", &x.emoji.iter().map(|e| format!(":{e}:")).collect::<Vec<_>>().join(" "));
    if let Some(p) = &x.poll {
        let options: Vec<_> = p.options.iter().map(|(title, votes)| format!("{title} ({votes})")).collect();
        let how = if p.multiple { "several of" } else { "one of" };
        line("poll", &format!("{how} {}{}", options.join(", "), if p.closed { ", closed" } else { "" }));
    }
    if let Some(q) = &x.quote {
        line("quote", &format!("{} ({}: {})", q.uri, if q.approved { "approved" } else { "not approved" }, q.why));
    }
    line("reaction", &text(&x.reaction));
    line("in reply to", &text(&x.in_reply_to));
    line("community", &text(&x.group));
    line("object", &text(&x.object));
    line("target", &text(&x.target));
    line("policy", &x.policy.as_ref().map(ToString::to_string).unwrap_or_default());
    line("fetches first", &x.fetches.join(" "));
    for c in &x.checks {
        line(if c.ok { "in order" } else { "not in order" }, &format!("{}: {}", c.what, c.found));
    }
    line("verdict", &x.verdict);
    out.trim_end().to_owned()
}
