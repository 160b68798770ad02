//! What the formats of animations share.

use crate::error::refusal::AnimationRefusal;
use crate::error::{Error, Result};
use crate::limits;

/// An animation that is stored.
pub(crate) struct Animation {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: &'static str,
    pub(crate) ext: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Counts frames and their pixels.
#[derive(Default)]
pub(super) struct FrameBudget {
    pub(super) frames: usize,
    pixels: u64,
}

impl FrameBudget {
    /// Counts a frame.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are too many frames or pixels.
    pub(super) fn add(&mut self, width: u32, height: u32) -> Result<()> {
        self.frames += 1;
        self.pixels += u64::from(width) * u64::from(height);
        if self.frames > limits::ANIMATION_FRAMES {
            return Err(Error::invalid(AnimationRefusal::Frames(limits::ANIMATION_FRAMES)));
        }
        if self.pixels > limits::ANIMATION_PIXELS {
            return Err(Error::invalid(AnimationRefusal::Pixels(limits::ANIMATION_PIXELS / 1_000_000)));
        }
        Ok(())
    }
}

/// Refuses an animation that is larger than images are stored.
pub(super) fn check_canvas(width: u32, height: u32) -> Result<()> {
    if width.max(height) > limits::IMAGE_STORED_SIDE {
        let maximum = limits::IMAGE_STORED_SIDE;
        return Err(Error::invalid(AnimationRefusal::Side { width, height, maximum }));
    }
    Ok(())
}
