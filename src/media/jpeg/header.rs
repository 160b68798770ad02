//! The segments before a scan: sizes, tables, and the metadata that changes how pixels look.

use std::io::Read;
use std::rc::Rc;

use super::damage::Damage;
use super::entropy::{Huffman, Input};
use crate::limits;

/// The natural position of each coefficient in zigzag order (figure 5), with the rows of the block one after another.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// A colour component.
pub(super) struct Component {
    id: u8,
    /// Blocks in an MCU, across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Blocks of a row and of a column that hold pixels of the image.
    pub(super) wide: usize,
    pub(super) high: usize,
    table: usize,
}

/// The frame header.
pub(super) struct Frame {
    pub(super) is_progressive: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
    /// The most blocks that a component has in an MCU, across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    /// MCUs of the image, across and down.
    pub(super) mcus: (usize, usize),
}

/// How samples become red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Grey,
    Rgb,
    YCbCr,
    /// Ink: cyan, magenta, yellow and black. Adobe programs write how much of each is missing.
    Cmyk {
        is_inverted: bool,
    },
    /// Ink as YCbCr and black, as Adobe programs write it.
    Ycck,
}

impl Colour {
    /// Returns `true` if the samples are amounts of ink.
    pub(super) fn is_ink(self) -> bool {
        matches!(self, Self::Cmyk { .. } | Self::Ycck)
    }
}

/// A scan header.
pub(super) struct Scan {
    /// The indices of its components with those of their tables.
    pub(super) components: Vec<ScanComponent>,
    /// The first and last coefficient, in zigzag order.
    pub(super) band: (usize, usize),
    /// The bit position that earlier scans have reached (0 in the first), and that of this one.
    pub(super) bits: (u32, u32),
}

/// A component of a scan.
pub(super) struct ScanComponent {
    pub(super) index: usize,
    pub(super) dc: usize,
    pub(super) ac: usize,
}

/// Everything that was read before a scan.
#[derive(Default)]
pub(super) struct Header {
    frame: Option<Rc<Frame>>,
    quantization: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    pub(super) restart_interval: usize,
    pub(super) exif: Vec<u8>,
    profile: Vec<(u8, Vec<u8>)>,
    adobe: Option<u8>,
    is_jfif: bool,
}

impl Header {
    /// The frame, which stands before the first scan.
    pub(super) fn frame(&self) -> Result<Rc<Frame>, Damage> {
        self.frame.clone().ok_or(Damage::Malformed("it has no frame"))
    }

    /// Reads segments until a scan begins. Returns `None` at the end of the image.
    pub(super) fn read(&mut self, input: &mut Input<impl Read>, first: Option<u8>) -> Result<Option<Scan>, Damage> {
        let mut marker = first;
        loop {
            let code = match marker.take() {
                Some(code) => code,
                None => input.marker()?,
            };
            match code {
                0xd9 => return Ok(None),
                0xd8 | 0x01 | 0xd0..=0xd7 => {}
                0xc0..=0xc2 => self.read_frame(&input.segment()?, code == 0xc2)?,
                0xc4 => self.read_codes(&input.segment()?)?,
                0xc3 | 0xc5..=0xcf => return Err(Damage::Unsupported("a rare kind of compression")),
                0xda => return self.read_scan(&input.segment()?).map(Some),
                0xdb => self.read_quantization(&input.segment()?)?,
                0xdd => {
                    let segment = input.segment()?;
                    self.restart_interval =
                        usize::from(word(&segment, 0).ok_or(Damage::Malformed("DRI is too short"))?);
                }
                _ => self.read_metadata(code, &input.segment()?),
            }
        }
    }

