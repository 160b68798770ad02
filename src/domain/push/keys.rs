//! The keys of Web Push: made once, and stored in the database.

use crate::domain::stored_secret::stored_secret;
use crate::error::{Error, Result};
use crate::protocol::secret::SealingKey;
use crate::protocol::web_push::VapidKey;
use crate::store::Store;
use crate::store::database::settings;

/// The keys of this server.
pub struct PushKeys {
    /// Signs requests to push services; apps pass its public part on to them.
    pub vapid: VapidKey,
    /// Seals the access tokens of subscriptions. Apps recognise their account by the token in a message, so it must be
    /// readable, but not by someone who looks into the table or an export of it.
    pub sealing: SealingKey,
}

impl PushKeys {
    /// Reads the keys, and makes them at the first time. Must not be called inside a write.
    ///
    /// # Errors
    /// [`Error::Internal`] if a stored key is damaged.
    pub fn load(store: &Store) -> Result<Self> {
        let vapid = stored_secret(store, settings::VAPID_KEY, VapidKey::generate)?;
        let sealing = stored_secret(store, settings::SEALING_KEY, SealingKey::generate)?;
        Self::read(&vapid, &sealing)
    }

    fn read(vapid: &str, sealing: &str) -> Result<Self> {
        let damaged = || Error::internal("the sealing key in the database is damaged");
        Ok(Self { vapid: VapidKey::read(vapid)?, sealing: SealingKey::read(sealing).ok_or_else(damaged)? })
    }
}
