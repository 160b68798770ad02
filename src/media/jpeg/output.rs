//! From the samples of blocks to rows of pixels.

use image::DynamicImage;

use super::blocks::Block;
use super::header::{Colour, Frame};
use super::idct;
use crate::media::still::canvas::Canvas;

/// One row of MCUs of a component.
struct Strip {
    /// Samples of a row.
    wide: usize,
    samples: Vec<u8>,
    across: usize,
    down: usize,
}

/// Takes blocks and passes rows of pixels to the canvas.
pub(super) struct Output<'a> {
    frame: &'a Frame,
    /// Samples on a side of a block.
    side: usize,
    colour: Colour,
    canvas: Canvas,
    strips: Vec<Strip>,
    /// A row of each component, as wide as the image.
    lines: Vec<Vec<u8>>,
    row: Vec<u8>,
}

impl<'a> Output<'a> {
    pub(super) fn new(frame: &'a Frame, side: usize, colour: Colour, canvas: Canvas) -> Self {
        let strip = |c: &super::header::Component| {
            let wide = frame.mcus.0 * c.across * side;
            Strip { wide, samples: vec![0; wide * c.down * side], across: c.across, down: c.down }
        };
        let strips: Vec<Strip> = frame.components.iter().map(strip).collect();
        let wide = frame.width.div_ceil(8 / side);
        let lines = vec![vec![0; wide]; strips.len()];
        Self { frame, side, colour, canvas, strips, lines, row: Vec::with_capacity(wide * 3) }
    }

    /// Sets a block of the present row of MCUs.
    pub(super) fn set_block(&mut self, component: usize, (x, y): (usize, usize), block: &Block, table: &[u16; 64]) {
        let side = self.side;
        let Some(strip) = self.strips.get_mut(component) else { return };
        let start = y * side * strip.wide + x * side;
        let mut copy = |samples: &[u8]| {
            for (n, line) in samples.chunks_exact(side).enumerate() {
                let at = start + n * strip.wide;
                if let Some(place) = strip.samples.get_mut(at..at + side) {
                    place.copy_from_slice(line);
                }
            }
        };
        if side == 8 {
            copy(&idct::full(block, table));
        } else {
            copy(&idct::half(block, table));
        }
    }

    /// Passes on the pixels of the present row of MCUs.
    pub(super) fn finish_mcus(&mut self, row: usize) {
        let rows = self.frame.down * self.side;
        let left = self.frame.height.div_ceil(8 / self.side).saturating_sub(row * rows);
        for y in 0..rows.min(left) {
            for (strip, line) in self.strips.iter().zip(&mut self.lines) {
                let from = y * strip.down / self.frame.down * strip.wide;
                let samples = strip.samples.get(from..from + strip.wide).unwrap_or_default();
                widen(samples, line, (strip.across, self.frame.across));
            }
            self.row.clear();
            to_rgb(self.colour, &self.lines, &mut self.row);
            self.canvas.add_row(&self.row);
        }
    }

    pub(super) fn finish(self) -> Option<DynamicImage> {
        self.canvas.finish()
    }
}

/// Stretches the samples of a component that has `part` of `whole` samples.
fn widen(samples: &[u8], line: &mut [u8], (part, whole): (usize, usize)) {
    if part == whole {
        line.iter_mut().zip(samples).for_each(|(place, sample)| *place = *sample);
    } else if part * 2 == whole {
        // Each sample lies between two pixels and is blended with its neighbours.
        let wide = line.len().div_ceil(2);
        let samples = samples.get(..wide).unwrap_or(samples);
        for (x, pair) in line.chunks_mut(2).enumerate() {
            let here = samples.get(x).copied().unwrap_or_default();
            let neighbours = [samples.get(x.wrapping_sub(1)), samples.get(x + 1)];
            for (place, neighbour) in pair.iter_mut().zip(neighbours) {
                let other = neighbour.copied().unwrap_or(here);
                *place = ((u16::from(here) * 3 + u16::from(other) + 2) / 4) as u8;
            }
        }
    } else {
        for (x, place) in line.iter_mut().enumerate() {
            *place = samples.get(x * part / whole).copied().unwrap_or_default();
        }
    }
}

fn to_rgb(colour: Colour, lines: &[Vec<u8>], row: &mut Vec<u8>) {
    match (lines, colour) {
        ([grey], _) => row.extend_from_slice(grey),
        ([a, b, c, ink @ ..], _) => {
            let black = ink.first().map_or(&[][..], |k| k);
            for (x, ((a, b), c)) in a.iter().zip(b).zip(c).enumerate() {
                let black = black.get(x).copied().unwrap_or_default();
                row.extend_from_slice(&pixel(colour, [*a, *b, *c, black]));
            }
        }
        _ => {}
    }
}

fn pixel(colour: Colour, [a, b, c, black]: [u8; 4]) -> [u8; 3] {
    let printed = |inks: [u8; 3], is_inverted: bool| {
        let shade = |ink: u8| if is_inverted { u32::from(ink) } else { u32::from(255 - ink) };
        inks.map(|ink| ((shade(ink) * shade(black) + 127) / 255) as u8)
    };
    match colour {
        Colour::Grey | Colour::Rgb => [a, b, c],
        Colour::YCbCr => from_ycbcr(a, b, c),
        Colour::Cmyk { is_inverted } => printed([a, b, c], is_inverted),
        Colour::Ycck => printed(from_ycbcr(a, b, c).map(|light| 255 - light), true),
    }
}

/// As JFIF defines it (ITU-T T.871), in 1/65536.
fn from_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = ((i32::from(y) << 16) + 32_768, i32::from(cb) - 128, i32::from(cr) - 128);
    let channel = |value: i32| (value >> 16).clamp(0, 255) as u8;
    [channel(y + 91_881 * cr), channel(y - 22_554 * cb - 46_802 * cr), channel(y + 116_130 * cb)]
}
