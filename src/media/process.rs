//! Processes an upload to what is stored: original, preview and blurhash.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};

use super::animation::{self, Animation};
use super::scale::{shaped, smaller};
use super::sniff::{ImageFormat, sniff_image};
use super::still::still;
use crate::error::refusal::MediaRefusal;
use crate::error::{Error, Result, SizeLimit};
use crate::{limits, memory};

/// Quality of a stored JPEG: above this files grow faster than they get better.
const JPEG_QUALITY: u8 = 85;
/// Qualities of a preview, tried until it is small enough; the last one is taken whatever its size.
const PREVIEW_QUALITIES: [u8; 4] = [80, 70, 60, 50];
/// First bytes of a file that show what it is.
const SNIFFED: usize = 1024;
/// Longest side of the image that the blurhash is computed from; a hash has 4 x 3 colours.
const BLURHASH_SIDE: u32 = 32;

/// An image that we have encoded ourselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its media type, `image/jpeg`, `image/png`, `image/gif` or `image/webp`.
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
pub fn accept_image<S: BufRead + Seek>(source: S) -> Result<Processed> {
    one_at_a_time(source, |source, format| {
        let moving = animation::rewrite(source, format)?;
        let is_photograph = is_photograph(source, format)?;
        let image = still(source, format)?;
        let (preview, blurhash) = (preview(&image)?, blurhash(&image)?);
        if let Some(Animation { bytes, media_type, ext, width, height }) = moving {
            let original = Encoded { bytes, media_type, ext, width, height };
            return Ok(Processed { original, preview, blurhash, animated: true });
        }
        Ok(Processed { original: encode(&image, is_photograph)?, preview, blurhash, animated: false })
    })
}

/// Makes a preview and its blurhash of a picture that stands for a video or a recording.
///
/// # Errors
/// As [`accept_image`].
pub(super) fn accept_thumbnail<S: BufRead + Seek>(source: S) -> Result<(Encoded, String)> {
    one_at_a_time(source, |source, format| {
        let image = still(source, format)?;
        Ok((preview(&image)?, blurhash(&image)?))
    })
}

/// Makes an avatar: a still square cut from the middle, at most [`limits::AVATAR_SIDE`] on a side.
///
/// # Errors
/// As [`accept_image`].
pub fn accept_avatar<S: BufRead + Seek>(source: S) -> Result<Encoded> {
    cut(source, (limits::AVATAR_SIDE, limits::AVATAR_SIDE))
}

/// Makes a profile header: a still cut from the middle in the shape of [`limits::HEADER_SIZE`] and no larger.
///
/// # Errors
/// As [`accept_image`].
pub fn accept_header<S: BufRead + Seek>(source: S) -> Result<Encoded> {
    cut(source, limits::HEADER_SIZE)
}

fn cut<S: BufRead + Seek>(source: S, shape: (u32, u32)) -> Result<Encoded> {
    one_at_a_time(source, |source, format| {
        let is_photograph = is_photograph(source, format)?;
        encode(&shaped(still(source, format)?, shape), is_photograph)
    })
}

/// Processes one image at a time, because each may need the memory of a large image, and returns that to the system.
pub(super) fn one_at_a_time<S: BufRead + Seek, T>(
    mut source: S,
    work: impl FnOnce(&mut S, ImageFormat) -> Result<T>,
) -> Result<T> {
    static LOCK: Mutex<()> = Mutex::new(());
    if source.seek(SeekFrom::End(0))? > limits::IMAGE_BYTES as u64 {
        return Err(Error::TooLarge { what: SizeLimit::Image, limit: limits::IMAGE_BYTES as u64 });
    }
    source.rewind()?;
    let format = sniff_image(&head(&mut source)?)?;
    let _guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    // A panic in a decoder means that the image cannot be decoded, and is not an internal error.
    let result = catch_unwind(AssertUnwindSafe(|| work(&mut source, format)))
        .unwrap_or_else(|_| Err(Error::invalid(MediaRefusal::Undecodable(format.name().to_owned()))));
    memory::release();
    result
}

/// The first bytes of a file, which is then read from its start.
pub(super) fn head<S: BufRead + Seek>(source: &mut S) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(SNIFFED);
    source.take(SNIFFED as u64).read_to_end(&mut head)?;
    source.rewind()?;
    Ok(head)
}

/// True when the image was compressed with loss before, so that JPEG costs little and PNG would be huge.
fn is_photograph<S: BufRead + Seek>(source: &mut S, format: ImageFormat) -> Result<bool> {
    Ok(match format {
        ImageFormat::Jpeg => true,
        ImageFormat::Png | ImageFormat::Gif => false,
        // The first chunk says which codec follows, except in the extended form, which is mostly used for lossy ones.
        ImageFormat::Webp => head(source)?.get(12..16) != Some(b"VP8L"),
    })
}

fn encode(image: &DynamicImage, photograph: bool) -> Result<Encoded> {
    if image.color().has_alpha() {
        let transparent = png(image, limits::IMAGE_BYTES)?;
        let too_large = || Error::invalid(MediaRefusal::TooDetailed);
        return transparent.ok_or_else(too_large);
    }
    let drawing = if photograph { None } else { png(image, limits::IMAGE_PNG_BYTES)? };
    drawing.map_or_else(|| jpeg(image, JPEG_QUALITY), Ok)
}

fn preview(image: &DynamicImage) -> Result<Encoded> {
    let small = smaller(image, limits::IMAGE_PREVIEW_SIDE).unwrap_or_else(|| image.clone());
    if small.color().has_alpha()
        && let Some(transparent) = png(&small, limits::IMAGE_PREVIEW_BYTES)?
    {
        return Ok(transparent);
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

/// Returns `None` if more bytes would be needed than `most`.
pub(super) fn png(image: &DynamicImage, most: usize) -> Result<Option<Encoded>> {
    let mut bytes = Bounded { bytes: Vec::new(), most, is_full: false };
    match write_png(image, &mut bytes) {
        Ok(()) => Ok(Some(encoded(bytes.bytes, "image/png", "png", image))),
        Err(_) if bytes.is_full => Ok(None),
        Err(e) => Err(Error::Internal(Box::new(e))),
    }
}

/// Writes by rows, because the encoder of the whole image has it in memory again.
fn write_png(image: &DynamicImage, to: &mut Bounded) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(to, image.width(), image.height());
    encoder.set_color(if image.color().has_alpha() { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::Adaptive);
    let mut header = encoder.write_header()?;
    let mut stream = header.stream_writer()?;
    stream.write_all(image.as_bytes())?;
    stream.finish()?;
    header.finish()
}

/// Bytes that may not become more than a limit.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        // Once full, always full: encoders that are dropped write what they hold.
        self.is_full |= self.bytes.len() + more.len() > self.most;
        if self.is_full {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn encoded(bytes: Vec<u8>, media_type: &'static str, ext: &'static str, image: &DynamicImage) -> Encoded {
    Encoded { bytes, media_type, ext, width: image.width(), height: image.height() }
}

fn unwritable(e: image::ImageError) -> Error {
    Error::Internal(Box::new(e))
}
