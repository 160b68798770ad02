//! PNG images.

use std::io::{BufRead, Seek};

use image::DynamicImage;
use png::{ColorType, Decoder, Limits, Transformations};

use super::canvas::Canvas;
use super::checks::{broken, check_memory, check_size, orientation};
use crate::error::Result;
use crate::error::refusal::HeavyImage;
use crate::limits;
use crate::media::sniff::ImageFormat;

/// Decodes an image, by rows unless they are interlaced, and returns it with its colour profile.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) when it is too large or damaged.
pub(super) fn decode(source: impl BufRead + Seek) -> Result<(DynamicImage, Option<Vec<u8>>)> {
    let damaged = |e: png::DecodingError| broken(ImageFormat::Png, &e);
    // The limit is one of metadata and of the decoder's own buffers.
    let mut decoder = Decoder::new_with_limits(source, Limits { bytes: limits::IMAGE_METADATA_MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (size, interlaced) = ((header.width, header.height), header.interlaced);
    check_size(size.0, size.1)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let samples = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => return Err(broken(ImageFormat::Png, &"it has no palette")),
    };
    let orientation = orientation(reader.info().exif_metadata.as_deref());
    let profile = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    let mut canvas = Canvas::new(size, samples, orientation);
    if interlaced {
        check_memory(size, samples as f64, HeavyImage::InterlacedPng)?;
        let mut pixels = vec![0; size.0 as usize * size.1 as usize * samples];
        reader.next_frame(&mut pixels).map_err(damaged)?;
        pixels.chunks_exact(size.0 as usize * samples).for_each(|row| canvas.add_row(row));
    } else {
        // What follows the last row is not read: the pixels of a file without its end are complete.
        for _ in 0..size.1 {
            let Some(row) = reader.next_row().map_err(damaged)? else { break };
            canvas.add_row(row.data());
        }
    }
    let image = canvas.finish().ok_or_else(|| broken(ImageFormat::Png, &"rows are missing"))?;
    Ok((image, profile))
}
