//! The files of a pack, one after the other and within limits. Names in a pack are never used as paths.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::budget::{Budget, Visit};
use super::{tar, zip};
use crate::error::refusal::PackRefusal;
use crate::error::{Error, Result};

/// Levels of folders that are read.
const DEPTH: usize = 4;

/// Where a pack is.
#[derive(Debug)]
pub enum PackSource<'a, S> {
    /// A zip, tar or tar.gz file.
    File(S),
    /// A folder.
    Folder(&'a Path),
}

impl<S: Read + Seek> PackSource<'_, S> {
    /// Visits all files.
    ///
    /// # Errors
    /// Those of the visitor, and [`Error::Invalid`] if it is not a pack, damaged, or larger than is accepted.
    pub(super) fn each(&mut self, visit: Visit<'_>) -> Result<()> {
        let mut budget = Budget::new();
        let file = match self {
            Self::Folder(folder) => {
                return each_in_folder(folder, "", DEPTH, &mut |path, file| {
                    budget.take_file()?;
                    visit(path, &mut budget.count(file))
                });
            }
            Self::File(file) => file,
        };
        file.rewind()?;
        let mut head = Vec::new();
        file.by_ref().take(512).read_to_end(&mut head)?;
        file.rewind()?;
        match &head[..] {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => zip::each(file, &mut budget, visit),
            [0x1f, 0x8b, ..] => tar::each(MultiGzDecoder::new(file), &mut budget, visit),
            head if tar::is_tar(head) => tar::each(file, &mut budget, visit),
            _ => Err(Error::invalid(PackRefusal::Format)),
        }
    }
}

/// Visits the plain files of a folder; links are not followed.
fn each_in_folder(
    folder: &Path,
    prefix: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str, File) -> Result<()>,
) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|e| Error::file(folder, &e))? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let Some(name) = name.to_str() else { continue };
        let path = format!("{prefix}{name}");
        if kind.is_dir() && depth > 1 {
            each_in_folder(&entry.path(), &format!("{path}/"), depth - 1, visit)?;
        } else if kind.is_file() {
            visit(&path, File::open(entry.path()).map_err(|e| Error::file(&entry.path(), &e))?)?;
        }
    }
    Ok(())
}
