//! Strict parameters of requests that change something: an invalid value is an error, so that nothing is accepted without
//! effect.

use super::Form;
use crate::error::{Error, Result};
use crate::limits;

impl Form {
    /// A boolean; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn choice(&self, key: &str) -> Result<Option<bool>> {
        match (self.filled(key), self.flag(key)) {
            (None, _) => Ok(None),
            (Some(_), Some(flag)) => Ok(Some(flag)),
            (Some(other), None) => Err(invalid_value(key, other, "true or false")),
        }
    }

    /// A number or an id; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn exact<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>> {
        match self.filled(key) {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| invalid_value(key, text, "a number")),
        }
    }

    /// One of some names; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else, listing the names.
    pub fn one_of<T>(&self, key: &str, names: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        match self.filled(key) {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| invalid_value(key, text, &format!("one of {names}"))),
        }
    }

    /// A language as a BCP 47 tag; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn language(&self, key: &str) -> Result<Option<String>> {
        self.one_of(key, "the language codes, like en or pt-BR", language)
    }

    /// The languages of a list as BCP 47 tags; `None` if there is no list.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a value that is not a language, or too many.
    pub fn languages(&self, key: &str) -> Result<Option<Vec<String>>> {
        if !self.has_list(key) {
            return Ok(None);
        }
        let values = self.list(key);
        if values.len() > limits::FOLLOW_LANGUAGES {
            let most = limits::FOLLOW_LANGUAGES;
            return Err(Error::invalid(format!("{key} cannot have more than {most} languages")));
        }
        let wanted = "language codes, like en or pt-BR";
        let read = |text: &str| language(text).ok_or_else(|| invalid_value(key, text, wanted));
        values.into_iter().map(read).collect::<Result<_>>().map(Some)
    }

    /// The ids of a list in order, without duplicates and without values that are not numbers.
    pub fn ids<T: std::str::FromStr + PartialEq>(&self, key: &str, most: usize) -> Vec<T> {
        let mut ids = Vec::new();
        for id in self.list(key).into_iter().filter_map(|id| id.trim().parse::<T>().ok()) {
            if ids.len() < most && !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Refuses a parameter that requests something unsupported.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is present with a value.
    pub fn refuse(&self, key: &str, why: &'static str) -> Result<()> {
        if self.list(key).iter().any(|v| !v.trim().is_empty()) { Err(Error::invalid(why)) } else { Ok(()) }
    }
}

fn invalid_value(key: &str, value: &str, wanted: &str) -> Error {
    let value: String = value.chars().take(64).collect();
    Error::invalid(format!("{key} must be {wanted}, not `{value}`"))
}

/// A primary language of two or three letters, and subtags of at most eight letters and digits. Some apps write `pt_BR`.
fn language(text: &str) -> Option<String> {
    let tag = text.trim().to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?;
    let is_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_primary && tag.len() <= 35 && parts.all(is_subtag)).then(|| spelled(&tag))
}

/// Spells a lower-case tag as BCP 47 recommends: regions in upper case, scripts with a capital letter.
fn spelled(tag: &str) -> String {
    let mut parts = Vec::new();
    let mut in_extension = false;
    for part in tag.split('-') {
        let is_first = parts.is_empty();
        in_extension |= part.len() == 1;
        parts.push(match part.len() {
            2 if !is_first && !in_extension => part.to_ascii_uppercase(),
            4 if !is_first && !in_extension => part[..1].to_ascii_uppercase() + &part[1..],
            _ => part.to_owned(),
        });
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_bcp_47_tags() {
        for (text, tag) in
            [("en", "en"), ("pt_BR", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), (" de ", "de"), ("yue", "yue")]
        {
            assert_eq!(language(text).as_deref(), Some(tag), "{text}");
        }
        for text in ["english", "e", "12", "en-", "-en", "en--us", "en us", "x-klingon", "en-abcdefghi", "ελ"] {
            assert_eq!(language(text), None, "{text}");
        }
    }
}
