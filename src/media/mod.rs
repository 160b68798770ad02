//! Uploads, stored under names of our own: images are decoded and encoded again, videos and recordings are freed of metadata.
//!
//! Only pixels, samples and streams reach a browser: not a file's name, its type, or its metadata.

mod animation;
mod colour;
mod container;
mod disk;
mod emoji;
mod emoji_pack;
pub mod file_cache;
mod icon;
mod jpeg;
pub mod orphans;
mod process;
mod scale;
mod sniff;
mod still;
mod upload;
mod walk;

pub use disk::{MediaDir, media_type_of};
pub use emoji::store_emoji;
pub use emoji_pack::{PackSource, StoredPack, store_pack};
pub use file_cache::FileCache;
pub use icon::make_icons;
pub use process::{Encoded, Processed, accept_avatar, accept_header, accept_image};
pub use sniff::MEDIA_TYPES;
pub use upload::{store_thumbnail, store_upload};

#[cfg(test)]
mod tests;
