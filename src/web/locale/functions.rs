//! What templates of a language can call: the message function, and the filters that depend on the language.

use std::sync::Arc;

use minijinja::value::Kwargs;
use minijinja::{Environment, Value};

use super::catalogue::Catalogues;
use super::language::Language;
use super::message::Message;
use super::numbers;
use crate::protocol::html;

/// The templates in a language.
pub fn bind(env: &Environment<'static>, catalogues: &Arc<Catalogues>, language: Language) -> Environment<'static> {
    let mut env = env.clone();
    let of = catalogues.clone();
    env.set_formatter(move |out, _, value| {
        // minijinja also escapes slashes, which makes pages larger for no gain.
        if value.is_safe() {
            write!(out, "{value}")?;
        } else if let Some(text) = value.as_str() {
            write!(out, "{}", html::escape(text))?;
        } else if let Some(message) = value.downcast_object_ref::<Message>() {
            write!(out, "{}", shown(&of, language, message))?;
        } else if !(value.is_none() || value.is_undefined()) {
            write!(out, "{}", html::escape(&value.to_string()))?;
        }
        Ok(())
    });
    let of = catalogues.clone();
    env.add_function("t", move |message: &Value, args: Kwargs| translate(&of, language, message, &args));
    let of = catalogues.clone();
    env.add_filter("short_number", move |n: i64| short_number(&of, language, n));
    let of = catalogues.clone();
    env.add_filter("file_size", move |bytes: u64| file_size(&of, language, bytes));
    env.add_filter("number", move |n: i64| numbers::whole(language, n));
    env
}

/// The HTML of a message.
fn shown(catalogues: &Catalogues, language: Language, message: &Message) -> String {
    let text = catalogues.text(language, message);
    if message.is_html() { text } else { html::escape(&text) }
}

/// `t("message-id", name=value)`, or `t(message, name=value)` for a message of the context, which may have arguments already.
fn translate(catalogues: &Catalogues, language: Language, message: &Value, args: &Kwargs) -> Value {
    if let Some(text) = message.as_str().and_then(|id| catalogues.fixed(language, id)) {
        return text;
    }
    let known = message.downcast_object_ref::<Message>().cloned();
    let message = known.unwrap_or_else(|| Message::named(message.as_str().unwrap_or_default()));
    let message = args.args().fold(message, |message, name| match args.peek::<Value>(name) {
        Ok(value) => message.with_named(name, value),
        Err(_) => message,
    });
    let text = catalogues.text(language, &message);
    if message.is_html() { Value::from_safe_string(text) } else { Value::from(text) }
}

/// `9,876`, `12.3K`, `3.4M`.
fn short_number(catalogues: &Catalogues, language: Language, n: i64) -> String {
    let (id, unit) = match n {
        ..10_000 => return numbers::whole(language, n),
        10_000..1_000_000 => ("number-thousands", 1e3),
        _ => ("number-millions", 1e6),
    };
    catalogues.text(language, &Message::new(id).with("n", numbers::decimal(language, n as f64 / unit)))
}

/// `12 KB`, `3.4 MB`.
fn file_size(catalogues: &Catalogues, language: Language, bytes: u64) -> String {
    let decimal = |unit: f64| Value::from(numbers::decimal(language, bytes as f64 / unit));
    let (id, n) = match bytes {
        ..1_000 => ("size-bytes", Value::from(bytes)),
        1_000..1_000_000 => ("size-kilobytes", Value::from(bytes / 1_000)),
        1_000_000..1_000_000_000 => ("size-megabytes", decimal(1e6)),
        _ => ("size-gigabytes", decimal(1e9)),
    };
    catalogues.text(language, &Message::new(id).with("n", n))
}
