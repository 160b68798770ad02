//! Queries: timelines, threads, searches and single posts as one viewer sees them.
//!
//! A page costs a constant number of database queries, however many posts it shows: see [`status_view::StatusLoader`].

pub mod accounts;
pub mod conversations;
pub mod embeds;
pub mod explore;
pub mod hashtags;
pub mod listing;
pub mod notifications;
pub mod search;
pub mod status_view;
pub mod statuses;
pub mod thread;
pub mod timelines;
pub mod translation;
