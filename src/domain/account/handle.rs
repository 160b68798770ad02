//! Handles of accounts.

use crate::domain::Domain;
use crate::error::Result;
use crate::store::actors::Actor;
use crate::store::{Conn, actors};

/// The handle of an actor, `user@domain`; that of the owner has the handle domain of this server.
pub fn handle(domain: &Domain, actor: &Actor) -> String {
    match actor.domain.is_empty() {
        true => domain.site.handle_of(&actor.username),
        false => format!("{}@{}", actor.username, actor.domain),
    }
}

/// An account that the owner's account names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAccount {
    /// Its ActivityPub id.
    pub uri: String,
    /// Its handle `user@domain`; `None` if it is not stored.
    pub handle: Option<String>,
}

impl NamedAccount {
    /// The account with this id.
    pub fn load(conn: &Conn, domain: &Domain, uri: &str) -> Result<Self> {
        let actor = actors::by_uri(conn, uri)?;
        Ok(Self { uri: uri.to_owned(), handle: actor.map(|a| handle(domain, &a)) })
    }

    /// The handle with an `@` before it; the id if the handle is not known.
    pub fn name(&self) -> String {
        self.handle.as_ref().map_or_else(|| self.uri.clone(), |handle| format!("@{handle}"))
    }
}
