//! Reads tar files (POSIX ustar) from start to end. Entries other than plain files are passed over: links, devices, and the long
//! names of GNU and pax, which no file of a pack needs.

use std::io::{self, Read};

use super::budget::{Budget, Visit, damaged};
use crate::error::refusal::PackRefusal;
use crate::error::{Error, Result};

/// Bytes of a header; contents are padded to a multiple of it.
const BLOCK: usize = 512;

/// Returns `true` for the first block of a tar file.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// Visits the plain files.
pub(super) fn each(source: impl Read, budget: &mut Budget, visit: Visit<'_>) -> Result<()> {
    let mut source = source;
    let mut header = [0; BLOCK];
    loop {
        match read_block(&mut budget.count(&mut source), &mut header).map_err(|e| damaged(&e))? {
            true if header.iter().any(|byte| *byte != 0) => {}
            // Two empty blocks mark the end, but not all writers add them.
            _ => return Ok(()),
        }
        if !is_tar(&header) {
            return Err(Error::invalid(PackRefusal::NotATar));
        }
        budget.take_file()?;
        let size = octal(&header[124..136]).ok_or_else(|| Error::invalid(PackRefusal::TarSize))?;
        let mut counted = budget.count(&mut source);
        let padding = size.next_multiple_of(BLOCK as u64) - size;
        let mut content = (&mut counted).take(size);
        if matches!(header[156], b'0' | 0) {
            visit(&path(&header), &mut content)?;
        }
        // What the visitor has not read, and the padding.
        io::copy(&mut content, &mut io::sink()).map_err(|e| damaged(&e))?;
        io::copy(&mut counted.take(padding), &mut io::sink()).map_err(|e| damaged(&e))?;
    }
}

/// Reads a whole block. Returns `false` at the end of the file.
fn read_block(source: &mut impl Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    let mut filled = Vec::with_capacity(BLOCK);
    source.take(BLOCK as u64).read_to_end(&mut filled)?;
    match filled.len() {
        0 => Ok(false),
        BLOCK => {
            block.copy_from_slice(&filled);
            Ok(true)
        }
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn path(header: &[u8; BLOCK]) -> String {
    let (prefix, name) = (text(&header[345..500]), text(&header[..100]));
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// A number, which must be less than 2 GiB.
fn octal(field: &[u8]) -> Option<u64> {
    u64::from_str_radix(text(field).trim(), 8).ok().filter(|size| *size < 1 << 31)
}
