//! A document inside another one, read at most once.

use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::Value;

use super::actor::ActorDoc;
use super::object::Object;
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::read::actor::read_actor;
use crate::protocol::activitystreams::read::object::read_object;

/// A document inside an activity, with what was read of it. Reading cleans HTML and cuts texts to their limits, which
/// belongs before a write transaction: [`super::Activity::prepare`] does it there.
#[derive(Debug, Clone)]
pub struct Embedded {
    document: Box<Value>,
    object: OnceLock<Box<Result<Object, ReadError>>>,
    actor: OnceLock<Box<Result<ActorDoc, ReadError>>>,
}

impl Embedded {
    /// The document as a post; read when it is first asked for.
    ///
    /// # Errors
    /// As [`read_object`].
    pub fn object(&self) -> Result<&Object, &ReadError> {
        (**self.object.get_or_init(|| Box::new(read_object(&self.document)))).as_ref()
    }

    /// The document as an actor; read when it is first asked for.
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
