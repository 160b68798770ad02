//! Parameters of a request as one flat list of `key → value` in the bracket spelling of HTML forms. Apps send the same
//! parameters as query, form, multipart or JSON, with booleans and numbers as text.

use bytes::Bytes;

use super::multipart::{self, File, Parts};
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// All parameters of a request, those of the body before those of the query.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<File>,
}

impl Form {
    /// Reads query and body, or the parts of a body that were read as it arrived.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the body does not have the type that it states, or there are too many fields.
    pub(super) fn read(query: &str, content_type: &str, body: &Bytes, parts: Option<&Parts>) -> Result<Self> {
        let mut form = Self::default();
        if let Some(parts) = parts {
            form.add_parts(parts.clone())?;
        }
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !body.is_empty() {
            match media_type.as_str() {
                "application/json" => form.read_json(body)?,
                "multipart/form-data" => form.add_parts(multipart::read(content_type, body.clone())?)?,
                _ => form.read_encoded(body)?,
            }
        }
        form.read_encoded(query.as_bytes())?;
        Ok(form)
    }

    /// Adds a field. The limits are checked while the form is built, so that it never takes much more memory than the body.
    fn push(&mut self, key: &str, value: String) -> Result<()> {
        if self.fields.len() >= limits::FORM_FIELDS {
            return Err(Error::bad_request(RequestRefusal::TooManyFields(limits::FORM_FIELDS)));
        }
        if key.len() > limits::FORM_FIELD_NAME {
            return Err(Error::bad_request(RequestRefusal::FieldNameTooLong(limits::FORM_FIELD_NAME)));
        }
        if key.contains('\0') || value.contains('\0') {
            return Err(Error::bad_request(RequestRefusal::NulCharacter));
        }
        self.fields.push((key.to_owned(), value));
        Ok(())
    }

    fn read_encoded(&mut self, bytes: &[u8]) -> Result<()> {
        url::form_urlencoded::parse(bytes).try_for_each(|(k, v)| self.push(&k, v.into_owned()))
    }

    fn read_json(&mut self, bytes: &[u8]) -> Result<()> {
        let value = crate::protocol::json::parse_exact(bytes)
            .map_err(|e| Error::bad_request(format!("The body is not valid JSON: {e}")))?;
        if !value.is_object() {
            return Err(Error::bad_request("The JSON body must be an object"));
        }
        self.flatten(&mut String::new(), value, 0)
    }

    /// Adds JSON in the bracket spelling. Null means absent. `path` is one buffer for all levels.
    fn flatten(&mut self, path: &mut String, value: serde_json::Value, depth: usize) -> Result<()> {
        use serde_json::Value;
        if depth > limits::FORM_DEPTH {
            return Err(Error::bad_request(format!("The JSON body nests deeper than {} levels", limits::FORM_DEPTH)));
        }
        // Checked here too: a long name of a list would be copied for each of its values.
        if path.len() > limits::FORM_FIELD_NAME {
            return Err(Error::bad_request(RequestRefusal::FieldNameTooLong(limits::FORM_FIELD_NAME)));
        }
        match value {
            Value::Null => Ok(()),
            Value::Bool(b) => self.push(path, b.to_string()),
            Value::Number(n) => self.push(path, n.to_string()),
            Value::String(s) => self.push(path, s),
            // An empty list is a value and differs from an absent list.
            Value::Array(items) if items.is_empty() => self.push(&format!("{path}[]"), String::new()),
            Value::Object(members) if members.is_empty() && depth > 0 => self.push(&format!("{path}[]"), String::new()),
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .try_for_each(|(i, item)| self.flatten_member(path, &format!("[{i}]"), item, depth)),
            Value::Object(members) => members.into_iter().try_for_each(|(name, member)| {
                let step = if depth == 0 { name } else { format!("[{name}]") };
                self.flatten_member(path, &step, member, depth)
            }),
        }
    }

    fn flatten_member(&mut self, path: &mut String, step: &str, value: serde_json::Value, depth: usize) -> Result<()> {
        let len = path.len();
        path.push_str(step);
        self.flatten(path, value, depth + 1)?;
        path.truncate(len);
        Ok(())
    }

