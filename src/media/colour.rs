//! Conversion to sRGB. A stored image has no colour profile, so one in another colour space (phones write Display P3) is
//! converted; otherwise it would look pale.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Profiles of this size or more are for presses, not for screens.
const PROFILE_BYTES: usize = 64 * 1024;
/// Pixels converted together; a copy of a large image would take too much memory.
const PIECE: usize = 16 * 1024;

/// Converts to sRGB by the profile of the file. An unusable profile leaves the image unchanged.
pub(super) fn to_srgb(image: &mut DynamicImage, profile: Option<&[u8]>) {
    let Some(profile) = profile.filter(|p| p.len() < PROFILE_BYTES) else { return };
    let Ok(source) = ColorProfile::new_from_slice(profile) else { return };
    if source.color_space != DataColorSpace::Rgb {
        return;
    }
    let (layout, samples) = match image {
        DynamicImage::ImageRgb8(rgb) => (Layout::Rgb, &mut **rgb),
        DynamicImage::ImageRgba8(rgba) => (Layout::Rgba, &mut **rgba),
        _ => return,
    };
    let target = ColorProfile::new_srgb();
    let Ok(transform) = source.create_transform_8bit(layout, &target, layout, TransformOptions::default()) else {
        return;
    };
    let piece = PIECE * if layout == Layout::Rgb { 3 } else { 4 };
    let mut converted = vec![0; piece];
    for part in samples.chunks_mut(piece) {
        let Some(converted) = converted.get_mut(..part.len()) else { return };
        if transform.transform(part, converted).is_err() {
            return;
        }
        part.copy_from_slice(converted);
    }
}
