//! Video and audio. Their streams are stored as they are, because a server for one person cannot transcode; what is read is
//! the container around them. Everything in it that is not needed to play the streams is left out: titles, places, dates,
//! names of devices, pictures, chapters.
//!
//! A container whose parts refer to positions in the file keeps its length: parts that are left out are overwritten.

mod flac;
mod matroska;
mod mp3;
mod mp4;
mod ogg;
mod parts;
mod wav;

use std::io::{BufRead, Seek, Write};

pub(super) use self::parts::Stream;
use super::sniff::StreamFormat;
use crate::error::refusal::StreamRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// Writes a file without its metadata, and returns what is known of it.
///
/// # Errors
/// [`Error::Invalid`] if it is damaged, or of a kind that browsers do not play.
pub(super) fn rewrite<S: BufRead + Seek>(format: StreamFormat, source: &mut S, to: &mut impl Write) -> Result<Stream> {
    let stream = match format {
        StreamFormat::Mp4 | StreamFormat::M4a | StreamFormat::Mov => mp4::rewrite(source, to),
        StreamFormat::Webm => matroska::rewrite(source, to),
        StreamFormat::Mp3 => mp3::rewrite(source, to),
        StreamFormat::Ogg => ogg::rewrite(source, to),
        StreamFormat::Flac => flac::rewrite(source, to),
        StreamFormat::Wav => wav::rewrite(source, to),
    };
    let stream = stream.map_err(|e| match e {
        Error::Storage(_) | Error::Invalid(_) => e,
        other => Error::internal(format!("a {} file could not be rewritten: {other}", format.name())),
    })?;
    check(&stream)?;
    Ok(Stream { seconds: stream.seconds.filter(|s| s.is_finite() && *s >= 0.0), ..stream })
}

fn check(stream: &Stream) -> Result<()> {
    if let Some((width, height)) = stream.size
        && u64::from(width) * u64::from(height) > limits::VIDEO_PIXELS
    {
        let millions = limits::VIDEO_PIXELS / 1_000_000;
        return Err(Error::invalid(StreamRefusal::Pixels { width, height, millions }));
    }
    if stream.frame_rate.is_some_and(|rate| rate > f64::from(limits::VIDEO_FRAME_RATE)) {
        return Err(Error::invalid(StreamRefusal::FrameRate(limits::VIDEO_FRAME_RATE)));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
