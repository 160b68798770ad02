//! Untrusted JSON, bounded while it is parsed: depth, number of values, string length, no duplicate keys.
//!
//! Duplicate keys are refused because two readers may choose different ones (one checks the first `actor`, another acts for
//! the last).

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::limits;
use crate::write_guard;

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The nesting exceeds [`limits::JSON_DEPTH`].
    #[error("the JSON nests deeper than {} levels", limits::JSON_DEPTH)]
    TooDeep,
    /// The number of values exceeds [`limits::JSON_NODES`].
    #[error("the JSON holds more than {} values", limits::JSON_NODES)]
    TooManyValues,
    /// A string or key is longer than [`limits::JSON_STRING`] bytes.
    #[error("a JSON string is longer than {} bytes", limits::JSON_STRING)]
    StringTooLong,
    /// An object has this key twice.
    #[error("duplicate JSON key {0:?}")]
    DuplicateKey(String),
    /// The text is not JSON; with the message of the parser.
    #[error("not valid JSON: {0}")]
    Syntax(String),
}

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const NULL: &[u8] = b"null";
/// How the text of `serde_json` begins that refuses a number for its size. It has no code for it.
const NUMBER_TOO_LARGE: &str = "number out of range";

/// Parses one JSON document of a peer (RFC 8259). The caller bounds the number of bytes. Lone surrogates become U+FFFD, and
/// numbers beyond the range of a double become null, so that one odd member does not cost the whole document.
///
/// # Errors
/// [`JsonError`] if the text is not one well-formed value within the limits.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    match parse_exact(bytes) {
        Err(JsonError::Syntax(why)) if why.starts_with(NUMBER_TOO_LARGE) => parse_exact(&without_large_numbers(bytes)),
        parsed => parsed,
    }
}

/// As [`parse`], for requests of clients: a number that is too large is an error, because null would count as absent.
///
/// # Errors
/// As [`parse`].
pub fn parse_exact(bytes: &[u8]) -> Result<Value, JsonError> {
    write_guard::assert_outside("a JSON document is parsed");
    let count = Count { nodes: Cell::new(0), refusal: RefCell::new(None) };
    // Parsers may ignore a byte order mark (RFC 8259 section 8.1).
    let bytes = without_lone_surrogates(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes));
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let read = Bounded { count: &count, depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|e| count.refusal.take().unwrap_or_else(|| JsonError::Syntax(e.to_string())))
}

/// Replaces escapes of lone surrogates by that of U+FFFD. Servers in JavaScript send them where they have cut a text within an
/// emoji, and the rest of the document is sound.
fn without_lone_surrogates(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut document = Cow::Borrowed(bytes);
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
        at += next;
        at += match (escaped_unit(bytes, at), escaped_unit(bytes, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                document.to_mut()[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            _ => 2,
        };
    }
    document
}

/// Replaces the numbers beyond the range of a double by null.
fn without_large_numbers(bytes: &[u8]) -> Vec<u8> {
    let mut document = bytes.to_vec();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let rest = &bytes[at..];
        let len = match first {
            b'"' => string_len(rest),
            b'-' | b'0'..=b'9' => rest.iter().take_while(|b| b"+-.eE0123456789".contains(b)).count(),
            _ => 1,
        };
        let number = std::str::from_utf8(&rest[..len]).ok().and_then(|text| text.parse::<f64>().ok());
        // The shortest has five characters.
        if number.is_some_and(f64::is_infinite) && len >= NULL.len() {
            document[at..at + len].fill(b' ');
            document[at..at + NULL.len()].copy_from_slice(NULL);
        }
        at += len;
    }
    document
}

