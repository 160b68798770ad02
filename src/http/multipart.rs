//! Multipart bodies: fields and files. Files are received into temporary files, so that an upload takes no memory.

use std::convert::Infallible;
use std::fs;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use multer::{Field, Multipart};

use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result, SizeLimit};
use crate::limits;

/// Bytes collected before they are written to a file.
const PIECE: usize = 256 * 1024;
/// Bytes of a file that are read together.
const READ_PIECE: usize = 32 * 1024;

/// An uploaded file, in a temporary file without a name. Its own name never touches the disk, so it is not kept.
#[derive(Debug, Clone)]
pub struct File {
    /// The name of its form field.
    pub field: String,
    /// Its length in bytes.
    pub length: u64,
    content: Arc<fs::File>,
}

/// Reads an uploaded file. Several readers of one file do not disturb each other.
pub type FileReader = BufReader<Content>;

impl File {
    /// Reads the file from its start.
    pub fn open(&self) -> FileReader {
        let content = Content { file: self.content.clone(), at: 0, length: self.length };
        BufReader::with_capacity(READ_PIECE, content)
    }
}

/// A position in an uploaded file.
#[derive(Debug)]
pub struct Content {
    file: Arc<fs::File>,
    at: u64,
    length: u64,
}

impl Read for Content {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(bytes, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The parts of a body.
#[derive(Debug, Default, Clone)]
pub struct Parts {
    /// Text fields.
    pub fields: Vec<(String, String)>,
    /// Files.
    pub files: Vec<File>,
}

/// What happens to files.
pub enum Files<'a> {
    /// The route takes none; they are skipped.
    Skipped,
    /// They are received into files that this function makes.
    Received(&'a (dyn Fn() -> Result<fs::File> + Sync)),
}

/// Returns `true` for the media type of multipart bodies.
pub fn is_multipart(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("multipart/form-data")
}

/// Reads a multipart body that is in memory, without its files. Must run on a blocking thread of the runtime.
///
/// # Errors
/// As [`receive`].
pub fn read(content_type: &str, body: Bytes) -> Result<Parts> {
    // multer reads a stream of chunks; ours is one.
    let chunks = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    tokio::runtime::Handle::current().block_on(receive(content_type, chunks, Files::Skipped))
}

/// Reads a multipart body as it arrives.
///
/// # Errors
/// [`Error::BadRequest`] when the body is malformed, or has too many or too long fields, and the errors of the stream and of
/// the files.
pub async fn receive<E>(
    content_type: &str,
    chunks: impl Stream<Item = Result<Bytes, E>> + Send,
    files: Files<'_>,
) -> Result<Parts>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    let mut multipart = Multipart::new(chunks, boundary);
    let mut parts = Parts::default();
    let (mut count, mut text_bytes) = (0, 0);
    while let Some(field) = multipart.next_field().await.map_err(malformed)? {
        count += 1;
        if count > limits::FORM_FIELDS {
            return Err(Error::bad_request(RequestRefusal::TooManyParts(limits::FORM_FIELDS)));
        }
        if field.name().is_some_and(|name| name.len() > limits::FORM_FIELD_NAME) {
            return Err(Error::bad_request(RequestRefusal::FieldNameTooLong(limits::FORM_FIELD_NAME)));
        }
        let Some(name) = field.name().map(str::to_owned) else { continue };
        match (is_file(&field), &files) {
            (true, Files::Skipped) => {}
            (true, Files::Received(make)) => parts.files.push(receive_file(name, field, make()?).await?),
            (false, _) => {
                let text = receive_text(field, limits::FORM_BODY - text_bytes).await?;
                text_bytes += text.len();
                parts.fields.push((name, text));
            }
        }
    }
    Ok(parts)
}

/// Some clients send files without a file name, but with a type.
fn is_file(field: &Field<'_>) -> bool {
    field.file_name().is_some() || field.content_type().is_some_and(|t| t.type_().as_str() != "text")
}

fn malformed(e: multer::Error) -> Error {
    match e {
        multer::Error::StreamReadFailed(inner) => match inner.downcast::<Error>() {
            Ok(ours) => *ours,
            Err(other) => Error::bad_request(RequestRefusal::MultipartUnreadable(other.to_string())),
        },
        other => Error::bad_request(RequestRefusal::MultipartUnreadable(other.to_string())),
    }
}

async fn receive_text(mut field: Field<'_>, most: usize) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(malformed)? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge { what: SizeLimit::FormText, limit: limits::FORM_BODY as u64 });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

async fn receive_file(name: String, mut field: Field<'_>, file: fs::File) -> Result<File> {
    let (mut writer, mut length, mut held) = (file, 0, Vec::new());
    while let Some(chunk) = field.chunk().await.map_err(malformed)? {
        length += chunk.len() as u64;
        held.extend_from_slice(&chunk);
        if held.len() >= PIECE {
            (writer, held) = write(writer, held).await?;
        }
    }
    (writer, _) = write(writer, held).await?;
    Ok(File { field: name, length, content: Arc::new(writer) })
}

/// Writes on a blocking thread, and returns what it was given with the bytes cleared.
async fn write(mut file: fs::File, mut bytes: Vec<u8>) -> Result<(fs::File, Vec<u8>)> {
    let written = tokio::task::spawn_blocking(move || {
        file.write_all(&bytes)?;
        bytes.clear();
        Ok::<_, io::Error>((file, bytes))
    });
    written.await.map_err(|e| Error::internal(format!("an upload could not be written: {e}")))?.map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(body: &str, files: Files<'_>) -> Result<Parts> {
        let chunks = body.as_bytes().chunks(7).map(|c| Ok::<_, Error>(Bytes::copy_from_slice(c))).collect::<Vec<_>>();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(receive("multipart/form-data; boundary=b", futures_util::stream::iter(chunks), files))
    }

    const BODY: &str = "--b\r\ncontent-disposition: form-data; name=\"focus\"\r\n\r\n0,1\r\n--b\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"../x\"\r\n\r\nabcdef\r\n--b\r\n\
        content-disposition: form-data; name=\"thumbnail\"\r\ncontent-type: image/png\r\n\r\npng\r\n--b--\r\n";

    #[test]
    fn files_are_received_into_temporary_files() {
        let parts = run(BODY, Files::Received(&|| Ok(tempfile::tempfile()?))).unwrap();
        assert_eq!(parts.fields, [("focus".to_owned(), "0,1".to_owned())]);
        let read = |n: usize| io::read_to_string(parts.files[n].open()).unwrap();
        assert_eq!((parts.files[0].length, read(0), read(0)), (6, "abcdef".into(), "abcdef".into()));
        assert_eq!((parts.files[1].field.as_str(), read(1)), ("thumbnail", "png".into()));
        let mut reader = parts.files[0].open();
        assert_eq!(reader.seek(SeekFrom::End(-2)).unwrap(), 4);
        assert_eq!(io::read_to_string(reader).unwrap(), "ef");
    }

    #[test]
    fn routes_without_uploads_skip_files() {
        let parts = run(BODY, Files::Skipped).unwrap();
        assert_eq!((parts.fields.len(), parts.files.len()), (1, 0));
    }

    #[test]
    fn cut_bodies_and_long_texts_are_refused() {
        assert!(matches!(run(&BODY[..150], Files::Skipped), Err(Error::BadRequest(_))));
        let text = "x".repeat(limits::FORM_BODY + 1);
        let body = format!("--b\r\ncontent-disposition: form-data; name=\"t\"\r\n\r\n{text}\r\n--b--\r\n");
        assert!(matches!(run(&body, Files::Skipped), Err(Error::TooLarge { .. })));
    }
}
