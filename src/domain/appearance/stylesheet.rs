//! The style rules of a theme, which follow those of `static/dassie.css`.

use super::themes::Palette;

/// The rules that set the colours.
pub(super) fn rules(light: &Palette, dark: &Palette) -> String {
    let (light, dark) = (variables(light), variables(dark));
    format!(
        ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root:not([data-scheme]){{{dark}}}}}\n\
         :root[data-scheme=dark]{{{dark}}}\n"
    )
}

fn variables(palette: &Palette) -> String {
    palette.variables().map(|(name, colour)| format!("--{name}:{colour}")).join(";")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::domain::appearance::THEMES;
    use crate::protocol::colour::Colour;

    const STYLE: &str = include_str!("../../../static/dassie.css");

    /// The declarations of each rule, with its selector. Comments and conditions are left out.
    fn styles() -> Vec<(String, Vec<(String, String)>)> {
        let mut text = STYLE.to_owned();
        while let Some((start, end)) = text.find("/*").and_then(|at| Some((at, at + text[at..].find("*/")? + 2))) {
            text.replace_range(start..end, "");
        }
        let rules = text.split('}').filter_map(|rule| rule.rsplit_once('{'));
        rules
            .map(|(before, inside)| {
                let selector = before.rsplit('{').next().unwrap().trim().to_owned();
                let pairs = inside.split(';').filter_map(|d| d.split_once(':'));
                (selector, pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect())
            })
            .collect()
    }

    fn variable(value: &str) -> Option<&str> {
        value.strip_prefix("var(--")?.strip_suffix(')')
    }

    /// Every use of colours as text on a ground, and as a mark: the variables, or a mixture of two.
    struct Uses {
        texts: BTreeSet<String>,
        marks: BTreeSet<String>,
        grounds: BTreeSet<String>,
        pairs: BTreeSet<(String, String)>,
    }

    fn uses() -> Uses {
        let mut uses =
            Uses { texts: BTreeSet::new(), marks: BTreeSet::new(), grounds: BTreeSet::new(), pairs: BTreeSet::new() };
        for (selector, declarations) in styles() {
            let of = |key: &str| {
                let found = declarations.iter().find(|(name, _)| name == key)?;
                let value = found.1.split(" !").next().unwrap().trim();
                variable(value).map(str::to_owned).or_else(|| value.starts_with("color-mix").then(|| value.to_owned()))
            };
            let (text, ground) = (of("color"), of("background"));
            let is_mark = selector.split(',').all(|s| s.trim().ends_with("svg"));
            match (text, ground) {
                (Some(text), _) if is_mark => drop(uses.marks.insert(text)),
                (Some(text), Some(ground)) => drop(uses.pairs.insert((text, ground))),
                (Some(text), None) => drop(uses.texts.insert(text)),
                // The text on it has the colour of the page.
                (None, Some(ground)) if selector != ".button.main:hover" => drop(uses.grounds.insert(ground)),
                (None, Some(ground)) => drop(uses.pairs.insert(("bg".to_owned(), ground))),
                (None, None) => {}
            }
        }
        uses
    }

    fn colour(palette: &BTreeMap<&str, Colour>, value: &str) -> Colour {
        if let Some(colour) = palette.get(value) {
            return *colour;
        }
        // color-mix(in srgb, var(--a) 85%, var(--b))
        let inside = value.strip_prefix("color-mix(in srgb, ").and_then(|v| v.strip_suffix(')')).expect(value);
        let (first, second) = inside.split_once(", ").expect(value);
        let (first, share) = first.split_once(' ').expect(value);
        let share: u8 = share.trim_end_matches('%').parse().expect(value);
        let named = |name: &str| palette[variable(name).expect(value)];
        named(first).mixed(named(second), 100 - share)
    }

    #[test]
    fn every_text_is_readable_in_every_theme() {
        let uses = uses();
        assert!(uses.texts.contains("danger") && uses.texts.contains("link"), "{:?}", uses.texts);
        assert_eq!(uses.grounds, ["bg", "raised"].map(str::to_owned).into(), "text is readable on these grounds");
        assert!(uses.pairs.iter().any(|(text, ground)| text == "bg" && ground == "danger"));
        assert!(uses.pairs.iter().any(|(text, ground)| text == "bg" && ground.starts_with("color-mix")));
        let mut pairs = 0;
        for theme in &THEMES {
            for (scheme, palette) in [("light", theme.light), ("dark", theme.dark)] {
                let palette: BTreeMap<&str, Colour> = palette.variables().into();
                let mut check = |text: &str, ground: &str, least: f64| {
                    let contrast = colour(&palette, text).contrast(colour(&palette, ground));
                    assert!(contrast >= least, "{text} on {ground} in {} {scheme}: {contrast:.2}", theme.name);
                    pairs += 1;
                };
                for ground in &uses.grounds {
                    uses.texts.iter().for_each(|text| check(text, ground, 4.5));
                    uses.marks.iter().for_each(|mark| check(mark, ground, 3.0));
                    // Edges of controls, and the marks of tabs and new posts.
                    ["edge", "sand", "link"].iter().for_each(|mark| check(mark, ground, 3.0));
                }
                uses.pairs.iter().for_each(|(text, ground)| check(text, ground, 4.5));
            }
        }
        assert!(pairs > 200, "{pairs}");
    }

    #[test]
    fn the_default_theme_is_the_stylesheet() {
        let declared = |selector: &str| -> Vec<BTreeMap<String, String>> {
            let rules = styles().into_iter().filter(|(s, d)| s == selector && d.iter().any(|(key, _)| key == "--bg"));
            rules.map(|(_, d)| d.into_iter().filter(|(key, _)| key.starts_with("--")).collect()).collect()
        };
        let wanted = |palette: &Palette| -> BTreeMap<String, String> {
            palette.variables().map(|(name, colour)| (format!("--{name}"), colour.to_string())).into()
        };
        let [default, ..] = &THEMES;
        assert_eq!(declared(":root"), [wanted(&default.light)]);
        assert_eq!(declared(":root:not([data-scheme])"), [wanted(&default.dark)]);
        assert_eq!(declared(":root[data-scheme=dark]"), [wanted(&default.dark)]);
    }
}
