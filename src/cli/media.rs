//! `dassie media`.

use std::time::Duration;

use serde_json::json;

use super::context::CommandContext;
use crate::config::ByteSize;
use crate::domain::remote_files::RemoteFile;
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::media::file_cache::{Removal, Removed};
use crate::media::orphans;
use crate::store::actors;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show how much space media take: yours, and those of other servers in the cache.
    Usage,
    /// Remove files of other servers from the cache that were not shown for some time.
    Prune {
        /// Days since a file was last shown; 0 removes all.
        #[arg(long, value_name = "DAYS", default_value_t = 30)]
        older: u32,
        /// Only show what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove files that nothing refers to any more: in the cache, and in the media directory.
    Orphans {
        /// Only show what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Fetch files again: the pictures of an account (user@host), or all files in the cache that are from a host.
    Refresh {
        /// Such as user@example.org or example.org.
        target: String,
        /// Only show what would be fetched.
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::Usage => usage(ctx, &server),
        Command::Prune { older, dry_run } => {
            let age = Duration::from_secs(u64::from(older) * 86_400);
            let removed = server.files.prune(age, removal(dry_run))?;
            report(ctx, "from the cache", dry_run, removed);
            Ok(())
        }
        Command::Orphans { dry_run } => {
            let cached = server.files.remove_orphans(removal(dry_run))?;
            let own = orphans::remove(&server.domain, &server.media, removal(dry_run))?;
            let files = |removed: Removed| json!({"files": removed.files, "bytes": removed.bytes});
            let line = format!(
                "{} {} in the cache, and {} in the media directory",
                verb(dry_run),
                described(cached),
                described(own)
            );
            ctx.print(&line, &json!({"dry_run": dry_run, "cache": files(cached), "media": files(own)}));
            Ok(())
        }
        Command::Refresh { target, dry_run } => refresh(ctx, &server, &target, dry_run),
    }
}

fn removal(dry_run: bool) -> Removal {
    if dry_run { Removal::DryRun } else { Removal::Real }
}

fn verb(dry_run: bool) -> &'static str {
    if dry_run { "Would remove" } else { "Removed" }
}

fn described(removed: Removed) -> String {
    let noun = if removed.files == 1 { "file" } else { "files" };
    format!("{} {noun} ({})", removed.files, ByteSize(removed.bytes))
}

fn report(ctx: &CommandContext, place: &str, dry_run: bool, removed: Removed) {
    let value = json!({"dry_run": dry_run, "files": removed.files, "bytes": removed.bytes});
    ctx.print(&format!("{} {} {place}", verb(dry_run), described(removed)), &value);
}

fn usage(ctx: &CommandContext, server: &WorkerContext) -> Result<()> {
    let (cache, budget) = server.files.usage()?;
    let (mut files, mut bytes) = (0_u64, 0);
    server.media.for_each(Duration::ZERO, |_, size| {
        files += 1;
        bytes += size;
        Ok(())
    })?;
    let database = server.domain.store.size()?;
    let value = json!({
        "own": {"files": files, "bytes": bytes},
        "cache": {"files": cache.files, "bytes": cache.bytes, "budget": budget, "visitors": cache.visitor_bytes},
        "database": {"bytes": database},
    });
    let line = format!(
        "own media: {files} files, {}\ncache: {} files, {} of {} ({} shown to visitors only)\ndatabase: {}",
        ByteSize(bytes),
        cache.files,
        ByteSize(cache.bytes),
        ByteSize(budget),
        ByteSize(cache.visitor_bytes),
        ByteSize(database),
    );
    ctx.print(&line, &value);
    Ok(())
}

/// The files that a target means.
fn files_of(server: &WorkerContext, target: &str) -> Result<Vec<(RemoteFile, String)>> {
    if let Some((username, domain)) = target.trim_start_matches('@').split_once('@') {
        let actor = server.domain.store.read(|c| actors::by_handle(c, username, domain))?;
        let actor = actor.ok_or_else(|| Error::invalid(format!("no account @{username}@{domain} is known")))?;
        if actor.local {
            return Err(Error::invalid("your own pictures are not in the cache"));
        }
        let pictures = [actor.avatar, actor.header].into_iter().flatten();
        return Ok(pictures.map(|url| (RemoteFile::Picture(actor.id), url)).collect());
    }
    let mut found = Vec::new();
    server.files.for_each(|row| {
        if host_of(&row.url).is_some_and(|host| host.eq_ignore_ascii_case(target)) {
            found.push((row.subject.parse()?, row.url.clone()));
        }
        Ok(())
    })?;
    Ok(found)
}

fn refresh(ctx: &CommandContext, server: &WorkerContext, target: &str, dry_run: bool) -> Result<()> {
    let files = files_of(server, target)?;
    let (mut fetched, mut failed) = (Vec::new(), Vec::new());
    for (file, url) in &files {
        match if dry_run { Ok(()) } else { server.files.refresh(*file, url) } {
            Ok(()) => fetched.push(url),
            Err(e) => failed.push(json!({"url": url, "error": super::context::error_text(&e)})),
        }
    }
    let value = json!({"dry_run": dry_run, "fetched": fetched, "failed": failed});
    let done = if dry_run { "Would fetch" } else { "Fetched" };
    let mut lines = vec![format!("{done} {} of {} files again", fetched.len(), files.len())];
    lines.extend(failed.iter().map(|f| format!("{}: {}", f["url"].as_str().unwrap_or_default(), f["error"])));
    ctx.print(&lines.join("\n"), &value);
    if failed.len() == files.len() && !files.is_empty() {
        return Err(Error::invalid("no file could be fetched; the present ones were kept"));
    }
    Ok(())
}
