//! How pages look: the theme, the owner's accent colour, style rules and icon.

pub mod own_css;
mod palette;
mod stylesheet;
pub mod themes;

use serde::{Deserialize, Serialize};

pub use palette::with_accent;
pub use themes::{Palette, THEMES, Theme};

use crate::domain::Domain;
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::colour::Colour;
use crate::protocol::secret;
use crate::store::Conn;
use crate::store::account::site_icons;
use crate::store::database::settings;

/// What the owner has chosen, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Appearance {
    /// The name of the theme; empty for the default.
    theme: String,
    /// The accent colour, `#rrggbb`.
    accent: Option<String>,
    /// Changes with the owner's icon; `None` for Dassie's.
    pub icon: Option<String>,
    /// Changes with the owner's style rules; `None` if there are none.
    pub css: Option<String>,
}

/// A short text that differs for different bytes.
fn version_of(bytes: &[u8]) -> String {
    secret::digest(bytes).chars().take(limits::VERSION_CHARS).collect()
}

impl Appearance {
    /// The choice that is stored.
    pub fn read(conn: &Conn) -> Result<Self> {
        let stored = settings::get(conn, settings::APPEARANCE)?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    fn write(&self, conn: &Conn) -> Result<()> {
        let json = serde_json::to_string(self).map_err(|e| Error::internal(e.to_string()))?;
        settings::set(conn, settings::APPEARANCE, &json)
    }

    /// The theme.
    pub fn theme(&self) -> &'static Theme {
        themes::by_name(&self.theme).unwrap_or(&THEMES[0])
    }

    /// The accent colour, if the owner has chosen one.
    pub fn accent(&self) -> Option<Colour> {
        self.accent.as_deref().and_then(Colour::parse)
    }

    /// The colours on light and on dark ground, with the accent.
    pub fn palettes(&self) -> (Palette, Palette) {
        let theme = self.theme();
        match self.accent() {
            Some(accent) => (with_accent(&theme.light, accent), with_accent(&theme.dark, accent)),
            None => (theme.light, theme.dark),
        }
    }

    /// The rules that follow the stylesheet; empty for the default theme without an accent.
    pub fn rules(&self) -> String {
        if self.version().is_empty() {
            return String::new();
        }
        let (light, dark) = self.palettes();
        stylesheet::rules(&light, &dark)
    }

    /// A short text that differs for different rules of one release; empty if there are none. Every page has it, so it is made of
    /// what the rules are made of.
    pub fn version(&self) -> String {
        let theme = self.theme().name;
        match self.accent() {
            Some(accent) => format!("{theme}-{}", accent.to_string().trim_start_matches('#')),
            None if theme == THEMES[0].name => String::new(),
            None => theme.to_owned(),
        }
    }
}

/// The choice that is stored.
pub fn appearance(domain: &Domain) -> Result<Appearance> {
    domain.store.read(Appearance::read)
}

/// The icon that a form requests.
#[derive(Debug, Clone, Default)]
pub enum IconChange {
    /// As it is.
    #[default]
    Kept,
    /// Dassie's.
    Default,
    /// A new one: each name of [`site_icons`] with its PNG.
    New(Vec<(&'static str, Vec<u8>)>),
}

/// A change of the appearance.
#[derive(Debug, Clone)]
pub struct Change {
    /// The theme.
    pub theme: &'static Theme,
    /// The accent colour.
    pub accent: Option<Colour>,
    /// The icon.
    pub icon: IconChange,
}

/// The accent colour that the owner has written; `None` if it is blank.
///
/// # Errors
/// [`Error::Invalid`] if it is not a colour.
pub fn accent_of(written: &str) -> Result<Option<Colour>> {
    let written = written.trim();
    if written.is_empty() {
        return Ok(None);
    }
    Colour::parse(written).map(Some).ok_or_else(|| {
        let start: String = written.chars().take(limits::ACCENT_CHARS).collect();
        Error::invalid(SettingRefusal::NotAColour(start))
    })
}

/// Stores a change. Every page shows it from now on.
pub fn change(domain: &Domain, change: Change) -> Result<()> {
    domain.store.write(move |conn| {
        let mut stored = Appearance::read(conn)?;
        stored.theme = change.theme.name.to_owned();
        stored.accent = change.accent.map(|colour| colour.to_string());
        match &change.icon {
            IconChange::Kept => {}
            IconChange::Default => {
                site_icons::remove_all(conn)?;
                stored.icon = None;
            }
            IconChange::New(icons) => {
                site_icons::replace(conn, icons)?;
                let all: Vec<u8> = icons.iter().flat_map(|(_, png)| png.iter().copied()).collect();
                stored.icon = Some(version_of(&all));
            }
        }
        stored.write(conn)
    })
}
