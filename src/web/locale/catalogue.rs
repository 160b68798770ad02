//! The catalogues of messages, in Fluent syntax: built into the binary, and replaceable file by file.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::Dir;
use minijinja::Value;

use super::language::Language;
use super::message::Message;
use super::numbers;
use crate::error::{Error, Result};
use crate::protocol::html;

type Catalogue = FluentBundle<FluentResource>;

/// The folder of the catalogues among the templates.
const FOLDER: &str = "locales";

/// The catalogues of every language. One is parsed when a page in its language is rendered for the first time.
pub struct Catalogues {
    built_in: &'static Dir<'static>,
    /// The files of the owner by their paths, such as `locales/de/posts.ftl`.
    replaced: Vec<(String, String)>,
    parsed: [OnceLock<Catalogue>; Language::ALL.len()],
}

impl Catalogues {
    /// The catalogues below `locales` of a directory of templates. `replacement` returns the owner's file instead of a built-in
    /// one.
    ///
    /// # Errors
    /// Those of `replacement`, and [`Error::Invalid`] naming a file of the owner that cannot be parsed.
    pub fn new(built_in: &'static Dir<'static>, replacement: impl Fn(&str) -> Result<Option<String>>) -> Result<Self> {
        let mut replaced = Vec::new();
        for file in Language::ALL.into_iter().flat_map(|language| files(built_in, language)) {
            let name = file.path().to_string_lossy().into_owned();
            let Some(text) = replacement(&name)? else { continue };
            if let Err((_, errors)) = FluentResource::try_new(text.clone()) {
                let why = errors.first().map(ToString::to_string).unwrap_or_default();
                return Err(Error::invalid(format!("the catalogue {name} in override_dir cannot be used: {why}")));
            }
            replaced.push((name, text));
        }
        Ok(Self { built_in, replaced, parsed: Default::default() })
    }

    fn get(&self, language: Language) -> &Catalogue {
        self.parsed[language as usize].get_or_init(|| {
            let mut catalogue = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
            // Pages isolate what others wrote by `dir="auto"` and `<bdi>`.
            catalogue.set_use_isolating(false);
            catalogue.set_formatter(Some(match language {
                Language::English => |value, _| number(Language::English, value),
                Language::German => |value, _| number(Language::German, value),
                Language::Spanish => |value, _| number(Language::Spanish, value),
            }));
            for file in files(self.built_in, language) {
                let path = file.path().to_string_lossy();
                let own = self.replaced.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_str());
                let text = own.or(file.contents_utf8()).unwrap_or_default().to_owned();
                let resource = FluentResource::try_new(text).unwrap_or_else(|(rest, _)| rest);
                catalogue.add_resource_overriding(resource);
            }
            catalogue
        })
    }

    /// The text of a message. One that a language lacks is English; one that does not exist is its id.
    pub(super) fn text(&self, language: Language, message: &Message) -> String {
        let found = [language, Language::English].into_iter().find_map(|language| {
            let catalogue = self.get(language);
            let pattern = catalogue.get_message(message.id())?.value()?;
            let args = self.args(language, message);
            // A missing argument is shown by its name.
            Some(catalogue.format_pattern(pattern, args.as_ref(), &mut Vec::new()).into_owned())
        });
        found.unwrap_or_else(|| {
            tracing::warn!(id = message.id(), "message does not exist");
            message.id().to_owned()
        })
    }

    fn args<'m>(&self, language: Language, message: &'m Message) -> Option<FluentArgs<'m>> {
        if message.args().is_empty() {
            return None;
        }
        let mut args = FluentArgs::with_capacity(message.args().len());
        for (name, value) in message.args() {
            args.set(name.as_ref(), self.argument(language, value, message.is_html()));
        }
        Some(args)
    }

    fn argument<'v>(&self, language: Language, value: &'v Value, in_html: bool) -> FluentValue<'v> {
        if let Some(n) = value.as_i64().filter(|_| value.is_number()) {
            return FluentValue::from(n);
        }
        let (text, is_html) = match (value.downcast_object_ref::<Message>(), value.as_str()) {
            (Some(inner), _) => (Cow::Owned(self.text(language, inner)), inner.is_html()),
            (None, Some(text)) => (Cow::Borrowed(text), value.is_safe()),
            (None, None) => (Cow::Owned(value.to_string()), value.is_safe()),
        };
        FluentValue::String(if in_html && !is_html { Cow::Owned(html::escape(&text)) } else { text })
    }
}

/// The built-in files of a language.
fn files(
    built_in: &'static Dir<'static>,
    language: Language,
) -> impl Iterator<Item = &'static include_dir::File<'static>> {
    let folder = built_in.get_dir(format!("{FOLDER}/{}", language.code()));
    folder.into_iter().flat_map(Dir::files)
}

/// A number in a message.
fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 => Some(numbers::whole(language, n.value as i64)),
        FluentValue::Number(n) => Some(numbers::decimal(language, n.value)),
        _ => None,
    }
}
