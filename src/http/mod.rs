//! What every surface shares: requests and responses, the router, forms, limits of rate, rendered answers in memory.

pub mod answer;
pub mod cache;
pub mod conditional;
pub mod cookies;
pub mod form;
pub mod multipart;
pub mod negotiate;
pub mod range;
pub mod rates;
pub mod request;
pub mod response;
pub mod router;
pub mod sign_ins;
mod strict;

pub use form::Form;
pub use request::{Request, Who};
pub use response::Response;
pub use router::{Access, Class, Handler, Route, Surface, Verb};
