//! Background workers. Work is stored in the database first: each worker takes what is due, and sleeps until the next row
//! is due or a signal arrives.

mod context;
mod deferred_activities;
mod delivery;
mod dialect;
mod inbox;
mod maintenance;
mod other_processes;
mod proven_bodies;
mod push;
mod schedule;
mod worker;
mod workers;

pub use context::WorkerContext;
pub use proven_bodies::ProvenBodies;
pub use workers::Workers;
