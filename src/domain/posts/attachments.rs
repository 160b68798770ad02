//! Uploads, before and after they are attached to a status.

use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::MediaKind;
use crate::protocol::ids::{MediaId, TokenId};
use crate::store::Conn;
use crate::store::media::{self, Media};

/// A processed file that is in the media directory already.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What it is.
    pub kind: MediaKind,
    /// Its media type.
    pub media_type: &'static str,
    /// Its file below the media directory.
    pub file: String,
    /// Its preview.
    pub preview: String,
    /// Its blurhash.
    pub blurhash: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Width and height of the preview.
    pub preview_size: (u32, u32),
}

/// What is said about an upload.
#[derive(Debug, Clone, Default)]
pub struct MediaDetails {
    /// Its description.
    pub description: Option<String>,
    /// The point to keep in view.
    pub focus: Option<(f32, f32)>,
}

fn check(about: &MediaDetails) -> Result<()> {
    if about.description.as_ref().is_some_and(|d| d.chars().count() > limits::ALT_CHARS) {
        return Err(Error::invalid(format!("Description is too long (maximum is {} characters)", limits::ALT_CHARS)));
    }
    Ok(())
}

/// Registers an upload by a token (or the web page).
///
/// # Errors
/// [`Error::Invalid`] when the description is too long.
pub fn add(domain: &Domain, stored: Stored, about: MediaDetails, token: Option<TokenId>) -> Result<Media> {
    check(&about)?;
    let media = Media {
        id: MediaId(domain.next_id()),
        status_id: None,
        token_id: token,
        kind: stored.kind,
        media_type: Some(stored.media_type.into()),
        file: Some(stored.file),
        preview: Some(stored.preview),
        remote_url: None,
        description: about.description.filter(|d| !d.trim().is_empty()),
        blurhash: Some(stored.blurhash),
        size: Some(stored.size),
        preview_size: Some(stored.preview_size),
        focus: about.focus,
        created_at: domain.now(),
    };
    let row = media.clone();
    domain.store.write(move |conn| media::insert_upload(conn, &row))?;
    Ok(media)
}

/// An upload of this token, attached or not.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is another token's.
pub fn get(domain: &Domain, id: MediaId, token: Option<TokenId>) -> Result<Media> {
    domain.store.read(|c| media::get(c, id))?.filter(|m| m.file.is_some() && m.token_id == token).ok_or(Error::NotFound)
}

/// Changes what is said about an upload that is not attached yet; what is not said stays. Once it is part of a post, it
/// changes with an edit of the post, which reaches those who have it.
///
/// # Errors
/// As [`get`] and [`add`]; [`Error::NotFound`] when it is attached.
pub fn describe(domain: &Domain, id: MediaId, about: MediaDetails, token: Option<TokenId>) -> Result<Media> {
    check(&about)?;
    let before = get(domain, id, token)?;
    domain.store.write(move |conn| {
        if media::get(conn, id)?.is_none_or(|m| m.status_id.is_some()) {
            return Err(Error::NotFound);
        }
        change(conn, &before, &about)?;
        media::get(conn, id)?.ok_or(Error::NotFound)
    })
}

/// Changes what is said about media of a post that is being edited: its own, or an upload that joins it.
///
/// # Errors
/// [`Error::Invalid`] when the description is too long, or the media are not of this post.
pub(crate) fn describe_in(conn: &Conn, media: &[MediaId], (id, about): &(MediaId, MediaDetails)) -> Result<()> {
    check(about)?;
    let before = media::get(conn, *id)?.filter(|m| media.contains(&m.id));
    let before = before.ok_or_else(|| Error::invalid(format!("Media {id} is not attached to this post")))?;
    change(conn, &before, about)
}

fn change(conn: &Conn, before: &Media, about: &MediaDetails) -> Result<()> {
    let description = about.description.as_ref().or(before.description.as_ref());
    let description = description.map(String::as_str).filter(|d| !d.trim().is_empty());
    media::describe(conn, before.id, description, about.focus.or(before.focus))
}
