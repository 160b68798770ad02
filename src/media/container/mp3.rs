//! MP3: the frames, without the tags before and behind them.

use std::io::{BufRead, Read, Seek, Write};

use super::parts::{Stream, behind_id3, damaged, length_of, tail_of_tags};
use crate::error::Result;
use crate::limits;

const NAME: &str = "MP3";
/// Kilobits in a second by version (1; 2 and 2.5) and index, for layer III.
const BIT_RATES: [[u32; 16]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
];
const SAMPLE_RATES: [u32; 3] = [44_100, 48_000, 32_000];

/// A frame, by its header.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    length: usize,
    samples: u32,
    rate: u32,
}

impl Frame {
    /// Reads the four bytes of a header; `None` if they are not one.
    fn parse(header: [u8; 4]) -> Option<Self> {
        let [0xff, version, rates, _] = header else { return None };
        // Layer III only.
        if version & 0xe6 != 0xe2 {
            return None;
        }
        let (is_first, divisor) = match version >> 3 & 3 {
            3 => (true, 1),
            2 => (false, 2),
            0 => (false, 4),
            _ => return None,
        };
        let bits = BIT_RATES[usize::from(!is_first)][usize::from(rates >> 4)] * 1_000;
        let rate = SAMPLE_RATES.get(usize::from(rates >> 2 & 3))? / divisor;
        let samples = if is_first { 1_152 } else { 576 };
        let padding = u32::from(rates >> 1 & 1);
        (bits > 0).then_some(Self { length: (samples / 8 * bits / rate + padding) as usize, samples, rate })
    }
}

pub(super) fn rewrite(source: &mut (impl BufRead + Seek), to: &mut impl Write) -> Result<Stream> {
    let end = length_of(source)?;
    let end = tail_of_tags(source, end)?;
    let start = behind_id3(source)?;
    let mut rest = source.take(end.saturating_sub(start));
    let (mut frames, mut seconds, mut skipped, mut window) = (0_u64, 0.0, 0, [0_u8; 4]);
    let mut held = 0;
    loop {
        if held < 4 {
            let read = rest.read(&mut window[held..])?;
            held += read;
            if read == 0 {
                break;
            }
            continue;
        }
        let Some(frame) = Frame::parse(window) else {
            // Some programs write a little between tag and frames.
            skipped += 1;
            if skipped > limits::MP3_GARBAGE {
                return Err(damaged(NAME, "it has no frames where they should be"));
            }
            window.copy_within(1.., 0);
            held = 3;
            continue;
        };
        let body = read_frame(&mut rest, frame.length - 4)?;
        held = 0;
        // The last frame is often cut.
        if body.len() + 4 < frame.length {
            break;
        }
        to.write_all(&window)?;
        to.write_all(&body)?;
        frames += 1;
        seconds += f64::from(frame.samples) / f64::from(frame.rate);
    }
    if frames < 2 {
        Err(damaged(NAME, "it has no frames"))
    } else {
        Ok(Stream { seconds: Some(seconds), ..Stream::default() })
    }
}

fn read_frame(rest: &mut impl Read, length: usize) -> Result<Vec<u8>> {
    let mut body = Vec::with_capacity(length);
    rest.take(length as u64).read_to_end(&mut body)?;
    Ok(body)
}
