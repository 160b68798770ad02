//! The whole server, tested over HTTP with a real database: one file a subject, folders as in `src`.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

mod api;
mod architecture;
mod cli;
mod cluster;
mod federation;
mod http;
mod interop;
mod limits;
mod remote_files;
mod store_reads;
mod support;
mod web;
