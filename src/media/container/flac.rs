//! FLAC (RFC 9639): the blocks that decoding and seeking need, and the frames.

use std::io::{BufRead, Seek, SeekFrom, Write};

use super::parts::{Stream, behind_id3, copy, damaged, length_of, read, tail_of_tags};
use crate::error::Result;

const NAME: &str = "FLAC";
const STREAM_INFO: u8 = 0;
const SEEK_TABLE: u8 = 3;
const LAST: u8 = 0x80;

pub(super) fn rewrite(source: &mut (impl BufRead + Seek), to: &mut impl Write) -> Result<Stream> {
    let end = length_of(source)?;
    let mut at = behind_id3(source)?;
    if read(source, 4, NAME)? != b"fLaC" {
        return Err(damaged(NAME, "it does not begin as FLAC"));
    }
    at += 4;
    let mut kept: Vec<(u8, Vec<u8>)> = Vec::new();
    loop {
        let head = read(source, 4, NAME)?;
        let length = head[1..].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        at += 4 + length;
        let kind = head[0] & !LAST;
        if kind == STREAM_INFO || kind == SEEK_TABLE {
            kept.push((kind, read(source, length, NAME)?));
        } else {
            source.seek(SeekFrom::Start(at))?;
        }
        if head[0] & LAST != 0 {
            break;
        }
    }
    let info = match kept.first() {
        Some((STREAM_INFO, info)) if info.len() == 34 => info,
        _ => return Err(damaged(NAME, "it has no stream information")),
    };
    let rate = u32::from_be_bytes([0, info[10], info[11], info[12]]) >> 4;
    let samples = info[13..18].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)) & 0xf_ffff_ffff;
    if !matches!(source.fill_buf()?, [0xff, 0xf8 | 0xf9, ..]) {
        return Err(damaged(NAME, "it has no frames"));
    }
    to.write_all(b"fLaC")?;
    for (n, (kind, block)) in kept.iter().enumerate() {
        let last = if n + 1 == kept.len() { LAST } else { 0 };
        let length = (block.len() as u32).to_be_bytes();
        to.write_all(&[kind | last, length[1], length[2], length[3]])?;
        to.write_all(block)?;
    }
    let tail = tail_of_tags(source, end)?;
    source.seek(SeekFrom::Start(at))?;
    copy(source, to, tail.saturating_sub(at), NAME)?;
    let seconds = (rate > 0 && samples > 0).then(|| samples as f64 / f64::from(rate));
    Ok(Stream { seconds, ..Stream::default() })
}
