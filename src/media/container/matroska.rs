//! WebM (RFC 8794, RFC 9559). Elements that are not needed are overwritten by a void of the same length, because cues refer
//! to positions in the file.

use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

use super::parts::{Stream, copy, damaged, length_of, read, zeros};
use crate::error::refusal::StreamRefusal;
use crate::error::{Error, Result};
use crate::limits;

const NAME: &str = "WebM";

const EBML: u32 = 0x1a45_dfa3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const CLUSTER: u32 = 0x1f43_b675;
const CUES: u32 = 0x1c53_bb6b;
const TAGS: u32 = 0x1254_c367;
const CHAPTERS: u32 = 0x1043_a770;
const ATTACHMENTS: u32 = 0x1941_a469;
const VOID: u8 = 0xec;
const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const MUXING_APP: u32 = 0x4d80;
const WRITING_APP: u32 = 0x5741;
const TRACK: u32 = 0xae;
const TRACK_TYPE: u32 = 0x83;
const TRACK_NAME: u32 = 0x536e;
const CRC: u32 = 0xbf;
const VIDEO: u32 = 0xe0;
const DEFAULT_DURATION: u32 = 0x0023_e383;
const CLUSTER_TIMESTAMP: u32 = 0xe7;

/// The head of an element.
#[derive(Debug, Clone, Copy)]
struct Element {
    id: u32,
    at: u64,
    /// Length of the head.
    head: u64,
    /// Length of the content; `None` if it is not known before its end.
    length: Option<u64>,
}

impl Element {
    /// Reads the head of the element at a position.
    fn parse(bytes: &[u8], at: u64) -> Option<Self> {
        let id_length = bytes.first()?.leading_zeros() as usize + 1;
        let id = bytes.get(..id_length).filter(|_| id_length <= 4)?;
        let id = id.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        let rest = &bytes[id_length..];
        let size_length = rest.first()?.leading_zeros() as usize + 1;
        let size = rest.get(..size_length).filter(|_| size_length <= 8)?;
        let all = size.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let mask = (1_u64 << (7 * size_length)) - 1;
        let length = (all & mask != mask).then_some(all & mask);
        Some(Self { id, at, head: (id_length + size_length) as u64, length })
    }

    fn content(&self, end: u64) -> Range<u64> {
        let start = self.at + self.head;
        start..self.length.map_or(end, |length| start.saturating_add(length))
    }

    /// The head of a void of the same length.
    fn as_void(&self, total: u64) -> Vec<u8> {
        let size_length = (self.head - 1).min(8);
        let length = total - 1 - size_length;
        let mut size = (length | 1 << (7 * size_length)).to_be_bytes()[8 - size_length as usize..].to_vec();
        size.insert(0, VOID);
        size
    }
}

pub(super) fn rewrite(source: &mut (impl Read + Seek), to: &mut impl Write) -> Result<Stream> {
    let end = length_of(source)?;
    let header = next(source, 0, end)?.filter(|e| e.id == EBML).ok_or_else(|| damaged(NAME, "it has no header"))?;
    let bytes = element(source, &header, end)?;
    let doc_type = find(&bytes, header.head as usize..bytes.len(), DOC_TYPE).map(|range| &bytes[range]);
    if doc_type.is_none_or(|t| !t.starts_with(b"webm")) {
        return Err(Error::invalid(StreamRefusal::Matroska));
    }
    to.write_all(&bytes)?;
    let segment = next(source, bytes.len() as u64, end)?.filter(|e| e.id == SEGMENT);
    let segment = segment.ok_or_else(|| damaged(NAME, "it has no segment"))?;
    source.seek(SeekFrom::Start(segment.at))?;
    copy(source, to, segment.head, NAME)?;
    let mut reader = Segment { stream: Stream::default(), scale: 1_000_000, last: 0, has_tracks: false, parts: 0 };
    let content = segment.content(end);
    let last = content.end.min(end);
    let mut at = content.start;
    while let Some(element) = next(source, at, last)? {
        at = reader.write(source, to, &element, last)?;
    }
    if segment.length.is_some() {
        zeros(to, last.saturating_sub(at))?;
    }
    if !reader.has_tracks {
        return Err(damaged(NAME, "it has neither video nor audio"));
    }
    let from_clusters = reader.last as f64 * reader.scale as f64 / 1e9;
    reader.stream.seconds = reader.stream.seconds.or((from_clusters > 0.0).then_some(from_clusters));
    Ok(reader.stream)
}

/// What was found in a segment.
struct Segment {
    stream: Stream,
    /// Nanoseconds of a tick.
    scale: u64,
    /// The time of the last cluster in ticks.
    last: u64,
    has_tracks: bool,
    parts: usize,
}

impl Segment {
    /// Writes an element of the segment and returns the position behind it.
    fn write(
        &mut self,
        source: &mut (impl Read + Seek),
        to: &mut impl Write,
        found: &Element,
        end: u64,
    ) -> Result<u64> {
        self.parts += 1;
        if self.parts > limits::CONTAINER_PARTS {
            return Err(damaged(NAME, "it has too many parts"));
        }
        let content = found.content(end);
        if found.length.is_none() && found.id != CLUSTER {
            return Err(damaged(NAME, "a part has no length"));
        }
        if content.end > end {
            return Err(damaged(NAME, "it ends too early"));
        }
        match found.id {
            INFO | TRACKS => {
                let mut bytes = element(source, found, end)?;
                self.filter(&mut bytes, found);
                to.write_all(&bytes)?;
            }
            CLUSTER => return self.write_cluster(source, to, found, end),
            SEEK_HEAD | CUES => {
                source.seek(SeekFrom::Start(found.at))?;
                copy(source, to, content.end - found.at, NAME)?;
            }
            _ => {
                let head = found.as_void(content.end - found.at);
                to.write_all(&head)?;
                zeros(to, content.end - found.at - head.len() as u64)?;
            }
        }
        Ok(content.end)
    }

