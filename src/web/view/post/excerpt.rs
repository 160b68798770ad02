//! The beginning of a long article, and the length of a recording.

use serde::Serialize;

use crate::protocol::html;
use crate::store::statuses::Status;

/// Characters of a long text that a list shows.
const EXCERPT: usize = 500;
/// The length up to which a text is shown whole.
const WHOLE: usize = 1_200;

/// The beginning of a long article or description, with its reading time.
#[derive(Debug, Clone, Serialize)]
pub struct Excerpt {
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub text: String,
    /// Its reading time in minutes.
    pub minutes: usize,
}

pub(super) fn excerpt(status: &Status) -> Option<Excerpt> {
    if matches!(status.kind.as_str(), "Note" | "Question") || status.content.len() <= WHOLE {
        return None;
    }
    let text = html::to_preview(&status.content);
    let title = status.title.clone().unwrap_or_default();
    let rest = text.trim().strip_prefix(&title).unwrap_or(&text).trim();
    if rest.chars().count() <= WHOLE {
        return None;
    }
    let cut = rest.char_indices().nth(EXCERPT).map_or(rest.len(), |(at, _)| at);
    let end = rest[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    // 200 words a minute, as is usual.
    let minutes = (text.split_whitespace().count() / 200).max(1);
    Some(Excerpt { title, text: format!("{}…", rest[..end].trim_end()), minutes })
}

/// The duration of a recording, like `1:02:03`.
pub(super) fn duration(status: &Status) -> Option<String> {
    let seconds = status.details.as_ref()?.seconds?;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Some(match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    })
}
