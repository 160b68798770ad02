//! Why an image is refused.

use crate::error::Error;
use crate::error::refusal::MediaRefusal;

/// What is wrong with an image.
#[derive(Debug)]
pub(super) enum Damage {
    /// The file ends, or the data of a scan, before the image is complete.
    Incomplete,
    /// The data of a scan is not valid.
    Code,
    Malformed(&'static str),
    Unsupported(&'static str),
    TooLarge(Error),
}

impl From<Damage> for Error {
    fn from(damage: Damage) -> Self {
        let invalid = |why: &str| Self::invalid(MediaRefusal::Damaged { format: "JPEG".into(), cause: why.to_owned() });
        match damage {
            Damage::Incomplete => invalid("it ends too early"),
            Damage::Code => invalid("its pixels are not valid"),
            Damage::Malformed(why) => invalid(why),
            Damage::Unsupported(what) => Self::invalid(MediaRefusal::JpegFeature(what.to_owned())),
            Damage::TooLarge(e) => e,
        }
    }
}
