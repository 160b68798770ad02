//! The script of the owner's pages: one file for browsers, one for each subject here.

use std::sync::LazyLock;

macro_rules! parts {
    ($($name:literal)+) => { concat!($(include_str!(concat!("script/", $name, ".js"))),+) };
}

/// The whole script, without its comments and indentation.
pub(super) static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = PARTS.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
});

const PARTS: &str =
    parts!("base" "times" "menus" "actions" "live" "compose" "pictures" "complete" "reply" "keys" "app" "push" "end");
