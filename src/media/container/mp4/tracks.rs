//! The index of the tracks: what is kept of it, and what it tells about them.

use std::ops::Range;

use super::boxes::{BoxHead, NAME, children, free, number};
use crate::error::Result;
use crate::limits;
use crate::media::container::parts::{Stream, damaged};

/// The boxes that are kept, by the box that contains them. What is not listed here is metadata, or unknown.
const KEPT: [(&[u8; 4], &[&[u8; 4]]); 5] = [
    (b"moov", &[b"mvhd", b"trak", b"mvex", b"iods"]),
    (b"trak", &[b"tkhd", b"edts", b"mdia"]),
    (b"mdia", &[b"mdhd", b"hdlr", b"minf", b"elng"]),
    (b"minf", &[b"vmhd", b"smhd", b"sthd", b"nmhd", b"gmhd", b"dinf", b"stbl", b"hdlr"]),
    (
        b"stbl",
        &[
            b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stsh", b"sdtp",
            b"sgpd", b"sbgp", b"stps", b"padb", b"subs", b"saiz", b"saio",
        ],
    ),
];
/// Tracks that are kept, by their handler.
const VIDEO: &[u8] = b"vide";
const AUDIO: &[u8] = b"soun";
const SUBTITLES: [&[u8]; 4] = [b"text", b"sbtl", b"subt", b"clcp"];

/// What was found in an index.
#[derive(Default)]
pub(super) struct Found {
    pub(super) stream: Stream,
    /// The positions in the file of the samples of removed tracks.
    pub(super) removed_samples: Vec<Range<u64>>,
}

/// Overwrites what is not kept of an index, and its dates.
pub(super) fn filter_movie(bytes: &mut [u8]) -> Result<Found> {
    let root = BoxHead::parse(bytes, 0, bytes.len() as u64).ok_or_else(|| damaged(NAME, "its index is invalid"))?;
    let mut found = Found::default();
    let mut is_playable = false;
    for head in children(bytes, root.content()).collect::<Vec<_>>() {
        match &head.kind {
            b"mvhd" => found.stream.seconds = header_of_movie(bytes, &head),
            b"trak" => is_playable |= filter_track(bytes, &head, &mut found)?,
            b"mvex" => {
                let extent = child(bytes, &head, b"mehd").map(|b| b.content());
                let scale = child(bytes, &root, b"mvhd").map_or(0, |b| time_scale(bytes, &b));
                if let Some(extent) = extent.filter(|_| scale > 0) {
                    let long = bytes.get(extent.start) == Some(&1);
                    found.stream.seconds =
                        Some(number(bytes, extent.start + 4, if long { 8 } else { 4 }) as f64 / scale as f64);
                }
            }
            kind if is_kept(b"moov", kind) => {}
            _ => free(bytes, &head),
        }
    }
    if is_playable { Ok(found) } else { Err(damaged(NAME, "it has neither video nor audio")) }
}

