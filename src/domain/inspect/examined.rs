//! What the fetch of a document has found.

use serde::Serialize;
use serde_json::Value;

/// A check of a fetched document.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was checked.
    pub what: &'static str,
    /// It passed.
    pub ok: bool,
    /// What was found.
    pub found: String,
}

/// The result of fetching a document.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The document, or why there is none.
    pub document: std::result::Result<Value, String>,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
}
