//! Animated GIFs: every frame is decoded and encoded again, so only pixels, palettes and timing survive.

use std::io::Read;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, Encoder, EncodingError, Frame, MemoryLimit};

use super::frames::{Animation, FrameBudget, check_canvas};
use crate::error::refusal::MediaRefusal;
use crate::error::{Error, Result};
use crate::media::still::checks::check_size;
use crate::media::still::{frame_memory, with_trailer};

/// Rewrites a GIF that moves; `None` if it has a single frame and is better treated as a still.
///
/// # Errors
/// [`Error::Invalid`] when it is damaged, or has more frames or pixels than are accepted.
pub(super) fn rewrite(source: impl Read) -> Result<Option<Animation>> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(frame_memory()));
    // Some programs write extensions of their own, which other readers skip.
    options.allow_unknown_blocks(true);
    let mut decoder = options.read_info(with_trailer(source)).map_err(damaged)?;
    let (width, height) = (decoder.width(), decoder.height());
    check_size(width.into(), height.into())?;
    let palette = decoder.global_palette().map(<[u8]>::to_vec).unwrap_or_default();
    let mut encoder = Encoder::new(Vec::new(), width, height, &palette).map_err(unwritable)?;
    encoder.set_repeat(decoder.repeat()).map_err(unwritable)?;
    let frames = copy_frames(&mut decoder, &mut encoder)?;
    if frames < 2 {
        return Ok(None);
    }
    check_canvas(width.into(), height.into())?;
    let bytes = encoder.into_inner().map_err(unwritable)?;
    let (width, height) = (width.into(), height.into());
    Ok(Some(Animation { bytes, media_type: "image/gif", ext: "gif", width, height }))
}

fn copy_frames(decoder: &mut Decoder<impl Read>, encoder: &mut Encoder<Vec<u8>>) -> Result<usize> {
    let mut budget = FrameBudget::default();
    while let Some(frame) = next_frame(decoder, budget.frames)? {
        budget.add(frame.width.into(), frame.height.into())?;
        encoder.write_frame(&frame).map_err(unwritable)?;
    }
    Ok(budget.frames)
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
        Ok(None) if frames == 0 => Err(Error::invalid(MediaRefusal::NoFrame)),
        Ok(None) => Ok(None),
        Err(e) => Err(damaged(e)),
    }
}

fn damaged(e: DecodingError) -> Error {
    Error::invalid(MediaRefusal::Damaged { format: "GIF".into(), cause: e.to_string() })
}

fn unwritable(e: EncodingError) -> Error {
    Error::invalid(MediaRefusal::Unwritable { format: "GIF".into(), cause: e.to_string() })
}
