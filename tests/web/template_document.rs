//! `docs/templates.md` names the variables that templates really use, and the views that are really serialized. Written by
//! `DASSIE_BLESS=1`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use minijinja::Environment;

const DOCUMENT: &str = "docs/templates.md";
const MEANINGS: &str = "tests/fixtures/templates/variables.tsv";

const INTRODUCTION: &str = "# Templates

A file in `templates/` of `override_dir` replaces the built-in one of the same name, and one in `static/` replaces a static file.
Templates are [minijinja](https://docs.rs/minijinja)'s (the syntax of Jinja). They are read at the start. If one cannot be used, the
built-in one is used in its place: the log and *Settings, Server* name the file, the line and the reason.

Every value is escaped unless it is `html`, which is cleaned HTML. Functions: `t('id', name=value)` is a message of the catalogues
(`locales/LANGUAGE/*.ftl`, which can be replaced too), and `is_first(id)` tells whether a page shows a post for the first time.
Filters: `short_number`, `number`, `file_size`, and those of minijinja.

The policy of the pages forbids inline styles, inline scripts, and everything from other servers. Views may change with each
version; the [changelog](../CHANGELOG.md) says so. This file is written by `DASSIE_BLESS=1 cargo test template_document`.
";

/// Functions of templates, and names that parts of a page give each other.
const FUNCTIONS: [&str; 3] = ["t", "is_first", "range"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    let (folders, files): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| path.is_dir());
    let inside = folders.iter().flat_map(|folder| sources(folder));
    files.into_iter().chain(inside).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// A view: its name, its description, and each field with its type and description.
struct View {
    name: String,
    about: String,
    fields: Vec<(String, String, String)>,
}

/// The structs that are serialized for templates.
fn views() -> Vec<View> {
    let mut found = Vec::new();
    for path in sources(&root().join("src/web")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for at in (0..lines.len()).filter(|at| lines[*at].starts_with("#[derive(") && lines[*at].contains("Serialize"))
        {
            let Some(start) = (at..lines.len().min(at + 4)).find(|n| lines[*n].contains("struct ")) else { continue };
            let name = lines[start].split("struct ").nth(1).unwrap().split([' ', '<', '(', ';']).next().unwrap();
            let about: Vec<&str> = lines[..at].iter().rev().map_while(|line| line.strip_prefix("/// ")).collect();
            let mut view = View { name: name.to_owned(), about: joined(about.into_iter().rev()), fields: Vec::new() };
            let mut comment = Vec::new();
            for line in lines[start + 1..].iter().take_while(|line| **line != "}") {
                if let Some(part) = line.strip_prefix("/// ") {
                    comment.push(part);
                } else if let Some((field, kind)) = line.trim_end_matches(',').split_once(": ") {
                    let field = field.rsplit(' ').next().unwrap().to_owned();
                    view.fields.push((field, kind_of(kind), joined(comment.drain(..))));
                }
            }
            found.push(view);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.collect::<Vec<_>>().join(" ")
}

/// A Rust type in the terms of the document.
fn kind_of(kind: &str) -> String {
    let inside = |outer: &str| kind.strip_prefix(outer)?.strip_prefix('<')?.strip_suffix('>').map(kind_of);
    if let Some(inner) = inside("Option") {
        return format!("{inner}?");
    }
    if let Some(inner) = inside("Vec") {
        return format!("list of {inner}");
    }
    if let Some(inner) = inside("Box").or_else(|| inside("Arc")) {
        return inner;
    }
    match kind {
        "String" | "&'static str" | "&'a str" | "Message" | "Cow<'static, str>" => "text".to_owned(),
        "Html" => "html".to_owned(),
        "i64" | "u64" | "u32" | "usize" | "i32" | "u8" => "number".to_owned(),
        "[String; 2]" => "two texts".to_owned(),
        other => other.trim_start_matches("view::").to_owned(),
    }
}

/// The variables that each template uses itself, without those of every page.
fn used() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(root().join("templates")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_file() {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(entry).unwrap());
        }
    }
    let mut env = Environment::new();
    for (name, text) in &files {
        env.add_template(name, text).unwrap();
    }
    let variables = |name: &String| env.get_template(name).unwrap().undeclared_variables(false).into_iter().collect();
    files.keys().map(|name| (name.clone(), variables(name))).collect()
}

/// The names that a template sets for those that it includes, or that a macro takes.
fn set_by_templates() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("templates")).unwrap().map(|entry| entry.unwrap().path()) {
        let text = if entry.is_file() { fs::read_to_string(entry).unwrap() } else { continue };
        for tag in ["{% set ", "{% for ", "{% with ", "{% macro ", "{% block "] {
            for rest in text.split(tag).skip(1) {
                let head = rest.split("%}").next().unwrap();
                let head = head.split(" in ").next().unwrap().split(" = ").next().unwrap();
                found.extend(head.split([' ', ',', '(', ')', '=', '\'']).map(|name| name.trim().to_owned()));
            }
        }
    }
    found
}

