//! Requests of the owner to interact with a post whose author approves interactions one by one (FEP-044f, GoToSocial).

use serde_json::Value;

use crate::domain::Tx;
use crate::domain::outbox::queue;
use crate::domain::signal::Worker;
use crate::error::Result;
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::activitystreams::write;
use crate::store::actors::Actor;
use crate::store::statuses::Status;

/// A request that a post of the owner may reply to or quote another post.
pub(crate) struct InteractionRequest<'a> {
    /// What the post does.
    pub(crate) interaction: Interaction,
    /// The post of the owner.
    pub(crate) post: &'a Status,
    /// Its document, or its id.
    pub(crate) document: Value,
    /// The id of the other post.
    pub(crate) target: &'a str,
    /// The author of the other post.
    pub(crate) author: &'a Actor,
}

impl InteractionRequest<'_> {
    /// Queues the request for delivery to the author.
    pub(crate) fn send(self, tx: &Tx<'_>) -> Result<()> {
        tx.wake(Worker::Delivery);
        let owner = tx.owner()?;
        let request = write::Request {
            kind: self.interaction,
            id: &format!("{}{}", self.post.uri, suffix(self.interaction)),
            actor: &owner.uri,
            object: self.target,
            author: &self.author.uri,
        };
        queue::send_to(tx, owner.id, self.author, write::request(&request, self.document))
    }
}

/// The id of a request is the id of the requesting post with this suffix.
fn suffix(interaction: Interaction) -> String {
    format!("/{}", interaction.as_str().to_lowercase())
}

/// The id of the post of the owner that the request with this id is for.
pub(crate) fn requesting_post(request: &str, interaction: Interaction) -> Option<&str> {
    request.strip_suffix(&suffix(interaction))
}
