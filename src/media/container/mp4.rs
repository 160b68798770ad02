//! MP4, MOV and M4A (ISO/IEC 14496-12). Boxes that are not needed are overwritten by free space of the same length, because
//! tables refer to positions in the file. Tracks other than video, audio and subtitles (phones record places and movements in
//! them) are left out with their samples.

mod boxes;
mod timeline;
mod tracks;

use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

use self::boxes::{BoxHead, NAME};
use self::timeline::Timeline;
use super::parts::{Stream, copy, damaged, length_of, read, zeros};
use crate::error::refusal::StreamRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// What is done with a box at the top of the file.
enum Kept {
    Copied,
    /// Read, filtered and written.
    Filtered(Vec<u8>),
    Emptied,
}

pub(super) fn rewrite(source: &mut (impl Read + Seek), to: &mut impl Write) -> Result<Stream> {
    let heads = top_level(source)?;
    let movie = heads.iter().find(|b| &b.kind == b"moov").ok_or_else(|| damaged(NAME, "it has no index"))?;
    source.seek(SeekFrom::Start(movie.at))?;
    let mut index = read(source, movie.length, NAME)?;
    let found = tracks::filter_movie(&mut index)?;
    let mut timeline = Timeline::of(&index);
    let is_fragmented = heads.iter().any(|b| &b.kind == b"moof");
    if is_fragmented && !found.removed_samples.is_empty() {
        return Err(Error::invalid(StreamRefusal::FragmentedMp4));
    }
    let removed = merged(found.removed_samples);
    let mut seen_movie = false;
    for head in &heads {
        source.seek(SeekFrom::Start(head.at))?;
        let kept = match &head.kind {
            b"moov" if !seen_movie => {
                seen_movie = true;
                Kept::Filtered(std::mem::take(&mut index))
            }
            b"moof" => {
                let mut fragment = read(source, head.length, NAME)?;
                tracks::filter_fragment(&mut fragment)?;
                timeline.add(&fragment);
                Kept::Filtered(fragment)
            }
            b"mdat" | b"ftyp" | b"styp" | b"sidx" | b"mfra" => Kept::Copied,
            _ => Kept::Emptied,
        };
        match kept {
            Kept::Filtered(bytes) => to.write_all(&bytes)?,
            Kept::Copied => copy_without(source, to, head, &removed)?,
            Kept::Emptied => empty(to, head)?,
        }
    }
    let seconds = found.stream.seconds.or_else(|| timeline.seconds());
    Ok(Stream { seconds, ..found.stream })
}

/// The boxes of the file. What remains behind the last complete one is not a box, and is left out.
fn top_level(source: &mut (impl Read + Seek)) -> Result<Vec<BoxHead>> {
    let end = length_of(source)?;
    let (mut at, mut heads) = (0, Vec::new());
    while at + 8 <= end {
        source.seek(SeekFrom::Start(at))?;
        let mut bytes = [0; 16];
        let wanted = (end - at).min(16) as usize;
        source.read_exact(&mut bytes[..wanted])?;
        let Some(head) = BoxHead::parse(&bytes[..wanted], at, end) else { break };
        if head.at + head.length > end {
            return Err(damaged(NAME, "it ends too early"));
        }
        at += head.length;
        heads.push(head);
        if heads.len() > limits::CONTAINER_PARTS {
            return Err(damaged(NAME, "it has too many parts"));
        }
    }
    Ok(heads)
}

fn empty(to: &mut impl Write, head: &BoxHead) -> Result<()> {
    to.write_all(&head.as_free())?;
    zeros(to, head.length - head.header as u64)
}

/// Copies a box, with zeros for the samples of removed tracks.
fn copy_without(
    source: &mut (impl Read + Seek),
    to: &mut impl Write,
    head: &BoxHead,
    removed: &[Range<u64>],
) -> Result<()> {
    let (mut at, end) = (head.at, head.at + head.length);
    let media = head.at + head.header as u64;
    for range in removed.iter().filter(|r| r.start < end && r.end > media) {
        let (start, stop) = (range.start.max(media), range.end.min(end));
        copy(source, to, start - at, NAME)?;
        zeros(to, stop - start)?;
        at = source.seek(SeekFrom::Start(stop))?;
    }
    copy(source, to, end - at, NAME)
}

fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_by_key(|r| r.start);
    let mut merged: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
