//! Forms, addresses, and apps that ask for access.

use crate::error::refusal::{OAuthRefusal, RedirectProblem, RequestRefusal};
use crate::web::locale::Message;

pub(super) fn request(refusal: &RequestRefusal) -> Message {
    match refusal {
        RequestRefusal::SignInFirst => Message::new("error-sign-in"),
        RequestRefusal::FormOutOfDate => Message::new("error-form-old"),
        RequestRefusal::FormOfOtherSite => Message::new("error-form-foreign"),
        RequestRefusal::ShareOfOtherSite => Message::new("error-share-foreign"),
        RequestRefusal::ParameterMissing(name) => Message::new("error-parameter").with("name", name.as_str()),
        RequestRefusal::TooManyFields(maximum) | RequestRefusal::TooManyParts(maximum) => {
            Message::new("error-form-fields").with("maximum", *maximum)
        }
        RequestRefusal::FieldNameTooLong(maximum) => Message::new("error-field-name").with("maximum", *maximum),
        RequestRefusal::NulCharacter => Message::new("error-nul"),
        RequestRefusal::PathMalformed => Message::new("error-path"),
        RequestRefusal::AddressTooLong => Message::new("error-address-long"),
        RequestRefusal::BodyTooSlow => Message::new("error-body-slow"),
        RequestRefusal::BodyIncomplete => Message::new("error-body-incomplete"),
        RequestRefusal::MultipartUnreadable(cause) => Message::new("error-multipart").with("cause", cause.as_str()),
        RequestRefusal::OtherServer(name) => Message::new("error-other-server").with("name", name.as_str()),
        RequestRefusal::AddressOfOtherServer => Message::new("error-address-foreign"),
        // The name of the field is one of the program.
        RequestRefusal::NotALanguage { value, .. } => Message::new("error-language").with("value", value.as_str()),
        RequestRefusal::NotAChoice { field, value, permitted } => Message::new("error-choice")
            .with("field", field.as_str())
            .with("value", value.as_str())
            .with("permitted", permitted.as_str()),
        RequestRefusal::NotANumber { field, value } => {
            Message::new("error-number").with("field", field.as_str()).with("value", value.as_str())
        }
        RequestRefusal::NotOneValue(field) => Message::new("error-one-value").with("field", field.as_str()),
        RequestRefusal::NotAList(field) | RequestRefusal::NotRecords(field) => {
            Message::new("error-list").with("field", field.as_str())
        }
    }
}

pub(super) fn oauth(refusal: &OAuthRefusal) -> Message {
    match refusal {
        OAuthRefusal::UnknownClient => Message::new("error-oauth-client"),
        OAuthRefusal::RedirectUri => Message::new("error-oauth-redirect"),
        OAuthRefusal::ResponseTypeMissing | OAuthRefusal::ResponseType => Message::new("error-oauth-response-type"),
        OAuthRefusal::ScopeExceeded { registered, requested } => Message::new("error-oauth-scope")
            .with("registered", registered.as_str())
            .with("requested", requested.as_str()),
        OAuthRefusal::UnknownScope(scope) => Message::new("error-oauth-scope-unknown").with("scope", scope.as_str()),
        OAuthRefusal::ChallengeMissing | OAuthRefusal::ChallengeMethod | OAuthRefusal::Challenge => {
            Message::new("error-oauth-challenge")
        }
        OAuthRefusal::NoName => Message::new("error-app-name"),
        OAuthRefusal::RedirectUriCount(maximum) => Message::new("error-redirect-count").with("maximum", *maximum),
        OAuthRefusal::FieldTooLong(maximum) => Message::new("error-app-field").with("maximum", *maximum),
        OAuthRefusal::RedirectUriRefused { problem, uri } => redirect(*problem, uri),
    }
}

fn redirect(problem: RedirectProblem, uri: &str) -> Message {
    match problem {
        RedirectProblem::Characters => Message::new("error-redirect-characters").with("uri", uri),
        RedirectProblem::NotAbsolute => Message::new("error-redirect-absolute").with("uri", uri),
        RedirectProblem::Fragment => Message::new("error-redirect-fragment").with("uri", uri),
        RedirectProblem::Credentials => Message::new("error-redirect-credentials").with("uri", uri),
        RedirectProblem::NoHost => Message::new("error-redirect-host").with("uri", uri),
        RedirectProblem::Insecure => Message::new("error-redirect-insecure").with("uri", uri),
        RedirectProblem::Urn => Message::new("error-redirect-urn").with("uri", uri),
        RedirectProblem::Scheme => Message::new("error-redirect-scheme").with("uri", uri),
    }
}
