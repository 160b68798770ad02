//! The rows of a decoded image, averaged to the stored size on the way, so that a large image is never in memory whole.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, RgbaImage};

use crate::limits;

/// An image that is filled row by row, from the top. It is turned upright while it is filled.
pub(crate) struct Canvas {
    from: (usize, usize),
    to: (usize, usize),
    /// Samples of a pixel of the source: grey, grey and alpha, RGB, or RGBA.
    read: usize,
    /// Samples of a pixel of the result: RGB or RGBA.
    kept: usize,
    placement: Placement,
    /// Rows of the source that were added, and of the result that are finished.
    added: usize,
    finished: usize,
    columns: Vec<Column>,
    /// The sums of one source row along the x axis.
    line: Vec<u32>,
    /// The sums of the row of the result that is being filled.
    sums: Vec<u64>,
    pixels: Vec<u8>,
    is_opaque: bool,
}

/// The column of the result that a source pixel begins in, with its weight there; the rest belongs to the next one.
struct Column {
    first: u32,
    weight: u32,
    rest: u32,
}

/// Where the pixels of the scaled image stand in the upright image.
struct Placement {
    size: (usize, usize),
    origin: usize,
    step_x: isize,
    step_y: isize,
}

impl Placement {
    fn new((width, height): (usize, usize), orientation: Orientation) -> Self {
        let (w, h) = (width as isize, height as isize);
        // The position of a pixel is origin + x * step_x + y * step_y.
        let (is_turned, origin, step_x, step_y) = match orientation {
            Orientation::NoTransforms => (false, 0, 1, w),
            Orientation::FlipHorizontal => (false, w - 1, -1, w),
            Orientation::Rotate180 => (false, w * h - 1, -1, -w),
            Orientation::FlipVertical => (false, w * (h - 1), 1, -w),
            Orientation::Rotate90 => (true, h - 1, h, -1),
            Orientation::Rotate270 => (true, h * (w - 1), -h, 1),
            Orientation::Rotate90FlipH => (true, 0, h, 1),
            Orientation::Rotate270FlipH => (true, w * h - 1, -h, -1),
        };
        let size = if is_turned { (height, width) } else { (width, height) };
        Self { size, origin: origin.max(0) as usize, step_x, step_y }
    }
}

impl Canvas {
    /// Prepares for `size` pixels of `samples` each (1 to 4). The result is no larger than [`stored_size`] of them.
    pub(crate) fn new(size: (u32, u32), samples: usize, orientation: Orientation) -> Self {
        let to = stored_size(size);
        let (from, to) = ((size.0 as usize, size.1 as usize), (to.0 as usize, to.1 as usize));
        let kept = if samples == 2 || samples == 4 { 4 } else { 3 };
        let is_scaled = from != to;
        Self {
            from,
            to,
            read: samples,
            kept,
            placement: Placement::new(to, orientation),
            added: 0,
            finished: 0,
            columns: if is_scaled { columns(from.0, to.0) } else { Vec::new() },
            line: vec![0; if is_scaled { to.0 * kept } else { 0 }],
            sums: vec![0; if is_scaled { to.0 * kept } else { 0 }],
            pixels: vec![0; to.0 * to.1 * kept],
            is_opaque: true,
        }
    }

    /// Adds the next row. Rows below the image are ignored.
    pub(crate) fn add_row(&mut self, row: &[u8]) {
        if self.added == self.from.1 {
            return;
        }
        match (self.read, self.kept) {
            (1, _) => self.add::<1, 3>(row),
            (2, _) => self.add::<2, 4>(row),
            (3, _) => self.add::<3, 3>(row),
            _ => self.add::<4, 4>(row),
        }
    }

