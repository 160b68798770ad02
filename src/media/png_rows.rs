//! PNG images decoded row by row and scaled down on the way, so that a large one never is in memory whole.

use std::io::Cursor;

use image::{DynamicImage, RgbImage, RgbaImage};
use png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use crate::error::{Error, Result};
use crate::limits;

/// Channels of a decoded row and of the image that is made of it.
#[derive(Clone, Copy)]
struct Channels {
    read: usize,
    kept: usize,
}

/// Decodes a PNG to RGB or RGBA with no side longer than `side`, or `None` if its rows are interlaced.
///
/// # Errors
/// [`Error::Invalid`] when it is damaged.
pub(super) fn decode(bytes: &[u8], side: u32) -> Result<Option<DynamicImage>> {
    let memory = usize::try_from(limits::IMAGE_DECODE_MEMORY).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: memory });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|e| damaged(&e))?;
    let (width, height) = (reader.info().width, reader.info().height);
    if reader.info().interlaced {
        return Ok(None);
    }
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => Channels { read: 1, kept: 3 },
        ColorType::GrayscaleAlpha => Channels { read: 2, kept: 4 },
        ColorType::Rgb => Channels { read: 3, kept: 3 },
        ColorType::Rgba => Channels { read: 4, kept: 4 },
        ColorType::Indexed => return Ok(None),
    };
    let mut area = Area::new((width, height), scaled((width, height), side), channels);
    while let Some(row) = reader.next_row().map_err(|e| damaged(&e))? {
        area.add_row(row.data());
    }
    area.finish().map(Some)
}

fn damaged(e: &DecodingError) -> Error {
    Error::invalid(format!("the PNG image is damaged or incomplete and cannot be decoded ({e})"))
}

/// The size with the same shape and no side longer than `side`.
fn scaled((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side {
        return (width, height);
    }
    let part = |length: u32| {
        let exact = f64::from(length) * f64::from(side) / f64::from(longest);
        (exact.round() as u32).clamp(1, side)
    };
    (part(width), part(height))
}

/// Averages the pixels of the source that fall into each pixel of the result, weighted by the area that they share.
struct Area {
    from: (u64, u64),
    to: (u64, u64),
    channels: Channels,
    /// Rows of the source that were added.
    rows: u64,
    /// The sums of one source row along the x axis.
    line: Vec<u64>,
    /// The sums of the row of the result that is being filled.
    sums: Vec<u64>,
    pixels: Vec<u8>,
    is_opaque: bool,
}

impl Area {
    fn new(from: (u32, u32), to: (u32, u32), channels: Channels) -> Self {
        let samples = to.0 as usize * channels.kept;
        Self {
            from: (from.0.into(), from.1.into()),
            to: (to.0.into(), to.1.into()),
            channels,
            rows: 0,
            line: vec![0; samples],
            sums: vec![0; samples],
            pixels: Vec::with_capacity(samples * to.1 as usize),
            is_opaque: true,
        }
    }

    fn add_row(&mut self, row: &[u8]) {
        if self.from == self.to {
            for pixel in row.chunks_exact(self.channels.read) {
                let samples = spread(pixel);
                self.is_opaque &= samples[3] == u8::MAX;
                self.pixels.extend_from_slice(&samples[..self.channels.kept]);
            }
            return;
        }
        self.sum_line(row);
        // In units of 1/(from * to) of the height, the source row covers `start..end` of rows of `from` units.
        let (start, end) = (self.rows * self.to.1, (self.rows + 1) * self.to.1);
        self.rows += 1;
        let boundary = (start / self.from.1 + 1) * self.from.1;
        self.weigh(end.min(boundary) - start);
        if end >= boundary {
            self.finish_row();
            self.weigh(end - boundary);
        }
    }

    fn sum_line(&mut self, row: &[u8]) {
        self.line.fill(0);
        let (from, to, kept) = (self.from.0, self.to.0, self.channels.kept);
        for (x, pixel) in row.chunks_exact(self.channels.read).enumerate() {
            let samples = spread(pixel);
            self.is_opaque &= samples[3] == u8::MAX;
            let (start, end) = (x as u64 * to, (x as u64 + 1) * to);
            let first = start / from;
            let boundary = (first + 1) * from;
            let left = end.min(boundary) - start;
            let at = first as usize * kept;
            for (n, sample) in samples.iter().take(kept).enumerate() {
                if let Some(sum) = self.line.get_mut(at + n) {
                    *sum += u64::from(*sample) * left;
                }
                if end > boundary
                    && let Some(sum) = self.line.get_mut(at + kept + n)
                {
                    *sum += u64::from(*sample) * (end - boundary);
                }
            }
        }
    }

    fn weigh(&mut self, weight: u64) {
        if weight > 0 {
            for (sum, part) in self.sums.iter_mut().zip(&self.line) {
                *sum += part * weight;
            }
        }
    }

    fn finish_row(&mut self) {
        let whole = self.from.0 * self.from.1;
        for sum in &mut self.sums {
            self.pixels.push((*sum / whole).min(255) as u8);
            *sum = 0;
        }
    }

    fn finish(mut self) -> Result<DynamicImage> {
        let (width, height) = (self.to.0 as u32, self.to.1 as u32);
        if self.channels.kept == 4 && self.is_opaque {
            // In place: a second image of this size would double the memory.
            let pixels = width as usize * height as usize;
            for n in 0..pixels.min(self.pixels.len() / 4) {
                self.pixels.copy_within(n * 4..n * 4 + 3, n * 3);
            }
            self.pixels.truncate(pixels * 3);
            self.channels.kept = 3;
        }
        let image = if self.channels.kept == 3 {
            RgbImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgb8)
        } else {
            RgbaImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgba8)
        };
        image.ok_or_else(|| Error::invalid("the PNG image is incomplete and cannot be decoded"))
    }
}

/// A pixel of one to four samples as red, green, blue and alpha.
fn spread(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
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

    fn png(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn rows_are_averaged_by_area() {
        let stripes: DynamicImage =
            image::GrayImage::from_fn(90, 60, |x, y| image::Luma([if (x + y) % 2 == 0 { 40 } else { 80 }])).into();
        let small = decode(&png(&stripes), 45).unwrap().unwrap().to_rgb8();
        assert_eq!(small.dimensions(), (45, 30));
        assert!(small.pixels().all(|p| p.0 == [60, 60, 60]));
        let uneven = decode(&png(&stripes), 61).unwrap().unwrap().to_rgb8();
        assert_eq!(uneven.dimensions(), (61, 41));
        let plain: DynamicImage = RgbaImage::from_pixel(101, 37, image::Rgba([10, 200, 255, 128])).into();
        let small = decode(&png(&plain), 64).unwrap().unwrap();
        assert!(small.to_rgba8().pixels().all(|p| p.0 == [10, 200, 255, 128]));
    }

    #[test]
    fn small_images_are_kept_as_they_are_and_opaque_ones_lose_their_alpha() {
        let image: DynamicImage =
            RgbaImage::from_fn(7, 5, |x, y| image::Rgba([x as u8 * 9, y as u8 * 9, 3, 255])).into();
        let decoded = decode(&png(&image), 100).unwrap().unwrap();
        assert!(!decoded.color().has_alpha());
        assert_eq!(decoded.to_rgb8(), image.to_rgb8());
    }
}
