//! Animated PNG: every frame is decoded and encoded again, so only pixels, palettes and timing survive.

use std::io::{BufRead, Seek, Write};

use png::{BitDepth, ColorType, Decoder, Encoder, FrameControl, Info, Limits, Reader, Writer};

use super::frames::{Animation, FrameBudget, check_canvas};
use crate::error::refusal::{AnimationRefusal, MediaRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::media::still::checks::check_size;

/// Rewrites a PNG that moves; `None` if it has a single frame that every program shows.
///
/// # Errors
/// [`Error::Invalid`] when it is damaged, or has more frames or pixels than are accepted.
pub(super) fn rewrite(source: impl BufRead + Seek) -> Result<Option<Animation>> {
    let mut decoder = Decoder::new_with_limits(source, Limits { bytes: limits::IMAGE_METADATA_MEMORY });
    decoder.set_ignore_text_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    check_size(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let info = reader.info().clone();
    let (width, height) = info.size();
    let frames = info.animation_control.map_or(0, |control| control.num_frames);
    if frames == 0 || frames == 1 && !is_separate(&info) {
        return Ok(None);
    }
    check_canvas(width, height)?;
    let mut bytes = Vec::new();
    let mut writer = writer(&mut bytes, &info)?;
    copy_frames(&mut reader, &mut writer, frames)?;
    writer.finish().map_err(unwritable)?;
    Ok(Some(Animation { bytes, media_type: "image/png", ext: "png", width, height }))
}

/// Returns `true` if the first picture is no frame, but for programs that show no animations.
fn is_separate(info: &Info<'_>) -> bool {
    info.frame_control.is_none()
}

fn writer<'a, W: Write>(to: W, info: &Info<'a>) -> Result<Writer<W>> {
    let mut encoder = Encoder::new(to, info.width, info.height);
    encoder.set_color(info.color_type);
    encoder.set_depth(info.bit_depth);
    if let Some(palette) = &info.palette {
        encoder.set_palette(palette.to_vec());
    }
    if let Some(transparent) = &info.trns {
        encoder.set_trns(transparent_colour(transparent, info));
    }
    if let Some(control) = info.animation_control {
        encoder.set_animated(control.num_frames, control.num_plays).map_err(unwritable)?;
    }
    encoder.set_sep_def_img(is_separate(info)).map_err(unwritable)?;
    encoder.write_header().map_err(unwritable)
}

/// The transparent colours as they are written. The decoder drops the high byte of each sample of less than 16 bits.
fn transparent_colour(colours: &[u8], info: &Info<'_>) -> Vec<u8> {
    match (info.color_type, info.bit_depth) {
        (ColorType::Indexed, _) | (_, BitDepth::Sixteen) => colours.to_vec(),
        _ => colours.iter().flat_map(|sample| [0, *sample]).collect(),
    }
}

fn copy_frames<R: BufRead + Seek, W: Write>(reader: &mut Reader<R>, writer: &mut Writer<W>, frames: u32) -> Result<()> {
    let (mut budget, mut pixels) = (FrameBudget::default(), Vec::new());
    let is_separate = is_separate(reader.info());
    for n in 0..frames + u32::from(is_separate) {
        if n > 0 {
            reader.next_frame_info().map_err(damaged)?;
        }
        let (width, height) = reader.info().frame_control.map_or(reader.info().size(), |c| (c.width, c.height));
        budget.add(width, height)?;
        let size = reader.output_buffer_size().ok_or_else(|| Error::invalid(AnimationRefusal::TooLarge))?;
        pixels.resize(size, 0);
        let control = reader.info().frame_control;
        let used = reader.next_frame(&mut pixels).map_err(damaged)?.buffer_size();
        if let Some(control) = control {
            set_frame(writer, &control).map_err(unwritable)?;
        }
        writer.write_image_data(pixels.get(..used).unwrap_or_default()).map_err(unwritable)?;
    }
    Ok(())
}

fn set_frame<W: Write>(writer: &mut Writer<W>, control: &FrameControl) -> Result<(), png::EncodingError> {
    writer.reset_frame_position()?;
    writer.set_frame_dimension(control.width, control.height)?;
    writer.set_frame_position(control.x_offset, control.y_offset)?;
    writer.set_frame_delay(control.delay_num, control.delay_den)?;
    writer.set_blend_op(control.blend_op)?;
    writer.set_dispose_op(control.dispose_op)
}

fn damaged(e: png::DecodingError) -> Error {
    Error::invalid(MediaRefusal::Damaged { format: "PNG".into(), cause: e.to_string() })
}

fn unwritable(e: png::EncodingError) -> Error {
    Error::invalid(MediaRefusal::Unwritable { format: "PNG".into(), cause: e.to_string() })
}
