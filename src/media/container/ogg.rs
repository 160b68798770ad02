//! Ogg (RFC 3533) with Opus, Vorbis or FLAC. Comments are overwritten in place by an empty list of the same length, so that
//! pages keep their lengths; only their checksums change.

use std::io::{Read, Seek, SeekFrom, Write};

use super::parts::{Stream, damaged, length_of, read};
use crate::error::refusal::StreamRefusal;
use crate::error::{Error, Result};
use crate::limits;

const NAME: &str = "Ogg";
const HEAD: usize = 27;
/// Flag of a page that begins a stream.
const FIRST: u8 = 2;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Codec {
    Opus,
    Vorbis,
    Flac,
}

struct Page {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    fn serial(&self) -> &[u8] {
        &self.head[14..18]
    }

    fn granule(&self) -> Option<i64> {
        let position = self.head[6..14].try_into().ok().map(i64::from_le_bytes);
        position.filter(|p| *p >= 0)
    }

    /// Writes the page with the checksum of its present content.
    fn write(&mut self, to: &mut impl Write) -> Result<()> {
        self.head[22..26].fill(0);
        let sum = checksum(checksum(0, &self.head), &self.body);
        self.head[22..26].copy_from_slice(&sum.to_le_bytes());
        to.write_all(&self.head)?;
        to.write_all(&self.body)?;
        Ok(())
    }
}

/// CRC-32 with the polynomial 0x04c11db7, not reflected (RFC 3533 section 6).
fn checksum(sum: u32, bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < 256 {
            let (mut value, mut bit) = ((n as u32) << 24, 0);
            while bit < 8 {
                value = if value & 0x8000_0000 != 0 { value << 1 ^ 0x04c1_1db7 } else { value << 1 };
                bit += 1;
            }
            table[n] = value;
            n += 1;
        }
        table
    };
    bytes.iter().fold(sum, |sum, byte| sum << 8 ^ TABLE[usize::from((sum >> 24) as u8 ^ byte)])
}

pub(super) fn rewrite(source: &mut (impl Read + Seek), to: &mut impl Write) -> Result<Stream> {
    let end = length_of(source)?;
    let first = next_page(source, end)?.ok_or_else(|| damaged(NAME, "it has no pages"))?;
    let (codec, rate, skipped) = identify(&first)?;
    let serial = first.serial().to_vec();
    let mut headers = vec![first];
    while !clean_headers(&mut headers, codec) {
        let page = next_page(source, end)?.ok_or_else(|| damaged(NAME, "its headers are incomplete"))?;
        let held: usize = headers.iter().map(|p| p.body.len()).sum();
        if held + page.body.len() > limits::CONTAINER_HEADER {
            return Err(damaged(NAME, "its header is too long"));
        }
        if page.head[5] & FIRST != 0 || page.serial() != serial {
            return Err(Error::invalid(StreamRefusal::OggStreams));
        }
        headers.push(page);
    }
    for page in &mut headers {
        page.write(to)?;
    }
    let mut last = 0;
    while let Some(mut page) = next_page(source, end)? {
        // A further stream, as in radio recordings, would have comments of its own.
        if page.serial() != serial {
            return Err(Error::invalid(StreamRefusal::OggStreams));
        }
        last = page.granule().unwrap_or(last);
        page.write(to)?;
    }
    let seconds = (rate > 0 && last > skipped).then(|| (last - skipped) as f64 / f64::from(rate));
    Ok(Stream { seconds, ..Stream::default() })
}

/// The next page; `None` at the end, or when only a part of one is left.
fn next_page(source: &mut (impl Read + Seek), end: u64) -> Result<Option<Page>> {
    let at = source.stream_position()?;
    if at + HEAD as u64 > end {
        return Ok(None);
    }
    let mut head = read(source, HEAD as u64, NAME)?;
    if !head.starts_with(b"OggS\0") {
        return Err(damaged(NAME, "a page does not begin where it should"));
    }
    let count = u64::from(head[26]);
    if at + HEAD as u64 + count > end {
        return Ok(None);
    }
    head.extend(read(source, count, NAME)?);
    let length: u64 = head[HEAD..].iter().map(|n| u64::from(*n)).sum();
    if at + head.len() as u64 + length > end {
        source.seek(SeekFrom::Start(end))?;
        return Ok(None);
    }
    let body = read(source, length, NAME)?;
    Ok(Some(Page { head, body }))
}

