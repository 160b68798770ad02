//! Page templates: built into the binary, and replaceable file by file from `override_dir`.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use include_dir::{Dir, include_dir};
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, State, Value};

use crate::app::{PageTemplates, Templates};
use crate::error::{Error, Result};
use crate::web::locale::{self, Catalogues, Language};
pub use crate::web::locale::{Time, time};

pub(super) static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Sanitized HTML: the only values that templates do not escape.
#[derive(Debug, Clone, Default)]
pub struct Html(pub String);

impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(s)
    }
}

/// Every template. A file of `override_dir` that cannot be used is reported, and the built-in one is used in its place.
///
/// # Errors
/// An error if the directory does not exist: otherwise the built-in files would be used silently.
pub fn load(override_dir: Option<&Path>) -> Result<Templates> {
    let faults = Mutex::default();
    let built_in = in_every_language(built_in, Catalogues::built_in(&TEMPLATES));
    let own = match override_dir {
        Some(dir) => own_templates(dir, &faults)?,
        None => None,
    };
    Ok(Templates { built_in, own, faults })
}

fn own_templates(dir: &Path, faults: &Mutex<BTreeMap<String, String>>) -> Result<Option<Vec<PageTemplates>>> {
    let files = own_files(dir, faults)?;
    if files.is_empty() {
        return Ok(None);
    }
    let mut catalogues = Catalogues::built_in(&TEMPLATES);
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".ftl")) {
        if let Err(why) = catalogues.replace(name, text) {
            note(faults, name, &why);
        }
    }
    let env = environment(&files, faults);
    Ok(Some(in_every_language(move || env, catalogues)))
}

/// The built-in templates. Parsed, they take 2 MB, which a server without visitors of its pages need not have.
fn built_in() -> Environment<'static> {
    environment(&BTreeMap::new(), &Mutex::default())
}

/// The templates in the order of [`Language::ALL`]. Those of a language share the parsed templates, and are made when its first
/// page is rendered.
fn in_every_language<F>(parse: F, catalogues: Catalogues) -> Vec<PageTemplates>
where
    F: FnOnce() -> Environment<'static> + Send + 'static,
{
    let (parsed, catalogues) = (Arc::new(LazyLock::new(parse)), Arc::new(catalogues));
    let in_language = |language: Language| {
        let (parsed, catalogues) = (parsed.clone(), catalogues.clone());
        let make: Box<dyn FnOnce() -> Environment<'static> + Send> =
            Box::new(move || locale::bind(&parsed, &catalogues, language));
        LazyLock::new(make)
    };
    Language::ALL.map(in_language).into()
}

/// Every template, with escaping always on, and with the owner's in place of some.
fn environment(own: &BTreeMap<String, String>, faults: &Mutex<BTreeMap<String, String>>) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_fuel(Some(2_000_000));
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.add_function("is_first", is_first);
    for file in TEMPLATES.files() {
        let name = file.path().to_string_lossy().into_owned();
        if let Some(text) = own.get(&name) {
            match env.add_template_owned(name.clone(), text.clone()) {
                Ok(()) => continue,
                Err(e) => note_error(faults, &name, &e),
            }
        }
        let text = file.contents_utf8().unwrap_or_default();
        if let Err(e) = env.add_template(file.path().to_str().unwrap_or_default(), text) {
            // A test parses every built-in template.
            tracing::error!(template = name, error = %e, "built-in template cannot be parsed");
        }
    }
    env
}

/// The files of the owner that replace built-in ones, by their names.
fn own_files(dir: &Path, faults: &Mutex<BTreeMap<String, String>>) -> Result<BTreeMap<String, String>> {
    std::fs::read_dir(dir).map_err(|e| Error::file(dir, &e))?;
    let dir = dir.join("templates");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
        if TEMPLATES.get_entry(entry.file_name()).is_none() {
            note(faults, &entry.file_name().to_string_lossy(), "replaces no built-in file and is not used");
        }
    }
    for file in built_in_files(&TEMPLATES) {
        let name = file.path().to_string_lossy().into_owned();
        let path = dir.join(&name);
        match std::fs::read_to_string(&path) {
            Ok(text) => drop(found.insert(name, text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => note(faults, &name, &e.to_string()),
        }
    }
    Ok(found)
}

fn built_in_files(dir: &'static Dir<'static>) -> Vec<&'static include_dir::File<'static>> {
    dir.dirs().flat_map(built_in_files).chain(dir.files()).collect()
}

/// Renders a template. If one of the owner fails, it is reported, and the page is rendered with the built-in ones.
///
/// # Errors
/// [`Error::Internal`] if the built-in template cannot be rendered.
pub fn render(templates: &Templates, language: Language, name: &str, context: Value) -> Result<String> {
    if let Some(own) = &templates.own {
        match of(own, language)?.get_template(name).and_then(|template| template.render(context.clone())) {
            Ok(html) => return Ok(html),
            Err(e) => note_error(&templates.faults, name, &e),
        }
    }
    let fault = |e: minijinja::Error| Error::internal(format!("cannot render template {name}: {e:#}"));
    of(&templates.built_in, language)?.get_template(name).map_err(fault)?.render(context).map_err(fault)
}

/// The text of a message, for what is not a page.
///
/// # Errors
/// [`Error::Internal`] if the function of the templates fails.
pub fn message(templates: &Templates, language: Language, id: &str) -> Result<String> {
    let fault = |e: minijinja::Error| Error::internal(format!("no message {id}: {e:#}"));
    let env = of(templates.own.as_ref().unwrap_or(&templates.built_in), language)?;
    let text = env.compile_expression("t(id)").map_err(fault)?.eval(minijinja::context! { id }).map_err(fault)?;
    Ok(text.to_string())
}

fn of(templates: &[PageTemplates], language: Language) -> Result<&Environment<'static>> {
    let missing = || Error::internal(format!("no templates in {language:?}"));
    templates.get(language as usize).map(|env| &**env).ok_or_else(missing)
}

