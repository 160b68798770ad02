//! Errors as pages show them: the one place where an error becomes a message.

use super::message::Message;
use super::refusals;
use crate::error::{Error, Lookup, Refusal, RemoteError, SizeLimit, StorageProblem};

/// The message of an error, beside a form or on a page of its own.
pub fn error(error: &Error) -> Message {
    match error {
        Error::NotFound => Message::new("error-not-found"),
        Error::Gone => Message::new("error-gone"),
        Error::Absent { what, host } => absent(*what, host),
        Error::Unanswered { host } => Message::new("error-unanswered").with("host", host.as_str()),
        Error::AccountDeleted => Message::new("error-account-deleted"),
        Error::MethodNotAllowed { .. } => Message::new("error-method"),
        Error::NotAcceptable => Message::new("error-not-acceptable"),
        Error::TooLarge { what, limit } => too_large(*what, *limit),
        // The words that the API begins an invalid value with are left out.
        Error::Missing(why)
        | Error::BadRequest(why)
        | Error::Unauthorized(why)
        | Error::Forbidden(why)
        | Error::Misdirected(why)
        | Error::Conflict(why)
        | Error::UnsupportedMediaType(why)
        | Error::Invalid(why)
        | Error::OAuth { description: why, .. } => refusal(why),
        Error::RateLimited { .. } => Message::new("error-rate"),
        Error::Remote(e) => remote(e),
        Error::Busy { .. } => Message::new("error-busy"),
        Error::Storage(e) => storage(e.problem),
        Error::Internal(_) => Message::new("error-internal"),
    }
}

/// The message of a refusal alone.
pub fn refusal(why: &Refusal) -> Message {
    refusals::message(why)
}

fn absent(what: Lookup, host: &str) -> Message {
    match what {
        Lookup::Account => Message::new("error-absent-account").with("host", host),
        Lookup::AccountOrPost => Message::new("error-absent-account-or-post").with("host", host),
        Lookup::Emoji => Message::new("error-absent-emoji").with("host", host),
    }
}

fn too_large(what: SizeLimit, limit: u64) -> Message {
    match what {
        SizeLimit::RequestBody => Message::new("error-large-body").with("limit", limit),
        SizeLimit::FormText => Message::new("error-large-text").with("limit", limit),
        SizeLimit::Image => Message::new("error-large-image").with("limit", limit),
        SizeLimit::VideoOrRecording => Message::new("error-large-video").with("limit", limit),
        SizeLimit::Emoji => Message::new("error-large-emoji").with("limit", limit),
        SizeLimit::PackDescription => Message::new("error-large-description").with("limit", limit),
        SizeLimit::PackPicture => Message::new("error-large-picture").with("limit", limit),
    }
}

/// What a peer or a library has reported stays English.
fn remote(error: &RemoteError) -> Message {
    match error {
        RemoteError::Refused(cause) => Message::new("error-remote-refused").with("cause", cause.as_str()),
        RemoteError::Unreachable(cause) => Message::new("error-remote-unreachable").with("cause", cause.as_str()),
        RemoteError::NoAnswer(cause) => Message::new("error-remote-no-answer").with("cause", cause.as_str()),
        // A status is not a quantity.
        RemoteError::Status { status, .. } => Message::new("error-remote-status").with("status", status.to_string()),
        RemoteError::Malformed(cause) => Message::new("error-remote-malformed").with("cause", cause.as_str()),
    }
}

fn storage(problem: StorageProblem) -> Message {
    match problem {
        StorageProblem::Locked => Message::new("error-disk-locked"),
        StorageProblem::Full => Message::new("error-disk-full"),
        StorageProblem::ReadOnly => Message::new("error-disk-read-only"),
        StorageProblem::Denied => Message::new("error-disk-denied"),
        StorageProblem::Damaged | StorageProblem::Foreign => Message::new("error-disk-damaged"),
        StorageProblem::NotADirectory | StorageProblem::Missing => Message::new("error-disk-missing"),
        StorageProblem::Failed => Message::new("error-disk-failed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_inside_and_an_untranslated_text_is_shown() {
        assert_eq!(error(&Error::internal("secret")), Message::new("error-internal"));
        let untranslated = error(&Error::invalid("strange"));
        assert_eq!(untranslated, Message::new("error-other").with("text", "strange"));
    }
}
