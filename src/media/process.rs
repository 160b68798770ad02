//! Processes an upload to what is stored: original, preview and blurhash.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::{DynamicImage, ImageEncoder, RgbImage};

use super::animation;
use super::decode::still;
use super::scale::{shaped, smaller};
use super::sniff::{Format, sniff};
use crate::error::{Error, Result};
use crate::limits;

/// Quality of a stored JPEG: above this files grow faster than they get better.
const JPEG_QUALITY: u8 = 85;
/// Qualities of a preview, tried until it is small enough; the last one is taken whatever its size.
const PREVIEW_QUALITIES: [u8; 4] = [80, 70, 60, 50];
/// Longest side of the image that the blurhash is computed from; a hash has 4 x 3 colours.
const BLURHASH_SIDE: u32 = 32;

/// An image that we have encoded ourselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its media type, `image/jpeg`, `image/png` or `image/gif`.
    pub media_type: &'static str,
    /// The ending of its name, without a dot.
    pub ext: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A processed upload.
#[derive(Debug, Clone)]
pub struct Processed {
    /// The image itself, at most [`limits::IMAGE_STORED_SIDE`] on a side.
    pub original: Encoded,
    /// A small still of it, at most [`limits::IMAGE_PREVIEW_SIDE`] on a side.
    pub preview: Encoded,
    /// A blurred placeholder in a few bytes (blurha.sh).
    pub blurhash: String,
    /// It is an animation.
    pub animated: bool,
}

/// Decodes an image, turns it upright, drops everything that is not a pixel, and makes its preview and blurhash.
///
/// # Errors
/// [`Error::TooLarge`] for the bytes, [`Error::Invalid`] for everything else that is wrong with it, saying what.
pub fn accept_image(bytes: &[u8]) -> Result<Processed> {
    one_at_a_time(bytes, |format| {
        if format == Format::Gif
            && let Some(moving) = animation::rewrite(bytes)?
        {
            let first = still(bytes, format)?;
            let original = Encoded {
                bytes: moving.bytes,
                media_type: "image/gif",
                ext: "gif",
                width: moving.width,
                height: moving.height,
            };
            return Ok(Processed { original, preview: preview(&first)?, blurhash: blurhash(&first)?, animated: true });
        }
        let image = still(bytes, format)?;
        let original = encode(&image, is_photograph(bytes, format))?;
        Ok(Processed { original, preview: preview(&image)?, blurhash: blurhash(&image)?, animated: false })
    })
}

/// Makes an avatar: a still square cut from the middle, at most [`limits::AVATAR_SIDE`] on a side.
///
/// # Errors
/// As [`accept_image`].
pub fn accept_avatar(bytes: &[u8]) -> Result<Encoded> {
    cut(bytes, (limits::AVATAR_SIDE, limits::AVATAR_SIDE))
}

/// Makes a profile header: a still cut from the middle in the shape of [`limits::HEADER_SIZE`] and no larger.
///
/// # Errors
/// As [`accept_image`].
pub fn accept_header(bytes: &[u8]) -> Result<Encoded> {
    cut(bytes, limits::HEADER_SIZE)
}

fn cut(bytes: &[u8], shape: (u32, u32)) -> Result<Encoded> {
    one_at_a_time(bytes, |format| encode(&shaped(still(bytes, format)?, shape), is_photograph(bytes, format)))
}

/// Processes one image at a time, because each may need the memory of a large image.
fn one_at_a_time<T>(bytes: &[u8], work: impl FnOnce(Format) -> Result<T>) -> Result<T> {
    static LOCK: Mutex<()> = Mutex::new(());
    if bytes.len() > limits::IMAGE_BYTES {
        return Err(Error::TooLarge { what: "image", limit: limits::IMAGE_BYTES as u64 });
    }
    let format = sniff(bytes)?;
    let _guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    // A panic in a decoder means that the image cannot be decoded, and is not an internal error.
    catch_unwind(AssertUnwindSafe(|| work(format)))
        .unwrap_or_else(|_| Err(Error::invalid(format!("the {} image cannot be decoded", format.name()))))
}

/// True when the image was compressed with loss before, so that JPEG costs little and PNG would be huge.
fn is_photograph(bytes: &[u8], format: Format) -> bool {
    match format {
        Format::Jpeg => true,
        Format::Png | Format::Gif => false,
        // The first chunk says which codec follows, except in the extended form, which is mostly used for lossy ones.
        Format::Webp => bytes.get(12..16) != Some(b"VP8L"),
    }
}

fn encode(image: &DynamicImage, photograph: bool) -> Result<Encoded> {
    if image.color().has_alpha() {
        return png(image);
    }
    if !photograph {
        let drawing = png(image)?;
        if drawing.bytes.len() <= limits::IMAGE_PNG_BYTES {
            return Ok(drawing);
        }
    }
    jpeg(image, JPEG_QUALITY)
}

fn preview(image: &DynamicImage) -> Result<Encoded> {
    let small = smaller(image, limits::IMAGE_PREVIEW_SIDE).unwrap_or_else(|| image.clone());
    if small.color().has_alpha() {
        let transparent = png(&small)?;
        if transparent.bytes.len() <= limits::IMAGE_PREVIEW_BYTES {
            return Ok(transparent);
        }
    }
    let small = DynamicImage::ImageRgb8(on_white(&small));
    let mut best = jpeg(&small, PREVIEW_QUALITIES[0])?;
    for quality in PREVIEW_QUALITIES.into_iter().skip(1) {
        if best.bytes.len() <= limits::IMAGE_PREVIEW_BYTES {
            break;
        }
        best = jpeg(&small, quality)?;
    }
    Ok(best)
}

/// The image on white paper: JPEG and blurhash know no transparency.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |c: u8| ((u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn blurhash(image: &DynamicImage) -> Result<String> {
    let thumb = DynamicImage::ImageRgb8(on_white(&image.thumbnail(BLURHASH_SIDE, BLURHASH_SIDE))).into_rgba8();
    let (across, down) = if image.width() >= image.height() { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, thumb.width(), thumb.height(), thumb.as_raw())
        .map_err(|e| Error::internal(format!("no blurhash: {e}")))
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Encoded> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).map_err(unwritable)?;
    Ok(encoded(bytes, "image/jpeg", "jpg", image))
}

fn png(image: &DynamicImage) -> Result<Encoded> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive);
    encoder.write_image(image.as_bytes(), image.width(), image.height(), image.color().into()).map_err(unwritable)?;
    Ok(encoded(bytes, "image/png", "png", image))
}

fn encoded(bytes: Vec<u8>, media_type: &'static str, ext: &'static str, image: &DynamicImage) -> Encoded {
    Encoded { bytes, media_type, ext, width: image.width(), height: image.height() }
}

fn unwritable(e: image::ImageError) -> Error {
    Error::Internal(Box::new(e))
}
