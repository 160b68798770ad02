//! What strangers' servers send, and what they are answered.

mod discovery;
mod golden;
mod identity;
mod inbox;
mod picture;
mod verbs;
mod world;
