//! What the readers of all containers share.

use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::error::refusal::StreamRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// What a player needs to know before it loads the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Stream {
    /// Width and height in pixels as shown; `None` for audio.
    pub(crate) size: Option<(u32, u32)>,
    /// Duration in seconds.
    pub(crate) seconds: Option<f64>,
    /// Frames in a second.
    pub(crate) frame_rate: Option<f64>,
}

/// An error for a damaged file.
pub(super) fn damaged(format: &str, what: &str) -> Error {
    Error::invalid(StreamRefusal::Damaged { format: format.to_owned(), cause: what.to_owned() })
}

/// Copies so many bytes.
pub(super) fn copy(source: &mut impl Read, to: &mut impl Write, length: u64, format: &str) -> Result<()> {
    let copied = io::copy(&mut source.take(length), to)?;
    if copied < length { Err(damaged(format, "it ends too early")) } else { Ok(()) }
}

/// Reads so many bytes, of a part that may not be longer than [`limits::CONTAINER_HEADER`].
pub(super) fn read(source: &mut impl Read, length: u64, format: &str) -> Result<Vec<u8>> {
    if length > limits::CONTAINER_HEADER as u64 {
        return Err(damaged(format, "its header is too long"));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    source.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length { Err(damaged(format, "it ends too early")) } else { Ok(bytes) }
}

pub(super) fn zeros(to: &mut impl Write, length: u64) -> Result<()> {
    io::copy(&mut io::repeat(0).take(length), to)?;
    Ok(())
}

pub(super) fn length_of(source: &mut impl Seek) -> Result<u64> {
    let length = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    Ok(length)
}

/// The position behind an ID3 tag at the start of a file, 0 if the file has no such tag.
pub(super) fn behind_id3(source: &mut (impl Read + Seek)) -> Result<u64> {
    let mut head = [0; 10];
    source.rewind()?;
    let tagged = source.read_exact(&mut head).is_ok() && head.starts_with(b"ID3");
    let size = head[6..].iter().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
    let start = if tagged { 10 + size + footer } else { 0 };
    source.seek(SeekFrom::Start(start))?;
    Ok(start)
}

/// The end of a file without its ID3v1 and APE tags.
pub(super) fn tail_of_tags(source: &mut (impl Read + Seek), mut end: u64) -> Result<u64> {
    if end >= 128 {
        source.seek(SeekFrom::Start(end - 128))?;
        if read(source, 3, "ID3")? == b"TAG" {
            end -= 128;
        }
    }
    if end >= 32 {
        source.seek(SeekFrom::Start(end - 32))?;
        let footer = read(source, 32, "ID3")?;
        if footer.starts_with(b"APETAGEX") {
            let size = u64::from(u32::from_le_bytes([footer[12], footer[13], footer[14], footer[15]]));
            let header = if footer[23] & 0x80 != 0 { 32 } else { 0 };
            end = end.saturating_sub(size + header);
        }
    }
    Ok(end)
}