    fn read_frame(&mut self, segment: &[u8], is_progressive: bool) -> Result<(), Damage> {
        let malformed = Damage::Malformed("the frame header is invalid");
        if self.frame.is_some() {
            return Err(Damage::Unsupported("several frames"));
        }
        let (Some(8), Some(height), Some(width)) = (segment.first(), word(segment, 1), word(segment, 3)) else {
            return Err(Damage::Unsupported("other than 8 bits a sample"));
        };
        let (specs, _) = segment.get(6..).unwrap_or_default().as_chunks::<3>();
        if specs.len() != usize::from(segment[5]) || !matches!(specs.len(), 1 | 3 | 4) || width == 0 || height == 0 {
            return Err(malformed);
        }
        let (width, height) = (usize::from(width), usize::from(height));
        let factor = |[_, factors, _]: &[u8; 3]| (usize::from(factors >> 4), usize::from(factors & 15));
        if specs.iter().any(|s| !(1..=4).contains(&factor(s).0) || !(1..=4).contains(&factor(s).1) || s[2] > 3) {
            return Err(malformed);
        }
        // A single component has no MCUs of several blocks, whatever its factors are (A.2.2).
        let factor = |s: &[u8; 3]| if specs.len() == 1 { (1, 1) } else { factor(s) };
        let across = specs.iter().map(|s| factor(s).0).max().unwrap_or(1);
        let down = specs.iter().map(|s| factor(s).1).max().unwrap_or(1);
        let components = specs.iter().map(|spec| {
            let (h, v) = factor(spec);
            let wide = (width * h).div_ceil(across).div_ceil(8);
            let high = (height * v).div_ceil(down).div_ceil(8);
            Component { id: spec[0], across: h, down: v, wide, high, table: usize::from(spec[2]) }
        });
        let mcus = (width.div_ceil(across * 8), height.div_ceil(down * 8));
        let components = components.collect();
        self.frame = Some(Rc::new(Frame { is_progressive, width, height, components, across, down, mcus }));
        Ok(())
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Result<(), Damage> {
        let malformed = || Damage::Malformed("a Huffman table is too short");
        while let Some((head, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(malformed)?;
            let total = counts.iter().map(|n| usize::from(*n)).sum();
            let (values, rest) = rest.split_at_checked(total).ok_or_else(malformed)?;
            let tables = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let table = tables.get_mut(usize::from(head & 15)).ok_or(Damage::Malformed("a table number is invalid"))?;
            *table = Some(Huffman::new(counts, values.to_vec())?);
            segment = rest;
        }
        Ok(())
    }

    fn read_quantization(&mut self, mut segment: &[u8]) -> Result<(), Damage> {
        while let Some((head, rest)) = segment.split_first() {
            let size = if head >> 4 == 0 { 1 } else { 2 };
            let (values, rest) =
                rest.split_at_checked(64 * size).ok_or(Damage::Malformed("a quantization table is too short"))?;
            let mut table = [0; 64];
            for (position, value) in ZIGZAG.iter().zip(values.chunks_exact(size)) {
                table[usize::from(*position)] = value.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
            }
            let place = self.quantization.get_mut(usize::from(head & 15));
            *place.ok_or(Damage::Malformed("a table number is invalid"))? = Some(table);
            segment = rest;
        }
        Ok(())
    }

    fn read_scan(&self, segment: &[u8]) -> Result<Scan, Damage> {
        let malformed = || Damage::Malformed("a scan header is invalid");
        let frame = self.frame.as_ref().ok_or(Damage::Malformed("a scan comes before the frame"))?;
        let (count, rest) = segment.split_first().ok_or_else(malformed)?;
        let (specs, rest) = rest.split_at_checked(usize::from(*count) * 2).ok_or_else(malformed)?;
        let [start, end, bits, ..] = *rest else { return Err(malformed()) };
        let mut components: Vec<ScanComponent> = Vec::new();
        for spec in specs.chunks_exact(2) {
            let index = frame.components.iter().position(|c| c.id == spec[0]).ok_or_else(malformed)?;
            let (dc, ac) = (usize::from(spec[1] >> 4), usize::from(spec[1] & 15));
            if dc > 3 || ac > 3 || components.iter().any(|c| c.index >= index) {
                return Err(malformed());
            }
            components.push(ScanComponent { index, dc, ac });
        }
        let (start, end) = (usize::from(start), usize::from(end));
        let (band, bits) = match frame.is_progressive {
            true => ((start, end), (u32::from(bits >> 4), u32::from(bits & 15))),
            false => ((0, 63), (0, 0)),
        };
        let is_band = band.0 <= band.1 && band.1 < 64 && (!frame.is_progressive || (band.0 == 0) == (band.1 == 0));
        let blocks: usize = components.iter().map(|c| &frame.components[c.index]).map(|c| c.across * c.down).sum();
        // B.2.3: at most ten blocks in an MCU, and bands other than the first have one component.
        if components.is_empty() || !is_band || bits.1 > 13 || blocks > 10 || band.0 > 0 && components.len() > 1 {
            return Err(malformed());
        }
        Ok(Scan { components, band, bits })
    }

    fn read_metadata(&mut self, marker: u8, segment: &[u8]) {
        match marker {
            0xe0 if segment.starts_with(b"JFIF\0") => self.is_jfif = true,
            0xe1 if self.exif.is_empty() => self.exif.extend(segment.strip_prefix(b"Exif\0\0").unwrap_or_default()),
            0xe2 => {
                let held: usize = self.profile.iter().map(|(_, part)| part.len()).sum();
                if let Some([number, _, part @ ..]) = segment.strip_prefix(b"ICC_PROFILE\0")
                    && held + part.len() <= limits::IMAGE_PROFILE_BYTES
                {
                    self.profile.push((*number, part.to_vec()));
                }
            }
            0xee if segment.starts_with(b"Adobe") => self.adobe = segment.get(11).copied(),
            _ => {}
        }
    }

    /// The colour profile, joined from its parts.
    pub(super) fn profile(&mut self) -> Option<Vec<u8>> {
        self.profile.sort_by_key(|(number, _)| *number);
        let profile = self.profile.iter().flat_map(|(_, part)| part.iter().copied()).collect::<Vec<u8>>();
        Some(profile).filter(|p| !p.is_empty())
    }

    /// The meaning of the components: by the Adobe segment, else by their ids.
    pub(super) fn colour(&self) -> Colour {
        let components = self.frame.as_ref().map_or(&[][..], |f| &f.components);
        match (components, self.adobe) {
            ([_], _) => Colour::Grey,
            ([_, _, _, _], Some(2)) => Colour::Ycck,
            ([_, _, _, _], _) => Colour::Cmyk { is_inverted: self.adobe.is_some() },
            (_, Some(0)) => Colour::Rgb,
            ([r, g, b], None) if !self.is_jfif && [r.id, g.id, b.id] == *b"RGB" => Colour::Rgb,
            _ => Colour::YCbCr,
        }
    }

    /// The quantization table of a component.
    pub(super) fn quantization(&self, component: &Component) -> Result<&[u16; 64], Damage> {
        self.quantization[component.table].as_ref().ok_or(Damage::Malformed("a quantization table is missing"))
    }
}

fn word(segment: &[u8], at: usize) -> Option<u16> {
    segment.get(at..at + 2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
}
