//! A message of the catalogues with its arguments.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};
use serde::Serialize;

/// A message of the catalogues with its arguments. It becomes text where a template prints it, in the language of the page.
///
/// The text of a message whose id ends with `-html` is HTML; that of all others is plain text. Arguments are never HTML unless
/// they are [`Html`](crate::web::templates::Html).
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    id: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, Value)>,
}

impl Message {
    /// A message without arguments.
    pub const fn new(id: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), args: Vec::new() }
    }

    /// A message that a template names.
    pub(super) fn named(id: &str) -> Self {
        Self { id: Cow::Owned(id.to_owned()), args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.args.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// Adds an argument that a template names.
    #[must_use]
    pub(super) fn with_named(mut self, name: &str, value: Value) -> Self {
        self.args.push((Cow::Owned(name.to_owned()), value));
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its arguments.
    pub(super) fn args(&self) -> &[(Cow<'static, str>, Value)] {
        &self.args
    }

    /// Returns `true` if its text is HTML.
    pub(super) fn is_html(&self) -> bool {
        is_html(&self.id)
    }
}

/// Returns `true` if the text of the message with this id is HTML.
pub(super) fn is_html(id: &str) -> bool {
    id.ends_with("-html")
}

impl Object for Message {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.id)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::from_object(message)
    }
}

impl Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Value::from(self.clone()).serialize(serializer)
    }
}
