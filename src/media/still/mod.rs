//! Decodes images to the size in which they are stored. Their size is checked before a pixel is decoded, and rows are scaled
//! on the way, so that the memory does not grow with the image. Formats that cannot be read by rows (WebP, interlaced PNG)
//! have a limit of pixels that follows from the memory, [`limits::IMAGE_DECODE_MEMORY`].

pub(super) mod canvas;
pub(super) mod checks;
mod gif;
mod png;
mod webp;

pub(super) use gif::{frame_memory, with_trailer};

use std::io::{BufRead, Seek};

use image::DynamicImage;

use super::colour::to_srgb;
use super::jpeg;
use super::sniff::ImageFormat;
use crate::error::Result;

/// Decodes a still (of an animation, the first frame) to 8 bits a channel in sRGB, in the size in which it is stored, turned
/// upright by its EXIF orientation.
///
/// # Errors
/// [`Error::Invalid`] when it is too large, damaged or incomplete.
pub(super) fn still(source: impl BufRead + Seek, format: ImageFormat) -> Result<DynamicImage> {
    let (mut image, profile) = match format {
        ImageFormat::Jpeg => {
            let decoded = jpeg::decode(source)?;
            (decoded.image, decoded.profile)
        }
        ImageFormat::Png => png::decode(source)?,
        ImageFormat::Gif => (gif::decode(source)?, None),
        ImageFormat::Webp => webp::decode(source)?,
    };
    to_srgb(&mut image, profile.as_deref());
    Ok(image)
}
