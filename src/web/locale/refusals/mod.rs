//! Refusals as pages show them: each variant with its message, so that a new one does not compile without a message.

mod interactions;
mod posts;
mod texts;

use super::known_errors::error_text;
use super::message::Message;
use crate::error::Refusal;

/// The message of a refusal.
pub(super) fn message(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::Text(refusal) => texts::text(refusal),
        Refusal::Post(refusal) => posts::post(refusal),
        Refusal::Poll(refusal) => posts::poll(refusal),
        Refusal::Interaction(refusal) => interactions::interaction(refusal),
        Refusal::Untranslated(text) => error_text(text),
    }
}
