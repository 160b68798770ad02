//! Detects the format of a file by its first bytes. Its name and stated type are ignored.

use crate::error::{Error, Result};

/// The image formats that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImageFormat {
    Jpeg,
    Png,
    Gif,
    Webp,
}

impl ImageFormat {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
        }
    }
}

/// Recognises an accepted format.
///
/// # Errors
/// [`Error::Invalid`] with the detected and the accepted formats.
pub(super) fn sniff(bytes: &[u8]) -> Result<ImageFormat> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::Webp),
        _ => Err(Error::invalid(format!("the file is {}; accepted are JPEG, PNG, GIF and WebP images", guess(bytes)))),
    }
}

/// A name for what is not accepted, so that its sender knows what to convert.
fn guess(bytes: &[u8]) -> &'static str {
    let text = bytes.get(..bytes.len().min(1024)).map(String::from_utf8_lossy).unwrap_or_default().to_lowercase();
    match bytes {
        [] => "empty",
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(b"avif" | b"avis") => "an AVIF image, which this server cannot decode: save it as JPEG, PNG or WebP",
            Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"heim" | b"heis" | b"hevc") => {
                "a HEIC image, which this server cannot decode: save it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible)"
            }
            Some(b"M4A " | b"M4B ") => "MPEG-4 audio",
            Some(b"qt  ") => "a QuickTime video",
            _ => "an MPEG-4 video",
        },
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "a WebM or Matroska video",
        [b'O', b'g', b'g', b'S', ..] => "an Ogg file",
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => "MP3 audio",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "WAV audio",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive",
        [b'B', b'M', ..] => "a BMP image",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a TIFF image",
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', ..] => "a JPEG XL image",
        _ if text.contains("<svg") => "an SVG image",
        _ if text.contains("<html") || text.contains("<!doctype html") => "an HTML page",
        _ => "of an unknown kind",
    }
}