fn meanings() -> BTreeMap<String, (String, String)> {
    let text = read(MEANINGS);
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [name, kind, meaning] = parts[..] else { panic!("{MEANINGS}: {line}") };
        (name.to_owned(), (kind.to_owned(), meaning.to_owned()))
    });
    rows.collect()
}

fn document() -> String {
    let views = views();
    let frame = |name: &str| views.iter().find(|view| view.name == name).unwrap_or_else(|| panic!("no struct {name}"));
    let common: Vec<&(String, String, String)> =
        frame("Frame").fields.iter().filter(|(name, ..)| name != "look").chain(&frame("Look").fields).collect();
    let everywhere: BTreeSet<&str> = common.iter().map(|(name, ..)| name.as_str()).chain(FUNCTIONS).collect();
    let (meanings, inner) = (meanings(), set_by_templates());
    let mut out = INTRODUCTION.to_owned();
    out.push_str("\n## Every page\n\n");
    for (name, kind, meaning) in common {
        writeln!(out, "- `{name}` ({kind}) {meaning}").unwrap();
    }
    out.push_str("\n## Each template\n\nA `?` means that the value may be absent.\n");
    let mut known = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for (template, variables) in used() {
        writeln!(out, "\n### {template}\n").unwrap();
        let own: Vec<&String> = variables.iter().filter(|name| !everywhere.contains(name.as_str())).collect();
        if own.is_empty() {
            out.push_str("Only what every page has.\n");
        }
        for name in own {
            match meanings.get(name) {
                Some((kind, meaning)) => {
                    known.insert(name.clone());
                    writeln!(out, "- `{name}` ({kind}) {meaning}").unwrap();
                }
                None if inner.contains(name) => {
                    writeln!(out, "- `{name}` is set by the template that includes this one").unwrap()
                }
                None => drop(missing.insert(name.clone())),
            }
        }
    }
    let surplus: Vec<&String> = meanings.keys().filter(|name| !known.contains(*name)).collect();
    assert!(missing.is_empty(), "{MEANINGS} lacks what templates use: {missing:?}");
    assert!(surplus.is_empty(), "{MEANINGS} has what no template uses: {surplus:?}");
    out.push_str("\n## Views\n");
    for view in views.iter().filter(|view| view.name != "Frame" && view.name != "Look") {
        writeln!(out, "\n### {}\n\n{}\n", view.name, view.about).unwrap();
        for (name, kind, meaning) in &view.fields {
            writeln!(out, "- `{name}` ({kind}) {meaning}").unwrap();
        }
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn the_template_document_names_what_templates_use() {
    let wanted = document();
    assert!(wanted.contains("\n### Post\n") && wanted.contains("\n### profile.html\n"));
    if std::env::var_os("DASSIE_BLESS").is_some() {
        fs::write(root().join(DOCUMENT), &wanted).unwrap();
    }
    let written = read(DOCUMENT);
    let difference = wanted.lines().zip(written.lines()).find(|(a, b)| a != b);
    assert!(wanted == written, "{DOCUMENT} is out of date; renew it with DASSIE_BLESS=1: {difference:?}");
}

/// A macro that a page imports would shadow the variable in the frame of the page.
#[test]
fn no_macro_has_the_name_of_a_variable_of_every_page() {
    let views = views();
    let frame = views.iter().filter(|view| view.name == "Frame" || view.name == "Look");
    let variables: BTreeSet<&str> = frame.flat_map(|view| &view.fields).map(|(name, ..)| name.as_str()).collect();
    assert!(variables.contains("icon_version") && variables.contains("csrf"));
    for entry in fs::read_dir(root().join("templates")).unwrap().map(|entry| entry.unwrap().path()) {
        let text = if entry.is_file() { fs::read_to_string(&entry).unwrap() } else { continue };
        for rest in text.split("{% macro ").skip(1) {
            let name = rest.split('(').next().unwrap();
            assert!(!variables.contains(name), "{}: macro {name}", entry.display());
        }
    }
}
