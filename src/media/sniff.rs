//! Detects the format of a file by its first bytes. Its name and stated type are ignored.

use crate::error::refusal::{AcceptedFiles, FileKind, MediaRefusal};
use crate::error::{Error, RemoteError, Result};

/// The media types of the files that are accepted.
pub const MEDIA_TYPES: [&str; 22] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mpeg",
    "audio/mp3",
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
    "audio/ogg",
    "audio/opus",
    "audio/vorbis",
    "audio/webm",
    "audio/flac",
    "audio/x-flac",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/vnd.wave",
];

/// The formats that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Image(ImageFormat),
    Stream(StreamFormat),
}

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

/// The formats of video and audio that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamFormat {
    Mp4,
    Mov,
    M4a,
    Webm,
    Mp3,
    Ogg,
    Flac,
    Wav,
}

impl StreamFormat {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mp4 | Self::M4a => "MP4",
            Self::Mov => "QuickTime",
            Self::Webm => "WebM",
            Self::Mp3 => "MP3",
            Self::Ogg => "Ogg",
            Self::Flac => "FLAC",
            Self::Wav => "WAV",
        }
    }

    /// The media type and extension of a stored file. MP4 and WebM hold video or audio.
    pub(super) fn stored_as(self, has_video: bool) -> (&'static str, &'static str) {
        match (self, has_video) {
            (Self::Mp4 | Self::M4a, true) => ("video/mp4", "mp4"),
            (Self::Mov, true) => ("video/quicktime", "mov"),
            (Self::Mp4 | Self::M4a | Self::Mov, false) => ("audio/mp4", "m4a"),
            (Self::Webm, true) => ("video/webm", "webm"),
            (Self::Webm, false) => ("audio/webm", "weba"),
            (Self::Mp3, _) => ("audio/mpeg", "mp3"),
            (Self::Ogg, _) => ("audio/ogg", "ogg"),
            (Self::Flac, _) => ("audio/flac", "flac"),
            (Self::Wav, _) => ("audio/wav", "wav"),
        }
    }
}

/// Recognises an accepted format.
///
/// # Errors
/// [`Error::Invalid`] with the detected and the accepted formats.
pub(super) fn sniff(bytes: &[u8]) -> Result<Format> {
    let refused = || Error::invalid(MediaRefusal::Format { found: guess(bytes), accepted: AcceptedFiles::All });
    image(bytes).map(Format::Image).or_else(|| stream(bytes).map(Format::Stream)).ok_or_else(refused)
}

/// Recognises an accepted image format.
///
/// # Errors
/// [`Error::Invalid`] with the detected and the accepted formats.
pub(super) fn sniff_image(bytes: &[u8]) -> Result<ImageFormat> {
    let refused = || Error::invalid(MediaRefusal::Format { found: guess(bytes), accepted: AcceptedFiles::Images });
    image(bytes).ok_or_else(refused)
}

fn image(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::Webp),
        _ => None,
    }
}

fn stream(bytes: &[u8]) -> Option<StreamFormat> {
    match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            brand if is_still(brand) => None,
            b"qt  " => Some(StreamFormat::Mov),
            b"M4A " | b"M4B " => Some(StreamFormat::M4a),
            _ => Some(StreamFormat::Mp4),
        },
        // Early QuickTime files have no type.
        [0, _, _, _, kind @ ..] if [b"moov", b"mdat", b"wide"].iter().any(|k| kind.starts_with(*k)) => {
            Some(StreamFormat::Mov)
        }
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(StreamFormat::Webm),
        [b'O', b'g', b'g', b'S', ..] => Some(StreamFormat::Ogg),
        [b'f', b'L', b'a', b'C', ..] => Some(StreamFormat::Flac),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(StreamFormat::Wav),
        [b'I', b'D', b'3', ..] => Some(StreamFormat::Mp3),
        [0xff, layer, ..] if layer & 0xe6 == 0xe2 => Some(StreamFormat::Mp3),
        _ => None,
    }
}

/// The media types of remote files that are served: all that browsers show, and nothing that can contain a script.
const REMOTE_TYPES: [&str; 16] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/ogg",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/flac",
    "audio/wav",
    "audio/aac",
];

