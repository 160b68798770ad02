//! Page templates: built into the binary, and replaceable file by file from `override_dir`.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use include_dir::{Dir, include_dir};
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, State, Value};

use crate::error::{Error, Result};
use crate::protocol::html;
use crate::protocol::time::Timestamp;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Sanitized HTML: the only values that templates do not escape.
#[derive(Debug, Clone, Default)]
pub struct Html(pub String);

impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(s)
    }
}

/// Every template, with escaping always on.
///
/// # Errors
/// [`Error::Invalid`] naming a template in `override_dir` that cannot be read or parsed.
pub fn environment(override_dir: Option<&Path>) -> Result<Environment<'static>> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_formatter(|out, _, value| {
        // minijinja also escapes slashes, which makes pages larger for no gain.
        if value.is_safe() {
            write!(out, "{value}")?;
        } else if !(value.is_none() || value.is_undefined()) {
            write!(out, "{}", html::escape(&value.to_string()))?;
        }
        Ok(())
    });
    env.set_fuel(Some(2_000_000));
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.add_filter("short_number", short_number);
    env.add_filter("plural", plural);
    env.add_filter("file_size", file_size);
    env.add_function("is_first", is_first);
    if let Some(dir) = override_dir {
        check_override(dir)?;
    }
    for file in TEMPLATES.files() {
        let name = file.path().to_string_lossy().into_owned();
        let text = match replacement(override_dir, &name)? {
            Some(text) => text,
            None => file.contents_utf8().unwrap_or_default().to_owned(),
        };
        env.add_template_owned(name.clone(), text)
            .map_err(|e| Error::invalid(format!("the template {name} in override_dir cannot be used: {e:#}")))?;
    }
    Ok(env)
}

/// Checks that the directory exists: otherwise the built-in files would be used silently.
fn check_override(dir: &Path) -> Result<()> {
    std::fs::read_dir(dir).map_err(|e| Error::file(dir, &e))?;
    let Ok(entries) = std::fs::read_dir(dir.join("templates")) else { return Ok(()) };
    for entry in entries.flatten().filter(|e| TEMPLATES.get_file(e.file_name()).is_none()) {
        tracing::warn!(file = %entry.path().display(), "template replaces no built-in one and is not used");
    }
    Ok(())
}

fn replacement(dir: Option<&Path>, name: &str) -> Result<Option<String>> {
    let Some(path) = dir.map(|d| d.join("templates").join(name)).filter(|p| p.exists()) else { return Ok(None) };
    let text = std::fs::read_to_string(&path).map_err(|e| Error::file(&path, &e))?;
    Ok(Some(text))
}

/// Ids of the posts that a page has shown so far.
#[derive(Debug, Default)]
struct Shown(Mutex<HashSet<String>>);

impl Object for Shown {}

/// Returns `true` if a page shows this post for the first time. A post may appear twice (pinned, boosted, in two
/// notifications), but its HTML id only once.
fn is_first(state: &State<'_, '_>, id: String) -> bool {
    let shown = state.get_or_set_temp_object("shown posts", Shown::default);
    shown.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
}

/// `1.2K`, `3.4M`.
fn short_number(n: i64) -> String {
    match n {
        ..10_000 => n.to_string(),
        10_000..1_000_000 => format!("{:.1}K", n as f64 / 1_000.0),
        _ => format!("{:.1}M", n as f64 / 1_000_000.0),
    }
}

/// `post` or `posts`.
fn plural(n: i64, one: &str, many: &str) -> String {
    if n == 1 { one.to_owned() } else { many.to_owned() }
}

/// `12 KB`, `3.4 MB`.
fn file_size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// A time as pages show it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Time {
    /// For machines: RFC 3339.
    pub iso: String,
    /// For people: `20 Nov 2026, 23:19 UTC`.
    pub full: String,
    /// The day alone: `20 Nov 2026`.
    pub day: String,
}

/// A time as pages show it: absolute, because a cached page must stay correct. The script makes it relative.
pub fn time(t: Timestamp) -> Time {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = t.to_seconds();
    // `to_seconds` is always YYYY-MM-DDTHH:MM:SSZ.
    let part = |range: std::ops::Range<usize>| iso.get(range).unwrap_or_default().to_owned();
    let month =
        part(5..7).parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).copied().unwrap_or_default();
    let day = format!("{} {month} {}", part(8..10).trim_start_matches('0'), part(0..4));
    Time { full: format!("{day}, {} UTC", part(11..16)), day, iso }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses_and_escapes() {
        let mut env = environment(None).unwrap();
        assert!(env.templates().count() > 5);
        env.add_template("x.txt", "{{ a }}{{ b }}").unwrap();
        let page = env.get_template("x.txt").unwrap();
        let context = minijinja::context! { a => "<b>", b => Html("<i>".into()) };
        assert_eq!(page.render(context).unwrap(), "&lt;b&gt;<i>");
    }

    #[test]
    fn a_directory_replaces_single_files_and_errors_name_the_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("templates")).unwrap();
        let file = dir.path().join("templates/message.html");
        std::fs::write(&file, "mine {{ heading }}").unwrap();
        let env = environment(Some(dir.path())).unwrap();
        let page = env.get_template("message.html").unwrap().render(minijinja::context! { heading => "x" }).unwrap();
        assert_eq!(page, "mine x");
        std::fs::write(&file, "{% if %}").unwrap();
        assert!(environment(Some(dir.path())).unwrap_err().to_string().contains("message.html"));
    }

    #[test]
    fn times_and_numbers_are_short() {
        let t = time(Timestamp::from_millis(1_795_216_793_000));
        assert_eq!((t.full.as_str(), t.iso.as_str()), ("20 Nov 2026, 23:19 UTC", "2026-11-20T23:19:53Z"));
        assert_eq!(
            (short_number(999), short_number(12_345), short_number(2_000_000)),
            ("999".into(), "12.3K".into(), "2.0M".into())
        );
        assert_eq!([file_size(999), file_size(12_345), file_size(2_345_678)], ["999 bytes", "12 KB", "2.3 MB"]);
    }
}
