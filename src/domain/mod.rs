//! The rules of posting, following, visibility, notification and audience. No surface, no network.
//!
//! A rule that needs something from another server says so ([`receive::Outcome::Needs`], or the [`Remote`] port);
//! the layers above fetch it and ask again.

pub mod account;
pub mod addresses;
pub mod addressing;
pub mod backfill;
pub mod bounded;
pub mod disk;
pub mod federation_policy;
pub mod id_lookup;
pub mod inbox;
pub mod inspect;
pub mod interactions;
pub mod notifications;
pub mod outbox;
pub mod posts;
pub mod queries;
pub mod rate_limit;
pub mod relationships;
pub mod signal;
pub mod urls;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock, RwLock};

use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, IdClock, StatusId};
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::software::Software;
use crate::protocol::time::Timestamp;
use crate::store::actors::keys::Key;
use crate::store::relationships::follows;
use crate::store::visibility::Viewer;
use crate::store::{Conn, Store};
use signal::Signals;
use urls::Site;

/// What the domain can ask of other servers. The layers above implement it; inside the domain nothing connects.
///
/// All calls block, and must not be made inside a write.
pub trait Remote: Send + Sync {
    /// The actor with this handle, by WebFinger; fetched if it is unknown or old. A name with `!` before it is that of a
    /// community, which is preferred to a person of the same name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nobody there has that name, [`Error::Remote`] when the server cannot be asked.
    fn actor_by_handle(&self, username: &str, domain: &str) -> Result<ActorId>;

    /// The actor with this ActivityPub id; fetched if it is unknown.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn actor_by_uri(&self, uri: &str) -> Result<ActorId>;

    /// The actor with this ActivityPub id, as its document says now.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn fresh_actor(&self, uri: &str) -> Result<ActorId>;

    /// What stands at an address that somebody typed: a page for people or an ActivityPub id.
    ///
    /// # Errors
    /// As [`Remote::actor_by_handle`].
    fn at_url(&self, url: &str) -> Result<Resolved>;

    /// The document behind an address as its server has it now, and what was looked at on the way. An answer that is
    /// no usable document is an answer too. Its author is remembered, as after a search; nothing else is stored.
    ///
    /// # Errors
    /// [`Error::Remote`] when the server cannot be reached.
    fn examine(&self, address: &str) -> Result<inspect::Examined>;

    /// The same of the actor with this handle, with its address.
    ///
    /// # Errors
    /// As [`Remote::examine`].
    fn examine_handle(&self, username: &str, domain: &str) -> Result<(String, inspect::Examined)>;

    /// The public keys that a `keyId` may mean, each with the actor that holds it: the key with this id, or the keys of
    /// the actor with this id. There is at least one. From memory unless `fresh` is asked for. Failures are charged to the
    /// host of the key and to the client that named it.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] when there is no such key, [`Error::Busy`] when its server cannot be asked now,
    /// [`Error::Gone`] when its actor is gone.
    fn keys(&self, key_id: &str, fresh: bool, client: Option<IpAddr>) -> Result<Vec<Key>>;

    /// The software of a host, from memory or from its NodeInfo. A host without NodeInfo has unknown software.
    ///
    /// # Errors
    /// [`Error::Remote`] when the host does not answer now.
    fn software(&self, host: &str) -> Result<Software>;
}

/// What an address led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// An actor.
    Actor(ActorId),
    /// A status.
    Status(StatusId),
}

/// The owner, as everything needs to know it.
#[derive(Clone)]
pub struct Owner {
    /// The actor row.
    pub id: ActorId,
    /// The user name.
    pub username: String,
    /// The actor's ActivityPub id.
    pub uri: String,
    /// Signs deliveries.
    pub key: Arc<SigningKey>,
    /// The id of `key`.
    pub key_id: String,
    /// Makes object proofs.
    pub proof_key: Arc<ProofKey>,
    /// The id of `proof_key`.
    pub proof_key_id: String,
}

/// The actor that stands for the server: it signs fetches.
#[derive(Clone)]
pub struct InstanceActor {
    /// The actor row.
    pub id: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Signs fetches.
    pub key: Arc<SigningKey>,
    /// The id of `key`.
    pub key_id: String,
}

