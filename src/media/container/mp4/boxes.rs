//! Boxes: a length, a type, and content.

use std::ops::Range;

/// The name of the format in errors.
pub(super) const NAME: &str = "MP4";

/// The head of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxHead {
    pub(super) kind: [u8; 4],
    /// Where it begins.
    pub(super) at: u64,
    /// Its length, with the head.
    pub(super) length: u64,
    /// The length of the head: 8, or 16 with a long length.
    pub(super) header: usize,
}

impl BoxHead {
    /// Reads the head of the box at a position; `end` is that of what contains it.
    pub(super) fn parse(bytes: &[u8], at: u64, end: u64) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (length, header) = match u32::from_be_bytes(*length) {
            // Up to the end of the file.
            0 => (end - at, 8),
            1 => (u64::from_be_bytes(*rest.first_chunk::<8>()?), 16),
            length => (u64::from(length), 8),
        };
        (length >= header as u64 && at.checked_add(length).is_some()).then_some(Self {
            kind: *kind,
            at,
            length,
            header,
        })
    }

    /// The head of free space of the same length.
    pub(super) fn as_free(&self) -> Vec<u8> {
        let mut head =
            if self.header == 16 { 1_u32 } else { self.length.min(u64::from(u32::MAX)) as u32 }.to_be_bytes().to_vec();
        head.extend(b"free");
        if self.header == 16 {
            head.extend(self.length.to_be_bytes());
        }
        head
    }

    /// The range of its content.
    pub(super) fn content(&self) -> Range<usize> {
        self.at as usize + self.header..(self.at + self.length) as usize
    }
}

/// Iterates over the boxes in a range of bytes; ends at the first that does not fit.
pub(super) struct Boxes<'a> {
    bytes: &'a [u8],
    range: Range<usize>,
}

impl<'a> Boxes<'a> {
    fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        let end = range.end.min(bytes.len());
        Self { bytes, range: range.start.min(end)..end }
    }
}

impl Iterator for Boxes<'_> {
    type Item = BoxHead;

    fn next(&mut self) -> Option<BoxHead> {
        let (at, end) = (self.range.start as u64, self.range.end as u64);
        let head = BoxHead::parse(self.bytes.get(self.range.clone())?, at, end)?;
        let next = at + head.length;
        if next > end {
            return None;
        }
        self.range.start = next as usize;
        Some(head)
    }
}

/// The boxes within a part of a box that is in memory.
pub(super) fn children(bytes: &[u8], range: Range<usize>) -> Boxes<'_> {
    Boxes::new(bytes, range)
}

/// A big-endian number in a box, 0 outside of it.
pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    bytes.get(at..at + length).unwrap_or_default().iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Overwrites a box by free space.
pub(super) fn free(bytes: &mut [u8], head: &BoxHead) {
    let at = head.at as usize;
    if let Some(kind) = bytes.get_mut(at + 4..at + 8) {
        kind.copy_from_slice(b"free");
    }
    if let Some(content) = bytes.get_mut(head.content()) {
        content.fill(0);
    }
}
