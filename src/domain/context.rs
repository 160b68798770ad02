//! The context of every rule: the database, the address of this server, its actors, the clock, and the workers.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use super::account::oauth::TokenCache;
use super::disk::Disk;
use super::filters::active::FilterCache;
use super::local_actors::{InstanceActor, Owner};
use super::ports::Remote;
use super::push::keys::PushKeys;
use super::queries::status_view::ViewCache;
use super::rate_limit::HourlyLimit;
use super::remote_files::{AddressKey, Audience, RemoteFile};
use super::signal::Signals;
use super::urls::Site;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, IdClock};
use crate::protocol::time::Timestamp;
use crate::store::relationships::follows;
use crate::store::visibility::Viewer;
use crate::store::{Conn, Store};

/// The context that all rules share. Writes go through [`Domain::transact`].
pub struct Domain {
    /// The database.
    pub store: Store,
    /// The address of this server.
    pub site: Site,
    /// Generates ids.
    pub ids: IdClock,
    /// Wakes the workers.
    pub signals: Signals,
    /// Only hosts with a policy that allows them may federate.
    pub allow_list: bool,
    /// Linked pages are fetched for previews.
    pub link_previews: bool,
    /// Recently forwarded activities, by actor and by host.
    pub forwards: HourlyLimit,
    /// Recent activities of actors that are not followed, by domain.
    pub remote_activities: HourlyLimit,
    /// The bytes of those activities.
    pub remote_bytes: HourlyLimit,
    /// The disk of the data directory.
    pub disk: Disk,
    /// Recently used access tokens.
    pub tokens: TokenCache,
    /// Recently shown statuses.
    pub views: ViewCache,
    /// The owner's filters, compiled.
    pub filters: FilterCache,
    /// Makes the addresses of remote files.
    pub file_addresses: AddressKey,
    /// The clock is this many milliseconds behind.
    behind: AtomicI64,
    push: OnceLock<PushKeys>,
    owner: RwLock<Option<Owner>>,
    instance: RwLock<Option<InstanceActor>>,
    remote: OnceLock<Arc<dyn Remote>>,
}

impl Domain {
    /// The domain over a database. The owner and the instance actor are loaded from it, if they exist already.
    ///
    /// # Errors
    /// If a key in the database is damaged.
    pub fn new(store: Store, site: Site) -> Result<Self> {
        let file_addresses = AddressKey::load(&store)?;
        let domain = Self {
            store,
            site,
            ids: IdClock::new(),
            signals: Signals::default(),
            allow_list: false,
            link_previews: true,
            forwards: HourlyLimit::default(),
            remote_activities: HourlyLimit::default(),
            remote_bytes: HourlyLimit::default(),
            disk: Disk::new(Path::new("."), 0),
            tokens: TokenCache::default(),
            views: ViewCache::default(),
            filters: FilterCache::default(),
            file_addresses,
            behind: AtomicI64::new(0),
            push: OnceLock::new(),
            owner: RwLock::default(),
            instance: RwLock::default(),
            remote: OnceLock::new(),
        };
        domain.reload()?;
        Ok(domain)
    }

    /// Sets whether only allowed hosts may federate.
    pub fn with_allow_list(self, allow_list: bool) -> Self {
        Self { allow_list, ..self }
    }

    /// Sets whether linked pages are fetched for previews.
    pub fn with_link_previews(self, link_previews: bool) -> Self {
        Self { link_previews, ..self }
    }

    /// Sets the disk whose free space is watched.
    pub fn with_disk(self, disk: Disk) -> Self {
        Self { disk, ..self }
    }

    /// The URL at which this server serves a file of another server to this audience. URLs of this server are returned as they
    /// are. ActivityPub documents contain the original URL instead.
    pub fn proxied(&self, audience: Audience, file: RemoteFile, url: &str) -> String {
        let is_own = url.strip_prefix(&self.site.base()).is_some_and(|rest| rest.starts_with('/'));
        if is_own { url.to_owned() } else { self.site.url(&self.file_addresses.path(audience, file, url)) }
    }

    /// True if the owner follows an actor, which has accepted.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up.
    pub fn owner_follows(&self, conn: &Conn, actor: ActorId) -> Result<bool> {
        follows::is_accepted(conn, self.owner()?.id, actor)
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(now().millis() - self.behind.load(Ordering::Relaxed))
    }

    /// Sets the clock back by this time from the real one. Ids never decrease, so the time may only move forward.
    pub fn set_back(&self, by: Duration) {
        self.behind.store(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// The next id.
    pub fn next_id(&self) -> i64 {
        self.ids.next(self.now())
    }

    /// The owner.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up, and [`Error::AccountDeleted`] after the account was deleted.
    pub fn owner(&self) -> Result<Owner> {
        let owner = self.owner_or_former()?;
        if owner.deleted_at.is_some() { Err(Error::AccountDeleted) } else { Ok(owner) }
    }

    /// The owner, also after the account was deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up.
    pub fn owner_or_former(&self) -> Result<Owner> {
        read(&self.owner).ok_or(Error::NotFound)
    }

    /// Returns `true` until the server is set up.
    pub fn awaits_setup(&self) -> bool {
        self.owner_or_former().is_err()
    }

    /// Returns `true` if the owner's account was deleted.
    pub fn is_deleted(&self) -> bool {
        self.owner_or_former().is_ok_and(|owner| owner.deleted_at.is_some())
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

    /// The keys of Web Push, which are made at the first call. Must not be called inside a write.
    ///
    /// # Errors
    /// If a key in the database is damaged.
    pub fn push_keys(&self) -> Result<&PushKeys> {
        match self.push.get() {
            Some(keys) => Ok(keys),
            None => {
                let keys = PushKeys::load(&self.store)?;
                Ok(self.push.get_or_init(|| keys))
            }
        }
    }

    /// Loads the owner and the instance actor again, after they were created or their keys changed.
    ///
    /// # Errors
    /// If a key in the database is damaged.
    pub fn reload(&self) -> Result<()> {
        let (owner, instance) = self.store.read(|c| Ok((Owner::load(c)?, InstanceActor::load(c)?)))?;
        *self.owner.write().unwrap_or_else(|e| e.into_inner()) = owner;
        *self.instance.write().unwrap_or_else(|e| e.into_inner()) = instance;
        Ok(())
    }

    /// Sets the access to other servers. Only the first call has an effect.
    pub fn set_remote(&self, remote: Arc<dyn Remote>) {
        let _ = self.remote.set(remote);
    }

    /// The access to other servers.
    ///
    /// # Errors
    /// An internal error if there is none.
    pub fn remote(&self) -> Result<&Arc<dyn Remote>> {
        self.remote.get().ok_or_else(|| Error::internal("this process has no access to other servers"))
    }
}

fn read<T: Clone>(lock: &RwLock<Option<T>>) -> Option<T> {
    lock.read().unwrap_or_else(|e| e.into_inner()).clone()
}

/// The current time.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