/// What is wrong with files of the owner: each with its name.
pub fn faults(templates: &Templates) -> Vec<(String, String)> {
    let faults = templates.faults.lock().unwrap_or_else(PoisonError::into_inner);
    faults.iter().map(|(name, why)| (name.clone(), why.clone())).collect()
}

/// Reports an error, with its file and line: it may be in a template that `name` extends or includes.
fn note_error(faults: &Mutex<BTreeMap<String, String>>, name: &str, error: &minijinja::Error) {
    let at = error.line().map_or(String::new(), |line| format!("line {line}: "));
    let detail = error.detail().map_or(String::new(), |detail| format!(": {detail}"));
    note(faults, error.name().unwrap_or(name), &format!("{at}{}{detail}", error.kind()));
}

/// Reports what is wrong with a file, once until it changes.
fn note(faults: &Mutex<BTreeMap<String, String>>, name: &str, why: &str) {
    let known = faults.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), why.to_owned());
    if known.as_deref() != Some(why) {
        tracing::warn!(file = name, why, "a file of override_dir cannot be used; the built-in one is used");
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn own(files: &[(&str, &str)]) -> (tempfile::TempDir, Templates) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join("templates").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let templates = load(Some(dir.path())).unwrap();
        (dir, templates)
    }

    fn shown(templates: &Templates) -> String {
        let context = minijinja::context! { heading => "Hello", lines => ["there"], theme_colours => ["", ""] };
        render(templates, Language::English, "message.html", context).unwrap()
    }

    #[test]
    fn every_template_parses_and_escapes() {
        let env = built_in();
        assert_eq!(env.templates().count(), TEMPLATES.files().count());
        let mut env = locale::bind(&env, &Arc::new(Catalogues::built_in(&TEMPLATES)), Language::English);
        env.add_template("x.txt", "{{ a }}{{ b }}").unwrap();
        let page = env.get_template("x.txt").unwrap();
        let context = minijinja::context! { a => "<b>", b => Html("<i>".into()) };
        assert_eq!(page.render(context).unwrap(), "&lt;b&gt;<i>");
    }

    #[test]
    fn a_directory_replaces_single_files() {
        let (_dir, templates) = own(&[
            ("message.html", "mine {{ heading }} {{ t('layout-skip') }}"),
            ("locales/en/layout.ftl", "layout-skip = Jump"),
        ]);
        assert_eq!(shown(&templates), "mine Hello Jump");
        assert_eq!(message(&templates, Language::English, "layout-skip").unwrap(), "Jump");
        assert_eq!(faults(&templates), []);
        assert!(load(Some(Path::new("/nowhere/at/all"))).is_err());
    }

    #[test]
    fn a_broken_file_is_named_with_its_line_and_the_built_in_one_is_used() {
        let (_dir, built_in) = own(&[]);
        let wanted = shown(&built_in);
        assert!(wanted.contains("<h1>Hello</h1>"), "{wanted}");
        for (name, text, why) in [
            ("message.html", "\n\n{% if %}", "line 3: syntax error"),
            ("message.html", "{{ heading }}\n{{ heading|dance }}", "line 2: unknown filter"),
            ("message.html", "\n{% for x in range(9999999) %}{{ x }}{% endfor %}", "line 2"),
            ("layout.html", "a\n{{ lines.x.y }}{% block main %}{% endblock %}", "line 2"),
            ("locales/en/layout.ftl", "layout-skip", "Expected"),
            ("massage.html", "x", "replaces no built-in file"),
        ] {
            let (_dir, templates) = own(&[(name, text)]);
            assert_eq!(shown(&templates), wanted, "{text}");
            let faults = faults(&templates);
            assert!(faults.len() == 1 && faults[0].0 == name && faults[0].1.contains(why), "{text}: {faults:?}");
        }
    }
}