/// Everything that the rules stand on.
pub struct Domain {
    /// The database.
    pub store: Store,
    /// Where we are.
    pub site: Site,
    /// Hands out ids.
    pub ids: IdClock,
    /// Wakes the workers when there is something to do.
    pub wake: Signals,
    /// Only servers that were allowed by name are dealt with.
    pub allow_list: bool,
    /// What was forwarded for others lately, by actor and by host.
    pub forwards: rate_limit::HourlyLimit,
    /// What strangers have sent lately, by domain.
    pub strangers: rate_limit::HourlyLimit,
    /// The bytes of that.
    pub stranger_bytes: rate_limit::HourlyLimit,
    /// The disk of the data directory.
    pub disk: disk::Disk,
    owner: RwLock<Option<Owner>>,
    instance: RwLock<Option<InstanceActor>>,
    remote: OnceLock<Arc<dyn Remote>>,
}

impl Domain {
    /// The domain over a database. The owner and the instance actor are read from it, if they exist already.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn new(store: Store, site: Site) -> Result<Self> {
        let domain = Self {
            store,
            site,
            ids: IdClock::new(),
            wake: Signals::default(),
            allow_list: false,
            forwards: rate_limit::HourlyLimit::default(),
            strangers: rate_limit::HourlyLimit::default(),
            stranger_bytes: rate_limit::HourlyLimit::default(),
            disk: disk::Disk::new(std::path::Path::new("."), 0),
            owner: RwLock::default(),
            instance: RwLock::default(),
            remote: OnceLock::new(),
        };
        domain.reload()?;
        Ok(domain)
    }

    /// The same, dealing only with servers that were allowed by name, if `on`.
    pub fn with_allow_list(self, on: bool) -> Self {
        Self { allow_list: on, ..self }
    }

    /// The same, watching the free space of a disk.
    pub fn with_disk(self, disk: disk::Disk) -> Self {
        Self { disk, ..self }
    }

    /// How far a host is let in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing(&self, host: &str) -> Result<federation_policy::HostStanding> {
        self.store.read(|c| federation_policy::of(c, self, host))
    }

    /// True if the owner follows somebody, who has accepted that.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn owner_follows(&self, conn: &Conn, actor: ActorId) -> Result<bool> {
        follows::is_accepted(conn, self.owner()?.id, actor)
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        now()
    }

    /// The next id.
    pub fn next_id(&self) -> i64 {
        self.ids.next(now())
    }

    /// The owner.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up.
    pub fn owner(&self) -> Result<Owner> {
        read(&self.owner).ok_or(Error::NotFound)
    }

    /// The instance actor.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the first start.
    pub fn instance(&self) -> Result<InstanceActor> {
        read(&self.instance).ok_or(Error::NotFound)
    }

    /// The owner as a viewer.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up.
    pub fn as_owner(&self) -> Result<Viewer> {
        Ok(Viewer::Owner(self.owner()?.id))
    }

    /// Reads the owner and the instance actor anew, after they were made or their keys changed.
    ///
    /// # Errors
    /// When the database cannot be read, or a key in it cannot.
    pub fn reload(&self) -> Result<()> {
        let (owner, instance) = self.store.read(crate::domain::account::setup::load)?;
        *self.owner.write().unwrap_or_else(|e| e.into_inner()) = owner;
        *self.instance.write().unwrap_or_else(|e| e.into_inner()) = instance;
        Ok(())
    }

    /// Says who connects to other servers. Only the first call counts.
    pub fn set_remote(&self, remote: Arc<dyn Remote>) {
        let _ = self.remote.set(remote);
    }

    /// Whoever connects to other servers.
    ///
    /// # Errors
    /// A fault of ours when nobody was named.
    pub fn remote(&self) -> Result<&Arc<dyn Remote>> {
        self.remote.get().ok_or_else(|| Error::internal("nobody here can connect to other servers"))
    }
}

fn read<T: Clone>(lock: &RwLock<Option<T>>) -> Option<T> {
    lock.read().unwrap_or_else(|e| e.into_inner()).clone()
}

/// The present time.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
