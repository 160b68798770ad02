//! What a pack states about its emoji: `meta.json` of Misskey or `pack.json` of Pleroma. Without one, as in exports of Mastodon, the
//! names of the files are those of the emoji.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::refusal::PackRefusal;
use crate::error::{Error, Result};
use crate::protocol::text::is_shortcode;

/// The emoji that a file is the picture of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) shortcode: String,
    pub(super) category: Option<String>,
}

/// The emoji of a pack by the paths of their files.
#[derive(Debug, Default)]
pub(super) struct Description {
    /// `None` if the files are named like the emoji.
    stated: Option<BTreeMap<String, Vec<Described>>>,
    /// How far below the root it is; the uppermost counts.
    depth: usize,
}

#[derive(Deserialize)]
struct Misskey {
    emojis: Vec<MisskeyFile>,
}

#[derive(Deserialize)]
struct MisskeyFile {
    #[serde(rename = "fileName")]
    file: Option<String>,
    emoji: MisskeyEmoji,
}

#[derive(Deserialize)]
struct MisskeyEmoji {
    name: String,
    category: Option<String>,
}

#[derive(Deserialize)]
struct Pleroma {
    files: BTreeMap<String, String>,
}

/// Returns `true` for the name of a description.
pub(super) fn is_description(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("meta.json" | "pack.json"))
}

/// The path of a file as descriptions write it.
fn normal(path: &str) -> &str {
    path.trim_start_matches("./")
}

impl Description {
    /// Reads a description, unless one further up was read.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is not one.
    pub(super) fn read(&mut self, path: &str, json: &[u8]) -> Result<()> {
        let path = normal(path);
        let depth = path.matches('/').count() + 1;
        if self.stated.is_some() && depth >= self.depth {
            return Ok(());
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let place = |file: &str| if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        let mut stated: BTreeMap<String, Vec<Described>> = BTreeMap::new();
        let mut add = |file: &str, described| stated.entry(place(normal(file))).or_default().push(described);
        if path.ends_with("meta.json") {
            for MisskeyFile { file, emoji } in parse::<Misskey>(path, json)?.emojis {
                let MisskeyEmoji { name: shortcode, category } = emoji;
                add(&file.unwrap_or_default(), Described { shortcode, category });
            }
        } else {
            let category = folder.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
            for (shortcode, file) in parse::<Pleroma>(path, json)?.files {
                add(&file, Described { shortcode, category: category.clone() });
            }
        }
        (self.stated, self.depth) = (Some(stated), depth);
        Ok(())
    }

    /// The emoji whose picture a file is.
    pub(super) fn take(&mut self, path: &str) -> Vec<Described> {
        match &mut self.stated {
            Some(stated) => stated.remove(normal(path)).unwrap_or_default(),
            None => by_name(path).into_iter().collect(),
        }
    }

    /// The emoji whose files the pack lacks.
    pub(super) fn missing(self) -> impl Iterator<Item = Described> {
        self.stated.into_iter().flatten().flat_map(|(_, described)| described)
    }
}

fn parse<'a, T: Deserialize<'a>>(path: &str, json: &'a [u8]) -> Result<T> {
    // Some editors of Windows write this mark first.
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    serde_json::from_slice(json)
        .map_err(|e| Error::invalid(PackRefusal::Description { path: path.to_owned(), cause: e.to_string() }))
}

/// The emoji that a picture is named after. Dashes, which names of emoji do not have, become underscores.
fn by_name(path: &str) -> Option<Described> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ext) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty() && !stem.starts_with('.'))?;
    let is_picture =
        ["png", "apng", "gif", "webp", "jpg", "jpeg", "avif", "svg"].contains(&ext.to_ascii_lowercase().as_str());
    let shortcode = if is_shortcode(stem) { stem.to_owned() } else { stem.replace('-', "_") };
    is_picture.then_some(Described { shortcode, category: None })
}
