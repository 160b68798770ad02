//! Statuses and notifications as one viewer may see them. All API entities, pages and documents are made from these.

mod load;
mod views;

pub use load::StatusLoader;
pub use views::{NotificationView, QuoteView, StatusView};
