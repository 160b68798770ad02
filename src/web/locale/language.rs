//! The languages that the pages have, and the choice among them.

use crate::limits;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language. The first is used where none of them is accepted.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Spanish];

    /// Its code (BCP 47), which is also the name of its folder of catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
        }
    }

    /// Its name in the language itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Spanish => "Español",
        }
    }

    /// The direction of its script, as the attribute `dir` has it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German | Self::Spanish => "ltr",
        }
    }

    /// The language with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language of a tag such as `de-AT`; `*` is any.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if primary == "*" { Some(Self::default()) } else { Self::of_code(&primary) }
    }

    /// The best language for a value of `Accept-Language` (RFC 9110, section 12.5.4).
    pub fn accepted(header: Option<&str>) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for item in header.unwrap_or_default().split(',').take(limits::ACCEPT_LANGUAGES) {
            let (tag, parameters) = item.split_once(';').unwrap_or((item, ""));
            let Some(language) = Self::of_tag(tag.trim()) else { continue };
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(q) => q.trim().parse().unwrap_or(0.0),
                None => 1.0,
            };
            // Of equal weights, the first one wins.
            if weight > best.map_or(0.0, |(_, known)| known) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_language_is_chosen() {
        for (header, code) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("fr, ES-mx;q=0.7, en;q=0.6", "es"),
            ("en;q=0.5, de;q=0.5", "en"),
            ("de;q=0, es;q=0.1", "es"),
            ("fr", "en"),
            ("*", "en"),
            ("de;q=0.3, *;q=0.5", "en"),
            ("es ; q=0.4", "es"),
            ("de;q=NaN, es;q=x", "en"),
            (",,;;q=,-", "en"),
        ] {
            assert_eq!(Language::accepted(Some(header)).code(), code, "{header}");
        }
        assert_eq!(Language::accepted(None), Language::English);
        assert_eq!(Language::accepted(Some(&format!("{}de", "xx,".repeat(100_000)))), Language::English);
    }
}
