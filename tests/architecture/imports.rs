//! Which file names which, from `use` trees and from paths in the code; and that no files name each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{self, Source};

/// A path of names, from the root of the crate.
type Path = Vec<String>;

/// The modules of the crate and what they hand on with `pub use`.
struct Crate {
    files: BTreeMap<Path, String>,
    exports: BTreeMap<Path, Path>,
}

impl Crate {
    fn read(sources: &[Source]) -> Self {
        let files = sources.iter().map(|s| (s.module.clone(), s.path.clone())).collect();
        let mut found = Self { files, exports: BTreeMap::new() };
        for source in sources {
            for (visibility, tree) in use_statements(&source.code) {
                if visibility.is_empty() {
                    continue;
                }
                for (path, name) in leaves(tree, &[]) {
                    if let Some(target) = found.absolute(&path, &source.module) {
                        found.exports.insert([&source.module[..], &[name]].concat(), target);
                    }
                }
            }
        }
        found
    }

    /// A path as it is written in a module, from the root; `None` if it leaves the crate.
    fn absolute(&self, path: &[String], module: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let parent = module.split_last()?.1;
                match rest.first().map(String::as_str) {
                    Some("super") => self.absolute(rest, parent),
                    _ => Some([parent, rest].concat()),
                }
            }
            _ => {
                let child = [module, std::slice::from_ref(first)].concat();
                self.files.contains_key(&child).then(|| [module, path].concat())
            }
        }
    }

    /// The file that defines what a path names, through all `pub use`.
    fn home(&self, path: &[String]) -> Option<&str> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let longest = (1..=path.len()).rev().find(|n| self.exports.contains_key(&path[..*n]));
            let module = (1..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n]));
            match (longest, module) {
                (Some(n), m) if m.is_none_or(|m| m < n) => path = [&self.exports[&path[..n]], &path[n..]].concat(),
                (_, Some(n)) => return Some(&self.files[&path[..n]]),
                _ => return None,
            }
        }
        None
    }
}

/// Every `use` statement: its visibility and its tree.
fn use_statements(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let line_start = rest[..at].rfind('\n').map_or(0, |n| n + 1);
        let before = rest[line_start..at].trim();
        let end = rest[at..].find(';').map_or(rest.len(), |n| at + n);
        let is_visibility = before == "pub" || before.starts_with("pub(") && before.ends_with(')');
        if before.is_empty() || is_visibility {
            found.push((before, rest[at + 4..end].trim()));
        }
        rest = &rest[(at + 4).min(rest.len())..];
    }
    found
}

/// The paths of a `use` tree, each with the name that it binds.
fn leaves(tree: &str, prefix: &[String]) -> Vec<(Path, String)> {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let head = segments(tree[..open].trim_end_matches("::").trim());
        let prefix = [prefix, &head].concat();
        return split(&tree[open + 1..tree.rfind('}').unwrap_or(tree.len())])
            .into_iter()
            .flat_map(|part| leaves(part, &prefix))
            .collect();
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(p, a)| (p, Some(a.trim().to_owned())));
    let mut path = [prefix, &segments(path)].concat();
    if path.last().is_some_and(|last| last == "self" || last == "*") {
        path.pop();
    }
    let name = alias.or_else(|| path.last().cloned()).unwrap_or_default();
    vec![(path, name)]
}

fn segments(path: &str) -> Path {
    path.split("::").map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

/// The parts between commas outside braces.
fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts.into_iter().filter(|p| !p.trim().is_empty()).collect()
}

/// Paths that are written out in the code: `crate::a::b`, `super::a`, `child::b`.
fn written_paths(code: &str) -> Vec<Path> {
    let mut found = Vec::new();
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in code.split(|c| !is_path(c)) {
        let end = word.as_ptr() as usize - code.as_ptr() as usize + word.len();
        // The head of a group in a `use` tree names no module of its own.
        let is_group = word.ends_with("::") && code[end..].starts_with('{');
        if word.contains("::") && !word.starts_with(':') && !is_group {
            found.push(segments(word));
        }
    }
    found
}

/// The code without its `use` statements.
fn body(code: &str) -> String {
    let mut body = code.to_owned();
    for (_, tree) in use_statements(code) {
        body = body.replace(tree, "");
    }
    body
}

fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| w == word)
}

/// For each file the files that it names.
fn arrows(sources: &[Source]) -> BTreeMap<&str, BTreeSet<String>> {
    let all = Crate::read(sources);
    let mut arrows: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let imports = use_statements(&source.code);
        let mut paths: Vec<Path> = written_paths(&source.code);
        let body = body(&source.code);
        for (visibility, tree) in &imports {
            // What a module only re-exports is not used by it.
            let used = |name: &str| visibility.is_empty() || has_word(&body, name);
            paths.extend(leaves(tree, &[]).into_iter().filter(|(_, name)| used(name)).map(|(path, _)| path));
        }
        let bound: BTreeMap<String, Path> = imports
            .iter()
            .flat_map(|(_, tree)| leaves(tree, &[]))
            .filter_map(|(path, name)| Some((name, all.absolute(&path, &source.module)?)))
            .collect();
        for path in paths {
            let absolute = match bound.get(&path[0]) {
                Some(target) => Some([&target[..], &path[1..]].concat()),
                None => all.absolute(&path, &source.module),
            };
            let Some(home) = absolute.as_deref().and_then(|path| all.home(path)) else { continue };
            if home != source.path {
                arrows.entry(&source.path).or_default().insert(home.to_owned());
            }
        }
    }
    arrows
}

/// Files that reach themselves, each with the first step of the way.
fn circles(arrows: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, targets) in arrows {
        for target in targets {
            let (mut seen, mut open) = (BTreeSet::new(), vec![target.as_str()]);
            while let Some(next) = open.pop() {
                if next == *file {
                    found.push(format!("{file} -> {target} -> … -> {file}"));
                    break;
                }
                if seen.insert(next) {
                    open.extend(arrows.get(next).into_iter().flatten().map(String::as_str));
                }
            }
        }
    }
    found
}

#[test]
fn no_files_import_each_other_in_a_cycle() {
    let sources = sources::all();
    let arrows = arrows(&sources);
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 500, "the imports were not read");
    let circles = circles(&arrows);
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn nested_use_trees_are_parsed() {
    let code = "use crate::a::{self, b::{C, d as e}, f::*};\npub use g::h;\nlet x = 1;";
    let statements = use_statements(code);
    assert_eq!(statements.len(), 2);
    let read: Vec<(String, String)> =
        leaves(statements[0].1, &[]).into_iter().map(|(path, name)| (path.join("::"), name)).collect();
    let expected = [("crate::a", "a"), ("crate::a::b::C", "C"), ("crate::a::b::d", "e"), ("crate::a::f", "f")];
    assert_eq!(read, expected.map(|(path, name)| (path.to_owned(), name.to_owned())));
    assert_eq!(statements[1], ("pub", "g::h"));
}
