//! Reads zip files whose entries are stored or deflated, which are all in practice. The directory is read entry by entry, because a
//! forged one would fill the memory before its length could be checked.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::budget::{Budget, Visit, damaged};
use crate::error::refusal::PackRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// Bytes of the record at the end of the file, without its comment.
const END: usize = 22;
/// Bytes of an entry of the directory, without its name.
const ENTRY: usize = 46;
/// Bytes of the header before the content, without its name.
const LOCAL: usize = 30;
/// Longest name of a file. Longer ones are passed over.
const NAME: usize = 1_024;

/// A file in the directory.
struct Entry {
    path: String,
    method: u16,
    packed: u64,
    offset: u64,
}

/// Visits the plain files.
pub(super) fn each<S: Read + Seek>(mut file: S, budget: &mut Budget, visit: Visit<'_>) -> Result<()> {
    let entries = directory(&mut file, budget)?;
    for entry in entries {
        let Entry { path, method, packed, offset } = entry;
        let content = content(&mut file, offset, packed).map_err(|e| damaged(&e))?;
        match method {
            0 => visit(&path, &mut budget.count(content))?,
            8 => visit(&path, &mut budget.count(DeflateDecoder::new(content)))?,
            _ => return Err(Error::invalid(PackRefusal::ZipCompression)),
        }
    }
    Ok(())
}

/// The packed content of a file.
fn content<S: Read + Seek>(file: &mut S, offset: u64, packed: u64) -> io::Result<io::Take<&mut S>> {
    let mut header = [0; LOCAL];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut header)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    file.seek_relative(i64::from(u16_at(&header, 26)) + i64::from(u16_at(&header, 28)))?;
    Ok(file.take(packed))
}

/// The plain files of the directory.
fn directory<S: Read + Seek>(file: &mut S, budget: &mut Budget) -> Result<Vec<Entry>> {
    let end = find_end(file)?;
    let (count, offset) = (u16_at(&end, 10), u32_at(&end, 16));
    if usize::from(count) > limits::EMOJI_PACK_FILES {
        return Err(Error::invalid(PackRefusal::TooManyFiles(limits::EMOJI_PACK_FILES)));
    }
    file.seek(SeekFrom::Start(offset.into()))?;
    let mut entries = Vec::new();
    for _ in 0..count {
        budget.take_file()?;
        entries.extend(next_entry(file).map_err(|e| damaged(&e))?);
    }
    Ok(entries)
}

/// The record at the end, which a comment may follow.
fn find_end<S: Read + Seek>(file: &mut S) -> Result<[u8; END]> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub((END + usize::from(u16::MAX)) as u64)))?;
    let mut tail = Vec::new();
    file.take((END + usize::from(u16::MAX)) as u64).read_to_end(&mut tail)?;
    let ends = tail.windows(END).enumerate().rev();
    let mut ends = ends
        .filter(|(at, end)| end.starts_with(b"PK\x05\x06") && at + END + usize::from(u16_at(end, 20)) == tail.len());
    let end = ends.next().and_then(|(_, end)| end.try_into().ok());
    end.ok_or_else(|| Error::invalid(PackRefusal::ZipDirectory))
}

/// The next entry of the directory, if it is a plain file.
fn next_entry<S: Read + Seek>(file: &mut S) -> io::Result<Option<Entry>> {
    let mut head = [0; ENTRY];
    file.read_exact(&mut head)?;
    if !head.starts_with(b"PK\x01\x02") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let name = usize::from(u16_at(&head, 28));
    let rest = i64::from(u16_at(&head, 30)) + i64::from(u16_at(&head, 32));
    let mut path = vec![0; name];
    file.read_exact(&mut path)?;
    file.seek_relative(rest)?;
    let path = String::from_utf8_lossy(&path).into_owned();
    // The type of a file on Unix is in the upper half.
    let mode = u32_at(&head, 38) >> 28;
    let is_plain = matches!(mode, 0 | 0o10) && !path.ends_with('/') && name <= NAME;
    let is_encrypted = u16_at(&head, 8) & 1 == 1;
    Ok((is_plain && !is_encrypted).then(|| Entry {
        method: u16_at(&head, 10),
        packed: u32_at(&head, 20).into(),
        offset: u32_at(&head, 42).into(),
        path,
    }))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
