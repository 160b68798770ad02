//! Comparison of the sanitized HTML of a post with its source.

use std::collections::BTreeSet;

use serde_json::Value;

/// The tags that are shown, with their attributes and classes, and whether the words are those that were sent.
pub fn shown(html: &str, sent: &Value) -> String {
    let mut tags = BTreeSet::new();
    for tag in html.split('<').skip(1).filter(|t| !t.starts_with('/')) {
        let inside = tag.split('>').next().unwrap();
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside.trim_end_matches('/'), ""));
        let mut words = vec![name.to_owned()];
        let mut quoted = attributes.split('"');
        while let (Some(attribute), Some(value)) = (quoted.next(), quoted.next()) {
            let attribute = attribute.trim().trim_end_matches('=');
            words.push(if attribute == "class" { format!(".{value}") } else { attribute.to_owned() });
        }
        tags.insert(words.join(" "));
    }
    let tags: Vec<String> = tags.into_iter().map(|t| format!("<{t}>")).collect();
    let tags = if tags.is_empty() { "no tags".to_owned() } else { tags.concat() };
    let same = words(html) == words(sent.as_str().unwrap_or_default());
    format!("shows {tags}{}", if same { "" } else { " and other words" })
}

fn words(html: &str) -> String {
    let outside = html.split('<').enumerate().map(|(n, part)| match part.split_once('>') {
        Some((_, text)) if n > 0 => text,
        _ => part,
    });
    outside.flat_map(str::chars).filter(|c| c.is_alphanumeric()).collect()
}
