//! The source files of the crate, without their tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// Its path below `src`.
    pub path: String,
    /// Its module path: `["store", "statuses"]`.
    pub module: Vec<String>,
    /// Its text without comments and without inline test modules.
    pub code: String,
    /// Lines of the whole file.
    pub lines: usize,
}

/// Every file below `src` that is compiled into the server.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths.iter().map(|path| read(&root, path)).filter(|source| !is_test(&source.module)).collect()
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn read(root: &Path, path: &Path) -> Source {
    let relative = path.strip_prefix(root).unwrap();
    let mut module: Vec<String> =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    let text = fs::read_to_string(path).unwrap();
    let code = without_tests(&text).lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>();
    Source { path: relative.to_string_lossy().into_owned(), module, code: code.join("\n"), lines: text.lines().count() }
}

/// Test modules stand last in a file.
fn without_tests(text: &str) -> &str {
    match text.find("\n#[cfg(test)]\nmod tests {") {
        Some(start) => &text[..start],
        None => text,
    }
}

fn is_test(module: &[String]) -> bool {
    module
        .iter()
        .any(|part| part == "tests" || part.ends_with("_tests") || part == "test_peer" || part == "real_documents")
}
