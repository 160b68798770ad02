//! The layers of `docs/architecture.md`, checked against what each file names.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules that a layer may use, besides itself and the common ones.
const LAYERS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("store", &["protocol"]),
    ("domain", &["protocol", "store"]),
    ("outbound", &["protocol", "store", "domain"]),
    ("media", &["protocol", "store", "domain"]),
    ("jobs", &["protocol", "store", "domain", "outbound", "media"]),
    ("http", &["protocol", "store", "domain", "app"]),
    ("api", &["protocol", "store", "domain", "media", "http", "app"]),
    ("web", &["protocol", "store", "domain", "media", "http", "app"]),
    ("federation", &["protocol", "store", "domain", "http", "app"]),
];
/// What everybody may use.
const COMMON: &[&str] = &["error", "limits", "Error", "Result"];
/// Configuration: not for what is pure.
const NOT_PURE: &[&str] = &["config"];
const ALL: &[&str] = &[
    "api",
    "app",
    "cli",
    "config",
    "domain",
    "federation",
    "http",
    "jobs",
    "media",
    "outbound",
    "protocol",
    "server",
    "store",
    "web",
];

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .map(|p| {
            let name = p.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(p).unwrap())
        })
        .collect()
}

/// The modules of this crate that a text names with `crate::`.
fn named(text: &str) -> Vec<String> {
    text.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .flat_map(|l| l.split("crate::").skip(1))
        .flat_map(|rest| {
            let rest = rest.trim_start_matches('{');
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            Some(rest[..end].to_owned())
        })
        .filter(|name| ALL.contains(&name.as_str()))
        .collect()
}

#[test]
fn every_layer_uses_only_those_below_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let layer = file.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else { continue };
        for name in named(&text) {
            let fine = name == layer
                || allowed.contains(&name.as_str())
                || COMMON.contains(&name.as_str())
                || (layer != "protocol" && NOT_PURE.contains(&name.as_str()));
            // The consent page says how its form may end; the server's headers read it.
            let marker = file == "web/pages/consent.rs" && name == "server";
            if !fine && !marker {
                wrong.push(format!("{file} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_choke_point_is_the_only_one() {
    for (name, homes) in
        [("ureq", &["outbound/"][..]), ("rusqlite", &["store/"][..]), ("minijinja", &["web/", "app.rs"][..])]
    {
        for (file, text) in sources() {
            let code: String =
                text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            let used = code.contains(&format!("{name}::"));
            assert!(!used || homes.iter().any(|h| file.starts_with(h)), "{file} names {name}");
        }
    }
}

#[test]
fn rooms_are_small() {
    let large: Vec<String> = sources()
        .into_iter()
        .map(|(file, text)| (text.lines().count(), file))
        .filter(|(lines, _)| *lines > 900)
        .map(|(lines, file)| format!("{file}: {lines}"))
        .collect();
    assert!(large.is_empty(), "{large:?}");
}
