//! Decodes images. Their size is checked before a pixel is decoded.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits};

use super::colour::to_srgb;
use super::png_rows;
use super::scale::smaller;
use super::sniff::Format;
use crate::error::{Error, Result};
use crate::limits;

/// Decodes a still (of an animation, the first frame) to 8 bits a channel in sRGB, no larger than
/// [`limits::IMAGE_STORED_SIDE`] on a side and rotated by its EXIF orientation.
///
/// # Errors
/// [`Error::Invalid`] when it is too large or cannot be decoded.
pub(super) fn still(bytes: &[u8], format: Format) -> Result<DynamicImage> {
    let source = Cursor::new(bytes);
    match format {
        Format::Jpeg => oriented(JpegDecoder::new(source), format),
        Format::Png => {
            // Chunks are read before the size is known, so the memory is limited from the start; the size
            // is judged by our own words below.
            let mut memory = Limits::no_limits();
            memory.max_alloc = Some(limits::IMAGE_DECODE_MEMORY);
            png(bytes, PngDecoder::with_limits(source, memory))
        }
        Format::Gif => oriented(GifDecoder::new(source), format),
        Format::Webp => oriented(WebPDecoder::new(source), format),
    }
}

/// Decodes by rows, unless they are interlaced: the decoder of the whole image only reads the metadata before the pixels.
fn png(bytes: &[u8], decoder: ImageResult<PngDecoder<Cursor<&[u8]>>>) -> Result<DynamicImage> {
    let mut decoder = decoder.map_err(|e| broken(Format::Png, &e))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let Some(mut image) = png_rows::decode(bytes, limits::IMAGE_STORED_SIDE)? else {
        return oriented(Ok(decoder), Format::Png);
    };
    drop(decoder);
    to_srgb(&mut image, profile.as_deref());
    image.apply_orientation(orientation);
    Ok(image)
}

fn broken(format: Format, e: &image::ImageError) -> Error {
    Error::invalid(format!("the {} image is damaged or incomplete and cannot be decoded ({e})", format.name()))
}

fn limits_of_a_decoder() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(limits::IMAGE_SIDE);
    limits.max_image_height = Some(limits::IMAGE_SIDE);
    limits.max_alloc = Some(limits::IMAGE_DECODE_MEMORY);
    limits
}

fn oriented(decoder: ImageResult<impl ImageDecoder>, format: Format) -> Result<DynamicImage> {
    let broken = |e: image::ImageError| broken(format, &e);
    let mut decoder = decoder.map_err(broken)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    // The pixels count before the decoder's own limits, which not every decoder applies to all that it allocates.
    if decoder.total_bytes() > limits::IMAGE_DECODE_MEMORY {
        return Err(Error::invalid(format!("the image of {width} x {height} pixels needs too much memory")));
    }
    decoder.set_limits(limits_of_a_decoder()).map_err(broken)?;
    // A broken EXIF block is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let image = eight_bits(DynamicImage::from_decoder(decoder).map_err(broken)?);
    // Scaled first: converting and turning a large image as it is would take its memory a second time.
    let mut image = smaller(&image, limits::IMAGE_STORED_SIDE).unwrap_or(image);
    to_srgb(&mut image, profile.as_deref());
    image.apply_orientation(orientation);
    Ok(image)
}

/// Refuses an image by its width and height.
pub(super) fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::invalid("the image has no pixels"));
    }
    if width > limits::IMAGE_SIDE || height > limits::IMAGE_SIDE {
        let most = limits::IMAGE_SIDE;
        return Err(Error::invalid(format!("the image is {width} x {height} pixels; the longest side may be {most}")));
    }
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS {
        let most = limits::IMAGE_PIXELS / 1_000_000;
        return Err(Error::invalid(format!(
            "the image is {width} x {height} pixels; at most {most} million are accepted"
        )));
    }
    Ok(())
}

/// RGB, or RGBA if something in it is really transparent.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageRgb8(_) => image,
        other if !other.color().has_alpha() => DynamicImage::ImageRgb8(other.into_rgb8()),
        other => {
            let rgba = other.into_rgba8();
            let opaque = rgba.pixels().all(|p| p.0[3] == u8::MAX);
            let rgba = DynamicImage::ImageRgba8(rgba);
            if opaque { DynamicImage::ImageRgb8(rgba.into_rgb8()) } else { rgba }
        }
    }
}
