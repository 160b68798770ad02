//! The directory of the cache: files named by the key of their URL, beside and never among the media of this server.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::media::disk::{make_private, random_name};
use crate::media::walk::{self, TEMP};

/// Hex digits of a key.
const KEY_DIGITS: usize = 32;

/// The directory.
#[derive(Debug, Clone)]
pub(super) struct CacheDir {
    root: PathBuf,
}

impl CacheDir {
    /// Opens the directory, creating it if need be.
    pub(super) fn open(root: PathBuf) -> Result<Self> {
        make_private(&root.join(TEMP))?;
        Ok(Self { root })
    }

    /// Creates a file with a name of its own, in which a file arrives.
    pub(super) fn temporary(&self) -> Result<(File, PathBuf)> {
        let path = self.root.join(TEMP).join(random_name()?);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        Ok((file.map_err(|e| Error::file(&path, &e))?, path))
    }

    /// Gives a complete file the name of its key.
    pub(super) fn publish(&self, temporary: &Path, key: &str) -> Result<PathBuf> {
        let path = self.path_of(key)?;
        make_private(path.parent().unwrap_or(&self.root))?;
        fs::rename(temporary, &path).map_err(|e| Error::file(&path, &e))?;
        Ok(path)
    }

    /// The path and the size of a file; `None` if it is not there.
    pub(super) fn locate(&self, key: &str) -> Result<Option<(PathBuf, u64)>> {
        let path = self.path_of(key)?;
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => Ok(Some((path, found.len()))),
            Ok(_) => Ok(None),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::file(&path, &e)),
        }
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, key: &str) -> Result<()> {
        let path = self.path_of(key)?;
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::file(&path, &e)),
            _ => Ok(()),
        }
    }

    /// Removes interrupted downloads that are older than this.
    pub(super) fn sweep_temporary(&self, age: Duration) -> Result<usize> {
        let mut swept = 0;
        for path in walk::entries(&self.root.join(TEMP))? {
            if walk::is_older(&path, age) {
                fs::remove_file(&path).map_err(|e| Error::file(&path, &e))?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Calls a function with the keys of the files in each directory that are older than this.
    pub(super) fn for_each_directory(
        &self,
        age: Duration,
        mut found: impl FnMut(Vec<String>) -> Result<()>,
    ) -> Result<()> {
        walk::for_each_directory(&self.root, age, |files| {
            let name = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            found(files.iter().filter_map(name).filter(|name| is_key(name)).collect())
        })
    }

    fn path_of(&self, key: &str) -> Result<PathBuf> {
        if !is_key(key) {
            return Err(Error::internal("the key of a remote file is damaged"));
        }
        Ok(self.root.join(&key[..2]).join(&key[2..4]).join(key))
    }
}

fn is_key(name: &str) -> bool {
    name.len() == KEY_DIGITS && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn files_are_complete_when_they_appear_under_their_keys() {
        let home = tempfile::tempdir().unwrap();
        let dir = CacheDir::open(home.path().join("cache")).unwrap();
        let key = "0123456789abcdef0123456789abcdef";
        let (mut file, path) = dir.temporary().unwrap();
        file.write_all(b"abc").unwrap();
        assert_eq!(dir.locate(key).unwrap(), None);
        dir.publish(&path, key).unwrap();
        assert_eq!(dir.locate(key).unwrap().map(|(_, bytes)| bytes), Some(3));
        let mut found = Vec::new();
        dir.for_each_directory(Duration::ZERO, |keys| {
            found.extend(keys);
            Ok(())
        })
        .unwrap();
        assert_eq!(found, [key]);
        dir.remove(key).unwrap();
        dir.remove(key).unwrap();
        assert_eq!(dir.locate(key).unwrap(), None);
        let _interrupted = dir.temporary().unwrap();
        assert_eq!(dir.sweep_temporary(Duration::from_secs(3_600)).unwrap(), 0, "another process may still write it");
        assert_eq!(dir.sweep_temporary(Duration::ZERO).unwrap(), 1);
        for bad in ["", "../../x", "0123456789ABCDEF0123456789ABCDEF", "é123456789abcdef0123456789abcde"] {
            assert!(dir.remove(bad).is_err() && dir.locate(bad).is_err(), "{bad}");
        }
    }
}
