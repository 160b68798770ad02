//! What strangers' servers send, and what they are answered.

mod acts;
mod discovery;
mod embedded;
mod golden;
mod handles;
mod identity;
mod inbox;
mod meeting;
mod origin;
mod picture;
mod verbs;
mod visibility;
mod world;
