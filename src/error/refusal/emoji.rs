//! Refusals of custom emoji and packs of them.

use serde::{Deserialize, Serialize};

/// Why a custom emoji is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum EmojiRefusal {
    /// This is not a shortcode.
    #[error(
        "`{name}` cannot be the name of an emoji: use {minimum} to {maximum} letters from A to Z, digits and underscores"
    )]
    Name {
        /// What was written.
        name: String,
        /// The fewest characters.
        minimum: usize,
        /// The most characters.
        maximum: usize,
    },
    /// As many emoji as are possible.
    #[error("No more than {0} emoji are possible, because apps load all of them")]
    TooMany(u32),
    /// The name is in use.
    #[error("There is an emoji :{0}: already")]
    NameInUse(String),
    /// The emoji is one of the owner.
    #[error("This emoji is on this server already")]
    OwnEmoji,
    /// An emoji of another server is not named.
    #[error("Write the emoji as in :name:@example.org")]
    AddressForm,
    /// The policy for this host.
    #[error("Your policy for {0} is to load no media from it")]
    MediaRejected(String),
    /// The form has no picture.
    #[error("Choose a picture for the emoji")]
    NoPicture,
    /// The picture is too large as PNG.
    #[error("the picture is too detailed for an emoji: save it smaller")]
    TooDetailed,
    /// The animation is too large.
    #[error("the animation has {kib} KiB; an emoji may have {maximum}")]
    AnimationTooLarge {
        /// The size in KiB.
        kib: usize,
        /// The most KiB.
        maximum: usize,
    },
}

/// Why a pack, or one of its emoji, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PackRefusal {
    /// The form has no pack.
    #[error("Choose a pack")]
    NoPack,
    /// Nothing in it is an emoji.
    #[error("the pack contains no emoji")]
    Empty,
    /// The format is not known.
    #[error("the pack is not a zip file or a tar.gz file")]
    Format,
    /// What is compressed is not a tar file.
    #[error("the pack is not a tar file")]
    NotATar,
    /// More files than this number.
    #[error("the pack has more than {0} files")]
    TooManyFiles(usize),
    /// More MiB than this number.
    #[error("the pack contains more than {0} MiB")]
    TooLarge(u64),
    /// It cannot be read to its end, for this reason.
    #[error("the pack is damaged or incomplete ({0})")]
    Damaged(String),
    /// A size in a tar file.
    #[error("the tar file is damaged: a size is wrong")]
    TarSize,
    /// The end of a zip file.
    #[error("the zip file is damaged or incomplete: it has no directory")]
    ZipDirectory,
    /// A compression that is not supported.
    #[error("the zip file is compressed in a way that cannot be read; use deflate")]
    ZipCompression,
    /// A description is not valid.
    #[error("{path} in the pack cannot be read: {cause}")]
    Description {
        /// The file.
        path: String,
        /// The reason.
        cause: String,
    },
    /// A description names a picture that does not exist.
    #[error("the pack lacks its file")]
    FileMissing,
    /// The name is not a shortcode.
    #[error("this cannot be the name of an emoji")]
    EmojiName,
    /// The picture has more KiB than this number.
    #[error("its file is larger than {0} KiB")]
    FileTooLarge(usize),
}
