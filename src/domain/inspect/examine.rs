//! Reads a document, and applies it in a transaction that is rolled back.

use std::sync::Arc;

use serde_json::Value;

use super::dry_run::{self, DryRun};
use super::examined::{Check, Examined};
use super::parse;
use super::reading::Xray;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::statuses::Status;

/// The circumstances under which a document is examined.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// The file or URL of the document.
    pub source: String,
    /// Assume that the owner follows the author.
    pub followed: bool,
    /// The checks that were made while the document was fetched.
    pub checks: Vec<Check>,
}

/// Reads a document and determines what applying it would do. Nothing is changed or fetched.
///
/// # Errors
/// When the database cannot be used.
pub fn examine(domain: &Arc<Domain>, document: &Value, setting: Setting) -> Result<Xray> {
    let mut xray = parse::read(document);
    xray.close_poll(domain.now());
    xray.source = setting.source;
    xray.checks = setting.checks;
    let subject = dry_run::read(domain, document)?;
    let result = domain.dry_run(move |tx| dry_run::dry_run(tx, tx.domain(), subject, setting.followed))?;
    result.report(&mut xray);
    Ok(xray)
}

/// Examines the response of a server. If it contains no document, the reading says what is wrong with it.
///
/// # Errors
/// When the database cannot be used.
pub fn examine_answer(domain: &Arc<Domain>, answer: Examined, source: String, followed: bool) -> Result<Xray> {
    let Examined { document, checks } = answer;
    match document {
        Ok(document) => examine(domain, &document, Setting { source, followed, checks }),
        Err(error) => Ok(Xray::unusable(source, checks, &error)),
    }
}

/// Reads a post of the owner as other servers read it. It is not applied, because it is never received.
pub fn of_own(document: &Value, status: &Status, now: Timestamp) -> Xray {
    let mut xray = parse::read(document);
    xray.close_poll(now);
    xray.source.clone_from(&status.uri);
    DryRun::of_own(status).report(&mut xray);
    xray
}
