//! Streaming: the channels that apps subscribe to, and which of them show an event.

mod channel;
mod shown;

pub use channel::{Channel, Requested, Subscription};
pub use shown::{showing_deleted, showing_edit, showing_new};
