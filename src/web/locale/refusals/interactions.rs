//! Boosts, quotes, replies, reactions, pins and translations.

use crate::error::refusal::InteractionRefusal;
use crate::web::locale::Message;

pub(super) fn interaction(refusal: &InteractionRefusal) -> Message {
    match refusal {
        InteractionRefusal::BoostNotOpen => Message::new("error-boost-private"),
        InteractionRefusal::BoostDirect => Message::new("error-boost-direct"),
        InteractionRefusal::TooManyReactions(maximum) => Message::new("error-reactions").with("maximum", *maximum),
        InteractionRefusal::NotAReaction => Message::new("error-reaction"),
        InteractionRefusal::PinDirect => Message::new("error-pin-direct"),
        InteractionRefusal::TooManyPins(maximum) => Message::new("error-pins").with("maximum", *maximum),
        InteractionRefusal::PinOfOther => Message::new("error-pin-other"),
        InteractionRefusal::QuotedMissing => Message::new("error-quoted-missing"),
        InteractionRefusal::ParentMissing => Message::new("error-parent-missing"),
        InteractionRefusal::QuoteNotRecipient => Message::new("error-quote-recipient"),
        InteractionRefusal::QuoteNotOpen => Message::new("error-quote-private"),
        InteractionRefusal::QuoteForbidden => Message::new("error-quote-forbidden"),
        InteractionRefusal::ReplyForbidden => Message::new("error-reply-forbidden"),
        InteractionRefusal::TranslationNotOpen => Message::new("error-translation-private"),
        InteractionRefusal::TranslationNotNeeded => Message::new("error-translation-same"),
    }
}
