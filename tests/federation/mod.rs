//! What strangers' servers send, and what they are answered.

mod acts;
mod agreement;
mod broken;
mod consents;
mod discovery;
mod embedded;
mod forwarding;
mod golden;
mod groups;
mod handles;
mod identity;
mod inbox;
mod meeting;
mod moderation;
mod moving;
mod origin;
mod picture;
mod policy;
mod polls;
mod pressure;
mod quotes;
mod reactions;
mod relays;
mod threads;
mod verbs;
mod visibility;
pub mod world;
