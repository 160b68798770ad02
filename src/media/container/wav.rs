//! WAV: the chunks with the format and the samples.

use std::io::{Read, Seek, SeekFrom, Write};

use super::parts::{Stream, copy, damaged, length_of, read, zeros};
use crate::error::Result;

const NAME: &str = "WAV";
/// Chunks that are kept; the others are titles, artists, places and pictures.
const KEPT: [&[u8; 4]; 3] = [b"fmt ", b"fact", b"data"];

struct Chunk {
    kind: [u8; 4],
    at: u64,
    length: u64,
}

pub(super) fn rewrite(source: &mut (impl Read + Seek), to: &mut impl Write) -> Result<Stream> {
    let chunks = chunks(source)?;
    let format = chunks.iter().find(|c| &c.kind == b"fmt ").ok_or_else(|| damaged(NAME, "it has no format"))?;
    let data = chunks.iter().find(|c| &c.kind == b"data").ok_or_else(|| damaged(NAME, "it has no samples"))?;
    source.seek(SeekFrom::Start(format.at))?;
    let header = read(source, format.length, NAME)?;
    let rate = header.get(8..12).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
    let total: u64 = chunks.iter().map(|c| 8 + c.length + c.length % 2).sum();
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(4 + total).unwrap_or(u32::MAX).to_le_bytes())?;
    to.write_all(b"WAVE")?;
    for chunk in &chunks {
        to.write_all(&chunk.kind)?;
        to.write_all(&(chunk.length as u32).to_le_bytes())?;
        source.seek(SeekFrom::Start(chunk.at))?;
        copy(source, to, chunk.length, NAME)?;
        zeros(to, chunk.length % 2)?;
    }
    let seconds = (rate > 0).then(|| data.length as f64 / f64::from(rate));
    Ok(Stream { seconds, ..Stream::default() })
}

/// The first of each kind of chunk that is kept.
fn chunks(source: &mut (impl Read + Seek)) -> Result<Vec<Chunk>> {
    let end = length_of(source)?;
    let (mut at, mut found) = (12, Vec::<Chunk>::new());
    while at + 8 <= end {
        source.seek(SeekFrom::Start(at))?;
        let head = read(source, 8, NAME)?;
        let (Some(kind), Some(size)) = (head.first_chunk::<4>(), head.last_chunk::<4>()) else { break };
        // Programs that stream do not know the length of the samples.
        let length = u64::from(u32::from_le_bytes(*size)).min(end - at - 8);
        if KEPT.contains(&kind) && found.iter().all(|c| c.kind != *kind) {
            found.push(Chunk { kind: *kind, at: at + 8, length });
        }
        at += 8 + length + length % 2;
    }
    Ok(found)
}
