//! Embedded documents, parsed at most once.

use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::Value;

use super::actor::ActorDoc;
use super::object::Object;
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::read::actor::read_actor;
use crate::protocol::activitystreams::read::object::read_object;

/// A document embedded in an activity, with its parsed form. Parsing sanitises HTML, which takes too long for a write transaction;
/// [`super::Activity::prepare`] does it before.
#[derive(Debug, Clone)]
pub struct Embedded {
    document: Box<Value>,
    object: OnceLock<Box<Result<Object, ReadError>>>,
    actor: OnceLock<Box<Result<ActorDoc, ReadError>>>,
}

impl Embedded {
    /// Returns the document as a post; parsed on first use.
    ///
    /// # Errors
    /// As [`read_object`].
    pub fn object(&self) -> Result<&Object, &ReadError> {
        (**self.object.get_or_init(|| Box::new(read_object(&self.document)))).as_ref()
    }

    /// Returns the document as an actor; parsed on first use.
    ///
    /// # Errors
    /// As [`read_actor`].
    pub fn actor(&self) -> Result<&ActorDoc, &ReadError> {
        (**self.actor.get_or_init(|| Box::new(read_actor(&self.document)))).as_ref()
    }
}

impl From<Value> for Embedded {
    fn from(document: Value) -> Self {
        Self { document: Box::new(document), object: OnceLock::new(), actor: OnceLock::new() }
    }
}

impl Deref for Embedded {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.document
    }
}

impl PartialEq for Embedded {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}
