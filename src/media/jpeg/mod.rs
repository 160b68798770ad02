//! JPEG images, decoded by rows of blocks into a [`Canvas`], so that the memory does not grow with the image. Images of
//! several scans (progressive ones) need their coefficients until the end; of large ones only those are kept that half of
//! the size needs. Damaged images are refused: what is left of one is not what its author wanted to show.
//!
//! The decoders that exist as crates hold the whole image, and fill up what is missing. Sequential and progressive images of
//! 8 bits with Huffman codes are supported, which is what cameras and browsers write.

mod blocks;
mod damage;
mod entropy;
mod header;
mod idct;
mod output;

use std::io::Read;

use image::DynamicImage;
use image::metadata::Orientation;

use self::blocks::{Block, Codes, Plane, State, planes_size, sequential};
use self::damage::Damage;
use self::entropy::Input;
use self::header::{Frame, Header, Scan};
use self::output::Output;
use super::colour::Inks;
use super::still::canvas::{Canvas, stored_size};
use super::still::checks::check_size;
use crate::error::refusal::MediaRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// Scans of one image. Encoders write up to about a dozen, and each walks over the whole image.
const SCANS: usize = 64;

/// A decoded image, and its colour profile.
pub(super) struct Decoded {
    pub(super) image: DynamicImage,
    pub(super) profile: Option<Vec<u8>>,
}

/// Decodes an image to the size in which it is stored, and turns it upright.
///
/// # Errors
/// [`Error::Invalid`] if it is too large, damaged, incomplete, or of a rare kind.
pub(super) fn decode(source: impl Read) -> Result<Decoded> {
    Ok(decode_scans(&mut Input::new(source))?)
}

fn decode_scans<R: Read>(input: &mut Input<R>) -> Result<Decoded, Damage> {
    let mut header = Header::default();
    let scan = header.read(input, None)?.ok_or(Damage::Malformed("it has no pixels"))?;
    let frame = header.frame()?;
    let frame = &*frame;
    check_size(frame.width as u32, frame.height as u32).map_err(Damage::TooLarge)?;
    let orientation = Orientation::from_exif_chunk(&header.exif).unwrap_or(Orientation::NoTransforms);
    let profile = header.profile();
    let is_direct = !frame.is_progressive && scan.components.len() == frame.components.len();
    let side = block_side(frame, is_direct)?;
    let size = (frame.width.div_ceil(8 / side) as u32, frame.height.div_ceil(8 / side) as u32);
    let samples = if frame.components.len() == 1 { 1 } else { 3 };
    let colour = header.colour();
    let inks = colour.is_ink().then(|| Inks::of(profile.as_deref())).flatten();
    let mut output = Output::new(frame, side, (colour, inks), Canvas::new(size, samples, orientation));
    if is_direct {
        decode_direct(input, &header, &scan, &mut output)?;
    } else {
        decode_planes(input, &mut header, scan, (side, &mut output))?;
    }
    let image = output.finish().ok_or(Damage::Incomplete)?;
    Ok(Decoded { image, profile })
}

/// Samples on a side of each decoded block: 8, or 4 if the image is stored in less than half of its size or its coefficients
/// would take too much memory.
fn block_side(frame: &Frame, is_direct: bool) -> Result<usize, Damage> {
    let stored = stored_size((frame.width as u32, frame.height as u32));
    let is_halved = frame.width / 2 >= stored.0 as usize && frame.height / 2 >= stored.1 as usize;
    if is_direct {
        return Ok(if is_halved { 4 } else { 8 });
    }
    let sides: &[usize] = if is_halved { &[4] } else { &[8, 4] };
    let fits = |side: &usize| planes_size(frame, *side) <= limits::IMAGE_DECODE_MEMORY;
    sides.iter().copied().find(fits).ok_or_else(|| {
        let (width, height) = (frame.width as u32, frame.height as u32);
        let millions = limits::IMAGE_PIXELS / 1_000_000;
        Damage::TooLarge(Error::invalid(MediaRefusal::ProgressiveJpeg { width, height, millions }))
    })
}

/// The tables that the components of a scan use.
fn codes<'a>(header: &'a Header, scan: &Scan) -> Vec<Codes<'a>> {
    let codes = |c: &header::ScanComponent| Codes { dc: header.dc[c.dc].as_ref(), ac: header.ac[c.ac].as_ref() };
    scan.components.iter().map(codes).collect()
}

/// Decodes an image of a single scan; each row of MCUs is shown as soon as it is there.
fn decode_direct<R: Read>(
    input: &mut Input<R>,
    header: &Header,
    scan: &Scan,
    output: &mut Output<'_>,
) -> Result<(), Damage> {
    let frame = header.frame()?;
    let tables = frame.components.iter().map(|c| header.quantization(c)).collect::<Result<Vec<_>, _>>()?;
    let codes = codes(header, scan);
    let mut states = vec![State::default(); codes.len()];
    let mut restarts = Restarts::new(header.restart_interval);
    let mut block: Block = [0; 64];
    input.begin_bits();
    for row in 0..frame.mcus.1 {
        for column in 0..frame.mcus.0 {
            restarts.before_mcu(input, &mut states)?;
            for (index, component) in frame.components.iter().enumerate() {
                for n in 0..component.across * component.down {
                    sequential(input, codes[index], &mut states[index].predictor, &mut block)?;
                    let (x, y) = (column * component.across + n % component.across, n / component.across);
                    output.set_block(index, (x, y), &block, tables[index]);
                }
            }
        }
        if input.has_overrun() {
            return Err(Damage::Incomplete);
        }
        output.finish_mcus(row);
    }
    input.end_bits().map(drop)
}

