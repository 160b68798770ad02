//! Subscriptions: making and changing them, and queueing what they are for.

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::web_push::{Subscriber, decode};
use crate::store::Conn;
use crate::store::account::push::{self, PushChoice, PushHolder, PushPolicy, PushSubscription};
use crate::store::notifications::{Notification, NotificationKind};
use crate::store::queues::jobs::{self, Cause, Task};
use crate::store::relationships::follows;

/// The alerts of the client API. Some are for notifications that this server never has; apps store them all the same.
pub const ALERTS: [&str; 12] = [
    "mention",
    "quote",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quoted_update",
    "admin.sign_up",
    "admin.report",
];

/// The bit of an alert; 0 if no alert has this name.
pub fn alert_bit(name: &str) -> i64 {
    ALERTS.iter().position(|alert| *alert == name).map_or(0, |at| 1 << at)
}

/// A subscription that an app or a browser requests.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Who requests it.
    pub holder: PushHolder,
    /// The token of an app, which messages to it contain.
    pub secret: Option<String>,
    /// The URL at the push service.
    pub endpoint: String,
    /// The public key of the app in base64url.
    pub p256dh: String,
    /// The shared secret of the app in base64url.
    pub auth: String,
    /// Messages are encrypted by the standard.
    pub standard: bool,
    /// What it is for.
    pub choice: PushChoice,
}

/// Stores a subscription in place of the one that the holder has.
///
/// # Errors
/// [`Error::Invalid`] if the endpoint may not be contacted, or the keys cannot be used.
pub fn subscribe(domain: &Arc<Domain>, new: NewSubscription) -> Result<PushSubscription> {
    if new.endpoint.len() > limits::URL {
        return Err(Error::invalid(SettingRefusal::PushEndpointTooLong(limits::URL)));
    }
    let unusable = |e: Error| Error::invalid(SettingRefusal::PushEndpointUnusable(e.to_string()));
    domain.remote()?.check_url(&new.endpoint).map_err(unusable)?;
    let keys = decode(&new.p256dh).zip(decode(&new.auth)).and_then(|(public, auth)| Subscriber::new(public, auth));
    let keys = keys.ok_or_else(|| Error::invalid(SettingRefusal::PushKeys))?;
    let row = PushSubscription {
        id: 0,
        holder: new.holder,
        endpoint: new.endpoint,
        public_key: keys.public().to_vec(),
        auth: keys.auth().to_vec(),
        standard: new.standard,
        choice: new.choice,
        sealed_token: new.secret.map(|s| domain.push_keys()?.sealing.seal(s.as_bytes())).transpose()?,
        created_at: domain.now(),
    };
    let stored = row.clone();
    let id = domain.store.write_quietly(move |conn| push::set(conn, &stored, limits::PUSH_SUBSCRIPTIONS))?;
    Ok(PushSubscription { id, ..row })
}

/// The subscription of a holder.
///
/// # Errors
/// [`Error::NotFound`] if it has none.
pub fn of(domain: &Domain, holder: PushHolder) -> Result<PushSubscription> {
    domain.store.read(|c| push::of(c, holder))?.ok_or(Error::NotFound)
}

/// Changes what the subscription of a holder is for.
///
/// # Errors
/// [`Error::NotFound`] if it has none.
pub fn change(domain: &Domain, holder: PushHolder, choice: PushChoice) -> Result<PushSubscription> {
    domain.store.write_quietly(move |conn| match push::set_choice(conn, holder, choice)? {
        true => push::of(conn, holder)?.ok_or(Error::NotFound),
        false => Err(Error::NotFound),
    })
}

/// Removes the subscription of a holder, if it has one.
pub fn remove(domain: &Domain, holder: PushHolder) -> Result<()> {
    domain.store.write_quietly(move |conn| push::remove_of(conn, holder))
}

/// Queues a new notification for all subscriptions that are for it.
pub fn enqueue(conn: &Conn, domain: &Domain, notification: &Notification) -> Result<()> {
    let choices = push::choices(conn)?;
    if choices.is_empty() {
        return Ok(());
    }
    let owner = domain.owner()?.id;
    // The end of an own poll.
    let is_own = notification.actor_id == owner;
    let followed = follows::is_accepted(conn, owner, notification.actor_id)?;
    // What unknown actors cause must not delay the jobs of the owner.
    let cause = if followed { Cause::Followed } else { Cause::Stranger };
    let alert = alert_bit(match notification.kind {
        NotificationKind::Reaction => NotificationKind::Favourite.as_str(),
        kind => kind.as_str(),
    });
    for (id, choice) in choices.into_iter().filter(|(_, choice)| choice.alerts & alert != 0) {
        let wanted = match choice.policy {
            PushPolicy::All => true,
            PushPolicy::Followed => followed || is_own,
            PushPolicy::Follower => is_own || follows::is_accepted(conn, notification.actor_id, owner)?,
            PushPolicy::None => false,
        };
        if wanted {
            jobs::enqueue_for(conn, &Task::Push(id, notification.id), cause, domain.now())?;
        }
    }
    Ok(())
}