    fn add<const READ: usize, const KEPT: usize>(&mut self, row: &[u8]) {
        let (row, _) = row.as_chunks::<READ>();
        if self.columns.is_empty() {
            let mut at = self.start_of(self.added);
            for pixel in row.iter().take(self.to.0) {
                let samples = spread(pixel);
                self.is_opaque &= samples[3] == u8::MAX;
                at = put(&mut self.pixels, at, self.placement.step_x, &samples[..KEPT]);
            }
            self.added += 1;
            self.finished += 1;
            return;
        }
        self.is_opaque &= sum_line::<READ, KEPT>(row, &self.columns, &mut self.line);
        // In units of 1/(from * to) of the height, the source row covers `start..end` of rows of `from` units.
        let (start, end) = (self.added * self.to.1, (self.added + 1) * self.to.1);
        self.added += 1;
        let boundary = (start / self.from.1 + 1) * self.from.1;
        self.weigh(end.min(boundary) - start);
        if end >= boundary {
            self.finish_row();
            self.weigh(end - boundary);
        }
    }

    fn weigh(&mut self, weight: usize) {
        if weight > 0 {
            for (sum, part) in self.sums.iter_mut().zip(&self.line) {
                *sum += u64::from(*part) * weight as u64;
            }
        }
    }

    fn finish_row(&mut self) {
        let whole = self.from.0 as u64 * self.from.1 as u64;
        let mut at = self.start_of(self.finished);
        let mut samples = [0; 4];
        for sums in self.sums.chunks_exact_mut(self.kept) {
            for (sample, sum) in samples.iter_mut().zip(sums) {
                *sample = (*sum / whole).min(255) as u8;
                *sum = 0;
            }
            at = put(&mut self.pixels, at, self.placement.step_x, &samples[..self.kept]);
        }
        self.finished += 1;
    }

    fn start_of(&self, row: usize) -> usize {
        self.placement.origin.wrapping_add_signed(self.placement.step_y.wrapping_mul(row as isize))
    }

    /// Returns the image, RGB unless a pixel is transparent, or `None` if rows are missing.
    pub(crate) fn finish(mut self) -> Option<DynamicImage> {
        if self.finished < self.to.1 {
            return None;
        }
        let (width, height) = (self.placement.size.0 as u32, self.placement.size.1 as u32);
        if self.kept == 4 && !self.is_opaque {
            return RgbaImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgba8);
        }
        if self.kept == 4 {
            // In place: a second image of this size would double the memory.
            let pixels = self.pixels.len() / 4;
            for n in 0..pixels {
                self.pixels.copy_within(n * 4..n * 4 + 3, n * 3);
            }
            self.pixels.truncate(pixels * 3);
        }
        RgbImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgb8)
    }
}

/// The size in which an image is stored: of the same shape, and within [`limits::IMAGE_STORED_SIDE`] and
/// [`limits::IMAGE_STORED_PIXELS`].
pub(crate) fn stored_size((width, height): (u32, u32)) -> (u32, u32) {
    let longest = f64::from(width.max(height));
    let pixels = f64::from(width) * f64::from(height);
    let by_side = f64::from(limits::IMAGE_STORED_SIDE) / longest;
    let by_pixels = (f64::from(limits::IMAGE_STORED_PIXELS) / pixels).sqrt();
    let factor = by_side.min(by_pixels);
    if factor >= 1.0 {
        return (width, height);
    }
    let scaled = |length: u32| ((f64::from(length) * factor).round() as u32).clamp(1, limits::IMAGE_STORED_SIDE);
    (scaled(width), scaled(height))
}

fn columns(from: usize, to: usize) -> Vec<Column> {
    let column = |x: usize| {
        // In units of 1/(from * to) of the width, the source pixel covers `start..start + to`.
        let start = x * to;
        let first = start / from;
        let weight = to.min((first + 1) * from - start);
        Column { first: first as u32, weight: weight as u32, rest: (to - weight) as u32 }
    };
    (0..from).map(column).collect()
}

