//! Which layer may use which, and the only modules that may name certain crates.

use std::collections::BTreeMap;

use super::sources;

/// Modules that a layer may use, besides itself and the common ones.
const LAYERS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("store", &["protocol"]),
    ("domain", &["protocol", "store"]),
    ("remote", &["protocol", "store", "domain"]),
    ("media", &["protocol", "store", "domain"]),
    ("jobs", &["protocol", "store", "domain", "remote", "media"]),
    ("http", &["protocol", "store", "domain"]),
    ("api", &["protocol", "store", "domain", "media", "http", "app"]),
    ("web", &["protocol", "store", "domain", "media", "http", "app"]),
    ("federation", &["protocol", "store", "domain", "http", "app"]),
];
/// Modules that every layer may use.
const COMMON: &[&str] = &["error", "limits", "memory", "write_guard", "Error", "Result"];
/// Modules that every layer but the pure one may use.
const NOT_PURE: &[&str] = &["config"];

/// The top-level modules that a text names with `crate::`, in paths and in `use` trees.
fn named(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for part in list {
            let part = part.trim();
            let end = part.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(part.len());
            found.push(&part[..end]);
        }
    }
    found
}

#[test]
fn every_layer_uses_only_those_below_it() {
    let mut wrong = Vec::new();
    for source in sources::all() {
        let layer = source.path.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else { continue };
        for name in named(&source.code) {
            let fine = name == layer
                || name.is_empty()
                || allowed.contains(&name)
                || COMMON.contains(&name)
                || (layer != "protocol" && NOT_PURE.contains(&name));
            if !fine {
                wrong.push(format!("{} uses {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn restricted_crates_are_only_used_in_their_modules() {
    let homes: &[(&str, &[&str])] = &[
        ("ureq", &["remote/transport/"]),
        ("rusqlite", &["store/"]),
        ("minijinja", &["web/", "app.rs"]),
        ("libc", &["memory.rs"]),
    ];
    for (name, homes) in homes {
        for source in sources::all() {
            let used = source.code.contains(&format!("{name}::"));
            assert!(!used || homes.iter().any(|h| source.path.starts_with(h)), "{} names {name}", source.path);
        }
    }
}

#[test]
fn files_and_folders_are_small() {
    let sources = sources::all();
    let long: Vec<_> = sources.iter().filter(|s| s.lines > 500 && s.path != "limits.rs").map(|s| &s.path).collect();
    assert!(long.is_empty(), "over 500 lines: {long:?}");
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for source in &sources {
        *folders.entry(source.path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    let full: Vec<_> = folders.iter().filter(|(_, files)| **files > 16).collect();
    assert!(full.is_empty(), "over 16 files: {full:?}");
}

#[test]
fn groups_of_names_are_parsed() {
    assert_eq!(named("use crate::{store, domain::x};\ncrate::web::y()"), ["store", "domain", "web"]);
}
