//! The values that templates receive: one file for each view.

mod attachment;
mod content;
mod emoji;
mod history;
mod link;
mod notification;
mod person;
mod post;
mod relation;
mod visibility;

pub use attachment::{Attachment, attachment};
pub use content::content;
pub use emoji::{Painter, emoji_address, with_emoji};
pub use history::{EditView, versions};
pub use notification::{EventView, Notification, notifications};
pub use person::{Person, person, picture, preview};
pub use post::{
    AbsentParent, Brief, Card, Covered, Excerpt, LinkPreview, Poll, PollOption, Post, Quote, Reaction, brief, brief_in,
    headline, link_preview, post, post_in, posts, short,
};
pub use relation::{RelationView, relation};
pub use visibility::{QuotePolicyView, VisibilityView, quote_policies, visibilities, visibility};
