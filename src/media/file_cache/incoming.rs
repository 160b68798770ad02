//! A file that arrives: its type is detected by its content, its size and speed are checked, and it is hashed while it is
//! written.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ring::digest::{Context, SHA256};

use super::lanes::Task;
use super::shared::Shared;
use super::space::Reservation;
use crate::domain::ports::FileSink;
use crate::domain::remote_files::{Audience, Receiving, Stage, StoredRemoteFile};
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::media::sniff;
use crate::protocol::secret;
use crate::store::remote_files::{self, RemoteFileRow};

/// The bytes of a digest that are kept: it only tells one content from another.
const DIGEST: usize = 16;

/// The file while it arrives. Unless it is finished, it is removed when this is dropped.
pub(super) struct Incoming<'a> {
    cache: &'a Shared,
    task: &'a Task,
    since: Instant,
    length: Option<u64>,
    /// The beginning, until the type is known.
    head: Vec<u8>,
    arriving: Option<Arriving>,
    path: Option<Arc<Path>>,
}

/// A file of known type.
struct Arriving {
    media_type: &'static str,
    file: File,
    hash: Context,
    written: u64,
    reservation: Reservation,
}

fn too_large(most: u64) -> Error {
    RemoteError::Malformed(format!("it is larger than {most} bytes")).into()
}

fn is_image(media_type: &str) -> bool {
    media_type.starts_with("image/")
}

fn largest(media_type: &str) -> u64 {
    if is_image(media_type) { limits::REMOTE_IMAGE_BYTES } else { limits::REMOTE_STREAM_BYTES }
}

impl<'a> Incoming<'a> {
    pub(super) fn new(cache: &'a Shared, task: &'a Task) -> Self {
        Self { cache, task, since: Instant::now(), length: None, head: Vec::new(), arriving: None, path: None }
    }

    /// Detects the type and begins to write.
    fn open(&mut self) -> Result<()> {
        let media_type = sniff::sniff_remote(&self.head)?;
        let most = largest(media_type);
        if self.length.is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let space = self.length.unwrap_or(limits::STORAGE_STEP);
        let reservation = self.cache.space.reserve(self.task.wanted.audience, space)?;
        let (file, path) = self.cache.dir.temporary()?;
        self.path = Some(path.into());
        let arriving = Arriving { media_type, file, hash: Context::new(&SHA256), written: 0, reservation };
        self.arriving = Some(arriving);
        let head = std::mem::take(&mut self.head);
        self.store(&head)
    }

    fn store(&mut self, bytes: &[u8]) -> Result<()> {
        let (Some(to), Some(path)) = (&mut self.arriving, &self.path) else {
            return Err(Error::internal("a remote file was written before its type was known"));
        };
        let (written, most) = (to.written + bytes.len() as u64, largest(to.media_type));
        if written > most {
            return Err(too_large(most));
        }
        while written > to.reservation.bytes() {
            to.reservation.grow(limits::STORAGE_STEP)?;
        }
        to.file.write_all(bytes).map_err(|e| Error::file(path, &e))?;
        to.hash.update(bytes);
        to.written = written;
        let download = &self.task.download;
        if download.is_receiving() {
            download.advance(written);
        } else if let Some(length) = self.length.filter(|_| written >= limits::REMOTE_FILE_STREAMED) {
            let (path, media_type) = (path.clone(), to.media_type);
            download.reach(Stage::Receiving(Receiving { path, media_type, length, written }));
        }
        Ok(())
    }

    fn check_speed(&self) -> Result<()> {
        let elapsed = self.since.elapsed();
        let too_slow = || Err(RemoteError::NoAnswer("it sends the file too slowly".into()).into());
        let Some(arriving) = &self.arriving else { return Ok(()) };
        if is_image(arriving.media_type) && elapsed > limits::REMOTE_IMAGE_TIMEOUT {
            return too_slow();
        }
        let counted = elapsed.saturating_sub(limits::READ_STALL);
        if counted > Duration::ZERO && arriving.written < counted.as_secs() * limits::REMOTE_FILE_MIN_RATE {
            return too_slow();
        }
        Ok(())
    }

    /// Gives the complete file its name and stores its row. After a power failure the file may be shorter than its row says,
    /// and is fetched again; so that nothing waits for the disk.
    pub(super) fn finish(mut self) -> Result<StoredRemoteFile> {
        if self.arriving.is_none() {
            self.open()?;
        }
        let (Some(arrived), Some(temporary)) = (self.arriving.take(), self.path.take()) else {
            return Err(Error::internal("a remote file has no content"));
        };
        let Arriving { media_type, file, hash, written, reservation } = arrived;
        drop(file);
        let (key, now) = (&self.task.wanted.key, self.cache.domain.now());
        let published = self.cache.dir.publish(&temporary, key);
        let path = published.inspect_err(|_| remove(&temporary))?;
        let row = RemoteFileRow {
            key: key.clone(),
            url: self.task.wanted.url.clone(),
            subject: self.task.wanted.file.to_string(),
            media_type: media_type.to_owned(),
            bytes: written,
            digest: secret::hex(&hash.finish().as_ref()[..DIGEST]),
            fetched_at: now,
            shown_at: now,
            for_owner: self.task.wanted.audience == Audience::Owner,
        };
        let digest = row.digest.clone();
        self.cache.domain.store.write_quietly(move |conn| remote_files::put(conn, &row))?;
        reservation.settle(written);
        Ok(StoredRemoteFile { path: path.into(), media_type, bytes: written, digest })
    }
}

impl FileSink for Incoming<'_> {
    fn begin(&mut self, length: Option<u64>) -> Result<()> {
        self.length = length;
        match length {
            Some(length) if length > limits::REMOTE_STREAM_BYTES => Err(too_large(limits::REMOTE_STREAM_BYTES)),
            _ => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.cache.is_stopping() {
            return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
        }
        if self.task.wanted.audience == Audience::Visitor {
            self.cache.take_visitor_bytes(bytes.len())?;
        }
        self.check_speed()?;
        if self.arriving.is_some() {
            return self.store(bytes);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < limits::REMOTE_FILE_SNIFFED { Ok(()) } else { self.open() }
    }
}

impl Drop for Incoming<'_> {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            remove(path);
        }
    }
}

/// Removes a temporary file. If that fails, it is swept later.
fn remove(path: &Path) {
    if let Err(e) = fs::remove_file(path) {
        tracing::warn!(error = %e, path = %PathBuf::from(path).display(), "a temporary file could not be removed");
    }
}
