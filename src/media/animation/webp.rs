//! Animated WebP: the frames are copied, after all of them were decoded once.

use std::io::{BufRead, Read, Seek, SeekFrom};

use image_webp::WebPDecoder;

use super::frames::{Animation, FrameBudget, check_canvas};
use crate::error::refusal::{AnimationRefusal, HeavyImage, MediaRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::media::still::checks::{check_memory, check_size};

/// Bytes of a pixel while frames are decoded: the canvas, the frame, and what its decoder needs.
const BYTES_PER_PIXEL: f64 = 13.5;
/// The flags of an image that is transparent and moves; the others announce metadata.
const ALPHA_AND_ANIMATION: u8 = 0x12;
/// Bytes of the head of a frame: place, size, duration.
const FRAME_HEAD: usize = 16;

/// Rewrites a WebP that moves; `None` if it has a single frame.
///
/// # Errors
/// [`Error::Invalid`] when it is damaged, or has more frames or pixels than are accepted.
pub(super) fn rewrite<S: BufRead + Seek>(source: &mut S) -> Result<Option<Animation>> {
    let Some((width, height)) = decode_all(source)? else { return Ok(None) };
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(12))?;
    let mut chunks = Vec::new();
    let mut left = length.saturating_sub(12);
    while let Some((kind, content)) = next_chunk(source, &mut left)? {
        match &kind {
            b"VP8X" => {
                let mut content = content;
                if let Some(flags) = content.first_mut() {
                    *flags &= ALPHA_AND_ANIMATION;
                }
                put(&mut chunks, kind, content.get(..10).unwrap_or_default());
            }
            b"ANIM" => put(&mut chunks, kind, content.get(..6).unwrap_or_default()),
            b"ANMF" => put(&mut chunks, kind, &frame(&content)?),
            _ => {}
        }
    }
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((chunks.len() as u32 + 4).to_le_bytes());
    bytes.extend(b"WEBP");
    bytes.append(&mut chunks);
    Ok(Some(Animation { bytes, media_type: "image/webp", ext: "webp", width, height }))
}

/// Decodes every frame and returns the size, or `None` of a still.
fn decode_all<S: BufRead + Seek>(source: &mut S) -> Result<Option<(u32, u32)>> {
    source.rewind()?;
    let mut decoder = WebPDecoder::new(&mut *source).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if !decoder.is_animated() || decoder.num_frames() < 2 {
        return Ok(None);
    }
    check_canvas(width, height)?;
    check_memory((width, height), BYTES_PER_PIXEL, HeavyImage::AnimatedWebp)?;
    let mut budget = FrameBudget::default();
    (0..decoder.num_frames().min(limits::ANIMATION_FRAMES as u32 + 1)).try_for_each(|_| budget.add(width, height))?;
    let size = decoder.output_buffer_size().ok_or_else(|| Error::invalid(AnimationRefusal::TooLarge))?;
    let mut canvas = vec![0; size];
    for _ in 0..decoder.num_frames() {
        decoder.read_frame(&mut canvas).map_err(damaged)?;
    }
    Ok(Some((width, height)))
}

/// The content of a frame, without foreign chunks.
fn frame(mut content: &[u8]) -> Result<Vec<u8>> {
    let short = || Error::invalid(MediaRefusal::WebpFrame);
    let (head, rest) = content.split_at_checked(FRAME_HEAD).ok_or_else(short)?;
    let mut cleaned = head.to_vec();
    content = rest;
    let mut left = content.len() as u64;
    while let Some((kind, part)) = next_chunk(&mut content, &mut left)? {
        if [b"ALPH", b"VP8 ", b"VP8L"].contains(&&kind) {
            put(&mut cleaned, kind, &part);
        }
    }
    Ok(cleaned)
}

fn next_chunk(source: &mut impl Read, left: &mut u64) -> Result<Option<([u8; 4], Vec<u8>)>> {
    if *left < 8 {
        return Ok(None);
    }
    let (mut kind, mut size) = ([0; 4], [0; 4]);
    source.read_exact(&mut kind)?;
    source.read_exact(&mut size)?;
    let length = u64::from(u32::from_le_bytes(size)).min(*left - 8);
    let padded = (length + length % 2).min(*left - 8);
    let mut content = Vec::new();
    source.take(padded).read_to_end(&mut content)?;
    content.truncate(length as usize);
    *left -= 8 + padded;
    Ok(Some((kind, content)))
}

fn put(chunks: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    chunks.extend(kind);
    chunks.extend((content.len() as u32).to_le_bytes());
    chunks.extend(content);
    chunks.extend((content.len() % 2 == 1).then_some(0));
}

fn damaged(e: image_webp::DecodingError) -> Error {
    Error::invalid(MediaRefusal::Damaged { format: "WebP".into(), cause: e.to_string() })
}
