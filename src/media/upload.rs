//! Stores uploads in the media directory.

use std::io::{BufRead, Seek, SeekFrom};

use super::container;
use super::disk::MediaDir;
use super::process::{accept_image, accept_thumbnail, head};
use super::sniff::{Format, StreamFormat, sniff};
use crate::domain::posts::attachments::{StoredFile, StoredPreview};
use crate::error::{Error, Result, SizeLimit};
use crate::limits;
use crate::protocol::activitystreams::types::MediaKind;

/// Processes an image, video or recording and puts it, with its preview, into the media directory.
///
/// # Errors
/// [`Error::TooLarge`] or [`Error::Invalid`], saying what is wrong with it, or when the directory cannot be written.
pub fn store_upload<S: BufRead + Seek>(dir: &MediaDir, mut source: S) -> Result<StoredFile> {
    match sniff(&head(&mut source)?)? {
        Format::Image(_) => store_image(dir, source),
        Format::Stream(format) => store_stream(dir, source, format),
    }
}

/// Stores a picture that stands for an upload.
///
/// # Errors
/// As [`accept_thumbnail`], or when the directory cannot be written.
pub fn store_thumbnail<S: BufRead + Seek>(dir: &MediaDir, source: S) -> Result<StoredPreview> {
    let (preview, blurhash) = accept_thumbnail(source)?;
    Ok(StoredPreview { file: dir.put(&preview)?, size: (preview.width, preview.height), blurhash })
}

fn store_image<S: BufRead + Seek>(dir: &MediaDir, source: S) -> Result<StoredFile> {
    let processed = accept_image(source)?;
    let size = (processed.preview.width, processed.preview.height);
    Ok(StoredFile {
        kind: MediaKind::Image,
        media_type: processed.original.media_type,
        size: Some((processed.original.width, processed.original.height)),
        file: dir.put(&processed.original)?,
        preview: Some(StoredPreview { file: dir.put(&processed.preview)?, size, blurhash: processed.blurhash }),
        seconds: None,
        frame_rate: None,
    })
}

fn store_stream<S: BufRead + Seek>(dir: &MediaDir, mut source: S, format: StreamFormat) -> Result<StoredFile> {
    if source.seek(SeekFrom::End(0))? > limits::VIDEO_BYTES as u64 {
        return Err(Error::TooLarge { what: SizeLimit::VideoOrRecording, limit: limits::VIDEO_BYTES as u64 });
    }
    source.rewind()?;
    let (file, stream) = dir.put_stream(|to| {
        let stream = container::rewrite(format, &mut source, to)?;
        Ok((format.stored_as(stream.size.is_some()).1, stream))
    })?;
    let has_video = stream.size.is_some();
    Ok(StoredFile {
        kind: if has_video { MediaKind::Video } else { MediaKind::Audio },
        media_type: format.stored_as(has_video).0,
        size: stream.size,
        file,
        preview: None,
        seconds: stream.seconds,
        frame_rate: stream.frame_rate,
    })
}
