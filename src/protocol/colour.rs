//! Colours of pages: reading, mixing, and the contrast between two of them (WCAG 2.2).

use std::fmt;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// Black.
pub const BLACK: Colour = Colour::of(0x00_00_00);
/// White.
pub const WHITE: Colour = Colour::of(0xff_ff_ff);

impl Colour {
    /// The colour of a number, as in `0xRRGGBB`.
    pub const fn of(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self { red, green, blue }
    }

    /// Reads `#rrggbb` or `#rgb`; the `#` may be missing.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let digits = digits.strip_prefix('#').unwrap_or(digits);
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => Some(Self::of(number)),
            3 => Some(Self::of((number >> 8) * 0x11_00_00 + (number >> 4 & 0xf) * 0x11_00 + (number & 0xf) * 0x11)),
            _ => None,
        }
    }

    /// This colour with `percent` of another one, as CSS mixes them in sRGB.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u8) -> Self {
        let share = u32::from(percent.min(100));
        let mix = |a: u8, b: u8| ((u32::from(a) * (100 - share) + u32::from(b) * share + 50) / 100) as u8;
        Self { red: mix(self.red, other.red), green: mix(self.green, other.green), blue: mix(self.blue, other.blue) }
    }

    /// Relative luminance: 0 for black, 1 for white.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast to another colour: 1 for the same, 21 for black and white.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The shade of this colour, towards `end`, that is next to it and has at least this contrast to each of the grounds.
    #[must_use]
    pub fn readable_on(self, grounds: &[Self], least: f64, end: Self) -> Self {
        (0..=100)
            .map(|percent| self.mixed(end, percent))
            .find(|shade| grounds.iter().all(|ground| shade.contrast(*ground) >= least))
            .unwrap_or(end)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written() {
        for (text, wanted) in [("#0b57d0", Some("#0b57d0")), (" 7A2F9E ", Some("#7a2f9e")), ("#fa3", Some("#ffaa33"))] {
            assert_eq!(Colour::parse(text).map(|c| c.to_string()).as_deref(), wanted, "{text}");
        }
        for bad in ["", "#", "red", "#12345", "#1234567", "##123456", "+12345", "#12345g", "rgb(1,2,3)", "#é12"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert_eq!(format!("{:.2}", BLACK.contrast(WHITE)), "21.00");
        assert_eq!(format!("{:.2}", Colour::of(0x767676).contrast(WHITE)), "4.54");
        assert_eq!(WHITE.contrast(WHITE), 1.0);
    }

    #[test]
    fn a_shade_is_as_near_as_contrast_allows() {
        let yellow = Colour::of(0xffee00);
        let shade = yellow.readable_on(&[WHITE], 4.5, BLACK);
        assert!((4.5..4.8).contains(&shade.contrast(WHITE)), "{shade}");
        assert_eq!(yellow.readable_on(&[BLACK], 4.5, WHITE), yellow);
    }
}