/// Decodes an image of several scans, and shows it after the last one.
fn decode_planes<R: Read>(
    input: &mut Input<R>,
    header: &mut Header,
    first: Scan,
    (side, output): (usize, &mut Output<'_>),
) -> Result<(), Damage> {
    let frame = header.frame()?;
    let plane = |c: &header::Component| Plane::new(frame.mcus.0 * c.across, frame.mcus.1 * c.down, side);
    let mut planes: Vec<Plane> = frame.components.iter().map(plane).collect();
    // The coefficients of each component that are known to their last bit.
    let mut known = vec![0_u64; planes.len()];
    let mut next = Some(first);
    let mut scans = 0;
    while let Some(scan) = next {
        scans += 1;
        if scans > SCANS {
            return Err(Damage::Malformed("it has too many scans"));
        }
        let marker = decode_scan(input, header, &scan, &mut planes)?;
        for component in scan.components.iter().filter(|_| scan.bits.1 == 0) {
            known[component.index] |= (scan.band.0..=scan.band.1).fold(0, |bits, k| bits | 1 << k);
        }
        next = match marker {
            Some(marker) => header.read(input, Some(marker))?,
            None if known.iter().all(|bits| *bits == u64::MAX) => None,
            None => return Err(Damage::Incomplete),
        };
    }
    if known.iter().any(|bits| bits & 1 == 0) {
        return Err(Damage::Incomplete);
    }
    show(header, &planes, output)
}

fn show(header: &Header, planes: &[Plane], output: &mut Output<'_>) -> Result<(), Damage> {
    let frame = header.frame()?;
    let mut block: Block = [0; 64];
    for row in 0..frame.mcus.1 {
        for (index, (component, plane)) in frame.components.iter().zip(planes).enumerate() {
            let table = header.quantization(component)?;
            for y in 0..component.down {
                for x in 0..frame.mcus.0 * component.across {
                    plane.read((x, row * component.down + y), &mut block);
                    output.set_block(index, (x, y), &block, table);
                }
            }
        }
        output.finish_mcus(row);
    }
    Ok(())
}

/// Decodes one of several scans and returns the marker that follows.
fn decode_scan<R: Read>(
    input: &mut Input<R>,
    header: &Header,
    scan: &Scan,
    planes: &mut [Plane],
) -> Result<Option<u8>, Damage> {
    let frame = header.frame()?;
    let codes = codes(header, scan);
    let mut states = vec![State::default(); codes.len()];
    let mut restarts = Restarts::new(header.restart_interval);
    // The blocks of a single component follow one another by rows, without those that only fill an MCU (A.2.2).
    let alone = match scan.components.as_slice() {
        [one] => Some(&frame.components[one.index]),
        _ => None,
    };
    let (wide, high) = alone.map_or(frame.mcus, |c| (c.wide, c.high));
    input.begin_bits();
    for row in 0..high {
        for column in 0..wide {
            restarts.before_mcu(input, &mut states)?;
            for (n, part) in scan.components.iter().enumerate() {
                let component = &frame.components[part.index];
                let (across, down) = if alone.is_some() { (1, 1) } else { (component.across, component.down) };
                for at in 0..across * down {
                    let place = (column * across + at % across, row * down + at / across);
                    let plane = &mut planes[part.index];
                    if frame.is_progressive {
                        plane.progressive((input, codes[n]), scan, place, &mut states[n])?;
                    } else {
                        let mut block: Block = [0; 64];
                        sequential(input, codes[n], &mut states[n].predictor, &mut block)?;
                        plane.write(place, &block);
                    }
                }
            }
        }
        if input.has_overrun() {
            return Err(Damage::Incomplete);
        }
    }
    input.end_bits()
}

/// Expects the restart markers of a scan.
struct Restarts {
    interval: usize,
    left: usize,
    next: u8,
}

impl Restarts {
    fn new(interval: usize) -> Self {
        Self { interval, left: interval, next: 0xd0 }
    }

    fn before_mcu<R: Read>(&mut self, input: &mut Input<R>, states: &mut [State]) -> Result<(), Damage> {
        if self.interval == 0 {
            return Ok(());
        }
        if self.left == 0 {
            if input.end_bits()? != Some(self.next) {
                return Err(Damage::Incomplete);
            }
            self.next = 0xd0 + (self.next + 1 - 0xd0) % 8;
            self.left = self.interval;
            states.fill(State::default());
        }
        self.left -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
