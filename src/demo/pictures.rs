//! Pictures of the demo, drawn by formulas.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::error::{Error, Result};

/// A colour of light, each part from 0 to 1.
type Colour = [f32; 3];

const JPEG_QUALITY: u8 = 82;

const fn rgb(hex: u32) -> Colour {
    [part(hex >> 16), part(hex >> 8), part(hex)]
}

const fn part(bits: u32) -> f32 {
    (bits & 0xff) as f32 / 255.0
}

fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// 0 below `from`, 1 above `to`, smooth between.
fn step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A number from 0 to 1 that looks random, for a point of a grid.
fn chance(x: i32, y: i32, seed: i32) -> f32 {
    let mixed = x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263) ^ seed.wrapping_mul(974_634_777);
    let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(1_274_126_177);
    ((mixed ^ (mixed >> 16)) & 0xffff) as f32 / 65_535.0
}

/// Smooth noise from 0 to 1.
fn noise(x: f32, y: f32, seed: i32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (step(0.0, 1.0, x - left), step(0.0, 1.0, y - top));
    let at = |dx: i32, dy: i32| chance(left as i32 + dx, top as i32 + dy, seed);
    let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * across;
    let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * across;
    upper + (lower - upper) * down
}

/// Noise with finer noise in it.
fn cloud(x: f32, y: f32, seed: i32) -> f32 {
    (noise(x, y, seed) * 4.0 + noise(x * 2.0, y * 2.0, seed + 1) * 2.0 + noise(x * 4.0, y * 4.0, seed + 2)) / 7.0
}

/// Ridges before a sky with a sun; the first colours are those of the sky, the others those of the ridges from far to near.
fn ridges(x: f32, y: f32, colours: &[Colour], seed: i32) -> Colour {
    let (sky, land) = colours.split_at(3);
    let mut seen = mix(sky[0], sky[1], y * 1.6);
    let sun = ((x - 1.05).powi(2) + (y - 0.36).powi(2)).sqrt();
    seen = mix(sky[2], seen, step(0.075, 0.085, sun));
    seen = mix(seen, sky[2], 0.35 * (1.0 - step(0.0, 0.45, sun)));
    for (n, colour) in land.iter().enumerate() {
        let depth = n as f32 / land.len() as f32;
        let edge = 0.46 + 0.5 * depth - 0.2 * (1.0 - depth * 0.6) * cloud(x * (1.5 + depth), depth * 9.0, seed);
        let shade = mix(*colour, [1.0, 1.0, 1.0], 0.10 * (1.0 - (y - edge) * 3.0).clamp(0.0, 1.0));
        seen = mix(seen, shade, step(edge, edge + 0.006, y));
    }
    seen
}

/// Rows of plants in dark soil.
fn garden(x: f32, y: f32) -> Colour {
    let soil = mix(rgb(0x4a3728), rgb(0x6b4f3a), cloud(x * 30.0, y * 30.0, 3));
    let across = y * 4.0 + 0.05 * (x * 5.0).sin();
    let (row, along) = (across.fract() - 0.5, x * 7.0 + across.floor() * 0.37);
    // A plant is a rosette of leaves.
    let (dx, dy) = ((along.fract() - 0.5) * 0.57, row);
    let size = 0.30 + 0.12 * chance(along as i32, across as i32, 21);
    let (far, angle) = ((dx * dx + dy * dy).sqrt(), dy.atan2(dx));
    let edge = size * (0.72 + 0.28 * (angle * 7.0 + across.floor()).cos().abs());
    let light = 0.35 + 0.9 * (edge - far) + 0.3 * (noise(x * 70.0, y * 70.0, 9) - 0.5);
    let hue = if across as i32 % 2 == 0 { (rgb(0x2f6b3a), rgb(0xa5d06f)) } else { (rgb(0x5b3a5e), rgb(0x9fb98a)) };
    let leaf = mix(hue.0, hue.1, light);
    let heart = mix(rgb(0xf7d774), leaf, step(0.03, 0.07, far));
    let shadow = mix(rgb(0x2c2018), soil, step(edge, edge + 0.12, far));
    mix(heart, shadow, step(edge - 0.02, edge, far))
}

