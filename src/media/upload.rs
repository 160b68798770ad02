//! Stores an uploaded image in the media directory.

use std::io::{BufRead, Seek};

use super::{MediaDir, accept_image};
use crate::domain::posts::attachments::StoredFile;
use crate::error::Result;
use crate::protocol::activitystreams::types::MediaKind;

/// Processes an image and puts it, with its preview, into the media directory.
///
/// # Errors
/// As [`accept_image`], or when the directory cannot be written.
pub fn store_image(dir: &MediaDir, source: impl BufRead + Seek) -> Result<StoredFile> {
    let processed = accept_image(source)?;
    Ok(StoredFile {
        kind: MediaKind::Image,
        media_type: processed.original.media_type,
        size: (processed.original.width, processed.original.height),
        preview_size: (processed.preview.width, processed.preview.height),
        file: dir.put(&processed.original)?,
        preview: dir.put(&processed.preview)?,
        blurhash: processed.blurhash,
    })
}
