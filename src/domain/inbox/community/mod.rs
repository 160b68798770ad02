//! Activities of communities and relays (FEP-1b12).

mod ban;
mod distribution;
mod posts;

pub(super) use ban::{ban, ban_in, unban};
pub(super) use distribution::distribute;
pub use posts::add_to_community;
pub(super) use posts::{add_own_post, fetch_post, fetch_relayed};
