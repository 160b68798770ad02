//! Multipart bodies: fields and files.

use std::convert::Infallible;

use bytes::Bytes;

use crate::error::{Error, Result};
use crate::limits;

/// An uploaded file. Its name never touches the disk, so it is not kept.
#[derive(Debug, Clone)]
pub struct File {
    /// The name of its form field.
    pub field: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The parts of a body.
#[derive(Debug, Default)]
pub struct Parts {
    /// Text fields.
    pub fields: Vec<(String, String)>,
    /// Files.
    pub files: Vec<File>,
}

/// Reads a multipart body that is in memory. Must run on a blocking thread of the runtime.
///
/// # Errors
/// [`Error::BadRequest`] when the body is malformed or has too many parts.
pub fn read(content_type: &str, body: Bytes) -> Result<Parts> {
    let malformed = |e: multer::Error| Error::bad_request(format!("The multipart body cannot be read: {e}"));
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    // multer reads a stream of chunks; ours is one.
    let chunks = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    let mut multipart = multer::Multipart::new(chunks, boundary);
    tokio::runtime::Handle::current().block_on(async move {
        let mut parts = Parts::default();
        let mut count = 0;
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            count += 1;
            if count > limits::FORM_FIELDS {
                return Err(Error::bad_request(format!("There are more than {} parts", limits::FORM_FIELDS)));
            }
            if field.name().is_some_and(|name| name.len() > limits::FORM_FIELD_NAME) {
                return Err(Error::bad_request(format!(
                    "A field name has more than {} bytes",
                    limits::FORM_FIELD_NAME
                )));
            }
            let Some(name) = field.name().map(str::to_owned) else { continue };
            if field.file_name().is_some() {
                parts.files.push(File { field: name, bytes: field.bytes().await.map_err(malformed)? });
            } else {
                parts.fields.push((name, field.text().await.map_err(malformed)?));
            }
        }
        Ok(parts)
    })
}
