//! Errors as pages show them: the one place where an error becomes a message.

use super::known_errors::error_text;
use super::message::Message;
use super::refusals;
use crate::error::{Error, Refusal, StorageProblem};
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
        // Beside a form, the words that the API begins an invalid value with are left out.
        Error::BadRequest(why)
        | Error::Unauthorized(why)
        | Error::Forbidden(why)
        | Error::Misdirected(why)
        | Error::Conflict(why)
        | Error::UnsupportedMediaType(why)
        | Error::Invalid(why) => refusal(why),
        other => error_text(&error_response::message(other)),
    }
}

/// The message of a refusal alone.
pub fn refusal(why: &Refusal) -> Message {
    refusals::message(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::refusal::PostRefusal;

    #[test]
    fn an_error_has_a_message_or_keeps_its_text() {
        let known = error(&Error::invalid(PostRefusal::TooManyFiles(4)));
        assert_eq!(known, Message::new("error-files").with("maximum", 4));
        let unknown = error(&Error::invalid("strange"));
        assert_eq!(unknown, Message::new("error-other").with("text", "strange"));
        assert_eq!(error(&Error::internal("secret")).id(), "error-internal");
    }
}
