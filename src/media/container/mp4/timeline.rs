//! The duration of a fragmented file, of which nothing but the samples tells how long it is: browsers that record, and programs
//! that stream, write such files.

use super::boxes::{BoxHead, children, number};
use super::tracks::{child, descendant, time_scale};

/// Flags of the boxes of a fragment: which of their members are present.
const HAS_BASE_OFFSET: u64 = 1;
const HAS_DESCRIPTION: u64 = 2;
const HAS_DEFAULT_DURATION: u64 = 8;
const HAS_DATA_OFFSET: u64 = 1;
const HAS_FIRST_FLAGS: u64 = 4;
const HAS_DURATIONS: u64 = 0x100;
const HAS_OTHERS: [u64; 3] = [0x200, 0x400, 0x800];

struct Track {
    id: u64,
    /// Units of a second.
    scale: u64,
    /// Units of a sample, where nothing else is stated.
    sample: u64,
    /// Where the samples so far end.
    end: u64,
}

/// The tracks of a file, and how far their fragments reach.
pub(super) struct Timeline(Vec<Track>);

impl Timeline {
    /// Reads the tracks of an index.
    pub(super) fn of(index: &[u8]) -> Self {
        let Some(root) = BoxHead::parse(index, 0, index.len() as u64) else { return Self(Vec::new()) };
        let defaults = child(index, &root, b"mvex");
        let default = |id: u64| {
            let extents = defaults.iter().flat_map(|mvex| children(index, mvex.content()));
            let mut starts = extents.filter(|b| &b.kind == b"trex").map(|b| b.content().start);
            starts.find(|at| number(index, at + 4, 4) == id).map_or(0, |at| number(index, at + 12, 4))
        };
        let track = |track: BoxHead| {
            let at = child(index, &track, b"tkhd")?.content().start;
            let id = number(index, at + if index.get(at) == Some(&1) { 20 } else { 12 }, 4);
            let scale = time_scale(index, &descendant(index, &track, &[b"mdia", b"mdhd"])?);
            Some(Track { id, scale, sample: default(id), end: 0 })
        };
        let tracks = children(index, root.content()).filter(|b| &b.kind == b"trak");
        Self(tracks.filter_map(track).filter(|t| t.scale > 0).collect())
    }

    /// Adds the samples of a fragment.
    pub(super) fn add(&mut self, fragment: &[u8]) {
        let Some(root) = BoxHead::parse(fragment, 0, fragment.len() as u64) else { return };
        for part in children(fragment, root.content()).filter(|b| &b.kind == b"traf") {
            let Some(header) = child(fragment, &part, b"tfhd").map(|b| b.content().start) else { continue };
            let id = number(fragment, header + 4, 4);
            let Some(track) = self.0.iter_mut().find(|t| t.id == id) else { continue };
            let flags = number(fragment, header + 1, 3);
            let skipped = 8 * (flags & HAS_BASE_OFFSET) + 4 * u64::from(flags & HAS_DESCRIPTION != 0);
            let stated = number(fragment, header + 8 + skipped as usize, 4);
            let sample = if flags & HAS_DEFAULT_DURATION == 0 { track.sample } else { stated };
            if let Some(at) = child(fragment, &part, b"tfdt").map(|b| b.content().start) {
                track.end = number(fragment, at + 4, if fragment.get(at) == Some(&1) { 8 } else { 4 });
            }
            for run in children(fragment, part.content()).filter(|b| &b.kind == b"trun") {
                track.end = track.end.saturating_add(length(fragment, &run, sample));
            }
        }
    }

    /// The end of the longest track in seconds; `None` if there are no fragments.
    pub(super) fn seconds(&self) -> Option<f64> {
        let ends = self.0.iter().filter(|t| t.end > 0).map(|t| t.end as f64 / t.scale as f64);
        ends.reduce(f64::max)
    }
}

/// The length of a run of samples.
fn length(fragment: &[u8], run: &BoxHead, sample: u64) -> u64 {
    let at = run.content().start;
    let (flags, count) = (number(fragment, at + 1, 3), number(fragment, at + 4, 4));
    if flags & HAS_DURATIONS == 0 {
        return count.saturating_mul(sample);
    }
    let start = at + 8 + 4 * ((flags & HAS_DATA_OFFSET) + u64::from(flags & HAS_FIRST_FLAGS != 0)) as usize;
    let step = 4 + 4 * HAS_OTHERS.iter().filter(|flag| flags & **flag != 0).count();
    let samples = (start..run.content().end).step_by(step).take(count as usize);
    samples.map(|at| number(fragment, at, 4)).fold(0, u64::saturating_add)
}
