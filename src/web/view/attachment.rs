//! A media attachment.

use serde::Serialize;

use crate::app::App;
use crate::domain::remote_files::{Audience, RemoteFile};
use crate::protocol::activitystreams::types::MediaKind;
use crate::store::media::Media;
use crate::store::visibility::Viewer;

/// A media attachment.
#[derive(Debug, Clone, Serialize)]
pub struct Attachment {
    /// `image`, `video`, `audio` or `unknown`.
    pub kind: &'static str,
    /// The whole file.
    pub url: String,
    /// Its preview.
    pub preview: String,
    /// Its description; may be empty.
    pub alt: String,
    /// Width in pixels, if known.
    pub width: Option<u32>,
    /// Height in pixels, if known.
    pub height: Option<u32>,
}

/// A media attachment as pages show it.
pub fn attachment(app: &App, m: &Media, viewer: Viewer) -> Attachment {
    let proxied = |url: &String| match m.kind {
        // Pages only link to it.
        MediaKind::Unknown => url.clone(),
        _ => app.domain.proxied(Audience::of(viewer), RemoteFile::Attachment(m.id), url),
    };
    let own = m.file.as_deref().map(|f| app.domain.site.media(f));
    let url = own.or_else(|| m.remote_url.as_ref().map(proxied)).unwrap_or_default();
    let preview = m.preview.as_deref().map_or_else(|| url.clone(), |f| app.domain.site.media(f));
    let size = m.preview_size.or(m.size);
    Attachment {
        kind: match m.kind {
            MediaKind::Image => "image",
            MediaKind::Gifv | MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Unknown => "unknown",
        },
        url,
        preview,
        alt: m.description.clone().unwrap_or_default(),
        width: size.map(|s| s.0),
        height: size.map(|s| s.1),
    }
}
