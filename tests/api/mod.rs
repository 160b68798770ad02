//! The client API, as apps see it.

mod account_queries;
mod cached_reads;
mod conversations;
mod coverage;
mod entities;
mod errors;
mod explore;
mod filter_effects;
mod filters;
mod lists;
mod media_edits;
mod mutes;
mod oauth;
mod parameters;
mod polls;
mod push;
mod queries;
mod removed_media;
mod scheduled;
mod spellings;
mod statuses;
mod storage;
mod streaming;
mod streaming_limits;
mod tags;
mod uploads;
