//! Literals in all forms of JSON-LD: bare, in a list, as a value object (`@value`, `@language`), or as a language map. Every
//! property that is not an id is read through this module.

use std::borrow::Cow;

use serde_json::Value;

/// Nesting of lists and value objects that is followed.
pub(super) const LITERAL_DEPTH: usize = 4;

/// Returns the plain value of a property: the first of a list that is not null, the content of a value object.
pub(super) fn plain(value: Option<&Value>) -> Option<&Value> {
    let mut value = value?;
    for _ in 0..LITERAL_DEPTH {
        value = match value {
            Value::Array(items) => items.iter().find(|item| !item.is_null())?,
            Value::Object(members) => match ["@value", "@list", "@set"].iter().find_map(|m| members.get(*m)) {
                Some(inner) => inner,
                None => return Some(value),
            },
            _ => return Some(value),
        };
    }
    Some(value)
}

/// A text with its language, if stated.
pub(super) type Literal<'a> = (Cow<'a, str>, Option<&'a str>);

/// Returns the text of a property, unless it is blank: the first of a list that has one. A number becomes its digits.
pub(super) fn string(value: Option<&Value>) -> Option<Cow<'_, str>> {
    literal(value?, LITERAL_DEPTH).map(|(text, _)| text)
}

/// Returns a text that is not blank, with its language.
pub(super) fn literal(value: &Value, depth: usize) -> Option<Literal<'_>> {
    let inner = depth.checked_sub(1)?;
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some((text.as_str().into(), None)),
        Value::Number(number) => Some((number.to_string().into(), None)),
        Value::Array(items) => items.iter().find_map(|item| literal(item, inner)),
        Value::Object(members) => {
            if let Some(held) = ["@value", "@list", "@set"].iter().find_map(|m| members.get(*m)) {
                let (text, language) = literal(held, inner)?;
                return Some((text, members.get("@language").and_then(Value::as_str).or(language)));
            }
            language_map(value).find_map(|(language, value)| {
                let (text, _) = literal(value, inner)?;
                Some((text, Some(language).filter(|l| *l != "@none")))
            })
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// Returns the entries of an object whose keys are all language tags, or nothing for another object.
pub(super) fn language_map(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().filter(|members| {
        let is_language = |key: &String| key == "@none" || is_language_tag(key);
        // `type` and `href` could be languages by their shape.
        !["type", "href", "name"].iter().any(|key| members.contains_key(*key)) && members.keys().all(is_language)
    });
    members.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Returns `true` for text in the form of a BCP 47 tag.
pub(super) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next().unwrap_or("");
    (2..=8).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
        && tag.len() <= 35
}
