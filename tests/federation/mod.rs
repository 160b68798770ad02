//! What strangers' servers send, and what they are answered.

mod discovery;
mod golden;
mod inbox;
mod picture;
mod verbs;
mod world;
