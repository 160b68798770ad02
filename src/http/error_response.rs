//! Maps errors to HTTP responses.

use hyper::StatusCode;
use hyper::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use super::Response;
use crate::error::{Error, OAuthCode, StorageError, StorageProblem};
use crate::limits;

/// The HTTP status of an error.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound | Error::Missing(_) | Error::Absent { .. } => StatusCode::NOT_FOUND,
        Error::Gone | Error::AccountDeleted => StatusCode::GONE,
        Error::BadRequest(_) => StatusCode::BAD_REQUEST,
        Error::Unauthorized(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
        Error::Misdirected(_) => StatusCode::MISDIRECTED_REQUEST,
        Error::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::OAuth { code: OAuthCode::InvalidClient, .. } => StatusCode::UNAUTHORIZED,
        Error::OAuth { code: OAuthCode::UnauthorizedClient, .. } => StatusCode::FORBIDDEN,
        Error::OAuth { .. } => StatusCode::BAD_REQUEST,
        Error::Remote(_) | Error::Unanswered { .. } | Error::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Storage(e) => match e.problem {
            StorageProblem::Full => StatusCode::INSUFFICIENT_STORAGE,
            StorageProblem::Locked | StorageProblem::ReadOnly => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        },
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The text of an error for clients. Details of internal errors are only logged.
pub fn message(error: &Error) -> String {
    match error {
        Error::Internal(_) => "Something went wrong on this server".to_owned(),
        Error::Storage(e) => e.problem.public_message().to_owned(),
        other => other.to_string(),
    }
}

/// The JSON response of an error, for apps and peers.
pub fn json(error: &Error) -> Response {
    let body = match error {
        Error::OAuth { code, description } => {
            json!({"error": code.as_str(), "error_description": description.to_string()})
        }
        other => json!({"error": message(other)}),
    };
    with_headers(Response::json_with(status(error), &body), error)
}

/// Adds the headers that a status requires: `Retry-After`, `WWW-Authenticate`, `Allow`.
pub fn with_headers(response: Response, error: &Error) -> Response {
    match error {
        Error::RateLimited { retry_after } | Error::Busy { retry_after } => {
            response.with_header(RETRY_AFTER, &retry_after.to_string())
        }
        Error::Storage(StorageError { problem: StorageProblem::Locked, .. }) => {
            response.with_header(RETRY_AFTER, &limits::LOCKED_RETRY_AFTER.to_string())
        }
        Error::Storage(StorageError { problem: StorageProblem::Full | StorageProblem::ReadOnly, .. }) => {
            response.with_header(RETRY_AFTER, &limits::STORAGE_RETRY_AFTER.to_string())
        }
        Error::Unauthorized(_) | Error::OAuth { code: OAuthCode::InvalidClient, .. } => {
            response.with_header(WWW_AUTHENTICATE, "Bearer realm=\"dassie\"")
        }
        Error::MethodNotAllowed { allowed } => response.with_header(ALLOW, allowed),
        _ => response,
    }
}

/// Logs internal errors with the method and path of the request.
pub fn log(error: &Error, method: &str, path: &str) {
    if matches!(error, Error::Internal(_) | Error::Storage(_)) {
        let path: String = path.escape_debug().take(256).collect();
        tracing::error!(method, path, error = %error, "request failed");
    }
}
