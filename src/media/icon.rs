//! The icon of the server: a picture of the owner in the sizes that browsers ask for.

use std::io::{BufRead, Seek};

use image::imageops::{self, FilterType};
use image::{DynamicImage, Rgba, RgbaImage};

use super::process::{one_at_a_time, png};
use super::scale::shaped;
use super::still::still;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::colour::Colour;

/// The sizes, with their names: tabs, iOS, and installed apps.
const SIZES: [(&str, u32); 4] = [("32", 32), ("180", 180), ("192", 192), ("512", 512)];
/// The icon that systems cut to a shape of their own.
const MASKABLE: &str = "maskable";
/// The side of the picture in it: what is within 40 percent of the middle is never cut off.
const INSIDE: u32 = 360;
const LARGEST: u32 = 512;

/// Makes the icons of a picture: each size with its PNG. What is transparent gets the `ground` where an icon must be opaque.
///
/// # Errors
/// As [`super::accept_image`].
pub fn make_icons<S: BufRead + Seek>(source: S, ground: Colour) -> Result<Vec<(&'static str, Vec<u8>)>> {
    one_at_a_time(source, |source, format| {
        let square = shaped(still(source, format)?, (LARGEST, LARGEST));
        let mut icons = Vec::new();
        for (name, side) in SIZES {
            icons.push((name, write(&square.resize_exact(side, side, FilterType::CatmullRom))?));
        }
        icons.push((MASKABLE, write(&maskable(&square, ground))?));
        Ok(icons)
    })
}

/// A picture with transparent parts is a drawing that must not be cut; any other fills the icon.
fn maskable(square: &DynamicImage, ground: Colour) -> DynamicImage {
    if !square.color().has_alpha() {
        return square.resize_exact(LARGEST, LARGEST, FilterType::CatmullRom);
    }
    let ground = Rgba([ground.red, ground.green, ground.blue, 255]);
    let mut paper = RgbaImage::from_pixel(LARGEST, LARGEST, ground);
    let inside = square.resize_exact(INSIDE, INSIDE, FilterType::CatmullRom).into_rgba8();
    let margin = i64::from((LARGEST - INSIDE) / 2);
    imageops::overlay(&mut paper, &inside, margin, margin);
    DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(paper).into_rgb8())
}

fn write(image: &DynamicImage) -> Result<Vec<u8>> {
    let too_large = || Error::internal("an icon is larger than its pixels");
    Ok(png(image, limits::ICON_BYTES)?.ok_or_else(too_large)?.bytes)
}
