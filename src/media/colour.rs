//! Colours as browsers assume them. A stored image carries no profile, so one that was made in another colour space
//! (telephones write Display P3) is converted to sRGB; otherwise it would look pale.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// A profile of this size or more is a table for a press, not a screen's.
const PROFILE_BYTES: usize = 64 * 1024;
/// Pixels converted at once; a copy of a whole large image would be too much memory.
const PIECE: usize = 16 * 1024;

/// Converts to sRGB by the profile that was in the file. A profile that cannot be used leaves the image as it is.
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
