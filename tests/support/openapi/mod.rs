//! The description of the client API: built from the tables in `tests/fixtures/openapi` and the route table, and
//! compared with every response that a test receives.

pub mod conformance;
pub mod document;
pub mod schema;
pub mod tables;
