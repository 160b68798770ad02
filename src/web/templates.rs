//! Page templates: built into the binary, and replaceable file by file from `override_dir`.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use include_dir::{Dir, include_dir};
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, State, Value};

use crate::app::PageTemplates;
use crate::error::{Error, Result};
use crate::web::locale::{self, Catalogues, Language};
pub use crate::web::locale::{Time, time};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Sanitized HTML: the only values that templates do not escape.
#[derive(Debug, Clone, Default)]
pub struct Html(pub String);

impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(s)
    }
}

/// Every template in every language, in the order of [`Language::ALL`]. Those of a language share the parsed templates, and are
/// made when its first page is rendered.
///
/// # Errors
/// [`Error::Invalid`] naming a template or catalogue in `override_dir` that cannot be read or parsed.
pub fn environments(override_dir: Option<&Path>) -> Result<Vec<PageTemplates>> {
    let env = environment(override_dir)?;
    let catalogues = Arc::new(Catalogues::new(&TEMPLATES, |name| replacement(override_dir, name))?);
    let in_language = |language: Language| {
        let (env, catalogues) = (env.clone(), catalogues.clone());
        let make: Box<dyn FnOnce() -> Environment<'static> + Send> =
            Box::new(move || locale::bind(&env, &catalogues, language));
        LazyLock::new(make)
    };
    Ok(Language::ALL.map(in_language).into())
}

/// Every template, with escaping always on.
fn environment(override_dir: Option<&Path>) -> Result<Environment<'static>> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_fuel(Some(2_000_000));
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.add_filter("plural", plural);
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
    for entry in entries.flatten().filter(|e| TEMPLATES.get_entry(e.file_name()).is_none()) {
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

/// `post` or `posts`.
fn plural(n: i64, one: &str, many: &str) -> String {
    if n == 1 { one.to_owned() } else { many.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogues() -> Arc<Catalogues> {
        Arc::new(Catalogues::new(&TEMPLATES, |_| Ok(None)).unwrap())
    }

    #[test]
    fn every_template_parses_and_escapes() {
        let mut env = locale::bind(&environment(None).unwrap(), &catalogues(), Language::English);
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
}
