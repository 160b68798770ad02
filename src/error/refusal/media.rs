//! Refusals of images, videos and recordings.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::file_kind::FileKind;

/// Why an image or another file is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum MediaRefusal {
    /// The format is not accepted.
    #[error("the file is {found}; accepted are {accepted}")]
    Format {
        /// What the file seems to be.
        found: FileKind,
        /// What is accepted.
        accepted: AcceptedFiles,
    },
    /// A decoder refuses it.
    #[error("the {format} image is damaged or incomplete and cannot be decoded ({cause})")]
    Damaged {
        /// The format.
        format: String,
        /// What the decoder has found.
        cause: String,
    },
    /// A frame of a WebP image is too short.
    #[error("the WebP image is damaged or incomplete: a frame is too short")]
    WebpFrame,
    /// The decoder of this format has crashed.
    #[error("the {0} image cannot be decoded")]
    Undecodable(String),
    /// An encoder refuses it.
    #[error("the {format} image cannot be encoded again ({cause})")]
    Unwritable {
        /// The format.
        format: String,
        /// What the encoder has found.
        cause: String,
    },
    /// A GIF image without a frame.
    #[error("the GIF image has no frame")]
    NoFrame,
    /// No width or no height.
    #[error("the image has no pixels")]
    NoPixels,
    /// A side is too long.
    #[error("the image is {width} x {height} pixels; the longest side may be {maximum}")]
    Side {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The longest side that is accepted.
        maximum: u32,
    },
    /// Too many pixels.
    #[error("the image is {width} x {height} pixels; at most {millions} million are accepted")]
    Pixels {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The most pixels, in millions.
        millions: u64,
    },
    /// Too many pixels for its kind.
    #[error(
        "the image is {width} x {height} pixels; {kind} may have at most {millions} million: save it smaller, or as JPEG"
    )]
    PixelsOfKind {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The kind.
        kind: HeavyImage,
        /// The most pixels, in millions.
        millions: f64,
    },
    /// The image is too large as PNG.
    #[error("the image with transparency is too detailed: save it smaller, or without transparency")]
    TooDetailed,
    /// The pixels do not fit into the address space.
    #[error("the image is too large")]
    TooLarge,
    /// A JPEG image uses this rare feature.
    #[error("the JPEG image uses {0}; save it again as a baseline or progressive JPEG")]
    JpegFeature(String),
    /// A progressive JPEG image is too large.
    #[error(
        "the progressive JPEG image of {width} x {height} pixels needs too much memory; save it as a baseline JPEG, which may have {millions} million pixels"
    )]
    ProgressiveJpeg {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The most pixels, in millions.
        millions: u64,
    },
}

/// Why an animation is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AnimationRefusal {
    /// The pixels do not fit into the address space.
    #[error("the animation is too large")]
    TooLarge,
    /// More frames than this number.
    #[error("the animation has more than {0} frames")]
    Frames(usize),
    /// More pixels in all frames than this number of millions.
    #[error("the frames of the animation have more than {0} million pixels")]
    Pixels(u64),
    /// A side is too long.
    #[error("the animation is {width} x {height} pixels; a side may be {maximum}")]
    Side {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The longest side that is accepted.
        maximum: u32,
    },
}

/// Why a video or recording is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum StreamRefusal {
    /// It cannot be read.
    #[error("the {format} file is damaged or incomplete ({cause})")]
    Damaged {
        /// The format.
        format: String,
        /// What the reader has found.
        cause: String,
    },
    /// Browsers play WebM, but not all of Matroska.
    #[error("the file is a Matroska video, which browsers do not play: convert it to WebM or MP4")]
    Matroska,
    /// Too many pixels.
    #[error("the video is {width} x {height} pixels; at most {millions} million are accepted")]
    Pixels {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The most pixels, in millions.
        millions: u64,
    },
    /// More frames in a second than this number.
    #[error("the video has more than {0} frames in a second")]
    FrameRate(u32),
    /// Tracks of a fragmented file cannot be removed.
    #[error("the MP4 file is fragmented and has tracks other than video and audio; export it again")]
    FragmentedMp4,
    /// Several streams in an Ogg file.
    #[error("the Ogg file has several streams; only audio with one stream is accepted")]
    OggStreams,
    /// A codec in an Ogg file.
    #[error("the Ogg file has a stream that browsers do not play; accepted are Opus, Vorbis and FLAC")]
    OggCodec,
}

/// The files that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcceptedFiles {
    /// Images.
    Images,
    /// Images, videos and recordings.
    All,
}

impl fmt::Display for AcceptedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Images => "JPEG, PNG, GIF and WebP images",
            Self::All => "JPEG, PNG, GIF and WebP images, MP4, MOV and WebM videos, MP3, M4A, Ogg, FLAC and WAV audio",
        })
    }
}

/// A kind of image whose decoder needs much memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeavyImage {
    /// An interlaced PNG.
    InterlacedPng,
    /// A WebP image with this codec and these channels.
    Webp,
    /// An animated WebP image.
    AnimatedWebp,
}

impl fmt::Display for HeavyImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InterlacedPng => "an interlaced PNG",
            Self::Webp => "a WebP image of this kind",
            Self::AnimatedWebp => "an animated WebP",
        })
    }
}