    /// Copies a cluster; one without a length ends before the next element of the segment.
    fn write_cluster(
        &mut self,
        source: &mut (impl Read + Seek),
        to: &mut impl Write,
        cluster: &Element,
        end: u64,
    ) -> Result<u64> {
        let content = cluster.content(end);
        let mut at = content.start;
        let mut is_first = true;
        while at < content.end
            && let Some(part) = next(source, at, content.end)?
        {
            let is_outside = [CLUSTER, CUES, TAGS, CHAPTERS, ATTACHMENTS, INFO, TRACKS, SEEK_HEAD].contains(&part.id);
            if is_outside && cluster.length.is_none() {
                break;
            }
            if part.id == CLUSTER_TIMESTAMP && is_first {
                let bytes = element(source, &part, content.end)?;
                self.last = self.last.max(number(&bytes[part.head as usize..]));
                is_first = false;
            }
            if cluster.length.is_some() && !is_first {
                at = content.end;
                break;
            }
            at = part.content(content.end).end.min(content.end);
        }
        source.seek(SeekFrom::Start(cluster.at))?;
        let until = if cluster.length.is_some() { content.end } else { at };
        copy(source, to, until - cluster.at, NAME)?;
        Ok(until)
    }

    /// Overwrites names, dates and programs in the information about the file and its tracks.
    fn filter(&mut self, bytes: &mut [u8], parent: &Element) {
        for part in parts(bytes, parent.head as usize..bytes.len()) {
            let content = part.content(bytes.len() as u64);
            let range = content.start as usize..content.end as usize;
            match part.id {
                TIMESTAMP_SCALE => self.scale = number(&bytes[range]).max(1),
                DURATION => {
                    let ticks = float(&bytes[range]);
                    self.stream.seconds = Some(ticks * self.scale as f64 / 1e9).filter(|s| *s > 0.0);
                }
                TRACK => {
                    self.filter_track(bytes, range);
                }
                // Mandatory, and the names of programs.
                MUXING_APP | WRITING_APP => bytes[range].fill(b' '),
                _ => void(bytes, &part, range),
            }
        }
    }

    fn filter_track(&mut self, bytes: &mut [u8], track: Range<usize>) {
        for part in parts(bytes, track.clone()) {
            let content = part.content(bytes.len() as u64);
            if part.id == TRACK_NAME || part.id == CRC || part.id == u32::from(VOID) {
                void(bytes, &part, content.start as usize..content.end as usize);
            }
        }
        let value = |id| find(bytes, track.clone(), id).map(|range| number(&bytes[range]));
        let kind = value(TRACK_TYPE).unwrap_or_default();
        self.has_tracks |= kind == 1 || kind == 2;
        if kind != 1 || self.stream.size.is_some() {
            return;
        }
        let Some(video) = find(bytes, track.clone(), VIDEO) else { return };
        let side = |ids: [u32; 2]| {
            let found = ids.into_iter().find_map(|id| find(bytes, video.clone(), id));
            found.map(|range| number(&bytes[range]) as u32).filter(|side| *side > 0)
        };
        self.stream.size = side([0x54b0, 0xb0]).zip(side([0x54ba, 0xba]));
        let frame = value(DEFAULT_DURATION).filter(|nanoseconds| *nanoseconds > 0);
        self.stream.frame_rate = frame.map(|nanoseconds| 1e9 / nanoseconds as f64);
    }
}

/// The element at a position; `None` at the end, or if no element begins there.
fn next(source: &mut (impl Read + Seek), at: u64, end: u64) -> Result<Option<Element>> {
    if at >= end {
        return Ok(None);
    }
    source.seek(SeekFrom::Start(at))?;
    let bytes = read(source, (end - at).min(12), NAME)?;
    Ok(Element::parse(&bytes, at))
}

/// All bytes of an element.
fn element(source: &mut (impl Read + Seek), found: &Element, end: u64) -> Result<Vec<u8>> {
    source.seek(SeekFrom::Start(found.at))?;
    read(source, found.content(end).end - found.at, NAME)
}

/// The elements in a part of an element that is in memory.
fn parts(bytes: &[u8], range: Range<usize>) -> Vec<Element> {
    let (mut at, mut found) = (range.start, Vec::new());
    while let Some(element) = bytes.get(at..range.end).and_then(|rest| Element::parse(rest, at as u64)) {
        let end = element.content(u64::MAX).end;
        if element.length.is_none() || end > range.end as u64 {
            break;
        }
        at = end as usize;
        found.push(element);
    }
    found
}

fn find(bytes: &[u8], range: Range<usize>, id: u32) -> Option<Range<usize>> {
    let element = parts(bytes, range).into_iter().find(|e| e.id == id)?;
    let content = element.content(0);
    Some(content.start as usize..content.end as usize)
}

fn void(bytes: &mut [u8], part: &Element, content: Range<usize>) {
    let head = part.as_void(content.end as u64 - part.at);
    let at = part.at as usize;
    bytes[at..content.end].fill(0);
    bytes[at..at + head.len()].copy_from_slice(&head);
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn float(bytes: &[u8]) -> f64 {
    match bytes.len() {
        4 => f64::from(f32::from_bits(number(bytes) as u32)),
        8 => f64::from_bits(number(bytes)),
        _ => 0.0,
    }
}
