//! Custom emoji: small pictures, still or animated, without metadata.

use std::io::{BufRead, Seek, SeekFrom};

use super::animation::{self, Animation};
use super::disk::MediaDir;
use super::process::{Encoded, one_at_a_time, png};
use super::scale::fitted;
use super::still::still;
use crate::domain::custom_emoji::manage::StoredEmoji;
use crate::error::refusal::{AnimationRefusal, EmojiRefusal};
use crate::error::{Error, Result, SizeLimit};
use crate::limits;

/// Processes a picture and puts it into the media directory: a PNG of at most [`limits::EMOJI_SIZE`], or an animation and a
/// PNG of its first frame.
///
/// # Errors
/// [`Error::TooLarge`] or [`Error::Invalid`], saying what is wrong with it, or when the directory cannot be written.
pub fn store_emoji<S: BufRead + Seek>(dir: &MediaDir, source: S) -> Result<StoredEmoji> {
    let (still, moving) = accept_emoji(source)?;
    let still_file = dir.put(&still)?;
    Ok(match moving {
        Some(moving) => StoredEmoji { file: dir.put(&moving)?, still: still_file, media_type: moving.media_type },
        None => StoredEmoji { file: still_file.clone(), still: still_file, media_type: still.media_type },
    })
}

/// The picture as a still, and the animation if it moves.
fn accept_emoji<S: BufRead + Seek>(mut source: S) -> Result<(Encoded, Option<Encoded>)> {
    let most = limits::EMOJI_UPLOAD_BYTES as u64;
    if source.seek(SeekFrom::End(0))? > most {
        return Err(Error::TooLarge { what: SizeLimit::Emoji, limit: most });
    }
    one_at_a_time(source, |source, format| {
        let moving = animation::rewrite(source, format)?.map(check_animation).transpose()?;
        let image = fitted(still(source, format)?, limits::EMOJI_SIZE);
        let too_detailed = || Error::invalid(EmojiRefusal::TooDetailed);
        Ok((png(&image, limits::EMOJI_BYTES)?.ok_or_else(too_detailed)?, moving))
    })
}

fn check_animation(moving: Animation) -> Result<Encoded> {
    let Animation { bytes, media_type, ext, width, height } = moving;
    let maximum = limits::EMOJI_ANIMATION_SIDE;
    if width.max(height) > maximum {
        return Err(Error::invalid(AnimationRefusal::Side { width, height, maximum }));
    }
    if bytes.len() > limits::EMOJI_BYTES {
        let (kib, maximum) = (bytes.len() / 1024, limits::EMOJI_BYTES / 1024);
        return Err(Error::invalid(EmojiRefusal::AnimationTooLarge { kib, maximum }));
    }
    Ok(Encoded { bytes, media_type, ext, width, height })
}
