//! The values that templates receive: one file for each view.

mod attachment;
mod content;
mod emoji;
mod excerpt;
mod history;
mod interaction;
mod link;
mod notification;
mod person;
mod poll;
mod post;
mod quote;
mod reaction;
mod relation;
mod visibility;

pub use attachment::Attachment;
pub use content::content;
pub use emoji::{Painter, with_emoji};
pub use excerpt::Excerpt;
pub use history::{EditView, versions};
pub use notification::{Notification, notification};
pub use person::{Person, person, picture, preview};
pub use poll::{Poll, PollOption};
pub use post::{AbsentParent, Post, post, posts};
pub use quote::Quote;
pub use reaction::Reaction;
pub use relation::{RelationView, relation};
pub use visibility::{VisibilityView, visibilities, visibility};
