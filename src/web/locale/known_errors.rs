//! The texts of errors that forms and error pages show, with the messages that translate them.
//!
//! Inside, an error carries its text in English, which apps compare. `{}` stands for a value; in the message, the values are
//! `$a` and `$b`. A test checks that the code still has each text.

use super::message::Message;

/// Each text with its message. The first that fits counts.
const KNOWN: &[(&str, Message)] = &[
    ("Please sign in first", Message::new("error-sign-in")),
    ("This form is out of date; go back, reload the page and try again", Message::new("error-form-old")),
    ("This form was sent from another site; open the page here and try again", Message::new("error-form-foreign")),
    ("The address does not belong to this server", Message::new("error-address-foreign")),
];

/// The message of an error of which only the text is known. One without a translation stays as it is.
pub(super) fn error_text(text: &str) -> Message {
    let text = text.strip_prefix("Validation failed: ").unwrap_or(text);
    for (pattern, message) in KNOWN {
        if let Some(values) = values(pattern, text) {
            let named = ["a", "b"].into_iter().zip(values);
            return named.fold(message.clone(), |message, (name, value)| message.with(name, value));
        }
    }
    Message::new("error-other").with("text", text)
}

/// The values at each `{}` of a pattern, if a text fits it.
fn values<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = if pieces.peek().is_none() { rest.len().checked_sub(piece.len())? } else { rest.find(piece)? };
        let (value, after) = (rest.get(..end)?, rest.get(end..)?);
        rest = after.strip_prefix(piece)?;
        values.push(value);
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_patterns() {
        assert_eq!(values("a", "a"), Some(vec![]));
        assert_eq!(values("a", "ab"), None);
        assert_eq!(values("at {} to {} b", "at 1 to 2 b"), Some(vec!["1", "2"]));
        assert_eq!(values("{} is ({})", "é is (x (y))"), Some(vec!["é", "x (y)"]));
        assert_eq!(values("a {} bé", "a b"), None);
    }
}
