//! MediaAttachment.

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::domain::remote_files::RemoteFile;
use crate::protocol::activitystreams::types::MediaKind;
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
    preview_url: Option<String>,
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

fn add_duration(meta: &mut Value, m: &Media) {
    if let Some(seconds) = m.seconds {
        let whole = seconds as u64;
        let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, seconds - (whole / 60 * 60) as f64);
        meta["duration"] = json!(seconds);
        meta["length"] = json!(format!("{hours}:{minutes:02}:{rest:05.2}"));
        meta["original"]["duration"] = json!(seconds);
    }
    if let Some(rate) = m.frame_rate {
        // A whole number: typed apps read no other.
        meta["fps"] = json!(rate.round() as u32);
        meta["original"]["frame_rate"] = json!(format!("{}/1000", (rate * 1000.0).round()));
    }
}

/// A coordinate of a focus, with the digits that were sent: 0.1 as `f32` is a longer number as `f64`.
fn coordinate(value: f32) -> f64 {
    (f64::from(value) * 1e6).round() / 1e6
}

/// The URL of the whole file. One of an unknown type is only linked to, so its URL is the original one.
fn url(ctx: Context<'_>, m: &Media) -> Option<String> {
    let remote = || match m.kind {
        MediaKind::Unknown => m.remote_url.clone(),
        _ => m.remote_url.as_deref().map(|url| ctx.proxied(RemoteFile::Attachment(m.id), url)),
    };
    m.file.as_deref().map(|f| ctx.site.media(f)).or_else(remote)
}

/// An attachment as the API shows it.
pub fn media(ctx: Context<'_>, m: &Media) -> MediaAttachment {
    let url = url(ctx, m).unwrap_or_default();
    let preview = m.preview.as_deref().map(|f| ctx.site.media(f));
    // Own videos and recordings have a preview only if one was sent.
    let has_none = m.file.is_some() && m.kind != MediaKind::Image;
    let preview_url = preview.or_else(|| (!has_none).then(|| url.clone()));
    let mut meta = m.size.map_or_else(|| json!({}), |(width, height)| size(width, height));
    if let Some((width, height)) = m.size {
        meta["original"] = size(width, height);
    }
    if let Some((width, height)) = m.preview_size.or(m.size.filter(|_| !has_none)) {
        meta["small"] = size(width, height);
    }
    add_duration(&mut meta, m);
    if let Some((x, y)) = m.focus {
        meta["focus"] = json!({"x": coordinate(x), "y": coordinate(y)});
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