/// Codec, samples in a second, and samples at the start that are not played.
fn identify(page: &Page) -> Result<(Codec, u32, i64)> {
    let body = &page.body;
    let word = |at: usize| body.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
    if body.starts_with(b"OpusHead") && body.len() >= 19 {
        return Ok((Codec::Opus, 48_000, i64::from(u16::from_le_bytes([body[10], body[11]]))));
    }
    if body.starts_with(b"\x01vorbis") && body.len() >= 30 {
        return Ok((Codec::Vorbis, word(12), 0));
    }
    if body.starts_with(b"\x7fFLAC") && body.len() >= 51 {
        return Ok((Codec::Flac, u32::from_be_bytes([0, body[27], body[28], body[29]]) >> 4, 0));
    }
    Err(Error::invalid(StreamRefusal::OggCodec))
}

/// Overwrites the comments in the header packets. Returns `false` while some of them are not there yet.
fn clean_headers(pages: &mut [Page], codec: Codec) -> bool {
    // Every byte of the bodies with its place, and the ends of packets.
    let (mut packets, mut packet) = (Vec::new(), Vec::new());
    for (n, page) in pages.iter().enumerate() {
        let mut at = 0;
        for lacing in &page.head[HEAD..] {
            let length = usize::from(*lacing);
            packet.push((n, at..at + length));
            at += length;
            if length < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
    }
    let join = |packet: &[(usize, std::ops::Range<usize>)]| -> Vec<u8> {
        packet.iter().filter_map(|(page, range)| pages[*page].body.get(range.clone())).flatten().copied().collect()
    };
    let mut changed = Vec::new();
    for (n, packet) in packets.iter().enumerate().skip(1) {
        let content = join(packet);
        let (cleaned, is_last) = match codec {
            Codec::Opus => (emptied(&content, 8, false), true),
            Codec::Vorbis if n == 1 => (emptied(&content, 7, true), false),
            Codec::Vorbis => (content, true),
            Codec::Flac => flac_block(content),
        };
        changed.push((packet.clone(), cleaned));
        if is_last {
            for (packet, cleaned) in changed {
                put(pages, &packet, &cleaned);
            }
            return true;
        }
    }
    false
}

fn put(pages: &mut [Page], packet: &[(usize, std::ops::Range<usize>)], mut content: &[u8]) {
    for (page, range) in packet {
        let Some((part, rest)) = content.split_at_checked(range.len()) else { return };
        if let Some(place) = pages[*page].body.get_mut(range.clone()) {
            place.copy_from_slice(part);
        }
        content = rest;
    }
}

/// A list of comments of the same length: all of it is the name of the program, and it has no comments. `start` bytes are
/// kept; Vorbis ends with a framing bit.
fn emptied(packet: &[u8], start: usize, is_framed: bool) -> Vec<u8> {
    let end = 4 + usize::from(is_framed);
    let Some(vendor) = packet.len().checked_sub(start + 4 + end) else { return packet.to_vec() };
    let mut cleaned = packet[..start].to_vec();
    cleaned.extend((vendor as u32).to_le_bytes());
    cleaned.resize(cleaned.len() + vendor, b' ');
    cleaned.extend([0; 4]);
    cleaned.extend(is_framed.then_some(1));
    cleaned
}

/// A metadata block of FLAC, emptied, and whether it is the last one.
fn flac_block(mut block: Vec<u8>) -> (Vec<u8>, bool) {
    const COMMENT: u8 = 4;
    const PADDING: u8 = 1;
    let Some(head) = block.first().copied() else { return (block, true) };
    match head & 0x7f {
        COMMENT => block = emptied(&block, 4, false),
        // Seek tables refer to native FLAC.
        _ => {
            block[0] = head & 0x80 | PADDING;
            block.iter_mut().skip(4).for_each(|byte| *byte = 0);
        }
    }
    (block, head & 0x80 != 0)
}
