//! The owner asks to be allowed to do something with a post of somebody who wants to be asked (FEP-044f, GoToSocial).

use serde_json::Value;

use crate::domain::Domain;
use crate::domain::outbox::queue;
use crate::error::Result;
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::activitystreams::write;
use crate::store::Conn;
use crate::store::actors::Actor;
use crate::store::statuses::Status;

/// The end of the id of a request of ours to do something with a post; before it stands the id of the post that asks.
fn suffix(wish: Interaction) -> String {
    format!("/{}", wish.as_str().to_lowercase())
}

/// The post of ours that asks in the request with this id.
pub(crate) fn asking(request: &str, wish: Interaction) -> Option<&str> {
    request.strip_suffix(&suffix(wish))
}

/// Asks the author of `object` to let a post of ours answer or quote it.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn ask(
    conn: &Conn,
    domain: &Domain,
    wish: Interaction,
    (post, document): (&Status, Value),
    (object, author): (&str, &Actor),
) -> Result<()> {
    let owner = domain.owner()?;
    let request = write::Request {
        kind: wish,
        id: &format!("{}{}", post.uri, suffix(wish)),
        actor: &owner.uri,
        object,
        author: &author.uri,
    };
    queue::send_to(conn, domain, owner.id, author, write::request(&request, document))
}