/// A round loaf with three cuts, on a cloth.
fn loaf(x: f32, y: f32) -> Colour {
    let thread = ((x * 120.0).sin() * (y * 120.0).sin()).abs();
    let cloth = mix(rgb(0xdfe7e4), rgb(0xb7c9c5), thread * 0.5 + if (x * 6.0).fract() < 0.12 { 0.5 } else { 0.0 });
    let (dx, dy) = ((x - 0.75) / 0.52, (y - 0.52) / 0.36);
    let far = (dx * dx + dy * dy).sqrt();
    let shadow = mix(cloth, rgb(0x5f6f6c), 0.5 * (1.0 - step(0.9, 1.25, far)));
    let crust = mix(rgb(0xd9953f), rgb(0x7a3f14), far * far + 0.25 * (cloud(x * 20.0, y * 20.0, 5) - 0.5));
    let cut = ((dx + dy * 0.55) * 3.2 + 0.5).fract() - 0.5;
    let inside = mix(crust, rgb(0xf4dfb4), (1.0 - step(0.03, 0.09, cut.abs())) * (1.0 - step(0.6, 0.8, far)));
    mix(inside, shadow, step(0.98, 1.0, far))
}

/// A chart of islands with lines of depth.
fn chart(x: f32, y: f32) -> Colour {
    let height = cloud(x * 3.4, y * 3.4, 40);
    let deep = mix(rgb(0x7fb7be), rgb(0xd3ede6), step(0.25, 0.55, height));
    let line = ((height * 26.0).fract() - 0.5).abs();
    let sea = mix(deep, rgb(0x4f8f98), 0.5 * step(0.44, 0.49, line));
    let land = mix(rgb(0xf2e3bc), rgb(0x8aa05c), step(0.58, 0.78, height));
    let coast = mix(land, rgb(0x5d4a32), 1.0 - step(0.572, 0.584, height));
    let grid = ((x * 6.0).fract().min((y * 6.0).fract()) < 0.012) as u8 as f32;
    mix(mix(sea, coast, step(0.562, 0.57, height)), rgb(0x35525a), 0.18 * grid)
}

/// Stars over a dark hill.
fn night(x: f32, y: f32) -> Colour {
    let sky = mix(rgb(0x0b1030), rgb(0x34427a), y + 0.5 * (cloud(x * 2.0 + y, y * 2.0 - x, 60) - 0.5));
    let (column, row) = ((x * 24.0) as i32, (y * 24.0) as i32);
    let place = |seed| 0.15 + 0.7 * chance(column, row, seed);
    let (dx, dy) = ((x * 24.0).fract() - place(62), (y * 24.0).fract() - place(63));
    let bright = chance(column, row, 61);
    let star = if bright > 0.6 { 1.0 - step(0.0, 0.05 * bright.powi(4), dx * dx + dy * dy) } else { 0.0 };
    let lit = mix(sky, rgb(0xfff4d2), star);
    let hill = 0.82 - 0.12 * cloud(x * 2.0, 0.0, 64);
    mix(lit, rgb(0x080b1a), step(hill, hill + 0.006, y))
}

/// A leaf with veins.
fn leaf(x: f32, y: f32) -> Colour {
    let (dx, dy) = (x - 0.75, y - 0.5);
    let (along, across) = (dx * 0.8 + dy * 0.6, dy * 0.8 - dx * 0.6);
    let width = 0.27 * (1.0 - (along / 0.6).powi(2)).max(0.0);
    let vein = ((along - across.abs() * 0.8) * 16.0).fract();
    let green = mix(rgb(0x1f5d3a), rgb(0x7dbb6a), 0.5 + 0.8 * (noise(x * 9.0, y * 9.0, 70) - 0.5));
    let veined = mix(rgb(0xcfe8b0), green, step(0.03, 0.10, vein.min(across.abs() * 5.0)));
    let ground = mix(rgb(0xefe6d8), rgb(0xcdbfa7), cloud(x * 5.0, y * 5.0, 71));
    mix(veined, ground, step(0.0, 0.008, across.abs() - width))
}

/// The colour of a scene at a point: `y` goes from 0 to 1, `x` as far as the shape of the picture requires.
fn scene(name: &str, x: f32, y: f32) -> Colour {
    const DUSK: [Colour; 7] =
        [rgb(0x27496d), rgb(0xf0a07c), rgb(0xffe3ae), rgb(0x8d6a8f), rgb(0x5d4a77), rgb(0x3b3561), rgb(0x1f2140)];
    const DAY: [Colour; 7] =
        [rgb(0x6fb1d6), rgb(0xe6f2ee), rgb(0xfffbe6), rgb(0x9db9a9), rgb(0x6f9a72), rgb(0x46774f), rgb(0x244c38)];
    const SAND: [Colour; 7] =
        [rgb(0x8ec3d8), rgb(0xfbeed2), rgb(0xffffff), rgb(0xe3c48d), rgb(0xd3a766), rgb(0xb98449), rgb(0x8c5c33)];
    match name {
        "dusk" => ridges(x, y, &DUSK, 11),
        "dunes" => ridges(x, y, &SAND, 23),
        "garden" => garden(x, y),
        "loaf" => loaf(x, y),
        "chart" => chart(x, y),
        "night" => night(x, y),
        "leaf" => leaf(x, y),
        _ => ridges(x, y, &DAY, 31),
    }
}

fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0) as u8
}

/// Draws a scene as a JPEG.
///
/// # Errors
/// If it cannot be encoded.
pub(super) fn draw_scene(name: &str, width: u32, height: u32) -> Result<Vec<u8>> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let colour = scene(name, x as f32 / height as f32, y as f32 / height as f32);
        Rgb(colour.map(byte))
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)).map_err(not_encoded)?;
    Ok(bytes)
}

/// Draws the face of an account: a sun, a hill and a pattern in colours that follow from a number.
///
/// # Errors
/// If it cannot be encoded.
pub(super) fn draw_avatar(number: u32) -> Result<Vec<u8>> {
    const SIDE: u32 = 160;
    const SKIES: [u32; 7] = [0x264653, 0xe9c46a, 0x7a5c8e, 0x2a9d8f, 0xf4a261, 0x3d5a80, 0x9b2226];
    const LANDS: [u32; 7] = [0x2a9d8f, 0x9c3d54, 0xf2cc8f, 0xfefae0, 0x1d3557, 0xee6c4d, 0xe9d8a6];
    let n = number as usize;
    let (sky, land) = (rgb(SKIES[n % SKIES.len()]), rgb(LANDS[n % LANDS.len()]));
    let picture = RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32 / SIDE as f32, y as f32 / SIDE as f32);
        let around = ((x - 0.5).powi(2) + (y - 0.42).powi(2)).sqrt();
        let rings = ((around * (9.0 + (n % 5) as f32) + n as f32 * 0.37).fract() - 0.5).abs();
        let seen = mix(sky, mix(sky, land, 0.55), step(0.18, 0.24, rings));
        let face = mix(land, seen, step(0.20, 0.21, around));
        let hill = 0.74 - 0.10 * (x * (4.0 + (n % 3) as f32) + n as f32).sin();
        let [r, g, b] = mix(face, mix(land, [0.1, 0.1, 0.16], 0.35), step(hill, hill + 0.012, y)).map(byte);
        Rgba([r, g, b, 255])
    });
    png(&picture)
}

/// Draws a custom emoji on a transparent ground.
///
/// # Errors
/// If it cannot be encoded.
pub(super) fn draw_emoji(name: &str) -> Result<Vec<u8>> {
    const SIDE: u32 = 64;
    let picture = RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32 / 32.0 - 1.0, y as f32 / 32.0 - 1.0);
        let (colour, cover) = match name {
            "fern" => {
                let (along, across) = (x * 0.7 - y * 0.7, (x + y) * 0.7);
                let tooth = 0.14 * ((along * 14.0).sin().abs());
                let width = (0.42 - tooth) * (1.0 - along.abs()).max(0.0).sqrt();
                (mix(rgb(0x2e7d32), rgb(0xaed581), 0.5 + across), 1.0 - step(width - 0.05, width, across.abs()))
            }
            "kettle" => {
                let body = (x * x + (y - 0.25).powi(2) * 1.5).sqrt();
                let handle = ((x * x + (y + 0.15).powi(2)).sqrt() - 0.55).abs();
                let cover =
                    (1.0 - step(0.62, 0.68, body)).max((1.0 - step(0.08, 0.13, handle)) * (y < 0.0) as u8 as f32);
                (mix(rgb(0xd1495b), rgb(0xffb4a2), 0.4 - x - y), cover)
            }
            _ => {
                let crest = 0.35 * (x * 4.5).sin() * (1.0 - x.abs() * 0.4);
                (mix(rgb(0x90e0ef), rgb(0x0077b6), y - crest), step(crest - 0.05, crest, y) * (1.0 - step(0.8, 0.9, y)))
            }
        };
        let [r, g, b] = colour.map(byte);
        Rgba([r, g, b, byte(cover)])
    });
    png(&picture)
}

fn png(picture: &RgbaImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(not_encoded)?;
    Ok(bytes.into_inner())
}

fn not_encoded(e: image::ImageError) -> Error {
    Error::internal(format!("a picture of the demo could not be encoded: {e}"))
}