/// Recognises a remote file that is served, by its first [`crate::limits::REMOTE_FILE_SNIFFED`] bytes.
///
/// # Errors
/// [`RemoteError::Malformed`] with the detected format.
pub(super) fn sniff_remote(bytes: &[u8]) -> Result<&'static str, RemoteError> {
    let image = image(bytes).map(|format| match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::Gif => "image/gif",
        ImageFormat::Webp => "image/webp",
    });
    let other = || match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            brand if is_avif(brand) => Some("image/avif"),
            brand if is_heic(brand) => Some("image/heic"),
            _ => None,
        },
        [0xff, 0xf1 | 0xf9, ..] => Some("audio/aac"),
        _ => None,
    };
    let is_theora = || bytes.windows(7).any(|w| w == b"\x80theora");
    let stream = || match stream(bytes)? {
        StreamFormat::Ogg if is_theora() => Some("video/ogg"),
        StreamFormat::M4a => Some("audio/mp4"),
        format => Some(format.stored_as(true).0),
    };
    let found = image.or_else(other).or_else(stream);
    found.ok_or_else(|| RemoteError::Malformed(format!("it is {}, which is not served", guess(bytes))))
}

/// The media type with this name, if remote files of it are served.
pub(super) fn remote_type(name: &str) -> Option<&'static str> {
    REMOTE_TYPES.into_iter().find(|known| *known == name)
}

/// Brands of pictures in a container that is else one of videos.
fn is_still(brand: &[u8]) -> bool {
    is_avif(brand) || is_heic(brand) || brand == b"crx "
}

fn is_avif(brand: &[u8]) -> bool {
    matches!(brand, b"avif" | b"avis")
}

fn is_heic(brand: &[u8]) -> bool {
    matches!(brand, b"heic" | b"heix" | b"mif1" | b"msf1" | b"heim" | b"heis" | b"hevc" | b"hevx")
}

/// A name for what is not accepted, so that its sender knows what to convert.
fn guess(bytes: &[u8]) -> FileKind {
    let text = bytes.get(..bytes.len().min(1024)).map(String::from_utf8_lossy).unwrap_or_default().to_lowercase();
    match bytes {
        [] => FileKind::Empty,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(brand) if is_avif(brand) => FileKind::Avif,
            Some(brand) if is_heic(brand) => FileKind::Heic,
            Some(b"crx ") => FileKind::RawPhotograph,
            Some(b"M4A " | b"M4B ") => FileKind::Mpeg4Audio,
            Some(b"qt  ") => FileKind::QuickTime,
            _ => FileKind::Mpeg4,
        },
        [0x1a, 0x45, 0xdf, 0xa3, ..] => FileKind::Matroska,
        [b'O', b'g', b'g', b'S', ..] => FileKind::Ogg,
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => FileKind::Mp3,
        [0xff, 0xf1 | 0xf9, ..] => FileKind::Aac,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => FileKind::Wav,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', ..] => FileKind::Avi,
        [b'%', b'P', b'D', b'F', ..] => FileKind::Pdf,
        [b'P', b'K', 3, 4, ..] => FileKind::Zip,
        [b'B', b'M', ..] => FileKind::Bmp,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => FileKind::Tiff,
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => FileKind::Jpeg2000,
        [b'8', b'B', b'P', b'S', ..] => FileKind::Photoshop,
        [b'%', b'!', b'P', b'S', ..] | [0xc5, 0xd0, 0xd3, 0xc6, ..] => FileKind::PostScript,
        [0, 0, 1 | 2, 0, _, 0, _, _, _, 0, ..] => FileKind::Icon,
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', ..] => FileKind::JpegXl,
        _ if text.contains("<svg") => FileKind::Svg,
        _ if text.contains("<html") || text.contains("<!doctype html") => FileKind::Html,
        _ => FileKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_files_are_served_by_their_content() {
        for (start, media_type) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "image/png"),
            (b"GIF89a<html><script>", "image/gif"),
            (b"\0\0\0\x1cftypavif", "image/avif"),
            (b"\0\0\0\x1cftypheic", "image/heic"),
            (b"\0\0\0\x1cftypisom", "video/mp4"),
            (b"\0\0\0\x1cftypM4A ", "audio/mp4"),
            (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
            (b"\x1aE\xdf\xa3", "video/webm"),
            (b"OggS\0\x02........\x01vorbis", "audio/ogg"),
            (b"OggS\0\x02........\x80theora", "video/ogg"),
            (b"ID3\x04", "audio/mpeg"),
            (b"\xff\xf1\x50", "audio/aac"),
            (b"fLaC", "audio/flac"),
            (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        ] {
            assert_eq!(sniff_remote(start).unwrap(), media_type);
            assert_eq!(remote_type(media_type), Some(media_type));
        }
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
        for bad in [
            &svg[..],
            b"<!doctype html><p>",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"{\"type\":\"Note\"}",
            b"",
            b"BM",
            b"\0\0\0\x1cftypcrx ",
        ] {
            assert!(sniff_remote(bad).is_err(), "{bad:?}");
        }
        for unknown in ["text/html", "image/svg+xml", ""] {
            assert_eq!(remote_type(unknown), None);
        }
    }
}
