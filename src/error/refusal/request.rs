//! Refusals of forms and addresses.

use serde::{Deserialize, Serialize};

/// What is wrong with a form or an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RequestRefusal {
    /// The session has ended.
    #[error("Please sign in first")]
    SignInFirst,
    /// The token of the form is not that of the session.
    #[error("This form is out of date; go back, reload the page and try again")]
    FormOutOfDate,
    /// The form was sent by a page of another site.
    #[error("This form was sent from another site; open the page here and try again")]
    FormOfOtherSite,
    /// Another site has sent what only the share target of the browser may.
    #[error("Another site has sent this; share it with the app instead")]
    ShareOfOtherSite,
    /// This parameter is missing.
    #[error("The parameter `{0}` is missing")]
    ParameterMissing(String),
    /// There are more fields than this number.
    #[error("There are more than {0} fields")]
    TooManyFields(usize),
    /// There are more parts than this number.
    #[error("There are more than {0} parts")]
    TooManyParts(usize),
    /// A field name is longer than this number of bytes.
    #[error("A field name has more than {0} bytes")]
    FieldNameTooLong(usize),
    /// A NUL in a value.
    #[error("A parameter contains a NUL character")]
    NulCharacter,
    /// Invalid encoding or dot segments.
    #[error("The path is malformed")]
    PathMalformed,
    /// The path or query is too long.
    #[error("The address is too long")]
    AddressTooLong,
    /// The body took too long to arrive.
    #[error("The request body came too slowly")]
    BodyTooSlow,
    /// The connection ended within the body.
    #[error("The request body ended early")]
    BodyIncomplete,
    /// The body is not `multipart/form-data`, for this reason.
    #[error("The multipart body cannot be read: {0}")]
    MultipartUnreadable(String),
    /// The request is for another server; this one has the given name.
    #[error(
        "This server is {0}. The request is for another server; a proxy in front of this one must pass on the Host header"
    )]
    OtherServer(String),
    /// The address is one of another server.
    #[error("The address does not belong to this server")]
    AddressOfOtherServer,
    /// A field is not a language.
    #[error("{field} must be one of the language codes, like en or pt-BR, not `{value}`")]
    NotALanguage {
        /// The field.
        field: String,
        /// What it has.
        value: String,
    },
    /// A field has none of its values.
    #[error("{field} must be one of {permitted}, not `{value}`")]
    NotAChoice {
        /// The field.
        field: String,
        /// What it has.
        value: String,
        /// The values that it can have.
        permitted: String,
    },
    /// A field is not a number.
    #[error("{field} must be a number, not `{value}`")]
    NotANumber {
        /// The field.
        field: String,
        /// What it has.
        value: String,
    },
    /// A field with one value has a list or an object.
    #[error("{0} must be one value, not a list or an object")]
    NotOneValue(String),
    /// A list of values has something else.
    #[error("{0} must be a list of values")]
    NotAList(String),
    /// A list of records has something else.
    #[error("{0} must be a list of records")]
    NotRecords(String),
}
