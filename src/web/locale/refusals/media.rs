//! Images, videos and recordings. What a decoder has found stays English, in brackets.

use crate::error::refusal::{AcceptedFiles, AnimationRefusal, FileKind, HeavyImage, MediaRefusal, StreamRefusal};
use crate::web::locale::Message;

pub(super) fn media(refusal: &MediaRefusal) -> Message {
    match refusal {
        MediaRefusal::Format { found, accepted } => {
            let message = Message::new("error-format").with("found", file_kind(*found));
            message.with("accepted", accepted_files(*accepted))
        }
        MediaRefusal::Damaged { format, cause } => {
            Message::new("error-image-damaged").with("format", format.as_str()).with("cause", cause.as_str())
        }
        MediaRefusal::WebpFrame => Message::new("error-image-webp-frame"),
        MediaRefusal::Undecodable(format) => Message::new("error-image-undecodable").with("format", format.as_str()),
        MediaRefusal::Unwritable { format, cause } => {
            Message::new("error-image-unwritable").with("format", format.as_str()).with("cause", cause.as_str())
        }
        MediaRefusal::NoFrame => Message::new("error-image-no-frame"),
        MediaRefusal::NoPixels => Message::new("error-image-no-pixels"),
        MediaRefusal::Side { width, height, maximum } => {
            Message::new("error-image-side").with("width", *width).with("height", *height).with("maximum", *maximum)
        }
        MediaRefusal::Pixels { width, height, millions } => {
            Message::new("error-image-pixels").with("width", *width).with("height", *height).with("millions", *millions)
        }
        MediaRefusal::PixelsOfKind { width, height, kind, millions } => Message::new("error-image-pixels-of-kind")
            .with("width", *width)
            .with("height", *height)
            .with("millions", *millions)
            .with("kind", heavy_image(*kind)),
        MediaRefusal::TooDetailed => Message::new("error-image-detailed"),
        MediaRefusal::TooLarge => Message::new("error-image-large"),
        MediaRefusal::JpegFeature(feature) => Message::new("error-image-jpeg").with("feature", feature.as_str()),
        MediaRefusal::ProgressiveJpeg { width, height, millions } => Message::new("error-image-progressive")
            .with("width", *width)
            .with("height", *height)
            .with("millions", *millions),
    }
}

fn accepted_files(accepted: AcceptedFiles) -> Message {
    match accepted {
        AcceptedFiles::Images => Message::new("error-accepted-images"),
        AcceptedFiles::All => Message::new("error-accepted-all"),
    }
}

fn heavy_image(kind: HeavyImage) -> Message {
    match kind {
        HeavyImage::InterlacedPng => Message::new("error-kind-interlaced-png"),
        HeavyImage::Webp => Message::new("error-kind-webp"),
        HeavyImage::AnimatedWebp => Message::new("error-kind-animated-webp"),
    }
}

fn file_kind(kind: FileKind) -> Message {
    match kind {
        FileKind::Empty => Message::new("error-kind-empty"),
        FileKind::Avif => Message::new("error-kind-avif"),
        FileKind::Heic => Message::new("error-kind-heic"),
        FileKind::RawPhotograph => Message::new("error-kind-raw"),
        FileKind::Jpeg2000 => Message::new("error-kind-jpeg-2000"),
        FileKind::Mpeg4Audio => Message::new("error-kind-mpeg-4-audio"),
        FileKind::QuickTime => Message::new("error-kind-quicktime"),
        FileKind::Mpeg4 => Message::new("error-kind-mpeg-4"),
        FileKind::Matroska => Message::new("error-kind-matroska"),
        FileKind::Ogg => Message::new("error-kind-ogg"),
        FileKind::Mp3 => Message::new("error-kind-mp3"),
        FileKind::Aac => Message::new("error-kind-aac"),
        FileKind::Wav => Message::new("error-kind-wav"),
        FileKind::Avi => Message::new("error-kind-avi"),
        FileKind::Pdf => Message::new("error-kind-pdf"),
        FileKind::Zip => Message::new("error-kind-zip"),
        FileKind::Bmp => Message::new("error-kind-bmp"),
        FileKind::Tiff => Message::new("error-kind-tiff"),
        FileKind::Photoshop => Message::new("error-kind-photoshop"),
        FileKind::PostScript => Message::new("error-kind-postscript"),
        FileKind::Icon => Message::new("error-kind-icon"),
        FileKind::JpegXl => Message::new("error-kind-jpeg-xl"),
        FileKind::Svg => Message::new("error-kind-svg"),
        FileKind::Html => Message::new("error-kind-html"),
        FileKind::Unknown => Message::new("error-kind-unknown"),
    }
}

pub(super) fn animation(refusal: &AnimationRefusal) -> Message {
    match refusal {
        AnimationRefusal::TooLarge => Message::new("error-animation-large"),
        AnimationRefusal::Frames(maximum) => Message::new("error-animation-frames").with("maximum", *maximum),
        AnimationRefusal::Pixels(millions) => Message::new("error-animation-pixels").with("millions", *millions),
        AnimationRefusal::Side { width, height, maximum } => {
            Message::new("error-animation-side").with("width", *width).with("height", *height).with("maximum", *maximum)
        }
    }
}

pub(super) fn stream(refusal: &StreamRefusal) -> Message {
    match refusal {
        StreamRefusal::Damaged { format, cause } => {
            Message::new("error-file-damaged").with("format", format.as_str()).with("cause", cause.as_str())
        }
        StreamRefusal::Matroska => Message::new("error-video-matroska"),
        StreamRefusal::Pixels { width, height, millions } => {
            Message::new("error-video-pixels").with("width", *width).with("height", *height).with("millions", *millions)
        }
        StreamRefusal::FrameRate(maximum) => Message::new("error-video-frames").with("maximum", *maximum),
        StreamRefusal::FragmentedMp4 => Message::new("error-video-fragmented"),
        StreamRefusal::OggStreams => Message::new("error-ogg-streams"),
        StreamRefusal::OggCodec => Message::new("error-ogg-codec"),
    }
}
