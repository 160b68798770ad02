//! What a file seems to be that is not accepted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a file seems to be, so that its sender knows what to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// Nothing.
    Empty,
    /// An AVIF image.
    Avif,
    /// A HEIC image.
    Heic,
    /// A raw photograph.
    RawPhotograph,
    /// A JPEG 2000 image.
    Jpeg2000,
    /// MPEG-4 audio.
    Mpeg4Audio,
    /// A QuickTime video.
    QuickTime,
    /// An MPEG-4 video.
    Mpeg4,
    /// A WebM or Matroska video.
    Matroska,
    /// An Ogg file.
    Ogg,
    /// MP3 audio.
    Mp3,
    /// AAC audio without a container.
    Aac,
    /// WAV audio.
    Wav,
    /// An AVI video.
    Avi,
    /// A PDF document.
    Pdf,
    /// A ZIP archive.
    Zip,
    /// A BMP image.
    Bmp,
    /// A TIFF image.
    Tiff,
    /// A Photoshop document.
    Photoshop,
    /// A PostScript document.
    PostScript,
    /// A Windows icon.
    Icon,
    /// A JPEG XL image.
    JpegXl,
    /// An SVG image.
    Svg,
    /// An HTML page.
    Html,
    /// Anything else.
    Unknown,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::Avif => "an AVIF image, which this server cannot decode (save it as JPEG, PNG or WebP)",
            Self::Heic => {
                "a HEIC image, which this server cannot decode (save it as JPEG; on an iPhone: Settings, \
                 Camera, Formats, Most Compatible)"
            }
            Self::RawPhotograph => "a raw photograph",
            Self::Jpeg2000 => "a JPEG 2000 image",
            Self::Mpeg4Audio => "MPEG-4 audio",
            Self::QuickTime => "a QuickTime video",
            Self::Mpeg4 => "an MPEG-4 video",
            Self::Matroska => "a WebM or Matroska video",
            Self::Ogg => "an Ogg file",
            Self::Mp3 => "MP3 audio",
            Self::Aac => "AAC audio without a container (save it as M4A)",
            Self::Wav => "WAV audio",
            Self::Avi => "an AVI video",
            Self::Pdf => "a PDF document",
            Self::Zip => "a ZIP archive",
            Self::Bmp => "a BMP image",
            Self::Tiff => "a TIFF image",
            Self::Photoshop => "a Photoshop document",
            Self::PostScript => "a PostScript document",
            Self::Icon => "an icon of Windows",
            Self::JpegXl => "a JPEG XL image",
            Self::Svg => "an SVG image",
            Self::Html => "an HTML page",
            Self::Unknown => "of an unknown kind",
        })
    }
}
