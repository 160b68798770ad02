//! Animations keep their frames. Those of GIF and PNG are decoded and encoded again; those of WebP, for which there is no
//! encoder, are decoded to check them, and copied without anything around them.

mod apng;
mod frames;
mod gif;
mod webp;

use std::io::{BufRead, Seek};

pub(super) use self::frames::Animation;
use super::sniff::ImageFormat;
use crate::error::Result;

/// Rewrites an image that moves; `None` if it has a single frame and is better treated as a still.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) when it is damaged, or has more frames or pixels than are accepted.
pub(super) fn rewrite<S: BufRead + Seek>(source: &mut S, format: ImageFormat) -> Result<Option<Animation>> {
    let moving = match format {
        ImageFormat::Gif => gif::rewrite(&mut *source)?,
        ImageFormat::Png => apng::rewrite(&mut *source)?,
        ImageFormat::Webp => webp::rewrite(source)?,
        ImageFormat::Jpeg => None,
    };
    source.rewind()?;
    Ok(moving)
}

#[cfg(test)]
mod tests;
