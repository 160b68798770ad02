//! The media directory: files named by a hash of their content.

mod names;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ring::digest::{Context, SHA256};

pub use self::names::media_type_of;
use self::names::{media_type_of_extension, name_of};
use super::process::Encoded;
use super::walk::{self, TEMP};
use crate::error::{Error, Result};

/// The directory that holds all media of this server.
#[derive(Debug, Clone)]
pub struct MediaDir {
    root: PathBuf,
    flush: Flush,
}

/// When stored files are flushed to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flush {
    /// Each file before it has its name.
    Each,
    /// All together, by [`MediaDir::flush`].
    Together,
}

impl MediaDir {
    /// Opens the directory, making it if need be, readable for this user only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let root = path.into();
        make_private(&root)?;
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).map_err(|e| Error::file(&root, &e))?;
        let temp = root.join(TEMP);
        make_private(&temp)?;
        // Detects an unwritable directory now, not at the first upload.
        let probe = temp.join(random_name()?);
        write_synced(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(|e| Error::file(&temp, &e))?;
        Ok(Self { root, flush: Flush::Each })
    }

    /// The directory for many files: they are not flushed to the disk one by one, which takes some milliseconds each. They may
    /// be referred to after [`MediaDir::flush`]; a file that a crash has cut before is written again.
    pub fn for_many(&self) -> Self {
        Self { root: self.root.clone(), flush: Flush::Together }
    }

    /// Flushes all stored files to the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn flush(&self) -> Result<()> {
        File::open(&self.root).and_then(|root| flush_file_system(&root)).map_err(|e| Error::file(&self.root, &e))
    }

    /// Stores an image and gives its relative path, `aa/bb/HASH.ext`. The same bytes get the same path.
    ///
    /// The file appears whole or not at all: it is written to a temporary file, flushed to the disk and then renamed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, encoded: &Encoded) -> Result<String> {
        if media_type_of_extension(encoded.ext) != Some(encoded.media_type) {
            return Err(Error::internal(format!("no file may be stored as .{}", encoded.ext)));
        }
        let (rel, ()) = self.put_stream(|to| {
            to.write_all(&encoded.bytes)?;
            Ok((encoded.ext, ()))
        })?;
        Ok(rel)
    }

    /// Stores what a function writes, as [`put`](Self::put). The function returns the extension, and what it found out.
    ///
    /// # Errors
    /// Those of the function, or when the disk refuses.
    pub fn put_stream<T>(&self, write: impl FnOnce(&mut Hashed) -> Result<(&'static str, T)>) -> Result<(String, T)> {
        let temp = self.root.join(TEMP).join(random_name()?);
        let stored = self.write_and_name(&temp, write);
        if stored.is_err() {
            // The file may not even exist; what went wrong first is what matters.
            let _ = fs::remove_file(&temp);
        }
        stored
    }

    fn write_and_name<T>(
        &self,
        temp: &Path,
        write: impl FnOnce(&mut Hashed) -> Result<(&'static str, T)>,
    ) -> Result<(String, T)> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(temp);
        let file = file.map_err(|e| Error::file(temp, &e))?;
        let mut to = Hashed { file: BufWriter::new(file), hash: Context::new(&SHA256), length: 0 };
        let (ext, found) = write(&mut to)?;
        if media_type_of_extension(ext).is_none() {
            return Err(Error::internal(format!("no file may be stored as .{ext}")));
        }
        let Hashed { file, hash, length } = to;
        let rel = name_of(hash.finish().as_ref(), ext);
        let path = self.root.join(&rel);
        let written = file.into_inner().map_err(io::IntoInnerError::into_error);
        let flushed = written.and_then(|f| if self.flush == Flush::Each { f.sync_all() } else { Ok(()) });
        flushed.map_err(|e| Error::file(&path, &e))?;
        if is_stored(&path, length).map_err(|e| Error::file(&path, &e))? {
            fs::remove_file(temp).map_err(|e| Error::file(temp, &e))?;
            return Ok((rel, found));
        }
        self.publish(temp, &path)?;
        Ok((rel, found))
    }

    /// Gives a written file its name.
    fn publish(&self, temp: &Path, path: &Path) -> Result<()> {
        // A path of our own always has the two directories.
        let parent = path.parent().unwrap_or(&self.root);
        make_private(parent)?;
        fs::rename(temp, path).map_err(|e| Error::file(path, &e))?;
        if self.flush == Flush::Together {
            return Ok(());
        }
        for directory in parent.ancestors().take(3) {
            File::open(directory).and_then(|d| d.sync_all()).map_err(|e| Error::file(directory, &e))?;
        }
        Ok(())
    }

    /// Returns the path of a stored file on the disk, and its length in bytes.
    ///
    /// # Errors
    /// As [`MediaDir::file`].
    pub fn locate(&self, rel: &str) -> Result<(PathBuf, u64)> {
        let path = self.path_of(rel)?;
        // A link could lead out of the directory.
        let found = fs::symlink_metadata(&path).map_err(|e| missing(&path, &e))?;
        if found.is_file() { Ok((path, found.len())) } else { Err(Error::NotFound) }
    }

    /// Makes a temporary file that is removed when it is closed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn temporary(&self) -> Result<File> {
        let path = self.root.join(TEMP).join(random_name()?);
        let open = || {
            let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
            fs::remove_file(&path)?;
            Ok(file)
        };
        open().map_err(|e| Error::file(&path, &e))
    }

    /// Opens a stored file and gives its length in bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every path that is not one of ours or is not a regular file.
    pub fn file(&self, rel: &str) -> Result<(File, u64)> {
        let path = self.path_of(rel)?;
        // A link could lead out of the directory.
        let missing = |e: io::Error| missing(&path, &e);
        if !fs::symlink_metadata(&path).map_err(missing)?.is_file() {
            return Err(Error::NotFound);
        }
        let file = File::open(&path).map_err(missing)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    }

    /// Reads a stored file whole.
    ///
    /// # Errors
    /// As [`MediaDir::file`].
    pub fn read(&self, rel: &str) -> Result<Vec<u8>> {
        let (mut file, length) = self.file(rel)?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Width and height of a stored picture, from its header; `None` if it is missing or unreadable.
    pub fn picture_size(&self, rel: &str) -> Option<(u32, u32)> {
        let (path, _) = self.locate(rel).ok()?;
        image::image_dimensions(path).ok()
    }

    /// Removes a stored file; one that is already gone is fine. The caller knows that nothing refers to it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a path that is not one of ours, or when the disk refuses.
    pub fn remove(&self, rel: &str) -> Result<()> {
        let path = self.path_of(rel)?;
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::file(&path, &e)),
            _ => Ok(()),
        }
    }

    /// Calls a function with the relative path and the length of each stored file that is older than this.
    ///
    /// # Errors
    /// Those of the function, or when the disk refuses.
    pub fn for_each(&self, age: Duration, mut found: impl FnMut(&str, u64) -> Result<()>) -> Result<()> {
        walk::for_each_directory(&self.root, age, |files| {
            for path in files {
                let rel = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
                if let Some(rel) = rel.filter(|rel| media_type_of(rel).is_some()) {
                    found(rel, fs::symlink_metadata(&path).map_err(|e| Error::file(&path, &e))?.len())?;
                }
            }
            Ok(())
        })
    }

    /// Removes the files of interrupted uploads and returns their number. Only for the start of the
    /// server, when nothing is being written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sweep_temp(&self) -> Result<usize> {
        let mut swept = 0;
        let temp = self.root.join(TEMP);
        for entry in fs::read_dir(&temp).map_err(|e| Error::file(&temp, &e))? {
            let path = entry.map_err(|e| Error::file(&temp, &e))?.path();
            fs::remove_file(&path).map_err(|e| Error::file(&path, &e))?;
            swept += 1;
        }
        Ok(swept)
    }

    fn path_of(&self, rel: &str) -> Result<PathBuf> {
        if media_type_of(rel).is_some() { Ok(self.root.join(rel)) } else { Err(Error::NotFound) }
    }
}

fn missing(path: &Path, e: &io::Error) -> Error {
    if e.kind() == io::ErrorKind::NotFound { Error::NotFound } else { Error::file(path, e) }
}

/// A file that is being written, with the hash of its content.
pub struct Hashed {
    file: BufWriter<File>,
    hash: Context,
    length: usize,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.length += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Returns `true` if the file is stored completely. One of another length was damaged, and is written again.
fn is_stored(path: &Path, length: usize) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(found.is_file() && found.len() == length as u64),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

pub(super) fn make_private(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| match e.kind() {
        // A file of that name.
        io::ErrorKind::AlreadyExists => Error::file(path, &io::ErrorKind::NotADirectory.into()),
        _ => Error::file(path, &e),
    })
}

pub(super) fn random_name() -> Result<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Flushes the file system that a file is on.
#[cfg(target_os = "linux")]
fn flush_file_system(file: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(file)?)
}

/// Flushes all file systems: this system cannot flush only one.
#[cfg(not(target_os = "linux"))]
fn flush_file_system(_: &File) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
