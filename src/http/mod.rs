//! HTTP helpers of all surfaces: requests and responses, routes, forms, rate limits, the response cache.

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
pub mod route;
pub mod router;
pub mod sign_ins;
pub mod streams;
mod strict;

pub use form::Form;
pub use request::{Principal, Request};
pub use response::{PageUse, Response, Sharing};
pub use route::{Access, Class, Handler, Route, Surface, Verb};
pub use router::Router;