    fn add_parts(&mut self, parts: Parts) -> Result<()> {
        parts.fields.into_iter().try_for_each(|(key, value)| self.push(&key, value))?;
        self.files.extend(parts.files);
        Ok(())
    }

    /// The first value of a field, or `None` if the field is absent. An empty value is a value.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// Every value of a field, in order.
    pub fn all(&self, key: &str) -> Vec<&str> {
        self.fields.iter().filter(|(k, _)| k == key).map(|(_, v)| v.as_str()).collect()
    }

    /// The first value of a field, or `None` if it is absent or blank.
    pub fn filled(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|v| !v.trim().is_empty())
    }

    /// A required field.
    ///
    /// # Errors
    /// [`Error::BadRequest`] naming the field.
    pub fn require(&self, key: &str) -> Result<&str> {
        self.filled(key).ok_or_else(|| Error::bad_request(RequestRefusal::ParameterMissing(key.to_owned())))
    }

    /// A boolean; other values count as absent.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "on" | "yes" | "t" => Some(true),
            "false" | "0" | "off" | "no" | "f" => Some(false),
            _ => None,
        }
    }

    /// Returns `true` if the field is a yes.
    pub fn is_set(&self, key: &str) -> bool {
        self.flag(key) == Some(true)
    }

    /// A number or an id; other values count as absent.
    pub fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.trim().parse().ok()
    }

    /// Returns `true` if the field is present in any spelling, even without values: `key`, `key[]`, `key[0]`.
    pub fn has_list(&self, key: &str) -> bool {
        self.fields.iter().any(|(k, _)| is_element(k, key))
    }

    /// All values of a list: `key[]`, `key[0]`, or a bare repeated `key`.
    pub fn list(&self, key: &str) -> Vec<&str> {
        self.fields.iter().filter(|(k, v)| is_element(k, key) && !v.is_empty()).map(|(_, v)| v.as_str()).collect()
    }

    /// A list of records, `key[0][name]=…&key[0][value]=…`, as one form each, ordered by index.
    pub fn records(&self, key: &str) -> Vec<Form> {
        let mut records: Vec<(String, Form)> = Vec::new();
        for (k, v) in &self.fields {
            let Some((index, rest)) =
                k.strip_prefix(key).and_then(|r| r.strip_prefix('[')).and_then(|r| r.split_once(']'))
            else {
                continue;
            };
            let Some(member) = rest.strip_prefix('[').and_then(|r| r.strip_suffix(']')) else { continue };
            let repeated = |form: &Form| index.is_empty() && form.get(member).is_some();
            let at = records.iter().rposition(|(i, form)| i == index && !repeated(form));
            let at = at.unwrap_or_else(|| {
                records.push((index.to_owned(), Form::default()));
                records.len() - 1
            });
            records[at].1.fields.push((member.to_owned(), v.clone()));
        }
        records.sort_by_key(|(index, _)| index.parse::<u32>().unwrap_or(u32::MAX));
        records.into_iter().map(|(_, form)| form).collect()
    }

    /// The fields whose names begin with a prefix, without it.
    pub fn with_prefix(&self, prefix: &str) -> Form {
        let fields = self.fields.iter().filter_map(|(k, v)| Some((k.strip_prefix(prefix)?.to_owned(), v.clone())));
        Form { fields: fields.collect(), files: Vec::new() }
    }

    /// All fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// The uploaded files of a field, without empty ones.
    pub fn files<'f>(&'f self, key: &str) -> impl Iterator<Item = &'f File> {
        self.files.iter().filter(move |f| f.field == key && f.length > 0)
    }

    /// An uploaded file, or `None` if it is absent or empty.
    pub fn file(&self, key: &str) -> Option<&File> {
        self.files(key).next()
    }
}

