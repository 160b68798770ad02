//! A theme with the accent colour of the owner.

use super::themes::Palette;
use crate::protocol::colour::{BLACK, Colour, WHITE};

/// The contrast of text to its ground (WCAG 2.2 AA).
const TEXT: f64 = 4.5;
/// The contrast of marks and controls to their ground (WCAG 2.2 AA).
const MARK: f64 = 3.0;

/// The colours with this accent: links and main buttons, and the marks. Each is the shade next to the accent that is
/// readable, so that any accent can be chosen.
pub fn with_accent(palette: &Palette, accent: Colour) -> Palette {
    let grounds = [palette.bg, palette.raised];
    let end = if palette.bg.contrast(BLACK) > palette.bg.contrast(WHITE) { BLACK } else { WHITE };
    Palette { link: accent.readable_on(&grounds, TEXT, end), sand: accent.readable_on(&grounds, MARK, end), ..*palette }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::appearance::THEMES;

    #[test]
    fn any_accent_is_readable_in_every_theme() {
        let parts = [0, 0x33, 0x66, 0x99, 0xcc, 0xff];
        for number in 0..216 {
            let part = |place: usize| parts[number / place % 6];
            let accent = Colour { red: part(36), green: part(6), blue: part(1) };
            for theme in &THEMES {
                for palette in [theme.light, theme.dark].map(|p| with_accent(&p, accent)) {
                    for ground in [palette.bg, palette.raised] {
                        assert!(palette.link.contrast(ground) >= TEXT, "{accent} in {}", theme.name);
                        assert!(palette.sand.contrast(ground) >= MARK, "{accent} in {}", theme.name);
                    }
                }
            }
        }
    }

    #[test]
    fn an_accent_that_is_readable_stays() {
        let accent = Colour::of(0x7a2f9e);
        assert_eq!(with_accent(&THEMES[0].light, accent).link, accent);
        assert_ne!(with_accent(&THEMES[0].dark, accent).link, accent);
    }
}
