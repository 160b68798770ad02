//! The script of the owner's pages: one file for browsers, one for each subject here.

macro_rules! parts {
    ($($name:literal)+) => { concat!($(include_str!(concat!("script/", $name, ".js"))),+) };
}

/// The whole script.
pub(super) const SCRIPT: &str = parts!("base" "times" "menus" "actions" "live" "compose" "app" "push" "end");
