//! Refusals as pages show them: each variant with its message, so that a new one does not compile without a message.

mod accounts;
mod emoji;
mod interactions;
mod media;
mod people;
mod posts;
mod requests;
mod settings;
mod texts;

use super::message::Message;
use crate::error::Refusal;

/// The message of a refusal.
pub(super) fn message(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::Text(refusal) => texts::text(refusal),
        Refusal::Post(refusal) => posts::post(refusal),
        Refusal::Poll(refusal) => posts::poll(refusal),
        Refusal::Interaction(refusal) => interactions::interaction(refusal),
        Refusal::Account(refusal) => accounts::account(refusal),
        Refusal::Move(refusal) => accounts::moving(refusal),
        Refusal::People(refusal) => people::people(refusal),
        Refusal::Hashtag(refusal) => people::hashtag(refusal),
        Refusal::Filter(refusal) => people::filter(refusal),
        Refusal::Setting(refusal) => settings::setting(refusal),
        Refusal::Emoji(refusal) => emoji::emoji(refusal),
        Refusal::Pack(refusal) => emoji::pack(refusal),
        Refusal::Media(refusal) => media::media(refusal),
        Refusal::Animation(refusal) => media::animation(refusal),
        Refusal::Stream(refusal) => media::stream(refusal),
        Refusal::Request(refusal) => requests::request(refusal),
        Refusal::OAuth(refusal) => requests::oauth(refusal),
        Refusal::Untranslated(text) => Message::new("error-other").with("text", text.as_ref()),
    }
}
