//! The first frame of a GIF image.

use std::io::Read;

use gif::{ColorOutput, DecodeOptions, Frame, MemoryLimit};
use image::DynamicImage;
use image::metadata::Orientation;

use super::canvas::Canvas;
use super::checks::{broken, check_size};
use crate::error::refusal::MediaRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::media::sniff::ImageFormat;

/// Decodes the first frame, on its canvas as browsers show it.
///
/// # Errors
/// [`Error::Invalid`] when it is too large or damaged.
pub(super) fn decode(source: impl Read) -> Result<DynamicImage> {
    let damaged = |e: gif::DecodingError| broken(ImageFormat::Gif, &e);
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(frame_memory()));
    // Some programs write extensions of their own, which other readers skip.
    options.allow_unknown_blocks(true);
    let mut decoder = options.read_info(with_trailer(source)).map_err(damaged)?;
    let size = (u32::from(decoder.width()), u32::from(decoder.height()));
    check_size(size.0, size.1)?;
    let global = decoder.global_palette().map(<[u8]>::to_vec);
    let frame = decoder.read_next_frame().map_err(damaged)?;
    let frame = frame.ok_or_else(|| Error::invalid(MediaRefusal::NoFrame))?;
    let palette = frame.palette.as_deref().or(global.as_deref()).unwrap_or_default();
    paint(frame, palette, size).ok_or_else(|| broken(ImageFormat::Gif, &"rows are missing"))
}

/// A file with the byte that ends it, which some programs leave out.
pub(crate) fn with_trailer(source: impl Read) -> impl Read {
    source.chain(&b";"[..])
}

/// The memory that a decoder of GIF may take for one frame.
pub(crate) fn frame_memory() -> std::num::NonZeroU64 {
    std::num::NonZeroU64::new(limits::IMAGE_PIXELS).unwrap_or(std::num::NonZeroU64::MIN)
}

fn paint(frame: &Frame<'_>, palette: &[u8], (width, height): (u32, u32)) -> Option<DynamicImage> {
    let mut canvas = Canvas::new((width, height), 4, Orientation::NoTransforms);
    let mut row = vec![0; width as usize * 4];
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let mut lines = frame.buffer.chunks_exact(usize::from(frame.width).max(1));
    for y in 0..height as usize {
        row.fill(0);
        if y >= top
            && let Some(line) = lines.next()
        {
            // What extends beyond the canvas is cut off.
            for (place, index) in row.chunks_exact_mut(4).skip(left).zip(line) {
                let colour = palette.get(usize::from(*index) * 3..usize::from(*index) * 3 + 3);
                if let (Some([r, g, b]), false) = (colour, frame.transparent == Some(*index)) {
                    place.copy_from_slice(&[*r, *g, *b, u8::MAX]);
                }
            }
        }
        canvas.add_row(&row);
    }
    canvas.finish()
}
