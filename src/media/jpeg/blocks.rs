//! The coefficients of blocks: decoded one after another, or kept for the later scans of the image.

use std::io::Read;

use super::damage::Damage;
use super::entropy::{Huffman, Input};
use super::header::{Frame, Scan, ZIGZAG};

/// The coefficients of a block, row by row.
pub(super) type Block = [i16; 64];

/// The tables of one component in a scan.
#[derive(Clone, Copy)]
pub(super) struct Codes<'a> {
    pub(super) dc: Option<&'a Huffman>,
    pub(super) ac: Option<&'a Huffman>,
}

impl Codes<'_> {
    fn dc(&self) -> Result<&Huffman, Damage> {
        self.dc.ok_or(Damage::Malformed("a Huffman table is missing"))
    }

    fn ac(&self) -> Result<&Huffman, Damage> {
        self.ac.ok_or(Damage::Malformed("a Huffman table is missing"))
    }
}

/// Decodes a block of a sequential image (F.2.2).
pub(super) fn sequential<R: Read>(
    input: &mut Input<R>,
    codes: Codes<'_>,
    predictor: &mut i32,
    block: &mut Block,
) -> Result<(), Damage> {
    block.fill(0);
    *predictor = next_dc(input, codes, *predictor)?;
    block[0] = *predictor as i16;
    let ac = codes.ac()?;
    let mut k = 1;
    while k < 64 {
        let symbol = input.symbol(ac)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            if run < 15 {
                break;
            }
            k += 16;
            continue;
        }
        k += run;
        let position = ZIGZAG.get(k).ok_or(Damage::Code)?;
        block[usize::from(*position)] = input.signed(size) as i16;
        k += 1;
    }
    Ok(())
}

fn next_dc<R: Read>(input: &mut Input<R>, codes: Codes<'_>, predictor: i32) -> Result<i32, Damage> {
    let size = u32::from(input.symbol(codes.dc()?)?);
    if size > 15 {
        return Err(Damage::Code);
    }
    Ok(predictor.wrapping_add(input.signed(size)))
}

/// All coefficients of a component, for images of several scans. In a reduced one only those of the low frequencies are
/// kept, which half the size in pixels needs, and which of the others are not 0.
pub(super) struct Plane {
    /// Blocks of a row, with those that only fill the last MCU.
    wide: usize,
    /// Coefficients on a side of a block that are kept: 8, or 4.
    side: usize,
    coefficients: Vec<i16>,
    nonzero: Vec<u64>,
}

/// Bytes that the planes of an image take.
pub(super) fn planes_size(frame: &Frame, side: usize) -> usize {
    let blocks = |c: &super::header::Component| frame.mcus.0 * c.across * frame.mcus.1 * c.down;
    frame.components.iter().map(blocks).sum::<usize>() * (side * side * 2 + 8)
}

impl Plane {
    pub(super) fn new(wide: usize, high: usize, side: usize) -> Self {
        let blocks = wide * high;
        Self { wide, side, coefficients: vec![0; blocks * side * side], nonzero: vec![0; blocks] }
    }

    /// Copies the coefficients of a block.
    pub(super) fn read(&self, (x, y): (usize, usize), block: &mut Block) {
        block.fill(0);
        let (side, at) = (self.side, y * self.wide + x);
        let kept = self.coefficients.get(at * side * side..(at + 1) * side * side).unwrap_or_default();
        for (row, kept) in block.chunks_exact_mut(8).zip(kept.chunks_exact(side)) {
            row[..side].copy_from_slice(kept);
        }
    }

    /// Keeps the coefficients of a block of a sequential image.
    pub(super) fn write(&mut self, (x, y): (usize, usize), block: &Block) {
        let (side, at) = (self.side, y * self.wide + x);
        let kept = self.coefficients.get_mut(at * side * side..(at + 1) * side * side).unwrap_or_default();
        for (row, kept) in block.chunks_exact(8).zip(kept.chunks_exact_mut(side)) {
            kept.copy_from_slice(&row[..side]);
        }
    }

    fn slot(&mut self, block: usize, k: usize) -> Option<&mut i16> {
        let position = usize::from(*ZIGZAG.get(k)?);
        let (row, column) = (position / 8, position % 8);
        if row >= self.side || column >= self.side {
            return None;
        }
        self.coefficients.get_mut((block * self.side + row) * self.side + column)
    }

