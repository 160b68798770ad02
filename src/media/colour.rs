//! Conversion to sRGB. A stored image has no colour profile, so one in another colour space (phones write Display P3) is
//! converted; otherwise it would look pale.

use std::sync::Arc;

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

use crate::limits;

/// Pixels converted together; a copy of a large image would take too much memory.
const PIECE: usize = 16 * 1024;

/// Converts to sRGB by the profile of the file. An unusable profile leaves the image unchanged.
pub(super) fn to_srgb(image: &mut DynamicImage, profile: Option<&[u8]>) {
    let Some(source) = profile.and_then(parse) else { return };
    let (layout, samples) = match image {
        DynamicImage::ImageRgb8(rgb) => (Layout::Rgb, &mut **rgb),
        DynamicImage::ImageRgba8(rgba) => (Layout::Rgba, &mut **rgba),
        _ => return,
    };
    match source.color_space {
        DataColorSpace::Rgb => convert_rgb(&source, layout, samples),
        DataColorSpace::Gray => convert_grey(&source, samples.chunks_exact_mut(layout.channels())),
        _ => {}
    }
}

fn parse(profile: &[u8]) -> Option<ColorProfile> {
    if profile.len() > limits::IMAGE_PROFILE_BYTES {
        return None;
    }
    ColorProfile::new_from_slice(profile).ok()
}

fn convert_rgb(source: &ColorProfile, layout: Layout, samples: &mut [u8]) {
    let target = ColorProfile::new_srgb();
    let Ok(transform) = source.create_transform_8bit(layout, &target, layout, TransformOptions::default()) else {
        return;
    };
    let piece = PIECE * layout.channels();
    let mut converted = vec![0; piece];
    for part in samples.chunks_mut(piece) {
        let Some(converted) = converted.get_mut(..part.len()) else { return };
        if transform.transform(part, converted).is_err() {
            return;
        }
        part.copy_from_slice(converted);
    }
}

/// Converts pixels that are all grey: their three channels are the same.
fn convert_grey<'a>(source: &ColorProfile, pixels: impl Iterator<Item = &'a mut [u8]>) {
    let target = ColorProfile::new_srgb();
    let transform = source.create_transform_8bit(Layout::Gray, &target, Layout::Rgb, TransformOptions::default());
    let shades: Vec<u8> = (0..=u8::MAX).collect();
    let mut converted = [0; 256 * 3];
    if transform.and_then(|t| t.transform(&shades, &mut converted)).is_err() {
        return;
    }
    let (table, _) = converted.as_chunks::<3>();
    for pixel in pixels {
        if let [r, g, b, ..] = pixel
            && *r == *g
            && *g == *b
        {
            [*r, *g, *b] = table[usize::from(*r)];
        }
    }
}

/// The colours of printing inks, by the profile of an image.
pub(super) struct Inks(Arc<Transform8BitExecutor>);

impl Inks {
    /// Returns `None` if the profile is unusable, or not one of cyan, magenta, yellow and black.
    pub(super) fn of(profile: Option<&[u8]>) -> Option<Self> {
        let source = profile.and_then(parse).filter(|p| p.color_space == DataColorSpace::Cmyk)?;
        let (target, options) = (ColorProfile::new_srgb(), TransformOptions::default());
        source.create_transform_8bit(Layout::Rgba, &target, Layout::Rgb, options).ok().map(Self)
    }

    /// Converts a row of amounts of ink, four to a pixel. Returns `None` if that fails.
    pub(super) fn to_rgb(&self, row: &[u8]) -> Option<Vec<u8>> {
        let mut converted = vec![0; row.len() / 4 * 3];
        self.0.transform(row, &mut converted).ok().map(|()| converted)
    }
}
