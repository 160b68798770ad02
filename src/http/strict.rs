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
            return Err(Error::invalid(RequestRefusal::NotOneValue(key.to_owned())));
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

    /// A text that may be empty, but must be there: an absent one would erase what is stored.
    ///
    /// # Errors
    /// [`Error::BadRequest`] if it is absent, [`Error::Invalid`] for a list or an object.
    pub fn present(&self, key: &str) -> Result<&str> {
        let missing = || Error::bad_request(RequestRefusal::ParameterMissing(key.to_owned()));
        self.single(key)?.ok_or_else(missing)
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
            (Some(other), None) => Err(not_a_choice(key, other, "true, false")),
        }
    }

    /// A checkbox, which browsers leave out if it is not ticked.
    ///
    /// # Errors
    /// As [`Form::choice`].
    pub fn checkbox(&self, key: &str) -> Result<bool> {
        Ok(self.choice(key)?.unwrap_or(false))
    }

    /// A number or an id; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn exact<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>> {
        match self.single_filled(key)? {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| not_a_number(key, text)),
        }
    }

    /// The values of a list, without empty ones.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an object, or a list of lists or objects. They would otherwise count as absent.
    pub fn values(&self, key: &str) -> Result<Vec<&str>> {
        let is_index = |index: &str| index.bytes().all(|b| b.is_ascii_digit());
        let is_value = |inside: &str| inside.strip_suffix(']').is_some_and(is_index);
        let inside = |name: &str| name.strip_prefix(key)?.strip_prefix('[').map(is_value);
        if self.fields().any(|(name, _)| inside(name) == Some(false)) {
            return Err(Error::invalid(RequestRefusal::NotAList(key.to_owned())));
        }
        Ok(self.list(key))
    }

    /// The numbers or ids of a list.
    ///
    /// # Errors
    /// As [`Form::values`], and for a value that is not a number.
    pub fn exact_list<T: std::str::FromStr>(&self, key: &str) -> Result<Vec<T>> {
        let read = |text: &str| text.trim().parse().map_err(|_| not_a_number(key, text));
        self.values(key)?.into_iter().map(read).collect()
    }

    /// The records of a list, as [`Form::records`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else: plain values, or one object.
    pub fn exact_records(&self, key: &str) -> Result<Vec<Form>> {
        let is_record = |name: &str, value: &str| {
            let Some(rest) = name.strip_prefix(key).filter(|rest| rest.is_empty() || rest.starts_with('[')) else {
                return true;
            };
            let member = rest.split_once(']').is_some_and(|(_, member)| member.starts_with('['));
            member || value.trim().is_empty()
        };
        match self.fields().all(|(name, value)| is_record(name, value)) {
            true => Ok(self.records(key)),
            false => Err(Error::invalid(RequestRefusal::NotRecords(key.to_owned()))),
        }
    }

    /// The choices of a list, each one of some names.
    ///
    /// # Errors
    /// As [`Form::values`], and for anything else, listing the names.
    pub fn choices<T>(&self, key: &str, names: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
        self.values(key)?.into_iter().map(|text| parse(text).ok_or_else(|| not_a_choice(key, text, names))).collect()
    }

    /// One of some names; `None` if it is absent or blank.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else, listing the names.
    pub fn one_of<T>(&self, key: &str, names: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        match self.single_filled(key)? {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| not_a_choice(key, text, names)),
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
        let values = self.values(key)?;
        if !self.has_list(key) {
            return Ok(None);
        }
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

/// The field, and the beginning of what it has.
fn shown(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.chars().take(64).collect())
}

fn not_a_choice(key: &str, value: &str, permitted: &str) -> Error {
    let (field, value) = shown(key, value);
    Error::invalid(RequestRefusal::NotAChoice { field, value, permitted: permitted.to_owned() })
}

fn not_a_number(key: &str, value: &str) -> Error {
    let (field, value) = shown(key, value);
    Error::invalid(RequestRefusal::NotANumber { field, value })
}

fn not_a_language(key: &str, value: &str) -> Error {
    let (field, value) = shown(key, value);
    Error::invalid(RequestRefusal::NotALanguage { field, value })
}
