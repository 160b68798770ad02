//! Packs of custom emoji by Mastodon, Misskey and Pleroma, or just pictures: a folder, zip, tar or tar.gz. A pack is read twice, for its
//! description and for its pictures, so that no more than one picture is in memory.

mod archive;
mod budget;
mod description;
mod tar;
#[cfg(test)]
mod tests;
mod zip;

use std::io::{Cursor, Read, Seek};

pub use self::archive::PackSource;
use self::budget::damaged;
use self::description::{Described, Description, is_description};
use super::disk::MediaDir;
use super::emoji::store_emoji;
use crate::domain::custom_emoji::manage::{NewEmoji, SkippedEmoji};
use crate::error::refusal::PackRefusal;
use crate::error::{Error, Refusal, Result, SizeLimit};
use crate::limits;
use crate::protocol::text::is_shortcode;

/// The emoji of a pack.
#[derive(Debug, Default)]
pub struct StoredPack {
    /// Those whose pictures are stored.
    pub emoji: Vec<NewEmoji>,
    /// What cannot be used, with the reason.
    pub skipped: Vec<SkippedEmoji>,
}

/// Puts the pictures of a pack into the media directory, and flushes them to the disk together. Those that `wanted` refuses are skipped before they are decoded.
///
/// # Errors
/// [`Error::Invalid`] if it is not a pack that can be read, or larger than is accepted; or when the directory cannot be written.
pub fn store_pack<S: Read + Seek>(
    dir: &MediaDir,
    mut source: PackSource<'_, S>,
    wanted: &dyn Fn(&str) -> Result<()>,
) -> Result<StoredPack> {
    let mut description = Description::default();
    source.each(&mut |path, content| match is_description(path) {
        true => description.read(path, &read(content, limits::EMOJI_PACK_DESCRIPTION, SizeLimit::PackDescription)?),
        false => Ok(()),
    })?;
    let mut pack = StoredPack::default();
    let dir = &dir.for_many();
    source.each(&mut |path, content| {
        let described = description.take(path);
        if described.is_empty() {
            return Ok(());
        }
        let picture = match read(content, limits::EMOJI_UPLOAD_BYTES, SizeLimit::PackPicture) {
            Err(Error::TooLarge { .. }) => None,
            other => Some(other?),
        };
        for emoji in described {
            pack.store(dir, emoji, picture.as_deref(), wanted)?;
        }
        Ok(())
    })?;
    dir.flush()?;
    for Described { shortcode, .. } in description.missing() {
        pack.skip(&shortcode, PackRefusal::FileMissing.into());
    }
    match pack.emoji.is_empty() && pack.skipped.is_empty() {
        true => Err(Error::invalid(PackRefusal::Empty)),
        false => Ok(pack),
    }
}

/// Reads a file of a pack.
fn read(content: &mut dyn Read, most: usize, what: SizeLimit) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|e| damaged(&e))?;
    match bytes.len() > most {
        true => Err(Error::TooLarge { what, limit: most as u64 }),
        false => Ok(bytes),
    }
}

impl StoredPack {
    fn skip(&mut self, shortcode: &str, reason: Refusal) {
        let shortcode = shortcode.chars().take(limits::EMOJI_CHARS).collect();
        self.skipped.push(SkippedEmoji { shortcode, reason });
    }

    /// Stores one emoji, or notes why it cannot be used. A picture that is too large is `None`.
    fn store(
        &mut self,
        dir: &MediaDir,
        emoji: Described,
        picture: Option<&[u8]>,
        wanted: &dyn Fn(&str) -> Result<()>,
    ) -> Result<()> {
        let Described { shortcode, category } = emoji;
        if !is_shortcode(&shortcode) {
            self.skip(&shortcode, PackRefusal::EmojiName.into());
            return Ok(());
        }
        let Some(picture) = picture else {
            self.skip(&shortcode, PackRefusal::FileTooLarge(limits::EMOJI_UPLOAD_BYTES / 1024).into());
            return Ok(());
        };
        let stored = wanted(&shortcode).and_then(|()| store_emoji(dir, Cursor::new(picture)));
        match stored {
            Ok(picture) => self.emoji.push(NewEmoji { shortcode, category, picture }),
            Err(Error::Invalid(reason)) => self.skip(&shortcode, reason),
            Err(e) => return Err(e),
        }
        Ok(())
    }
}
