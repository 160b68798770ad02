//! Setup: creates the owner and the instance actor with their keys.

use std::sync::Arc;

use super::password;
use crate::domain::urls::Site;
use crate::domain::{Domain, Owner};
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::time::Timestamp;
use crate::store::actors::NewLocal;
use crate::store::actors::keys::{self, OwnKey};
use crate::store::database::settings;
use crate::store::{Conn, actors};

/// The owner's choices at setup.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// The user name; permanent.
    pub username: String,
    /// The display name; may be empty.
    pub display_name: String,
    /// The password.
    pub password: String,
}

/// Checks a user name.
///
/// # Errors
/// [`Error::Invalid`] with the rule that it breaks.
pub fn check_username(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > limits::OWNER_USERNAME_CHARS {
        return Err(Error::invalid(AccountRefusal::UserNameLength(limits::OWNER_USERNAME_CHARS)));
    }
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Error::invalid(AccountRefusal::UserNameCharacters));
    }
    Ok(())
}

/// The secrets of a new owner.
pub struct Credentials {
    /// The hash of the password, from [`password::hash`].
    pub password_hash: String,
    /// The RSA key for HTTP signatures.
    pub key: SigningKey,
    /// The Ed25519 key for object proofs.
    pub proof_key: ProofKey,
}

impl Credentials {
    /// Generates both keys and hashes the password.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn generate(password: &str) -> Result<Self> {
        Ok(Self {
            password_hash: password::hash(password)?,
            key: SigningKey::generate_rsa()?,
            proof_key: ProofKey::generate()?,
        })
    }
}

/// Creates the owner. All rules are checked before the write.
///
/// # Errors
/// [`Error::Conflict`] if there is an owner already, [`Error::Invalid`] if a choice breaks a rule.
pub fn create(domain: &Arc<Domain>, new: NewOwner) -> Result<Owner> {
    check_username(&new.username)?;
    password::check(&new.password)?;
    check_display_name(&new.display_name)?;
    if !domain.awaits_setup() {
        return Err(already());
    }
    ensure_instance_actor(domain)?;
    create_with(domain, &new.username, &new.display_name, Credentials::generate(&new.password)?)
}

/// Creates the owner with existing credentials.
///
/// # Errors
/// As [`create`].
pub fn create_with(domain: &Arc<Domain>, username: &str, name: &str, credentials: Credentials) -> Result<Owner> {
    check_username(username)?;
    check_display_name(name)?;
    let (username, name) = (username.to_owned(), name.trim().to_owned());
    let id = ActorId(domain.next_id());
    domain.transact(move |tx| {
        if settings::get(tx, settings::OWNER)?.is_some() {
            return Err(already());
        }
        let (site, now) = (tx.site(), tx.now());
        let uri = site.actor(&username);
        actors::insert_local(
            tx,
            &NewLocal {
                id,
                uri: &uri,
                kind: ActorKind::Person,
                username: &username,
                display_name: &name,
                url: &site.profile(&username),
                inbox: &format!("{uri}/inbox"),
                shared_inbox: &site.shared_inbox(),
            },
            now,
        )?;
        insert_keys(tx, id, &uri, &credentials.key, Some(&credentials.proof_key), now)?;
        settings::set(tx, settings::OWNER, &id.to_string())?;
        settings::set(tx, settings::PASSWORD, &credentials.password_hash)?;
        settings::remove(tx, settings::SETUP_TOKEN)
    })?;
    domain.reload()?;
    domain.owner()
}

/// Checks a display name.
///
/// # Errors
/// [`Error::Invalid`] if it is too long.
pub fn check_display_name(name: &str) -> Result<()> {
    if name.chars().count() > limits::OWNER_NAME_CHARS {
        return Err(Error::invalid(AccountRefusal::DisplayNameLength(limits::OWNER_NAME_CHARS)));
    }
    Ok(())
}

fn already() -> Error {
    Error::Conflict(AccountRefusal::OwnerExists.into())
}

/// Creates the instance actor, if there is none yet.
pub fn ensure_instance_actor(domain: &Arc<Domain>) -> Result<()> {
    if domain.instance().is_ok() {
        return Ok(());
    }
    create_instance_actor(domain, SigningKey::generate_rsa()?)
}

/// Creates the instance actor with an existing key, if there is none yet.
pub fn create_instance_actor(domain: &Arc<Domain>, key: SigningKey) -> Result<()> {
    let id = ActorId(domain.next_id());
    domain.transact(move |tx| {
        if settings::get(tx, settings::INSTANCE_ACTOR)?.is_some() {
            return Ok(());
        }
        let (site, now) = (tx.site(), tx.now());
        let uri = site.instance_actor();
        actors::insert_local(
            tx,
            &NewLocal {
                id,
                uri: &uri,
                kind: ActorKind::Application,
                username: site.authority(),
                display_name: site.authority(),
                url: &site.url("/about"),
                inbox: &site.shared_inbox(),
                shared_inbox: &site.shared_inbox(),
            },
            now,
        )?;
        insert_keys(tx, id, &uri, &key, None, now)?;
        settings::set(tx, settings::INSTANCE_ACTOR, &id.to_string())
    })?;
    domain.reload()
}

fn insert_keys(
    conn: &Conn,
    id: ActorId,
    uri: &str,
    key: &SigningKey,
    proof_key: Option<&ProofKey>,
    now: Timestamp,
) -> Result<()> {
    let rsa = OwnKey::rsa(format!("{uri}#main-key"), key)?;
    keys::insert_own(conn, id, &rsa, now)?;
    if let Some(proof_key) = proof_key {
        let ed25519 = OwnKey::ed25519(format!("{uri}#ed25519-key"), proof_key);
        keys::insert_own(conn, id, &ed25519, now)?;
    }
    Ok(())
}

/// Binds a database to its domain: stores it at the first start, and compares it at every later one.
///
/// # Errors
/// [`Error::Conflict`] if the database belongs to another domain.
pub fn bind_site(store: &crate::store::Store, site: &Site) -> Result<()> {
    let (domain, handle_domain) = (site.authority().to_owned(), site.handle_domain().to_owned());
    store.write(move |conn| {
        for (key, value, what) in
            [(settings::DOMAIN, &domain, "domain"), (settings::HANDLE_DOMAIN, &handle_domain, "handle domain")]
        {
            match settings::get(conn, key)? {
                None => settings::set(conn, key, value)?,
                Some(stored) if stored == *value => {}
                Some(stored) => {
                    return Err(Error::Conflict(
                        format!(
                            "this data belongs to the {what} {stored}, not {value}: ids are permanent. \
                             Start with {stored}, or name another --data directory"
                        )
                        .into(),
                    ));
                }
            }
        }
        Ok(())
    })
}

/// True if a database is set up: it is bound to a domain and has an owner.
pub fn is_set_up(store: &crate::store::Store) -> Result<bool> {
    store.read(|c| Ok(settings::get(c, settings::DOMAIN)?.is_some() && settings::get(c, settings::OWNER)?.is_some()))
}

/// The domain and handle domain that a database is bound to.
pub fn bound_site(store: &crate::store::Store) -> Result<Option<Site>> {
    let (domain, handle) =
        store.read(|c| Ok((settings::get(c, settings::DOMAIN)?, settings::get(c, settings::HANDLE_DOMAIN)?)))?;
    domain.map(|d| Site::new(&d, handle.as_deref())).transpose()
}
