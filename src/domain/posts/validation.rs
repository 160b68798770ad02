//! Checks that new and edited posts have in common.

use crate::error::refusal::{LimitedText, PostRefusal, RequiredText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{MediaId, StatusId, TokenId};
use crate::protocol::text;
use crate::store::account::scheduled_statuses;
use crate::store::media::Media;
use crate::store::{Conn, media};

/// Makes a content warning without a text the text, as Mastodon does. Returns the text and the content warning.
pub(super) fn text_or_warning(text: String, summary: String) -> (String, String) {
    if text.trim().is_empty() && !summary.trim().is_empty() { (summary, String::new()) } else { (text, summary) }
}

/// Checks the lengths of a post with this many attachments.
pub(super) fn check_lengths(text: &str, summary: &str, attachments: usize) -> Result<()> {
    if text.trim().is_empty() && attachments == 0 {
        return Err(Error::invalid(TextRefusal::Blank(RequiredText::Post)));
    }
    if summary.chars().count() > limits::POST_SUMMARY_CHARS {
        let maximum = limits::POST_SUMMARY_CHARS;
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::ContentWarning, maximum }));
    }
    let length = text::count_chars(text) + summary.chars().count();
    if length > limits::POST_CHARS {
        return Err(Error::invalid(PostRefusal::TooLong { maximum: limits::POST_CHARS, length }));
    }
    Ok(())
}

/// Checks the number of media of a post.
pub(super) fn check_media_count(media: &[MediaId]) -> Result<()> {
    match media.len() > limits::POST_MEDIA {
        true => Err(Error::invalid(PostRefusal::TooManyFiles(limits::POST_MEDIA))),
        false => Ok(()),
    }
}

/// Checks that a post with a poll has no media.
pub(super) fn check_poll_without_media(media: &[MediaId]) -> Result<()> {
    match media.is_empty() {
        true => Ok(()),
        false => Err(Error::invalid(PostRefusal::PollWithMedia)),
    }
}

/// Checks that uploads may be attached to a post: each exists, was uploaded with this token, and belongs to no other post.
/// `status` is the post if it exists already.
pub(super) fn check_media(
    conn: &Conn,
    ids: &[MediaId],
    token: Option<TokenId>,
    status: Option<StatusId>,
) -> Result<()> {
    for (i, id) in ids.iter().enumerate() {
        let usable = media::get(conn, *id)?.is_some_and(|m: Media| {
            let free = m.status_id.is_none() && m.file.is_some() && (m.token_id == token || m.token_id.is_none());
            free || (status.is_some() && m.status_id == status)
        });
        if !usable || ids[..i].contains(id) || scheduled_statuses::has_media(conn, *id)? {
            return Err(Error::invalid(PostRefusal::MediaMissing(id.0)));
        }
    }
    Ok(())
}
