//! What is checked before and after the pixels of an image are decoded.

use image::metadata::Orientation;

use crate::error::refusal::{HeavyImage, MediaRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::media::sniff::ImageFormat;

/// An error for an image that a decoder refuses.
pub(super) fn broken(format: ImageFormat, e: &dyn std::fmt::Display) -> Error {
    Error::invalid(MediaRefusal::Damaged { format: format.name().to_owned(), cause: e.to_string() })
}

/// The orientation in a block of EXIF, with or without its JPEG prefix. A broken block is no reason to refuse the image.
pub(super) fn orientation(exif: Option<&[u8]>) -> Orientation {
    let exif = exif.unwrap_or_default();
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}

/// Refuses an image by its width and height.
pub(crate) fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::invalid(MediaRefusal::NoPixels));
    }
    if width > limits::IMAGE_SIDE || height > limits::IMAGE_SIDE {
        return Err(Error::invalid(MediaRefusal::Side { width, height, maximum: limits::IMAGE_SIDE }));
    }
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS {
        let millions = limits::IMAGE_PIXELS / 1_000_000;
        return Err(Error::invalid(MediaRefusal::Pixels { width, height, millions }));
    }
    Ok(())
}

/// Refuses an image of a kind that is decoded whole, if that takes too much memory.
pub(crate) fn check_memory((width, height): (u32, u32), bytes_per_pixel: f64, kind: HeavyImage) -> Result<()> {
    let most = limits::IMAGE_DECODE_MEMORY as f64 / bytes_per_pixel;
    if f64::from(width) * f64::from(height) > most {
        let millions = (most / 1e5).floor() / 10.0;
        return Err(Error::invalid(MediaRefusal::PixelsOfKind { width, height, kind, millions }));
    }
    Ok(())
}
