//! What web pages state about themselves: title, description, picture and author, for link previews.
//!
//! [`decode`] makes text of the bytes, [`Head::read`] collects the elements that describe the page in one linear pass, and
//! [`PageMetadata`] is what a preview needs of them. No HTML of a page is kept.

mod charset;
mod head;
mod json_ld;
mod metadata;
#[cfg(test)]
mod tests;

pub use charset::decode;
pub use head::Head;
pub use metadata::{CardKind, CardPicture, Oembed, PageMetadata};
