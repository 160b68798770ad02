//! The themes that are part of Dassie.

use crate::protocol::colour::Colour;

/// The twelve colours of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// The ground of the page.
    pub bg: Colour,
    /// The ground of what stands out: code, rows under the pointer.
    pub raised: Colour,
    /// Text.
    pub text: Colour,
    /// Text of less importance.
    pub muted: Colour,
    /// Links, focus, and the ground of main buttons.
    pub link: Colour,
    /// Boosts.
    pub boost: Colour,
    /// Content warnings and favourites.
    pub warn: Colour,
    /// What deletes, and errors.
    pub danger: Colour,
    /// Success.
    pub ok: Colour,
    /// The edges of controls.
    pub edge: Colour,
    /// Lines between posts.
    pub line: Colour,
    /// Marks: the present tab, new posts.
    pub sand: Colour,
}

impl Palette {
    /// The variables of the stylesheet, with their values.
    pub fn variables(&self) -> [(&'static str, Colour); 12] {
        [
            ("bg", self.bg),
            ("raised", self.raised),
            ("text", self.text),
            ("muted", self.muted),
            ("link", self.link),
            ("boost", self.boost),
            ("warn", self.warn),
            ("danger", self.danger),
            ("ok", self.ok),
            ("edge", self.edge),
            ("line", self.line),
            ("sand", self.sand),
        ]
    }
}

/// A theme.
#[derive(Debug)]
pub struct Theme {
    /// Its name in forms, catalogues and the database.
    pub name: &'static str,
    /// Its colours on light ground.
    pub light: Palette,
    /// Its colours on dark ground.
    pub dark: Palette,
}

const fn palette(numbers: [u32; 12]) -> Palette {
    let [bg, raised, text, muted, link, boost, warn, danger, ok, edge, line, sand] = numbers;
    Palette {
        bg: Colour::of(bg),
        raised: Colour::of(raised),
        text: Colour::of(text),
        muted: Colour::of(muted),
        link: Colour::of(link),
        boost: Colour::of(boost),
        warn: Colour::of(warn),
        danger: Colour::of(danger),
        ok: Colour::of(ok),
        edge: Colour::of(edge),
        line: Colour::of(line),
        sand: Colour::of(sand),
    }
}

/// Every theme. The first is the default, whose colours are those of `static/dassie.css`.
pub static THEMES: [Theme; 6] = [
    Theme {
        name: "default",
        light: palette([
            0xfbfbf9, 0xf1f1ee, 0x1b1c1f, 0x5b5e66, 0x0b57d0, 0x6d28d9, 0x8a4b00, 0xb3261e, 0x1a6b3c, 0x878a93,
            0xe2e2dd, 0xb0763a,
        ]),
        dark: palette([
            0x15161a, 0x1e2026, 0xecedf0, 0xa6a9b3, 0x8ab4ff, 0xc4a7ff, 0xf0b35a, 0xff9d94, 0x7fd6a0, 0x6f737e,
            0x2b2e36, 0xd9a36a,
        ]),
    },
    Theme {
        name: "paper",
        light: palette([
            0xfaf4e8, 0xf1e8d6, 0x2b2418, 0x655a45, 0x8a3f0c, 0x7a3576, 0x7d4a00, 0xa82a1c, 0x37642a, 0x8c8069,
            0xe4d8c0, 0xb5762f,
        ]),
        dark: palette([
            0x1c1813, 0x27211a, 0xefe6d8, 0xb5a88f, 0xf0a868, 0xdba6d6, 0xe8b860, 0xff9f8f, 0xa4cf8c, 0x7d725f,
            0x362e24, 0xd99a52,
        ]),
    },
    Theme {
        name: "forest",
        light: palette([
            0xf6faf5, 0xe8f0e6, 0x17211a, 0x4f5f53, 0x17693f, 0x6b3fa0, 0x7d4d00, 0xad2b1f, 0x1c6b38, 0x7d8d80,
            0xd6e2d5, 0x6f8f3a,
        ]),
        dark: palette([
            0x101712, 0x18211b, 0xe6efe7, 0x9db0a1, 0x7fd19b, 0xc5adf5, 0xe6bb63, 0xff9d90, 0x86d79f, 0x66776b,
            0x243029, 0xa9c46a,
        ]),
    },
    Theme {
        name: "sea",
        light: palette([
            0xf5fafc, 0xe6f0f4, 0x10222b, 0x4a606b, 0x00658a, 0x5a3fb0, 0x85500a, 0xb0281f, 0x126a55, 0x778c96,
            0xd3e2e9, 0x1f8a9e,
        ]),
        dark: palette([
            0x0c161c, 0x132129, 0xe3eef3, 0x98adb8, 0x6fc8ec, 0xb9aeff, 0xecb865, 0xff9e95, 0x76d6b8, 0x5f7581,
            0x1f3039, 0x4fb6c8,
        ]),
    },
    Theme {
        name: "heather",
        light: palette([
            0xfbf8fc, 0xf2ebf5, 0x231a29, 0x64566d, 0x7a2f9e, 0x5b3cc4, 0x864a08, 0xb0244a, 0x24693f, 0x91829b,
            0xe5d9ea, 0xa8629f,
        ]),
        dark: palette([
            0x17121b, 0x211a27, 0xefe7f3, 0xb3a3bd, 0xd9a5f2, 0xb5aeff, 0xefb566, 0xff9bb0, 0x84d6a0, 0x7a6c84,
            0x31273a, 0xcf8fc4,
        ]),
    },
    Theme {
        name: "contrast",
        light: palette([
            0xffffff, 0xf0f0f0, 0x000000, 0x333333, 0x0000c8, 0x5b00b3, 0x6b3400, 0xa00000, 0x005a24, 0x4d4d4d,
            0xb8b8b8, 0x8a4b00,
        ]),
        dark: palette([
            0x000000, 0x161616, 0xffffff, 0xd6d6d6, 0x9fd0ff, 0xdcc4ff, 0xffd07a, 0xffb3ab, 0xa0f0bd, 0xb0b0b0,
            0x4a4a4a, 0xffc04d,
        ]),
    },
];

/// The theme of this name.
pub fn by_name(name: &str) -> Option<&'static Theme> {
    THEMES.iter().find(|theme| theme.name == name)
}
