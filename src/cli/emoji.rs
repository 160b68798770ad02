//! `dassie emoji`.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::CommandContext;
use crate::domain::Domain;
use crate::domain::custom_emoji::copying::{self, Original};
use crate::domain::custom_emoji::manage::{self, EmojiChange, Existing, NewEmoji};
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::media::{PackSource, store_emoji, store_pack};
use crate::store::custom_emoji::CustomEmoji;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the emoji.
    List,
    /// Add an emoji from a picture.
    Add {
        /// Its name, without colons.
        shortcode: String,
        /// The picture: PNG, GIF, WebP or JPEG.
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Import a pack of Mastodon, Misskey or Pleroma, or just pictures: a zip or tar.gz file, or a folder.
    Import {
        /// The file or folder.
        pack: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Copy an emoji of another server.
    Copy {
        /// Such as :blobcat:@example.org.
        emoji: String,
        /// Another name for it.
        #[arg(long = "as", value_name = "SHORTCODE")]
        name: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// Change the name or the category of an emoji, or whether apps offer it.
    Edit {
        /// The name.
        shortcode: String,
        /// The new name. Texts that have the old one show it as text.
        #[arg(long, value_name = "SHORTCODE")]
        name: Option<String>,
        /// The new category; empty for none.
        #[arg(long)]
        category: Option<String>,
        /// Whether apps offer it. If not, it is still shown where its name is written.
        #[arg(long, value_name = "true|false")]
        listed: Option<bool>,
    },
    /// Remove an emoji. Texts that have it show its name.
    Remove {
        /// The name.
        shortcode: String,
    },
}

/// How emoji are added.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// The category in apps [default: what a pack states].
    #[arg(long)]
    category: Option<String>,
    /// Give emoji with the same names the new pictures.
    #[arg(long)]
    replace: bool,
}

impl How {
    fn existing(&self) -> Existing {
        if self.replace { Existing::Replaced } else { Existing::Kept }
    }
}

pub(super) fn run(ctx: &CommandContext, command: Command) -> Result<()> {
    let server = ctx.open()?;
    match command {
        Command::List => list(ctx, &manage::all(&server.domain)?),
        Command::Add { shortcode, file, how } => {
            let name = manage::shortcode(&shortcode)?;
            let source = BufReader::new(File::open(&file).map_err(|e| Error::file(&file, &e))?);
            add(ctx, &server, name, &how, |media| store_emoji(media, source))?;
        }
        Command::Import { pack, how } => import(ctx, &server, &pack, &how)?,
        Command::Copy { emoji, name, how } => {
            let original = Original::parse(&emoji)?;
            let name = name.as_deref().map_or_else(|| original.shortcode(), manage::shortcode)?;
            add(ctx, &server, name, &how, |media| {
                store_emoji(media, Cursor::new(copying::fetch(&server.domain, &original)?))
            })?;
        }
        Command::Edit { shortcode, name, category, listed } => {
            let emoji = find(&server.domain, &shortcode)?;
            let name = name.as_deref().map(manage::shortcode).transpose()?;
            let shown = name.clone().unwrap_or_else(|| emoji.shortcode.clone());
            let change = EmojiChange { shortcode: name, category, listed, picture: None };
            manage::change(&server.domain, emoji.id, change)?;
            ctx.print(&format!(":{shown}: has been changed"), &json!({"shortcode": shown}));
        }
        Command::Remove { shortcode } => {
            let emoji = find(&server.domain, &shortcode)?;
            manage::remove(&server.domain, emoji.id)?;
            let name = emoji.shortcode;
            ctx.print(&format!(":{name}: has been removed"), &json!({"shortcode": name}));
        }
    }
    Ok(())
}

fn find(domain: &Domain, written: &str) -> Result<CustomEmoji> {
    let name = manage::shortcode(written)?;
    let missing = || Error::invalid(format!("there is no emoji :{name}:; `dassie emoji list` shows all"));
    manage::by_name(domain, &name)?.ok_or_else(missing)
}

fn list(ctx: &CommandContext, all: &[CustomEmoji]) {
    let line = |emoji: &CustomEmoji| {
        let category = emoji.category.as_ref().map(|category| format!(" ({category})")).unwrap_or_default();
        let hidden = if emoji.listed { "" } else { " hidden" };
        format!(":{}:{category}{hidden}", emoji.shortcode)
    };
    let lines: Vec<String> = all.iter().map(line).collect();
    let lines = if lines.is_empty() { "There are no custom emoji".to_owned() } else { lines.join("\n") };
    let entry = |emoji: &CustomEmoji| json!({"shortcode": emoji.shortcode, "category": emoji.category, "url": emoji.url, "listed": emoji.listed});
    ctx.print(&lines, &json!(all.iter().map(entry).collect::<Vec<_>>()));
}

fn add(
    ctx: &CommandContext,
    server: &WorkerContext,
    shortcode: String,
    how: &How,
    store: impl FnOnce(&crate::media::MediaDir) -> Result<manage::StoredEmoji>,
) -> Result<()> {
    manage::check_new(&server.domain, &shortcode, how.existing())?;
    let emoji =
        NewEmoji { shortcode: shortcode.clone(), category: how.category.clone(), picture: store(&server.media)? };
    manage::add(&server.domain, emoji, how.existing())?;
    ctx.print(&format!(":{shortcode}: has been added"), &json!({"shortcode": shortcode}));
    Ok(())
}

/// Imports what can be used of a pack, and reports what cannot.
fn import(ctx: &CommandContext, server: &WorkerContext, path: &Path, how: &How) -> Result<()> {
    let source = match path.is_dir() {
        true => PackSource::Folder(path),
        false => PackSource::File(BufReader::new(File::open(path).map_err(|e| Error::file(path, &e))?)),
    };
    let wanted = |shortcode: &str| manage::check_new(&server.domain, shortcode, how.existing());
    let mut pack = store_pack(&server.media, source, &wanted)?;
    if let Some(category) = &how.category {
        pack.emoji.iter_mut().for_each(|emoji| emoji.category = Some(category.clone()));
    }
    let read = pack.emoji.len();
    let refused = manage::add_all(&server.domain, pack.emoji, how.existing())?;
    let added = read - refused.len();
    let skipped: Vec<String> = pack.skipped.iter().chain(&refused).map(ToString::to_string).collect();
    let mut lines = vec![format!("Imported {added} emoji")];
    if !skipped.is_empty() {
        lines.push(format!("Left out {}:", skipped.len()));
        lines.extend(skipped.iter().map(|reason| format!("  {reason}")));
    }
    ctx.print(&lines.join("\n"), &json!({"imported": added, "skipped": skipped}));
    Ok(())
}
