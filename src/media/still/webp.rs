//! WebP images. Their decoder needs the whole image.

use std::io::{BufRead, Seek};

use image::DynamicImage;
use image_webp::WebPDecoder;

use super::canvas::Canvas;
use super::checks::{broken, check_memory, check_size, orientation};
use crate::error::refusal::{HeavyImage, MediaRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::media::sniff::ImageFormat;

/// Decodes an image (of an animation, the first frame) and returns it with its colour profile.
///
/// # Errors
/// [`Error::Invalid`] when it is too large or damaged.
pub(super) fn decode(source: impl BufRead + Seek) -> Result<(DynamicImage, Option<Vec<u8>>)> {
    let damaged = |e: image_webp::DecodingError| broken(ImageFormat::Webp, &e);
    let mut decoder = WebPDecoder::new(source).map_err(damaged)?;
    decoder.set_memory_limit(limits::IMAGE_METADATA_MEMORY);
    let size = decoder.dimensions();
    check_size(size.0, size.1)?;
    let samples = if decoder.has_alpha() { 4 } else { 3 };
    // Planes of luminance and colour, or four channels, besides the pixels; the alpha channel is decoded as a third image.
    let bytes_per_pixel = match (decoder.is_animated(), decoder.is_lossy(), samples) {
        (true, ..) => 4.0 + 4.0 + 5.5,
        (false, true, 3) => 3.0 + 1.5,
        (false, true, _) => 4.0 + 1.5 + 5.0,
        (false, false, 3) => 3.0 + 4.0,
        (false, false, _) => 4.0,
    };
    check_memory(size, bytes_per_pixel, HeavyImage::Webp)?;
    let orientation = orientation(decoder.exif_metadata().ok().flatten().as_deref());
    let profile = decoder.icc_profile().ok().flatten();
    let bytes = decoder.output_buffer_size().ok_or_else(|| Error::invalid(MediaRefusal::TooLarge))?;
    let mut pixels = vec![0; bytes];
    decoder.read_image(&mut pixels).map_err(damaged)?;
    drop(decoder);
    let mut canvas = Canvas::new(size, samples, orientation);
    pixels.chunks_exact(size.0 as usize * samples).for_each(|row| canvas.add_row(row));
    let image = canvas.finish().ok_or_else(|| broken(ImageFormat::Webp, &"rows are missing"))?;
    Ok((image, profile))
}
