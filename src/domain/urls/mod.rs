//! Every URL and id of this server.

mod own_ids;
mod site;

pub use crate::protocol::activitystreams::host_of;
pub use own_ids::{OwnAction, OwnCollection, undo_of};
pub use site::{Site, is_loopback};
