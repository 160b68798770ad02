//! The languages that the pages have, and the choice among them.

use crate::http::content_negotiation::weighted;
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

    /// The language of a tag such as `de-AT`.
    fn of_tag(tag: &str) -> Option<Self> {
        Self::of_code(&tag.split('-').next().unwrap_or_default().to_ascii_lowercase())
    }

    /// The best language for a value of `Accept-Language` (RFC 9110, section 12.5.4). Of equal weights, the first one wins;
    /// `*` is every language that is not named.
    pub fn accepted(header: Option<&str>) -> Self {
        let items: Vec<_> = weighted(header.unwrap_or_default()).take(limits::ACCEPT_LANGUAGES).collect();
        let mut named: Vec<(Self, f32)> =
            items.iter().filter_map(|(tag, weight)| Some((Self::of_tag(tag)?, *weight))).collect();
        let any = items.iter().find(|(tag, _)| *tag == "*").map_or(0.0, |(_, weight)| *weight);
        for language in Self::ALL {
            if named.iter().all(|(known, _)| *known != language) {
                named.push((language, any));
            }
        }
        let mut best = (Self::default(), 0.0);
        for (language, weight) in named {
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
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
            ("en;q=0, *", "de"),
            ("*, es", "es"),
            ("de;Q=0, es;q=0.1", "es"),
            ("de;q=inf, es;q=0.1", "es"),
            ("en;q=0.1, de;q=0.9;x=y", "de"),
        ] {
            assert_eq!(Language::accepted(Some(header)).code(), code, "{header}");
        }
        assert_eq!(Language::accepted(None), Language::English);
        assert_eq!(Language::accepted(Some(&format!("{}de", "xx,".repeat(100_000)))), Language::English);
    }
}