/// The length of a string with its quotation marks, at the start of `rest`.
fn string_len(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(b) = rest.get(at) {
        match b {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The code unit that is written as `\uXXXX` at this place.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(text, 16).ok()
}

/// The values so far, and the limit that was exceeded (serde's error type carries only text).
struct Count {
    nodes: Cell<usize>,
    refusal: RefCell<Option<JsonError>>,
}

impl Count {
    fn refuse<E: serde::de::Error>(&self, why: JsonError) -> E {
        let error = E::custom(&why);
        self.refusal.replace(Some(why));
        error
    }

    fn text<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        if text.len() > limits::JSON_STRING {
            return Err(self.refuse(JsonError::StringTooLong));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Bounded<'a> {
    count: &'a Count,
    depth: usize,
}

impl Bounded<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= limits::JSON_DEPTH {
            return Err(self.count.refuse(JsonError::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let nodes = self.count.nodes.get() + 1;
        if nodes > limits::JSON_NODES {
            return Err(self.count.refuse(JsonError::TooManyValues));
        }
        self.count.nodes.set(nodes);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Number::from_f64(v).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Value, E> {
        self.count.text(v)?;
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, v: String) -> Result<Value, E> {
        self.count.text(&v)?;
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.count.text(&key)?;
            if members.contains_key(&key) {
                let shown = key.chars().take(64).collect();
                return Err(self.count.refuse(JsonError::DuplicateKey(shown)));
            }
            members.insert(key, map.next_value_seed(inner)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn valid_documents_are_parsed_as_by_serde_json() {
        for text in ["null", " true ", "[1,-2,3.5,1e3]", r#"{"a":{"b":["c","\u00e9\n"]}}"#, "18446744073709551615"] {
            assert_eq!(parse(text.as_bytes()), Ok(serde_json::from_str::<Value>(text).expect("valid JSON")), "{text}");
        }
    }

    #[test]
    fn anything_but_one_document_is_refused() {
        for text in ["", "{", "[1,]", "{} {}", "nul", "\"\u{1}\"", "{\"a\":1,}", "{\"a\":1e999,}", "\u{feff}\u{feff}1"]
        {
            assert!(matches!(parse(text.as_bytes()), Err(JsonError::Syntax(_))), "{text}");
        }
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn a_byte_order_mark_and_large_numbers_do_not_cost_the_document() {
        let parsed = |text: &str| parse(text.as_bytes()).map(|value| value.to_string());
        let long = "9".repeat(400);
        for (text, value) in [
            ("\u{feff}{\"a\":1}".to_owned(), r#"{"a":1}"#.to_owned()),
            ("1e999".into(), "null".into()),
            (
                r#"{"a":[-1e999,9e308,1E+400,2],"b":"1e999 \" 1e999","c":1e308}"#.into(),
                r#"{"a":[null,null,null,2],"b":"1e999 \" 1e999","c":1e+308}"#.into(),
            ),
            (format!("[{long},1]"), "[null,1]".into()),
        ] {
            assert_eq!(parsed(&text), Ok(value), "{text}");
        }
        assert!(matches!(parse_exact(b"[1e999]"), Err(JsonError::Syntax(_))));
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        for (escaped, text) in [
            (r"a\ud83d", "a\u{fffd}"),
            (r"\uDC00b", "\u{fffd}b"),
            (r"\ud83d\ude00\ude00", "\u{1f600}\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\\ud83d", r"\ud83d"),
            (r"\\\ud83d", "\\\u{fffd}"),
        ] {
            assert_eq!(parse(format!("\"{escaped}\"").as_bytes()), Ok(Value::String(text.into())), "{escaped}");
        }
        for broken in [r#""\u"#, r#""\ud8"#, r#""\ud83d"#, "\"\\", r#""\u+123""#] {
            assert!(parse(broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn limits_hold_at_n_and_n_plus_1() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(limits::JSON_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse(nested(limits::JSON_DEPTH + 1).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse("[".repeat(10_000).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse("{\"a\":".repeat(10_000).as_bytes()), Err(JsonError::TooDeep));
        // The array itself is a value too.
        let wide = |n: usize| format!("[{}]", vec!["1"; n].join(","));
        assert!(parse(wide(limits::JSON_NODES - 1).as_bytes()).is_ok());
        assert_eq!(parse(wide(limits::JSON_NODES).as_bytes()), Err(JsonError::TooManyValues));
        let long = |n: usize| format!("\"{}\"", "x".repeat(n));
        assert!(parse(long(limits::JSON_STRING).as_bytes()).is_ok());
        assert_eq!(parse(long(limits::JSON_STRING + 1).as_bytes()), Err(JsonError::StringTooLong));
        let key = format!("{{\"{}\":1}}", "k".repeat(limits::JSON_STRING + 1));
        assert_eq!(parse(key.as_bytes()), Err(JsonError::StringTooLong));
    }

    #[test]
    fn duplicate_keys_are_refused_at_any_depth() {
        assert_eq!(parse(br#"{"actor":"a","actor":"b"}"#), Err(JsonError::DuplicateKey("actor".into())));
        // The same key spelt with an escape is the same key.
        assert_eq!(parse(br#"{"x":[{"id":1,"\u0069d":2}]}"#), Err(JsonError::DuplicateKey("id".into())));
        assert!(parse(br#"{"a":{"id":1},"b":{"id":1}}"#).is_ok());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
            without_large_numbers(&bytes);
        }
    }
}
