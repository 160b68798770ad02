//! Language tags (BCP 47).

/// Returns the canonical spelling of a BCP 47 tag: a primary language of two or three letters, and subtags of at most eight letters
/// and digits. Some apps and pages write `pt_BR`.
pub fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?;
    let is_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_primary && tag.len() <= 35 && parts.all(is_subtag)).then(|| spelled(&tag))
}

/// As [`language_tag`], if its primary language exists: one of ISO 639-1, or any of three letters, of which there are thousands.
/// `und` and `mis` name no language.
pub fn known_language(text: &str) -> Option<String> {
    let tag = language_tag(text)?;
    let primary = tag.split('-').next()?;
    let exists = match primary.len() {
        2 => known_languages().any(|(known, _)| known == primary),
        _ => !matches!(primary, "und" | "mis"),
    };
    exists.then_some(tag)
}

/// The languages that pickers offer: tag and English name, ordered by tag. They are those of ISO 639-1 and some more.
pub fn known_languages() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("languages.txt").lines().filter_map(|line| line.split_once(' '))
}

/// Spells a lower-case tag as BCP 47 recommends: regions in upper case, scripts with a capital letter.
fn spelled(tag: &str) -> String {
    let mut parts = Vec::new();
    let mut in_extension = false;
    for part in tag.split('-') {
        let is_first = parts.is_empty();
        in_extension |= part.len() == 1;
        parts.push(match part.len() {
            2 if !is_first && !in_extension => part.to_ascii_uppercase(),
            4 if !is_first && !in_extension => part[..1].to_ascii_uppercase() + &part[1..],
            _ => part.to_owned(),
        });
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_bcp_47_tags() {
        for (text, tag) in
            [("en", "en"), ("pt_BR", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), (" de ", "de"), ("yue", "yue")]
        {
            assert_eq!(language_tag(text).as_deref(), Some(tag), "{text}");
        }
        for text in ["english", "e", "12", "en-", "-en", "en--us", "en us", "x-klingon", "en-abcdefghi", "ελ"] {
            assert_eq!(language_tag(text), None, "{text}");
        }
        for text in ["en", "pt_BR", "zh-Hant", "yue", "hak", "sr-Latn-RS"] {
            assert_eq!(known_language(text), language_tag(text), "{text}");
        }
        for text in ["xx", "xx-nonsense", "zz", "und", "mis", "english"] {
            assert_eq!(known_language(text), None, "{text}");
        }
    }
}
