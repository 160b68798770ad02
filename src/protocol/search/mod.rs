//! What a search asks for, and the words by which texts are found.

mod period;
pub mod query;
#[cfg(test)]
mod tests;
pub mod words;

pub use period::Period;
pub use query::{Clause, Part, Person, Query, Scope, Term, Trait};
