//! Errors as pages show them: the one place where an error becomes a message.

use super::known_errors::KNOWN;
use super::message::Message;
use crate::error::{Error, StorageProblem};
use crate::http::error_response;

/// The message of an error, beside a form or on a page of its own.
pub fn error(error: &Error) -> Message {
    match error {
        Error::Absent { what, host } => Message::new("error-absent").with("what", *what).with("host", host.as_str()),
        Error::Unanswered { host } => Message::new("error-unanswered").with("host", host.as_str()),
        Error::AccountDeleted => Message::new("error-account-deleted"),
        Error::MethodNotAllowed { .. } => Message::new("error-method"),
        Error::TooLarge { what, limit } => Message::new("error-too-large").with("what", *what).with("limit", *limit),
        Error::RateLimited { .. } => Message::new("error-rate"),
        Error::Busy { .. } => Message::new("error-busy"),
        Error::Internal(_) => Message::new("error-internal"),
        Error::Storage(e) => match e.problem {
            StorageProblem::Locked => Message::new("error-disk-locked"),
            StorageProblem::Full => Message::new("error-disk-full"),
            StorageProblem::ReadOnly => Message::new("error-disk-read-only"),
            other => error_text(other.public_message()),
        },
        // Beside a form, the words that the API begins it with are left out.
        Error::Invalid(text) => error_text(text),
        other => error_text(&error_response::message(other)),
    }
}

/// The message of an error of which only the text is known. One without a translation stays as it is.
pub fn error_text(text: &str) -> Message {
    let text = text.strip_prefix("Validation failed: ").unwrap_or(text);
    for (pattern, message) in KNOWN {
        if let Some(values) = values(pattern, text) {
            let named = ["a", "b"].into_iter().zip(values);
            return named.fold(message.clone(), |message, (name, value)| message.with(name, value));
        }
    }
    Message::new("error-other").with("text", text)
}

/// The values at each `{}` of a pattern, if a text fits it.
fn values<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = if pieces.peek().is_none() { rest.len().checked_sub(piece.len())? } else { rest.find(piece)? };
        let (value, after) = (rest.get(..end)?, rest.get(end..)?);
        rest = after.strip_prefix(piece)?;
        values.push(value);
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_patterns() {
        assert_eq!(values("a", "a"), Some(vec![]));
        assert_eq!(values("a", "ab"), None);
        assert_eq!(values("at {} to {} b", "at 1 to 2 b"), Some(vec!["1", "2"]));
        assert_eq!(values("{} is ({})", "é is (x (y))"), Some(vec!["é", "x (y)"]));
        assert_eq!(values("a {} bé", "a b"), None);
    }

    #[test]
    fn an_error_has_a_message_or_keeps_its_text() {
        let known = error(&Error::invalid("Cannot attach more than 4 files"));
        assert_eq!(known, Message::new("error-files").with("a", "4"));
        let unknown = error(&Error::invalid("strange"));
        assert_eq!(unknown, Message::new("error-other").with("text", "strange"));
        assert_eq!(error(&Error::internal("secret")).id(), "error-internal");
    }
}
