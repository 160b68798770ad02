//! What is unpacked of a pack is counted while that happens.

use std::io::{self, Read};

use crate::error::refusal::PackRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// Is called with the name and the content of each file.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&str, &mut dyn Read) -> Result<()>;

/// Counts what is unpacked.
#[derive(Debug)]
pub(super) struct Budget {
    files: usize,
    bytes: u64,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { files: limits::EMOJI_PACK_FILES, bytes: limits::EMOJI_PACK_BYTES }
    }

    /// Counts a file.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there are too many.
    pub(super) fn take_file(&mut self) -> Result<()> {
        let too_many = || Error::invalid(PackRefusal::TooManyFiles(limits::EMOJI_PACK_FILES));
        self.files = self.files.checked_sub(1).ok_or_else(too_many)?;
        Ok(())
    }

    /// A reader that counts the bytes and fails if there are too many.
    pub(super) fn count<R: Read>(&mut self, inner: R) -> Counted<'_, R> {
        Counted { inner, left: &mut self.bytes }
    }
}

/// Counts the bytes that are read.
pub(super) struct Counted<'a, R> {
    inner: R,
    left: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let too_large = || io::Error::other(PackRefusal::TooLarge(limits::EMOJI_PACK_BYTES / (1024 * 1024)));
        *self.left = self.left.checked_sub(read as u64).ok_or_else(too_large)?;
        Ok(read)
    }
}

/// The error of a pack that cannot be read.
pub(super) fn damaged(error: &io::Error) -> Error {
    // A refusal of ours: the pack is too large.
    let refusal = error.get_ref().and_then(|inner| inner.downcast_ref::<PackRefusal>());
    Error::invalid(refusal.cloned().unwrap_or_else(|| PackRefusal::Damaged(error.to_string())))
}
