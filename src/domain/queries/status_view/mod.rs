//! Statuses and notifications as one viewer may see them. All API entities, pages and documents are made from these.

mod cache;
mod load;
mod parts;
mod views;

pub use cache::ViewCache;
pub use load::{StatusLoader, read};
pub use views::{CardView, NotificationView, QuoteView, StatusContent, StatusView};