/// Returns `true` if the row is opaque.
fn sum_line<const READ: usize, const KEPT: usize>(row: &[[u8; READ]], columns: &[Column], line: &mut [u32]) -> bool {
    line.fill(0);
    let (line, _) = line.as_chunks_mut::<KEPT>();
    let mut alpha = u8::MAX;
    for (pixel, column) in row.iter().zip(columns) {
        let samples = spread(pixel);
        alpha &= samples[3];
        let first = column.first as usize;
        if let Some(sums) = line.get_mut(first) {
            for (sum, sample) in sums.iter_mut().zip(samples) {
                *sum += u32::from(sample) * column.weight;
            }
        }
        if column.rest > 0
            && let Some(sums) = line.get_mut(first + 1)
        {
            for (sum, sample) in sums.iter_mut().zip(samples) {
                *sum += u32::from(sample) * column.rest;
            }
        }
    }
    alpha == u8::MAX
}

/// Writes a pixel and returns the position of the next one.
fn put(pixels: &mut [u8], at: usize, step: isize, samples: &[u8]) -> usize {
    let start = at.wrapping_mul(samples.len());
    if let Some(place) = pixels.get_mut(start..start.wrapping_add(samples.len())) {
        place.copy_from_slice(samples);
    }
    at.wrapping_add_signed(step)
}

/// A pixel of one to four samples as red, green, blue and alpha.
fn spread<const READ: usize>(pixel: &[u8; READ]) -> [u8; 4] {
    match *pixel.as_slice() {
        [grey] => [grey, grey, grey, u8::MAX],
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b] => [r, g, b, u8::MAX],
        [r, g, b, a] => [r, g, b, a],
        _ => [0; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(image: &RgbaImage, orientation: Orientation) -> DynamicImage {
        let mut canvas = Canvas::new(image.dimensions(), 4, orientation);
        image.as_raw().chunks(image.width() as usize * 4).for_each(|row| canvas.add_row(row));
        canvas.finish().unwrap()
    }

    #[test]
    fn every_orientation_is_applied_as_the_image_crate_does() {
        let image = RgbaImage::from_fn(5, 3, |x, y| image::Rgba([x as u8 * 40, y as u8 * 80, 7, 200 + x as u8]));
        for n in 1..=8 {
            let orientation = Orientation::from_exif(n).unwrap();
            let mut expected = DynamicImage::ImageRgba8(image.clone());
            expected.apply_orientation(orientation);
            assert_eq!(canvas(&image, orientation), expected, "{n}");
        }
    }

    #[test]
    fn rows_are_averaged_by_area() {
        let side = limits::IMAGE_STORED_SIDE;
        let stripes = |x: u32, y: u32| image::Rgba([if (x + y).is_multiple_of(2) { 40 } else { 80 }, 0, 9, 128]);
        let small = canvas(&RgbaImage::from_fn(side * 2, 4, stripes), Orientation::NoTransforms).to_rgba8();
        assert_eq!(small.dimensions(), (side, 2));
        assert!(small.pixels().all(|p| p.0 == [60, 0, 9, 128]));
        let uneven =
            canvas(&RgbaImage::from_pixel(side + 7, 5, image::Rgba([10, 200, 255, 128])), Orientation::Rotate90);
        assert_eq!((uneven.width(), uneven.height()), (5, side));
        assert!(uneven.to_rgba8().pixels().all(|p| p.0 == [10, 200, 255, 128]));
    }

    #[test]
    fn opaque_images_lose_their_alpha_and_missing_rows_are_detected() {
        let image = RgbaImage::from_fn(7, 5, |x, y| image::Rgba([x as u8 * 9, y as u8 * 9, 3, 255]));
        let whole = canvas(&image, Orientation::NoTransforms);
        assert!(!whole.color().has_alpha() && whole.to_rgba8() == image);
        let mut part = Canvas::new((7, 5), 4, Orientation::NoTransforms);
        part.add_row(&[0; 28]);
        assert!(part.finish().is_none());
    }

    #[test]
    fn stored_sizes_retain_the_aspect_ratio_within_the_limits() {
        assert_eq!(stored_size((8000, 1000)), (3840, 480));
        assert_eq!(stored_size((4000, 3000)), (3326, 2494));
        assert_eq!(stored_size((10_000, 1)), (3840, 1));
        assert_eq!(stored_size((1920, 1080)), (1920, 1080));
    }
}
