//! Animated GIFs: every frame is decoded and encoded again, so only pixels, palettes and timing survive.

use std::io::Read;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, Encoder, EncodingError, Frame, MemoryLimit};

use super::still::checks::check_size;
use super::still::frame_memory;
use crate::error::{Error, Result};
use crate::limits;

/// An encoded GIF.
pub(super) struct Animation {
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Rewrites a GIF that moves; `None` if it has a single frame and is better treated as a still.
///
/// # Errors
/// [`Error::Invalid`] when it is damaged, or has more frames or pixels than are accepted.
pub(super) fn rewrite(source: impl Read) -> Result<Option<Animation>> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(frame_memory()));
    let mut decoder = options.read_info(source).map_err(damaged)?;
    let (width, height) = (decoder.width(), decoder.height());
    check_size(width.into(), height.into())?;
    let palette = decoder.global_palette().map(<[u8]>::to_vec).unwrap_or_default();
    let mut encoder = Encoder::new(Vec::new(), width, height, &palette).map_err(unwritable)?;
    encoder.set_repeat(decoder.repeat()).map_err(unwritable)?;
    let frames = copy_frames(&mut decoder, &mut encoder)?;
    if frames < 2 {
        return Ok(None);
    }
    if u32::from(width.max(height)) > limits::IMAGE_STORED_SIDE {
        let most = limits::IMAGE_STORED_SIDE;
        return Err(Error::invalid(format!("the animation is {width} x {height} pixels; a side may be {most}")));
    }
    let bytes = encoder.into_inner().map_err(unwritable)?;
    Ok(Some(Animation { bytes, width: width.into(), height: height.into() }))
}

fn copy_frames(decoder: &mut Decoder<impl Read>, encoder: &mut Encoder<Vec<u8>>) -> Result<usize> {
    let (mut frames, mut pixels) = (0, 0);
    while let Some(frame) = next_frame(decoder, frames)? {
        frames += 1;
        pixels += u64::from(frame.width) * u64::from(frame.height);
        if frames > limits::ANIMATION_FRAMES {
            return Err(Error::invalid(format!("the animation has more than {} frames", limits::ANIMATION_FRAMES)));
        }
        if pixels > limits::ANIMATION_PIXELS {
            let most = limits::ANIMATION_PIXELS / 1_000_000;
            return Err(Error::invalid(format!("the frames of the animation have more than {most} million pixels")));
        }
        encoder.write_frame(&frame).map_err(unwritable)?;
    }
    Ok(frames)
}

fn next_frame(decoder: &mut Decoder<impl Read>, frames: usize) -> Result<Option<Frame<'static>>> {
    match decoder.read_next_frame() {
        Ok(Some(frame)) => {
            let mut frame = frame.clone();
            // The decoder has ordered interlaced lines; browsers do not wait for input.
            frame.interlaced = false;
            frame.needs_user_input = false;
            Ok(Some(frame))
        }
        Ok(None) if frames == 0 => Err(Error::invalid("the GIF image has no frame")),
        Ok(None) => Ok(None),
        Err(e) => Err(damaged(e)),
    }
}

fn damaged(e: DecodingError) -> Error {
    Error::invalid(format!("the GIF image is damaged or incomplete and cannot be decoded ({e})"))
}

fn unwritable(e: EncodingError) -> Error {
    Error::invalid(format!("the GIF image cannot be encoded again ({e})"))
}
