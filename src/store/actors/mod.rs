//! Actors, local and remote.

mod actor;
pub mod actor_gc;
mod counts;
mod deletion;
mod find;
mod inboxes;
mod insert;
pub mod keys;
mod profile;
mod search;

pub use actor::Actor;
pub use counts::{add_counts, note_status_at, set_remote_counts};
pub use deletion::{
    delete, delete_some_posts, has_moved_since, heard, insert_gone, mark_gone, moved_at, note_move, set_moved,
};
pub use find::{among, any_on, by_handle, by_uri, get, id_by_uri, uri_by_page};
pub use inboxes::{hosts_behind_inbox, inboxes_of_hosts, uris_by_inbox};
pub use insert::{NewLocal, insert_local, upsert_remote};
pub use profile::{Profile, set_emoji, set_fields, set_updated, update_profile};
pub use search::{Among, search};
