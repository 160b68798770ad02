//! The catalogues of messages, in Fluent syntax: built into the binary, and replaceable file by file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use include_dir::Dir;
use minijinja::Value;

use super::language::Language;
use super::message::{Message, is_html};
use super::numbers;
use crate::protocol::html;

/// The messages of a language.
struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// The texts of the messages without arguments, which are most: formatted once.
    fixed: HashMap<String, Value>,
}

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
    /// The catalogues below `locales` of a directory of templates.
    pub fn built_in(built_in: &'static Dir<'static>) -> Self {
        Self { built_in, replaced: Vec::new(), parsed: Default::default() }
    }

    /// Replaces a built-in file by one of the owner.
    ///
    /// # Errors
    /// The reason why it cannot be parsed.
    pub fn replace(&mut self, name: &str, text: &str) -> Result<(), String> {
        if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
            return Err(errors.first().map(ToString::to_string).unwrap_or_default());
        }
        self.replaced.push((name.to_owned(), text.to_owned()));
        Ok(())
    }

    fn get(&self, language: Language) -> &Catalogue {
        self.parsed[language as usize].get_or_init(|| self.parse(language))
    }

    fn parse(&self, language: Language) -> Catalogue {
        let mut bundle = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
        // Pages isolate what others wrote by `dir="auto"` and `<bdi>`.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::English => |value, _| number(Language::English, value),
            Language::German => |value, _| number(Language::German, value),
            Language::Spanish => |value, _| number(Language::Spanish, value),
        }));
        let mut ids = Vec::new();
        for file in files(self.built_in, language) {
            let path = file.path().to_string_lossy();
            let own = self.replaced.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_str());
            let text = own.or(file.contents_utf8()).unwrap_or_default().to_owned();
            let resource = FluentResource::try_new(text).unwrap_or_else(|(rest, _)| rest);
            ids.extend(resource.entries().filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            }));
            bundle.add_resource_overriding(resource);
        }
        let fixed = ids.into_iter().filter_map(|id| fixed_text(&bundle, id)).collect();
        Catalogue { bundle, fixed }
    }

    /// The text of a message, if it has no arguments and the language has it.
    pub(super) fn fixed(&self, language: Language, id: &str) -> Option<Value> {
        self.get(language).fixed.get(id).cloned()
    }

    /// The text of a message. One that a language lacks is English; one that does not exist is its id.
    pub(super) fn text(&self, language: Language, message: &Message) -> String {
        let found = [language, Language::English].into_iter().find_map(|language| {
            let bundle = &self.get(language).bundle;
            let pattern = bundle.get_message(message.id())?.value()?;
            let args = self.args(language, message);
            // A missing argument is shown by its name.
            Some(bundle.format_pattern(pattern, args.as_ref(), &mut Vec::new()).into_owned())
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
        if let Some(n) = f64::try_from(value.clone()).ok().filter(|_| value.is_number()) {
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

/// The text of a message that needs no arguments.
fn fixed_text(bundle: &FluentBundle<FluentResource>, id: String) -> Option<(String, Value)> {
    let mut missing = Vec::new();
    let text = bundle.format_pattern(bundle.get_message(&id)?.value()?, None, &mut missing).into_owned();
    let value = if is_html(&id) { Value::from_safe_string(text) } else { Value::from(text) };
    missing.is_empty().then_some((id, value))
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
