//! Images: checked, decoded, cleaned by encoding them anew, and kept on disk under names of our own.
//!
//! Nothing that a stranger chose reaches the disk or a browser: not the file's name, not its type, not a byte of
//! what stands around the pixels.

mod animation;
mod colour;
mod decode;
mod disk;
mod png_rows;
mod process;
mod scale;
mod sniff;
mod upload;

pub use disk::{MediaDir, media_type_of};
pub use process::{Encoded, Processed, accept_avatar, accept_header, accept_image};
pub use upload::store_image;

#[cfg(test)]
mod tests;