fn is_element(key: &str, list: &str) -> bool {
    key.strip_prefix(list).is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('[')
                .and_then(|r| r.strip_suffix(']'))
                .is_some_and(|index| index.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> Form {
        let mut form = Form::default();
        form.read_encoded(text.as_bytes()).unwrap();
        form
    }

    fn json(text: &str) -> Form {
        let mut form = Form::default();
        form.read_json(text.as_bytes()).unwrap();
        form
    }

    #[test]
    fn all_spellings_are_equal() {
        for form in [
            encoded("media_ids[]=1&media_ids[]=2&sensitive=1&status=hi"),
            encoded("media_ids%5B0%5D=1&media_ids%5B1%5D=2&sensitive=on&status=hi"),
            encoded("media_ids=1&media_ids=2&sensitive=True&status=hi"),
            json(r#"{"media_ids": [1, "2"], "sensitive": "1", "status": "hi", "poll": null}"#),
        ] {
            assert_eq!(form.list("media_ids"), ["1", "2"]);
            assert_eq!(form.flag("sensitive"), Some(true));
            assert_eq!(form.get("status"), Some("hi"));
            assert!(!form.has_list("poll"));
        }
    }

    #[test]
    fn records_are_ordered_by_index() {
        for form in [
            encoded("f[1][name]=b&f[0][name]=a&f[0][value]=x&f[1][value]=y"),
            encoded("f[][name]=a&f[][value]=x&f[][name]=b&f[][value]=y"),
            json(r#"{"f": [{"name": "a", "value": "x"}, {"name": "b", "value": "y"}]}"#),
            json(r#"{"f": {"0": {"name": "a", "value": "x"}, "1": {"name": "b", "value": "y"}}}"#),
        ] {
            let read: Vec<_> = form
                .records("f")
                .iter()
                .map(|r| (r.get("name").unwrap().to_owned(), r.get("value").unwrap().to_owned()))
                .collect();
            assert_eq!(read, [("a".into(), "x".into()), ("b".into(), "y".into())]);
        }
    }

    #[test]
    fn limits_are_checked_while_a_form_is_built() {
        let refusal = |text: &str| match Form::default().read_json(text.as_bytes()) {
            Err(Error::BadRequest(why)) => why.to_string(),
            other => panic!("{other:?}"),
        };
        let zeros = |n: usize| vec!["0"; n].join(",");
        let long = "k".repeat(200_000);
        assert!(refusal(&format!("{{\"{long}\":[{}]}}", zeros(20_000 - 2))).contains("field name"));
        assert!(refusal(&format!("{{\"{long}\":[]}}")).contains("field name"));
        assert!(refusal(&format!("{{\"a\":{{\"{long}\":[1]}}}}")).contains("field name"));
        assert!(refusal(&format!("{{\"a\":[{}]}}", zeros(limits::FORM_FIELDS + 1))).contains("fields"));
        let nested = format!("{{\"a\":{}1{}}}", "[".repeat(20), "]".repeat(20));
        assert!(refusal(&nested).contains("levels"));
        let body = format!("{{\"{}\":[{}]}}", "k".repeat(limits::FORM_FIELD_NAME - 5), zeros(limits::FORM_FIELDS));
        let mut form = Form::default();
        form.read_json(body.as_bytes()).unwrap();
        let held: usize = form.fields.iter().map(|(k, v)| k.len() + v.len()).sum();
        assert!(
            form.fields.len() == limits::FORM_FIELDS && held <= limits::FORM_FIELDS * (limits::FORM_FIELD_NAME + 1)
        );
        let mut form = Form::default();
        assert!(form.read_encoded("a=1&".repeat(limits::FORM_FIELDS + 1).as_bytes()).is_err());
        assert_eq!(form.fields.len(), limits::FORM_FIELDS);
        assert!(Form::default().read_encoded(format!("{long}=1").as_bytes()).is_err());
    }

    #[test]
    fn invalid_values_count_as_absent() {
        let form = encoded("sensitive=maybe&limit=many&x=");
        assert_eq!((form.flag("sensitive"), form.number::<u32>("limit"), form.filled("x")), (None, None, None));
        assert!(matches!(form.require("x"), Err(Error::BadRequest(_))));
        assert!(json(r#"{"media_ids": []}"#).has_list("media_ids"));
    }
}