    fn set(&mut self, block: usize, k: usize, value: i32) {
        self.nonzero[block] |= 1 << k;
        if let Some(slot) = self.slot(block, k) {
            *slot = value as i16;
        }
    }

    /// Adds a bit to a coefficient that is not 0.
    fn refine(&mut self, block: usize, k: usize, bit: i16) {
        if let Some(slot) = self.slot(block, k)
            && slot.unsigned_abs() & bit.unsigned_abs() == 0
        {
            *slot = slot.wrapping_add(if *slot < 0 { -bit } else { bit });
        }
    }

    /// Decodes what a scan of a progressive image (annex G) says about a block.
    pub(super) fn progressive<R: Read>(
        &mut self,
        (input, codes): (&mut Input<R>, Codes<'_>),
        scan: &Scan,
        (x, y): (usize, usize),
        state: &mut State,
    ) -> Result<(), Damage> {
        let block = y * self.wide + x;
        if block >= self.nonzero.len() {
            return Err(Damage::Malformed("a block lies outside of the image"));
        }
        match (scan.band.0, scan.bits.0) {
            (0, 0) => {
                state.predictor = next_dc(input, codes, state.predictor)?;
                let value = state.predictor.wrapping_shl(scan.bits.1);
                self.set(block, 0, value);
                Ok(())
            }
            (0, _) => {
                let bit = input.bits(1) << scan.bits.1;
                if let Some(slot) = self.slot(block, 0) {
                    *slot |= bit as i16;
                }
                Ok(())
            }
            (_, 0) => self.first_ac(input, codes.ac()?, scan, (block, state)),
            _ => self.further_ac(input, codes.ac()?, scan, (block, state)),
        }
    }

    fn first_ac<R: Read>(
        &mut self,
        input: &mut Input<R>,
        codes: &Huffman,
        scan: &Scan,
        (block, state): (usize, &mut State),
    ) -> Result<(), Damage> {
        if state.empty_blocks > 0 {
            state.empty_blocks -= 1;
            return Ok(());
        }
        let mut k = scan.band.0;
        while k <= scan.band.1 {
            let symbol = input.symbol(codes)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 && run < 15 {
                state.empty_blocks = (1 << run) - 1 + input.bits(run);
                return Ok(());
            }
            k += run as usize;
            if size > 0 {
                if k > scan.band.1 {
                    return Err(Damage::Code);
                }
                let value = input.signed(size).wrapping_shl(scan.bits.1);
                self.set(block, k, value);
            }
            k += 1;
        }
        Ok(())
    }

    fn further_ac<R: Read>(
        &mut self,
        input: &mut Input<R>,
        codes: &Huffman,
        scan: &Scan,
        (block, state): (usize, &mut State),
    ) -> Result<(), Damage> {
        let bit = 1_i16 << scan.bits.1;
        let mut k = scan.band.0;
        while state.empty_blocks == 0 && k <= scan.band.1 {
            let symbol = input.symbol(codes)?;
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let value = match size {
                0 if run < 15 => {
                    state.empty_blocks = (1 << run) + input.bits(run);
                    break;
                }
                0 => None,
                1 => Some(if input.bits(1) == 1 { bit } else { -bit }),
                _ => return Err(Damage::Code),
            };
            k = self.skip_zeros(input, (block, bit), (k, scan.band.1), run);
            if let Some(value) = value {
                if k > scan.band.1 {
                    return Err(Damage::Code);
                }
                self.set(block, k, value.into());
            }
            k += 1;
        }
        if state.empty_blocks > 0 {
            self.skip_zeros(input, (block, bit), (k, scan.band.1), u32::MAX);
            state.empty_blocks -= 1;
        }
        Ok(())
    }

    /// Passes over so many coefficients that are 0, refining the others, and returns the position of the next 0.
    fn skip_zeros<R: Read>(
        &mut self,
        input: &mut Input<R>,
        (block, bit): (usize, i16),
        (mut k, last): (usize, usize),
        mut zeros: u32,
    ) -> usize {
        while k <= last {
            if self.nonzero[block] & 1 << k != 0 {
                if input.bits(1) == 1 {
                    self.refine(block, k, bit);
                }
            } else if zeros == 0 {
                return k;
            } else {
                zeros -= 1;
            }
            k += 1;
        }
        k
    }
}

/// What carries over from one block of a component to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct State {
    pub(super) predictor: i32,
    /// Further blocks that have no new coefficients in this band.
    pub(super) empty_blocks: u32,
}
