//! The form in which a scheduled post waits in the database.

use serde::{Deserialize, Serialize};

use super::create::Draft;
use super::polls::DraftPoll;
use super::text_format::TextFormat;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::error::{Error, Result};
use crate::protocol::ids::{AppId, MediaId, StatusId, TokenId};
use crate::protocol::visibility::Visibility;

/// A draft as JSON: names instead of enums, so that later versions read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StoredDraft {
    text: String,
    media_type: String,
    summary: String,
    sensitive: Option<bool>,
    visibility: String,
    language: Option<String>,
    in_reply_to: Option<i64>,
    quote: Option<i64>,
    quote_policy: Option<String>,
    poll: Option<StoredPoll>,
    app: Option<i64>,
    token: Option<i64>,
    idempotency: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct StoredPoll {
    options: Vec<String>,
    seconds: u64,
    multiple: bool,
    hide_totals: bool,
}

impl StoredDraft {
    /// The JSON of a draft. Its uploads are stored as rows.
    pub(super) fn write(draft: &Draft) -> String {
        let poll = draft.poll.as_ref().map(|poll| StoredPoll {
            options: poll.options.clone(),
            seconds: poll.seconds,
            multiple: poll.multiple,
            hide_totals: poll.hide_totals,
        });
        let stored = Self {
            text: draft.text.clone(),
            media_type: draft.format.media_type().to_owned(),
            summary: draft.summary.clone(),
            sensitive: draft.sensitive,
            visibility: draft.visibility.map(Visibility::as_str).unwrap_or_default().to_owned(),
            language: draft.language.clone(),
            in_reply_to: draft.in_reply_to.map(|id| id.0),
            quote: draft.quote.map(|id| id.0),
            quote_policy: draft.quote_policy.map(|policy| policy.as_str().to_owned()),
            poll,
            app: draft.app.map(|id| id.0),
            token: draft.token.map(|id| id.0),
            idempotency: draft.idempotency.clone(),
        };
        // A struct of texts and numbers always serialises.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// The draft that was written, with its uploads.
    ///
    /// # Errors
    /// [`Error::Internal`] if the JSON is damaged.
    pub(super) fn read(json: &str, media: Vec<MediaId>) -> Result<Draft> {
        let stored: Self = serde_json::from_str(json).map_err(|e| Error::internal(format!("scheduled post: {e}")))?;
        let poll = stored.poll.map(|poll| DraftPoll {
            options: poll.options,
            seconds: poll.seconds,
            multiple: poll.multiple,
            hide_totals: poll.hide_totals,
        });
        Ok(Draft {
            text: stored.text,
            format: TextFormat::of_media_type(&stored.media_type),
            summary: stored.summary,
            sensitive: stored.sensitive,
            visibility: Visibility::parse(&stored.visibility),
            language: stored.language,
            in_reply_to: stored.in_reply_to.map(StatusId),
            media,
            poll,
            quote: stored.quote.map(StatusId),
            quote_policy: stored.quote_policy.as_deref().and_then(QuotePolicy::parse),
            app: stored.app.map(AppId),
            token: stored.token.map(TokenId),
            idempotency: stored.idempotency,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let draft = Draft {
            text: "hello".into(),
            format: TextFormat::Markdown,
            summary: "cw".into(),
            sensitive: Some(true),
            visibility: Some(Visibility::Private),
            language: Some("pt-BR".into()),
            in_reply_to: Some(StatusId(7)),
            media: vec![MediaId(3), MediaId(2)],
            poll: Some(DraftPoll {
                options: vec!["a".into(), "b".into()],
                seconds: 300,
                multiple: true,
                hide_totals: true,
            }),
            quote: Some(StatusId(8)),
            quote_policy: Some(QuotePolicy::default()),
            app: Some(AppId(1)),
            token: Some(TokenId(2)),
            idempotency: Some("key".into()),
        };
        let read = StoredDraft::read(&StoredDraft::write(&draft), draft.media.clone()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{draft:?}"));
        assert!(StoredDraft::read("{", Vec::new()).is_err());
        assert!(StoredDraft::read("{}", Vec::new()).is_ok());
    }
}
