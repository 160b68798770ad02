//! Custom emoji and packs of them.

use crate::error::refusal::{EmojiRefusal, PackRefusal};
use crate::web::locale::Message;

pub(super) fn emoji(refusal: &EmojiRefusal) -> Message {
    match refusal {
        EmojiRefusal::Name { name, minimum, maximum } => Message::new("error-emoji-name")
            .with("name", name.as_str())
            .with("minimum", *minimum)
            .with("maximum", *maximum),
        EmojiRefusal::TooMany(maximum) => Message::new("error-emoji-many").with("maximum", *maximum),
        EmojiRefusal::NameInUse(name) => Message::new("error-emoji-exists").with("name", name.as_str()),
        EmojiRefusal::OwnEmoji => Message::new("error-emoji-own"),
        EmojiRefusal::AddressForm => Message::new("error-emoji-form"),
        EmojiRefusal::MediaRejected(host) => Message::new("error-emoji-rejected").with("host", host.as_str()),
        EmojiRefusal::NoPicture => Message::new("error-choose-picture"),
        EmojiRefusal::TooDetailed => Message::new("error-emoji-detailed"),
        EmojiRefusal::AnimationTooLarge { kib, maximum } => {
            Message::new("error-emoji-animation").with("kib", *kib).with("maximum", *maximum)
        }
    }
}

pub(super) fn pack(refusal: &PackRefusal) -> Message {
    match refusal {
        PackRefusal::NoPack => Message::new("error-choose-pack"),
        PackRefusal::Empty => Message::new("error-pack-empty"),
        PackRefusal::Format => Message::new("error-pack-type"),
        PackRefusal::NotATar => Message::new("error-pack-tar"),
        PackRefusal::TooManyFiles(maximum) => Message::new("error-pack-files").with("maximum", *maximum),
        PackRefusal::TooLarge(mebibytes) => Message::new("error-pack-large").with("mebibytes", *mebibytes),
        PackRefusal::Damaged(cause) => Message::new("error-pack-damaged").with("cause", cause.as_str()),
        PackRefusal::TarSize => Message::new("error-pack-tar-size"),
        PackRefusal::ZipDirectory => Message::new("error-pack-zip-directory"),
        PackRefusal::ZipCompression => Message::new("error-pack-zip-compression"),
        PackRefusal::Description { path, cause } => {
            Message::new("error-pack-description").with("path", path.as_str()).with("cause", cause.as_str())
        }
        PackRefusal::FileMissing => Message::new("error-pack-file-missing"),
        PackRefusal::EmojiName => Message::new("error-pack-emoji-name"),
        PackRefusal::FileTooLarge(kib) => Message::new("error-pack-file-large").with("kib", *kib),
    }
}
