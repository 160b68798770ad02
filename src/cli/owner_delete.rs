//! `dassie owner delete`.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::context::{CommandContext, print_line, prompt};
use crate::domain::account::deletion::{self, DeletionPlan, Progress};
use crate::error::{Error, Result};
use crate::jobs::{WorkerContext, Workers};
use crate::store::database::dir_lock::DirLock;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Confirm with the handle, such as @me@example.org, instead of at the prompt.
    #[arg(long, value_name = "HANDLE")]
    confirm: Option<String>,
    /// Only list what would be done.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let Args { confirm, dry_run } = args;
    let server = ctx.open_any()?;
    if server.domain.awaits_setup() {
        return Err(Error::invalid("this server has no owner yet; there is nothing to delete"));
    }
    if !server.domain.is_deleted() {
        let plan = deletion::plan(&server.domain)?;
        if dry_run {
            ctx.print(&describe(&plan), &plan_value(&plan));
            return Ok(());
        }
        let answer = match confirm {
            Some(handle) => handle,
            None => {
                print_line(&describe(&plan));
                prompt(&format!("Type {} to delete it: ", plan.handle))?
            }
        };
        if answer.trim_start_matches('@') != plan.handle.trim_start_matches('@') {
            return Err(Error::invalid(format!("this is not {}; nothing was deleted", plan.handle)));
        }
        deletion::delete(&server.domain)?;
    }
    let progress = finish(ctx, &server)?;
    let value = json!({"deleted": true, "deliveries_waiting": progress.deliveries});
    ctx.print(&conclusion(ctx, &progress), &value);
    Ok(())
}

fn count(n: i64, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

fn describe(plan: &DeletionPlan) -> String {
    format!(
        "This deletes {} permanently:\n\
         - {} and {} of yours are removed, with your lists, filters, messages and settings\n\
         - {} and {} lose the account\n\
         - {} to delete everything they have of it; a server may ignore that\n\
         - every browser and app is signed out, and all addresses of the account answer 410 (gone)\n\
         - the handle cannot be used again: other servers remember that it was deleted\n\
         It cannot be undone. To keep a copy, stop the server and copy the data directory first.",
        plan.handle,
        count(plan.holdings.posts, "post or boost", "posts and boosts"),
        count(plan.holdings.files, "uploaded file", "uploaded files"),
        count(plan.followers, "follower", "followers"),
        count(plan.following, "followed account", "followed accounts"),
        count(plan.servers as i64, "server is asked", "servers are asked"),
    )
}

fn plan_value(plan: &DeletionPlan) -> Value {
    json!({
        "handle": plan.handle,
        "posts": plan.holdings.posts,
        "remote_posts": plan.holdings.remote_posts,
        "files": plan.holdings.files,
        "followers": plan.followers,
        "following": plan.following,
        "servers": plan.servers,
    })
}

/// Waits until the deletion was sent to every server that responds, and everything is erased. A running server does that;
/// without one, the workers run in this process.
fn finish(ctx: &CommandContext, server: &WorkerContext) -> Result<Progress> {
    let lock = match DirLock::take(&ctx.data) {
        Ok(lock) => Some(lock),
        Err(Error::Conflict(_)) => None,
        Err(e) => return Err(e),
    };
    let workers = lock.as_ref().map(|_| Workers::start(server.clone())).transpose()?;
    let mut shown = None;
    let progress = loop {
        let progress = deletion::progress(&server.domain)?;
        if shown != Some(progress) {
            report(&progress);
            shown = Some(progress);
        }
        if progress.is_done() {
            break progress;
        }
        std::thread::sleep(Duration::from_millis(500));
    };
    if let Some(workers) = workers {
        workers.stop();
    }
    Ok(progress)
}

fn report(progress: &Progress) {
    let left = progress.left;
    let _ = writeln!(
        std::io::stderr(),
        "left: {}, {}, {}",
        count(progress.deliveries, "delivery", "deliveries"),
        count(left.posts + left.remote_posts, "post", "posts"),
        count(left.files, "file", "files"),
    );
}

fn conclusion(ctx: &CommandContext, progress: &Progress) -> String {
    let waiting = match progress.deliveries {
        0 => "Every server has received it.".to_owned(),
        n => format!(
            "{} not respond. They are tried again for a week while `dassie serve` runs, or when you run this command again.",
            count(n, "server did", "servers did")
        ),
    };
    format!(
        "The account is deleted. {waiting}\n\
         Keep `dassie serve` running for some weeks: it answers servers that ask later that the account is gone.\n\
         After that, {} can be removed.",
        ctx.data.display()
    )
}