/// Overwrites what is not kept of a fragment.
pub(super) fn filter_fragment(bytes: &mut [u8]) -> Result<()> {
    let root = BoxHead::parse(bytes, 0, bytes.len() as u64).ok_or_else(|| damaged(NAME, "a fragment is invalid"))?;
    const IN_TRACK: [&[u8; 4]; 9] = [b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"];
    for head in children(bytes, root.content()).collect::<Vec<_>>() {
        match &head.kind {
            b"mfhd" => {}
            b"traf" => {
                for part in children(bytes, head.content()).collect::<Vec<_>>() {
                    if !IN_TRACK.contains(&&part.kind) {
                        free(bytes, &part);
                    }
                }
            }
            _ => free(bytes, &head),
        }
    }
    Ok(())
}

fn is_kept(parent: &[u8; 4], kind: &[u8; 4]) -> bool {
    KEPT.iter().any(|(name, kept)| *name == parent && kept.contains(&kind))
}

/// The first box of a kind directly in another.
pub(super) fn child(bytes: &[u8], parent: &BoxHead, kind: &[u8; 4]) -> Option<BoxHead> {
    children(bytes, parent.content()).find(|b| &b.kind == kind)
}

/// The box at a path below another.
pub(super) fn descendant(bytes: &[u8], parent: &BoxHead, path: &[&[u8; 4]]) -> Option<BoxHead> {
    path.iter().try_fold(*parent, |parent, kind| child(bytes, &parent, kind))
}

/// The position of the time scale in a header with dates, which come first, in 4 or 8 bytes each.
fn scale_at(bytes: &[u8], head: &BoxHead) -> (usize, bool) {
    let start = head.content().start;
    let is_long = bytes.get(start) == Some(&1);
    (start + 4 + if is_long { 16 } else { 8 }, is_long)
}

/// The units of a second in a header with dates.
pub(super) fn time_scale(bytes: &[u8], head: &BoxHead) -> u64 {
    number(bytes, scale_at(bytes, head).0, 4)
}

/// The duration in seconds from a header with a time scale; its dates are overwritten.
fn header_of_movie(bytes: &mut [u8], head: &BoxHead) -> Option<f64> {
    let (scale_at, is_long) = scale_at(bytes, head);
    clear_dates(bytes, head, scale_at);
    let (scale, duration) = (number(bytes, scale_at, 4), number(bytes, scale_at + 4, if is_long { 8 } else { 4 }));
    let is_unknown = duration == 0 || duration == u64::MAX || (!is_long && duration == u64::from(u32::MAX));
    (scale > 0 && !is_unknown).then(|| duration as f64 / scale as f64)
}

fn clear_dates(bytes: &mut [u8], head: &BoxHead, end: usize) {
    let content = head.content();
    if let Some(dates) = bytes.get_mut(content.start + 4..end.min(content.end)) {
        dates.fill(0);
    }
}

/// Returns `true` if the track is video or audio.
fn filter_track(bytes: &mut [u8], track: &BoxHead, found: &mut Found) -> Result<bool> {
    let handler = descendant(bytes, track, &[b"mdia", b"hdlr"]).map(|b| b.content().start + 8);
    let handler = handler.and_then(|at| bytes.get(at..at + 4)).unwrap_or_default().to_vec();
    let is_played = handler == VIDEO || handler == AUDIO;
    if !is_played && !SUBTITLES.contains(&&*handler) {
        found.removed_samples.extend(samples(bytes, track)?);
        free(bytes, track);
        return Ok(false);
    }
    filter(bytes, track, 0);
    if let Some(header) = child(bytes, track, b"tkhd") {
        let end = scale_at(bytes, &header).0;
        clear_dates(bytes, &header, end);
        if handler == VIDEO && found.stream.size.is_none() {
            found.stream.size = shown_size(bytes, &header);
        }
    }
    if let Some(header) = descendant(bytes, track, &[b"mdia", b"mdhd"]) {
        let seconds = header_of_movie(bytes, &header);
        if handler == VIDEO && found.stream.frame_rate.is_none() {
            let frames = descendant(bytes, track, &[b"mdia", b"minf", b"stbl", b"stts"]).map(|b| frames(bytes, &b));
            found.stream.frame_rate = frames.filter(|n| *n > 0).zip(seconds).map(|(n, seconds)| n as f64 / seconds);
        }
    }
    Ok(is_played)
}

/// Overwrites what is not kept below a box, and the names of handlers.
fn filter(bytes: &mut [u8], parent: &BoxHead, depth: usize) {
    for head in children(bytes, parent.content()).collect::<Vec<_>>() {
        if &head.kind == b"hdlr" {
            // The name of the program or device, behind the type and reserved words.
            let content = head.content();
            if let Some(name) = bytes.get_mut((content.start + 24).min(content.end)..content.end) {
                name.fill(0);
            }
        }
        if !is_kept(&parent.kind, &head.kind) {
            free(bytes, &head);
        } else if depth < KEPT.len() && KEPT.iter().any(|(name, _)| **name == head.kind) {
            filter(bytes, &head, depth + 1);
        }
    }
}

/// The size in a track header, exchanged if its matrix turns the picture by a quarter.
fn shown_size(bytes: &[u8], header: &BoxHead) -> Option<(u32, u32)> {
    let content = header.content();
    let side = |at: usize| (number(bytes, at, 4) >> 16) as u32;
    let (width, height) = (side(content.end.checked_sub(8)?), side(content.end.checked_sub(4)?));
    let matrix = content.end.checked_sub(44)?;
    let is_turned = number(bytes, matrix, 4) == 0 && number(bytes, matrix + 4, 4) != 0;
    let size = if is_turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(size)
}

/// The number of samples in a table of durations.
fn frames(bytes: &[u8], table: &BoxHead) -> u64 {
    let content = table.content();
    let (runs, _) = bytes.get(content.start + 8..content.end).unwrap_or_default().as_chunks::<8>();
    runs.iter().map(|run| number(run, 0, 4)).sum()
}

/// The positions of the samples of a track, by chunk.
fn samples(bytes: &[u8], track: &BoxHead) -> Result<Vec<Range<u64>>> {
    let Some(table) = descendant(bytes, track, &[b"mdia", b"minf", b"stbl"]) else { return Ok(Vec::new()) };
    let entries = |kind: &[u8; 4]| child(bytes, &table, kind).map(|b| b.content());
    let (Some(sizes), Some(runs)) = (entries(b"stsz"), entries(b"stsc")) else { return Ok(Vec::new()) };
    let (offsets, width) = match (entries(b"stco"), entries(b"co64")) {
        (Some(range), _) => (range, 4),
        (None, Some(range)) => (range, 8),
        _ => return Ok(Vec::new()),
    };
    let fixed = number(bytes, sizes.start + 4, 4);
    let chunks = number(bytes, offsets.start + 4, 4);
    if chunks > limits::CONTAINER_PARTS as u64 {
        return Err(damaged(NAME, "a track has too many parts"));
    }
    let run_count = number(bytes, runs.start + 4, 4);
    let run = |n: u64| {
        (number(bytes, runs.start + 8 + n as usize * 12, 4), number(bytes, runs.start + 12 + n as usize * 12, 4))
    };
    let (mut sample, mut at_run, mut ranges) = (0_usize, 0, Vec::new());
    for chunk in 0..chunks {
        while at_run + 1 < run_count && run(at_run + 1).0 <= chunk + 1 {
            at_run += 1;
        }
        let start = number(bytes, offsets.start + 8 + chunk as usize * width, width);
        let count = run(at_run).1;
        let mut length = fixed.saturating_mul(count);
        for _ in 0..if fixed > 0 { 0 } else { count } {
            let at = sizes.start + 12 + sample * 4;
            if at >= sizes.end {
                break;
            }
            length = length.saturating_add(number(bytes, at, 4));
            sample += 1;
        }
        ranges.push(start..start.saturating_add(length));
    }
    Ok(ranges)
}
