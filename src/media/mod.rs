//! Images: checked, decoded, encoded again, and stored under names of our own.
//!
//! Only pixels of an upload reach the disk or a browser: not its file name, its type, or its metadata.

mod animation;
mod colour;
mod disk;
mod jpeg;
mod process;
mod scale;
mod sniff;
mod still;
mod upload;

pub use disk::{MediaDir, media_type_of};
pub use process::{Encoded, Processed, accept_avatar, accept_header, accept_image};
pub use upload::store_image;

#[cfg(test)]
mod tests;
