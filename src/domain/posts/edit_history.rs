//! The edit history of a status.

use crate::domain::Domain;
use crate::domain::custom_emoji::usage::UsedEmoji;
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Emoji;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::media::{self, Media};
use crate::store::statuses::{self, PastState};
use crate::store::visibility::Viewer;

/// A former or the current version of a status.
#[derive(Debug, Clone)]
pub struct StatusVersion {
    /// When it was written.
    pub created_at: Timestamp,
    /// HTML.
    pub content: String,
    /// The content warning.
    pub summary: String,
    /// True if media were hidden.
    pub sensitive: bool,
    /// The media that it had.
    pub media: Vec<Media>,
    /// The custom emoji in it.
    pub emoji: Vec<Emoji>,
    /// The options of its poll.
    pub poll: Option<Vec<String>>,
}

impl StatusVersion {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let options = self.poll.iter().flatten().map(String::as_str);
        [self.content.as_str(), self.summary.as_str()].into_iter().chain(options)
    }
}

/// All versions of a status, oldest first. The last is the current one.
///
/// # Errors
/// [`Error::NotFound`] if the status is missing or hidden from the viewer.
pub fn versions(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<(StatusView, Vec<StatusVersion>)> {
    domain.store.read(|c| {
        let view = StatusLoader::new(c, viewer).status(id)?.ok_or(Error::NotFound)?;
        let mut versions = Vec::new();
        for past in statuses::history(c, id)? {
            let PastState { created_at, content, summary, sensitive, media: ids, descriptions, emoji, poll } = past;
            let mut media = Vec::new();
            for (n, id) in ids.into_iter().enumerate() {
                let description = descriptions.get(n).cloned();
                media.extend(
                    media::get(c, id)?
                        .map(|m| Media { description: description.unwrap_or(m.description.clone()), ..m }),
                );
            }
            versions.push(StatusVersion { created_at, content, summary, sensitive, media, emoji, poll });
        }
        let s = &view.status;
        versions.push(StatusVersion {
            created_at: s.edited_at.unwrap_or(s.created_at),
            content: s.content.clone(),
            summary: s.summary.clone(),
            sensitive: s.sensitive,
            media: view.media.clone(),
            emoji: s.emoji.clone(),
            poll: view.poll.as_ref().map(|poll| poll.options.iter().map(|option| option.title.clone()).collect()),
        });
        if s.local {
            add_own_emoji(c, &mut versions)?;
        }
        Ok((view, versions))
    })
}

/// Looks up the custom emoji in versions of a post of the owner.
fn add_own_emoji(conn: &Conn, versions: &mut [StatusVersion]) -> Result<()> {
    let used = UsedEmoji::read(conn, versions.iter().flat_map(StatusVersion::texts))?;
    for version in versions {
        version.emoji = used.of(version.texts());
    }
    Ok(())
}
