//! What every surface shares: requests and responses, the router, forms, limits of rate, rendered answers in memory.

pub mod cache;
pub mod conditional_requests;
pub mod content_negotiation;
pub mod cookies;
pub mod error_response;
pub mod form;
pub mod multipart;
pub mod range;
pub mod rate_limit;
pub mod request;
pub mod response;
pub mod router;
pub mod sign_ins;
mod strict;

pub use form::Form;
pub use request::{Principal, Request};
pub use response::Response;
pub use router::{Access, Class, Handler, Route, Surface, Verb};
