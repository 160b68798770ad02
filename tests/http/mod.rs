//! HTTP behaviour that is common to pages and APIs.

mod odd_requests;
mod requests;
