//! Durable queues: incoming activities, jobs, and deliveries.

pub mod deliveries;
pub mod delivery_report;
pub mod inbox_queue;
pub mod jobs;
pub mod problems;
