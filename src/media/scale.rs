//! Scaling and cutting.

use image::DynamicImage;
use image::imageops::FilterType;

/// Scales down, keeping the shape, until no side is longer than `side`; `None` if that is so already.
pub(super) fn smaller(image: &DynamicImage, side: u32) -> Option<DynamicImage> {
    let longest = image.width().max(image.height());
    if longest <= side {
        return None;
    }
    // The better filter works in 16 bytes a pixel, and is hardly better where many pixels become one.
    let is_large = longest > side * 2;
    Some(if is_large { image.thumbnail(side, side) } else { image.resize(side, side, FilterType::CatmullRom) })
}

/// Cuts the middle out in the given shape and scales it down to that size.
pub(super) fn shaped(image: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let (w, h) = (u64::from(image.width()), u64::from(image.height()));
    let (sw, sh) = (u64::from(width), u64::from(height));
    let (cw, ch) = if w * sh > h * sw { (h * sw / sh, h) } else { (w, w * sh / sw) };
    let (cw, ch) = (cw.max(1) as u32, ch.max(1) as u32);
    let cut = image.crop_imm((image.width() - cw) / 2, (image.height() - ch) / 2, cw, ch);
    if cw <= width {
        return cut;
    }
    let cut = if cw > width * 2 { cut.thumbnail_exact(width * 2, height * 2) } else { cut };
    cut.resize_exact(width, height, FilterType::CatmullRom)
}

/// Scales down, keeping the shape, until it fits into a width and a height.
pub(super) fn fitted(image: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if image.width() <= width && image.height() <= height {
        return image;
    }
    let is_large = image.width() > width * 2 || image.height() > height * 2;
    let image = if is_large { image.thumbnail(width * 2, height * 2) } else { image };
    image.resize(width, height, FilterType::CatmullRom)
}
