//! Compares responses with the description of the API: a missing, mistyped or undeclared member is a failure.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Map, Value};

use super::schema;
use super::tables::{self, NO_JSON, Operation};
use crate::support::http::{Request, Response};

const ADVICE: &str =
    "If it is intended, change tests/fixtures/openapi and renew docs/openapi.json with DASSIE_BLESS=1.";

fn schemas() -> &'static Map<String, Value> {
    static ALL: OnceLock<Map<String, Value>> = OnceLock::new();
    ALL.get_or_init(schema::entities)
}

/// The operation that a request is for.
pub fn operation(method: &str, target: &str) -> Option<&'static Operation> {
    let path = target.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let matches = |operation: &&Operation| {
        let pattern: Vec<&str> = operation.path.split('/').filter(|part| !part.is_empty()).collect();
        let fits = |(p, part): (&&str, &&str)| p == part || p.starts_with('{');
        operation.method == method && pattern.len() == parts.len() && pattern.iter().zip(&parts).all(fits)
    };
    // A path without parameters comes before one with them.
    tables::operations().iter().filter(matches).min_by_key(|operation| operation.path.matches('{').count())
}

/// Checks a response of the client API.
///
/// # Panics
/// If it differs from the description.
pub fn check(request: &Request, response: &Response) {
    let Some(operation) = operation(&request.method, &request.path) else { return };
    note(operation, response.status);
    let kind = match response.status {
        200 if operation.response == NO_JSON => return,
        200 => operation.response.as_str(),
        400.. => "Error",
        _ => return,
    };
    let about = format!("{} {} answered {}", request.method, request.path, response.status);
    assert_eq!(
        response.header("content-type"),
        Some("application/json; charset=utf-8"),
        "{about}: {}",
        response.text()
    );
    check_value(&about, kind, &body(response));
}

/// Writes down once what was requested, for `tests/openapi/coverage.py`.
fn note(operation: &Operation, status: u16) {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let line = format!("{} {} {status}\n", operation.method, operation.path);
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = seen.is_empty();
    if !seen.insert(line.clone()) {
        return;
    }
    std::fs::create_dir_all("target/coverage").unwrap();
    let mut options = std::fs::OpenOptions::new();
    // The first write of a run truncates the file.
    options.create(true).write(true).append(!is_first).truncate(is_first);
    options.open("target/coverage/rust").unwrap().write_all(line.as_bytes()).unwrap();
}

fn body(response: &Response) -> Value {
    match response.header("content-encoding") {
        Some("gzip") => serde_json::from_reader(flate2::read::GzDecoder::new(&response.body[..])).unwrap(),
        _ => response.json(),
    }
}

/// Checks the payload of an event of a stream.
///
/// # Panics
/// If it differs from the entity of its kind.
pub fn check_event(event: &str, payload: &Value) {
    let kind = match event {
        "update" | "status.update" => "Status",
        "notification" => "Notification",
        "conversation" => "Conversation",
        _ => return,
    };
    check_value(&format!("the event {event}"), kind, payload);
}

fn check_value(about: &str, kind: &str, value: &Value) {
    let mut found = Vec::new();
    compare(&schema::of(kind), value, kind, &mut found);
    let shown: String = value.to_string().chars().take(2_000).collect();
    assert!(found.is_empty(), "{about}, not as described: {found:#?}\n{ADVICE}\n{shown}");
}

/// Adds what of a value differs from its schema. Objects with named members have no others.
fn compare(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return compare(&schemas()[name], value, at, found);
    }
    if let Some(alternatives) = schema["anyOf"].as_array() {
        return compare_any(alternatives, value, at, found);
    }
    if !has_type(&schema["type"], value) {
        found.push(format!("{at} is not of type {}: {:.200}", schema["type"], value.to_string()));
        return;
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        found.push(format!("{at} is not one of {values:?}: {value}"));
    }
    match value {
        Value::String(text) => compare_text(schema, text, at, found),
        Value::Array(items) if !schema["items"].is_null() => {
            items
                .iter()
                .enumerate()
                .for_each(|(i, item)| compare(&schema["items"], item, &format!("{at}[{i}]"), found));
        }
        Value::Object(members) => compare_members(schema, members, at, found),
        _ => {}
    }
}

fn compare_any(alternatives: &[Value], value: &Value, at: &str, found: &mut Vec<String>) {
    let mut best: Option<Vec<String>> = None;
    for alternative in alternatives {
        let mut differences = Vec::new();
        compare(alternative, value, at, &mut differences);
        if best.as_ref().is_none_or(|known| differences.len() < known.len()) {
            best = Some(differences);
        }
    }
    found.extend(best.unwrap_or_default());
}

fn compare_members(schema: &Value, members: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let none = Map::new();
    let known = schema["properties"].as_object();
    for (name, value) in members {
        match known.unwrap_or(&none).get(name) {
            Some(member) => compare(member, value, &format!("{at}.{name}"), found),
            None if schema["additionalProperties"].is_object() => {
                compare(&schema["additionalProperties"], value, &format!("{at}.{name}"), found);
            }
            None if known.is_some() => found.push(format!("{at}.{name} is not declared")),
            None => {}
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            found.push(format!("{at}.{name} is missing"));
        }
    }
}

fn compare_text(schema: &Value, text: &str, at: &str, found: &mut Vec<String>) {
    let is_valid = match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date-time"), _) => is_date_time(text),
        (Some("date"), _) => is_date(text),
        (Some("uri"), _) => url::Url::parse(text).is_ok(),
        (_, Some(schema::ID)) => text.parse::<i64>().is_ok(),
        (None, None) => schema["const"].as_str().is_none_or(|only| only == text),
        other => panic!("cannot check {other:?}"),
    };
    if !is_valid {
        found.push(format!("{at} is not valid: {text:?}"));
    }
}

fn has_type(names: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        other => panic!("unknown type {other:?}"),
    };
    match names {
        Value::Null => true,
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

/// Apps parse times with a fixed pattern: three digits of a second, and `Z`.
fn is_date_time(text: &str) -> bool {
    text.len() == 24 && fits(text, "0000-00-00T00:00:00.000Z")
}

fn is_date(text: &str) -> bool {
    fits(text, "0000-00-00")
}

fn fits(text: &str, pattern: &str) -> bool {
    let same = |(t, p): (u8, u8)| if p == b'0' { t.is_ascii_digit() } else { t == p };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(same)
}

#[test]
fn differences_are_found() {
    let differences = |kind: &str, value: Value| {
        let mut found = Vec::new();
        compare(&schema::of(kind), &value, kind, &mut found);
        found
    };
    let field = |value: Value| serde_json::json!({"name": "a", "value": "b", "verified_at": value});
    assert!(differences("Field", field(Value::Null)).is_empty());
    assert!(differences("Field", field("2026-11-20T23:19:53.000Z".into())).is_empty());
    assert_eq!(differences("Field", field("2026-11-20T23:19:53Z".into())).len(), 1);
    assert_eq!(differences("Field", serde_json::json!({"name": 1, "value": "b", "more": true})).len(), 3);
    assert_eq!(differences("Field[]|null", serde_json::json!([{}])).len(), 3);
    assert!(differences("Account|null", Value::Null).is_empty());
}
