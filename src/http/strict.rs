//! Strict parameters of requests that change something: an invalid value is an error, so that nothing is accepted without
//! effect.

use super::Form;
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::text::known_language;

impl Form {
    /// The value of a parameter that has only one, as it was sent; `None` if it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a list or an object. It would otherwise count as absent, and `{"visibility": ["private"]}` would
    /// publish a post.
    pub fn single(&self, key: &str) -> Result<Option<&str>> {
        let inside = |name: &str| name.strip_prefix(key).is_some_and(|rest| rest.starts_with('['));
        if self.fields().any(|(name, _)| inside(name)) {
            return Err(Error::invalid(format!("{key} must be one value, not a list or an object")));
        }
        Ok(self.get(key))
    }

    /// A text as it was sent, which may be empty; `None` if it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a list or an object.
    pub fn text(&self, key: &str) -> Result<Option<String>> {
        Ok(self.single(key)?.map(str::to_owned))
    }

    /// A value of a parameter that has only one; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a list or an object.
    pub fn single_filled(&self, key: &str) -> Result<Option<&str>> {
        self.single(key)?;
        Ok(self.filled(key))
    }

    /// A boolean; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn choice(&self, key: &str) -> Result<Option<bool>> {
        match (self.single_filled(key)?, self.flag(key)) {
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
        match self.single_filled(key)? {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| invalid_value(key, text, "a number")),
        }
    }

    /// The numbers or ids of a list.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn exact_list<T: std::str::FromStr>(&self, key: &str) -> Result<Vec<T>> {
        let read = |text: &str| text.trim().parse().map_err(|_| invalid_value(key, text, "a list of numbers"));
        self.list(key).into_iter().map(read).collect()
    }

    /// One of some names; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else, listing the names.
    pub fn one_of<T>(&self, key: &str, names: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        match self.single_filled(key)? {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| invalid_value(key, text, &format!("one of {names}"))),
        }
    }

    /// A language as a BCP 47 tag; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn language(&self, key: &str) -> Result<Option<String>> {
        match self.single_filled(key)? {
            None => Ok(None),
            Some(text) => known_language(text).map(Some).ok_or_else(|| not_a_language(key, text)),
        }
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
        let read = |text: &str| known_language(text).ok_or_else(|| not_a_language(key, text));
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
