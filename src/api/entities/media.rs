//! MediaAttachment.

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::protocol::ids::MediaId;
use crate::store::media::Media;
use crate::store::statuses::Status;

/// MediaAttachment.
#[derive(Debug, Serialize)]
pub struct MediaAttachment {
    id: MediaId,
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    preview_url: String,
    remote_url: Option<String>,
    preview_remote_url: Option<String>,
    text_url: Option<String>,
    meta: Value,
    description: Option<String>,
    blurhash: Option<String>,
}

fn size(width: u32, height: u32) -> Value {
    let aspect = f64::from(width) / f64::from(height.max(1));
    json!({"width": width, "height": height, "size": format!("{width}x{height}"), "aspect": aspect})
}

/// The attachment of a status. The duration of a video or audio post is part of the status.
pub fn media_of(ctx: Context<'_>, status: &Status, m: &Media) -> MediaAttachment {
    let mut shown = media(ctx, m);
    let length = status.details.as_ref().and_then(|d| d.seconds);
    if let Some(seconds) = length.filter(|_| matches!(status.kind.as_str(), "Video" | "Audio")) {
        shown.meta["duration"] = json!(f64::from(seconds));
        shown.meta["length"] = json!(format!("{}:{:02}:{:02}.00", seconds / 3_600, seconds / 60 % 60, seconds % 60));
        if shown.meta["original"].is_null() {
            shown.meta["original"] = json!({});
        }
        shown.meta["original"]["duration"] = json!(f64::from(seconds));
    }
    shown
}

/// An attachment as the API shows it. A remote one is shown from its own server.
pub fn media(ctx: Context<'_>, m: &Media) -> MediaAttachment {
    let url = m.file.as_deref().map(|f| ctx.site.media(f)).or_else(|| m.remote_url.clone()).unwrap_or_default();
    let preview_url = m.preview.as_deref().map_or_else(|| url.clone(), |f| ctx.site.media(f));
    let mut meta = json!({});
    if let Some((width, height)) = m.size {
        meta = size(width, height);
        meta["original"] = size(width, height);
        let (width, height) = m.preview_size.unwrap_or((width, height));
        meta["small"] = size(width, height);
    }
    if let Some((x, y)) = m.focus {
        meta["focus"] = json!({"x": f64::from(x), "y": f64::from(y)});
    }
    MediaAttachment {
        id: m.id,
        kind: m.kind.as_str(),
        url,
        preview_url,
        remote_url: m.remote_url.clone(),
        preview_remote_url: None,
        text_url: None,
        meta,
        description: m.description.clone(),
        blurhash: m.blurhash.clone(),
    }
}
