//! The languages of the pages: negotiation, the catalogues of messages, and the formats of times and numbers.
//!
//! Templates call `t("message-id", count=n)`. Rust code puts a [`Message`] or a [`Time`] into the context of a template, which
//! becomes text where the template prints it, in the language of the page.

mod catalogue;
mod errors;
mod functions;
mod language;
mod message;
mod numbers;
mod refusals;
#[cfg(test)]
mod tests;
mod time;

pub use catalogue::Catalogues;
pub use errors::{error, refusal};
pub use functions::bind;
pub use language::Language;
pub use message::Message;
pub use time::{Time, in_zone, time};

use crate::app::App;
use crate::http::Request;
use crate::store::database::settings;

/// The language of the pages that answer a request: the one that the owner has chosen, or the best for `Accept-Language`.
pub fn language(app: &App, request: &Request) -> Language {
    let chosen = match request.session().is_ok() {
        // A page in another language is better than none.
        true => app.domain.store.read(|c| settings::get(c, settings::INTERFACE_LANGUAGE)).ok().flatten(),
        false => None,
    };
    let chosen = chosen.and_then(|code| Language::of_code(&code));
    chosen.unwrap_or_else(|| Language::accepted(request.header("accept-language")))
}
