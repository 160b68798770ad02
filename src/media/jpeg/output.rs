//! From the samples of blocks to rows of pixels.

use image::DynamicImage;

use super::blocks::Block;
use super::header::{Colour, Frame};
use super::idct;
use crate::media::colour::Inks;
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
    /// What the inks look like, for images of inks with a profile.
    inks: Option<Inks>,
    canvas: Canvas,
    strips: Vec<Strip>,
    /// A row of each component, as wide as the image.
    lines: Vec<Vec<u8>>,
    row: Vec<u8>,
}

impl<'a> Output<'a> {
    pub(super) fn new(frame: &'a Frame, side: usize, (colour, inks): (Colour, Option<Inks>), canvas: Canvas) -> Self {
        let strip = |c: &super::header::Component| {
            let wide = frame.mcus.0 * c.across * side;
            Strip { wide, samples: vec![0; wide * c.down * side], across: c.across, down: c.down }
        };
        let strips: Vec<Strip> = frame.components.iter().map(strip).collect();
        let wide = frame.width.div_ceil(8 / side);
        let lines = vec![vec![0; wide]; strips.len()];
        Self { frame, side, colour, inks, canvas, strips, lines, row: Vec::with_capacity(wide * 3) }
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
            if self.colour.is_ink() {
                self.add_inks();
            } else {
                to_rgb(self.colour, &self.lines, &mut self.row);
                self.canvas.add_row(&self.row);
            }
        }
    }

    fn add_inks(&mut self) {
        if let [a, b, c, black] = self.lines.as_slice() {
            for (((a, b), c), black) in a.iter().zip(b).zip(c).zip(black) {
                self.row.extend_from_slice(&amounts(self.colour, [*a, *b, *c, *black]));
            }
        }
        let printed = self.inks.as_ref().and_then(|inks| inks.to_rgb(&self.row));
        let mixed = || self.row.as_chunks::<4>().0.iter().flat_map(|inks| mixed(*inks)).collect();
        self.canvas.add_row(&printed.unwrap_or_else(mixed));
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
    match lines {
        [grey] => row.extend_from_slice(grey),
        [a, b, c] => {
            for ((a, b), c) in a.iter().zip(b).zip(c) {
                let pixel = if colour == Colour::Rgb { [*a, *b, *c] } else { from_ycbcr(*a, *b, *c) };
                row.extend_from_slice(&pixel);
            }
        }
        _ => {}
    }
}

/// The amounts of cyan, magenta, yellow and black of a pixel.
fn amounts(colour: Colour, [a, b, c, black]: [u8; 4]) -> [u8; 4] {
    match colour {
        Colour::Cmyk { is_inverted: false } => [a, b, c, black],
        Colour::Ycck => {
            let [cyan, magenta, yellow] = from_ycbcr(a, b, c);
            [cyan, magenta, yellow, 255 - black]
        }
        _ => [a, b, c, black].map(|missing| 255 - missing),
    }
}

/// The colour of inks that absorb all of their light.
fn mixed([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let left = |ink: u8| u32::from(255 - ink);
    [cyan, magenta, yellow].map(|ink| ((left(ink) * left(black) + 127) / 255) as u8)
}

/// As JFIF defines it (ITU-T T.871), in 1/65536.
fn from_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = ((i32::from(y) << 16) + 32_768, i32::from(cb) - 128, i32::from(cr) - 128);
    let channel = |value: i32| (value >> 16).clamp(0, 255) as u8;
    [channel(y + 91_881 * cr), channel(y - 22_554 * cb - 46_802 * cr), channel(y + 116_130 * cb)]
}
