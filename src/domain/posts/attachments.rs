//! Uploads, and the attachments of posts that they become.

use crate::domain::{Domain, Tx};
use crate::error::refusal::{LimitedText, PostRefusal, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::MediaKind;
use crate::protocol::ids::{MediaId, TokenId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::account::scheduled_statuses;
use crate::store::media::{self, Media};

/// A processed upload in the media directory.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// Picture, video or sound.
    pub kind: MediaKind,
    /// The media type.
    pub media_type: &'static str,
    /// The path of the file in the media directory.
    pub file: String,
    /// Its preview: of a picture always, of video and sound if one was sent.
    pub preview: Option<StoredPreview>,
    /// Width and height in pixels; none of sound.
    pub size: Option<(u32, u32)>,
    /// Duration in seconds.
    pub seconds: Option<f64>,
    /// Frames in a second.
    pub frame_rate: Option<f64>,
}

/// A preview in the media directory.
#[derive(Debug, Clone)]
pub struct StoredPreview {
    /// The path of the file in the media directory.
    pub file: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The blurhash.
    pub blurhash: String,
}

/// The description, focus and thumbnail of an upload. What is `None` does not change.
#[derive(Debug, Clone, Default)]
pub struct MediaDetails {
    /// A picture of its own.
    pub thumbnail: Option<StoredPreview>,
    /// The description.
    pub description: Option<String>,
    /// The point that a cropped preview keeps in view.
    pub focus: Option<(f32, f32)>,
}

/// Reads a focus: `x,y`, each from -1 to 1.
///
/// # Errors
/// [`Error::Invalid`] for anything else.
pub fn parse_focus(text: &str) -> Result<(f32, f32)> {
    let number = |t: &str| t.trim().parse::<f32>().ok().filter(|n| (-1.0..=1.0).contains(n));
    let read = text.split_once(',').and_then(|(x, y)| number(x).zip(number(y)));
    read.ok_or_else(|| Error::invalid(PostRefusal::Focus))
}

fn check(details: &MediaDetails) -> Result<()> {
    if details.description.as_ref().is_some_and(|d| d.chars().count() > limits::ALT_CHARS) {
        return Err(Error::invalid(TextRefusal::TooLong {
            text: LimitedText::MediaDescription,
            maximum: limits::ALT_CHARS,
        }));
    }
    Ok(())
}

/// Stores an upload made with a token, or on the web page if it is `None`.
///
/// # Errors
/// [`Error::Invalid`] if the description is too long.
pub fn add(domain: &Domain, stored: StoredFile, details: MediaDetails, token: Option<TokenId>) -> Result<Media> {
    check(&details)?;
    let preview = details.thumbnail.or(stored.preview);
    let media = Media {
        id: MediaId(domain.next_id()),
        status_id: None,
        token_id: token,
        kind: stored.kind,
        media_type: Some(stored.media_type.into()),
        file: Some(stored.file),
        preview: preview.as_ref().map(|p| p.file.clone()),
        remote_url: None,
        description: details.description.filter(|d| !d.trim().is_empty()),
        blurhash: preview.as_ref().map(|p| p.blurhash.clone()),
        size: stored.size,
        preview_size: preview.as_ref().map(|p| p.size),
        focus: details.focus,
        seconds: stored.seconds,
        frame_rate: stored.frame_rate,
        created_at: domain.now(),
    };
    let row = media.clone();
    domain.store.write(move |conn| media::insert_upload(conn, &row))?;
    Ok(media)
}

/// An upload made with a token, attached or not.
///
/// # Errors
/// [`Error::NotFound`] if it does not exist, or was made with another token.
pub fn get(domain: &Domain, id: MediaId, token: Option<TokenId>) -> Result<Media> {
    domain.store.read(|c| media::get(c, id))?.filter(|m| m.file.is_some() && m.token_id == token).ok_or(Error::NotFound)
}

/// Changes the details of an upload that is not attached yet. The details of an attachment change with an edit of its post,
/// because other servers receive the edit.
///
/// # Errors
/// [`Error::NotFound`] as [`get`], and if it is attached; [`Error::Invalid`] if the description is too long.
pub fn describe(domain: &Domain, id: MediaId, details: MediaDetails, token: Option<TokenId>) -> Result<Media> {
    check(&details)?;
    let before = get(domain, id, token)?;
    let (replaced, now) = (MediaId(domain.next_id()), domain.now());
    domain.store.write(move |conn| {
        if media::get(conn, id)?.is_none_or(|m| m.status_id.is_some()) {
            return Err(Error::NotFound);
        }
        update(conn, &before, &details)?;
        if let Some(thumbnail) = &details.thumbnail {
            media::set_preview(conn, id, &thumbnail.file, thumbnail.size, &thumbnail.blurhash)?;
            if let Some(former) = before.preview.as_deref().filter(|file| *file != thumbnail.file) {
                media::discard_file(conn, replaced, former, now)?;
            }
        }
        media::get(conn, id)?.ok_or(Error::NotFound)
    })
}

/// Removes an upload that no post has. It is no longer served from now on.
///
/// # Errors
/// [`Error::NotFound`] as [`get`], [`Error::Invalid`] if a post has it, or had it in a former version.
pub fn remove(domain: &Domain, id: MediaId, token: Option<TokenId>) -> Result<()> {
    let upload = get(domain, id, token)?;
    let (now, numbers) = (domain.now(), [domain.next_id(), domain.next_id()]);
    domain.store.write(move |conn| {
        let is_used = media::get(conn, id)?.ok_or(Error::NotFound)?.status_id.is_some();
        if is_used || media::was_attached(conn, id)? || scheduled_statuses::has_media(conn, id)? {
            return Err(Error::invalid(PostRefusal::MediaInUse));
        }
        discard(conn, &upload, numbers, now)
    })
}

/// Removes the uploads of a post that is being deleted. They can neither be read nor posted again.
pub(super) fn remove_of_post(tx: &Tx<'_>, uploads: &[Media]) -> Result<()> {
    uploads.iter().try_for_each(|upload| discard(tx, upload, [tx.next_id(), tx.next_id()], tx.now()))
}

/// Removes an upload. Its files are removed later, under rows with these ids.
fn discard(conn: &Conn, upload: &Media, numbers: [i64; 2], now: Timestamp) -> Result<()> {
    media::delete(conn, upload.id)?;
    let files = [&upload.file, &upload.preview].into_iter().flatten();
    for (number, file) in numbers.into_iter().zip(files) {
        media::discard_file(conn, MediaId(number), file, now)?;
    }
    Ok(())
}

/// Changes the details of one of the `media` of a post that is being edited.
///
/// # Errors
/// [`Error::Invalid`] if the description is too long, or the post does not have this attachment.
pub(super) fn describe_of_post(conn: &Conn, media: &[MediaId], id: MediaId, details: &MediaDetails) -> Result<()> {
    check(details)?;
    let before = media::get(conn, id)?.filter(|m| media.contains(&m.id));
    let before = before.ok_or_else(|| Error::invalid(PostRefusal::MediaNotAttached(id.0)))?;
    update(conn, &before, details)
}

/// True if these details differ from those of an attachment. A missing one is left to [`describe_of_post`].
pub(super) fn would_change(conn: &Conn, id: MediaId, details: &MediaDetails) -> Result<bool> {
    let stored = media::get(conn, id)?;
    Ok(stored.is_none_or(|before| merged(&before, details) != (before.description.as_deref(), before.focus)))
}

/// The description and focus of an attachment after a change.
fn merged<'a>(before: &'a Media, details: &'a MediaDetails) -> (Option<&'a str>, Option<(f32, f32)>) {
    let description = details.description.as_ref().or(before.description.as_ref());
    (description.map(String::as_str).filter(|d| !d.trim().is_empty()), details.focus.or(before.focus))
}

fn update(conn: &Conn, before: &Media, details: &MediaDetails) -> Result<()> {
    let (description, focus) = merged(before, details);
    media::describe(conn, before.id, description, focus)
}
