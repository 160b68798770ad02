//! The tolerant reader: JSON of any peer in, [`super::types`] out.

pub(crate) mod activity;
pub(crate) mod actor;
pub(crate) mod audience;
pub(crate) mod collection;
pub(crate) mod content;
pub(crate) mod details;
pub(crate) mod items;
pub(crate) mod kinds;
pub(crate) mod media;
pub(crate) mod object;
pub(crate) mod policy;
pub(crate) mod quote;
pub(crate) mod reaction;
pub(crate) mod tags;
pub(crate) mod values;
