//! Pure formats: no input or output, no clock, no database, no configuration.

pub mod activitystreams;
pub mod address;
pub mod characters;
pub mod colour;
pub mod discovery;
pub mod escape;
pub mod followers_sync;
#[cfg(test)]
pub(crate) mod hostile_texts;
pub mod html;
pub mod ical;
pub mod ids;
pub mod json;
pub mod links;
pub mod markdown;
pub mod passkey;
#[cfg(test)]
pub(crate) mod real_documents;
pub mod registrable;
pub mod search;
pub mod secret;
pub mod signature;
pub mod text;
pub mod time;
pub mod visibility;
pub mod web_page;
pub mod web_push;
