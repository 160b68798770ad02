//! The entropy-coded bits of a scan, and Huffman codes (ITU-T T.81, annex F).

use std::io::Read;

use super::damage::Damage;

/// Bytes read from the file together.
const PIECE: usize = 16 * 1024;
/// Codes up to this length are looked up in one step.
const FAST_BITS: u32 = 9;

/// The bytes of a file, and the bits of the scan that is being read.
pub(super) struct Input<R> {
    source: R,
    piece: Vec<u8>,
    at: usize,
    held: u64,
    count: u32,
    /// The marker that ended the entropy-coded data.
    marker: Option<u8>,
    is_ended: bool,
    /// Zero bits that were added behind the end of the data.
    added: u32,
}

impl<R: Read> Input<R> {
    pub(super) fn new(source: R) -> Self {
        let piece = Vec::with_capacity(PIECE);
        Self { source, piece, at: 0, held: 0, count: 0, marker: None, is_ended: false, added: 0 }
    }

    fn next(&mut self) -> Option<u8> {
        if self.at == self.piece.len() {
            self.piece.resize(PIECE, 0);
            // A file that cannot be read further counts as incomplete.
            let read = self.source.read(&mut self.piece).unwrap_or(0);
            self.piece.truncate(read);
            self.at = 0;
        }
        let byte = self.piece.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// The next byte of a segment.
    pub(super) fn byte(&mut self) -> Result<u8, Damage> {
        self.next().ok_or(Damage::Incomplete)
    }

    /// The next two bytes of a segment.
    pub(super) fn word(&mut self) -> Result<u16, Damage> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// The content of the next segment.
    pub(super) fn segment(&mut self) -> Result<Vec<u8>, Damage> {
        let length = usize::from(self.word()?).checked_sub(2).ok_or(Damage::Malformed("a segment has no length"))?;
        (0..length).map(|_| self.byte()).collect()
    }

    /// The next marker. Some cameras write further bytes before it.
    pub(super) fn marker(&mut self) -> Result<u8, Damage> {
        if let Some(marker) = self.marker.take() {
            return Ok(marker);
        }
        loop {
            while self.byte()? != 0xff {}
            let mut code = self.byte()?;
            while code == 0xff {
                code = self.byte()?;
            }
            if code != 0 {
                return Ok(code);
            }
        }
    }

    /// Begins a scan or a restart interval.
    pub(super) fn begin_bits(&mut self) {
        (self.held, self.count, self.added) = (0, 0, 0);
    }

    /// Ends a scan or a restart interval and returns the marker that follows, or `None` at the end of the file.
    pub(super) fn end_bits(&mut self) -> Result<Option<u8>, Damage> {
        let has_overrun = self.has_overrun();
        self.begin_bits();
        if has_overrun {
            return Err(Damage::Incomplete);
        }
        Ok(self.marker().ok())
    }

    /// Returns `true` if more bits were taken than the data has.
    pub(super) fn has_overrun(&self) -> bool {
        self.added > self.count
    }

    fn refill(&mut self) {
        while self.count <= 48 {
            let mut byte = 0;
            if self.marker.is_none() && !self.is_ended {
                match self.next() {
                    None => self.is_ended = true,
                    Some(0xff) => {
                        let mut code = self.next();
                        while code == Some(0xff) {
                            code = self.next();
                        }
                        match code {
                            None => self.is_ended = true,
                            Some(0) => byte = 0xff,
                            Some(code) => self.marker = Some(code),
                        }
                    }
                    Some(other) => byte = other,
                }
            }
            if self.marker.is_some() || self.is_ended {
                self.added = (self.added + 8).min(1 << 20);
            }
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    fn peek(&mut self, bits: u32) -> u32 {
        if self.count < bits {
            self.refill();
        }
        (self.held >> (64 - bits)) as u32
    }

    fn skip(&mut self, bits: u32) {
        self.held <<= bits;
        self.count -= bits;
    }

    /// The next bits as a number, at most 16.
    pub(super) fn bits(&mut self, bits: u32) -> u32 {
        if bits == 0 {
            return 0;
        }
        let value = self.peek(bits);
        self.skip(bits);
        value
    }

    /// A signed number of so many bits (F.2.2.1, EXTEND).
    pub(super) fn signed(&mut self, bits: u32) -> i32 {
        let value = self.bits(bits) as i32;
        if bits > 0 && value < 1 << (bits - 1) { value - (1 << bits) + 1 } else { value }
    }

    /// The next symbol.
    pub(super) fn symbol(&mut self, codes: &Huffman) -> Result<u8, Damage> {
        let next = self.peek(16);
        let (length, value) = codes.fast[(next >> (16 - FAST_BITS)) as usize];
        if length > 0 {
            self.skip(u32::from(length));
            return Ok(value);
        }
        for length in FAST_BITS + 1..=16 {
            let code = next >> (16 - length);
            let Some((first, end, values)) = codes.long.get(length as usize) else { break };
            if (*first..*end).contains(&code) {
                self.skip(length);
                return codes.values.get(values + (code - first) as usize).copied().ok_or(Damage::Code);
            }
        }
        Err(Damage::Code)
    }
}

/// A table of Huffman codes.
#[derive(Clone)]
pub(super) struct Huffman {
    /// Length and value by the next bits; the length is 0 for longer codes.
    fast: Vec<(u8, u8)>,
    /// The first code, the code behind the last one, and the position of the first value, by length.
    long: [(u32, u32, usize); 17],
    values: Vec<u8>,
}

impl Huffman {
    /// Makes the codes from the number of codes of each length, and their values (annex C).
    pub(super) fn new(counts: &[u8; 16], values: Vec<u8>) -> Result<Self, Damage> {
        let mut fast = vec![(0, 0); 1 << FAST_BITS];
        let mut long = [(0, 0, 0); 17];
        let (mut code, mut position) = (0_u32, 0);
        for (length, count) in (1_u32..).zip(counts) {
            let end = code + u32::from(*count);
            if end > 1 << length {
                return Err(Damage::Malformed("a Huffman table has too many codes"));
            }
            long[length as usize] = (code, end, position);
            if length <= FAST_BITS {
                for (code, value) in (code..end).zip(values.iter().skip(position)) {
                    let start = (code << (FAST_BITS - length)) as usize;
                    fast[start..start + (1 << (FAST_BITS - length))].fill((length as u8, *value));
                }
            }
            position += usize::from(*count);
            code = end << 1;
        }
        Ok(Self { fast, long, values })
    }
}
