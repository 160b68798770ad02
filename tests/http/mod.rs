//! HTTP itself, whatever the surface.

mod odd_requests;
mod requests;
