//! Making the owner: the one local account, its keys, and the actor that stands for the server.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use crate::domain::urls::Site;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::time::Timestamp;
use crate::store::account::{apps, sessions};
use crate::store::actors::NewLocal;
use crate::store::actors::keys::{self, OwnKey};
use crate::store::database::settings;
use crate::store::{Conn, actors};

/// What the owner chooses at the start.
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
/// [`Error::Invalid`] naming the rule that it breaks.
pub fn check_username(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > limits::OWNER_USERNAME_CHARS {
        return Err(Error::invalid(format!("User name must have 1 to {} characters", limits::OWNER_USERNAME_CHARS)));
    }
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Error::invalid("User name may only contain small letters a to z, digits and _"));
    }
    Ok(())
}

/// Checks a new password.
///
/// # Errors
/// [`Error::Invalid`] naming the rule that it breaks.
pub fn check_password(password: &str) -> Result<()> {
    if limits::PASSWORD_BYTES.contains(&password.len()) {
        return Ok(());
    }
    let (min, max) = (limits::PASSWORD_BYTES.start(), limits::PASSWORD_BYTES.end());
    Err(Error::invalid(format!("Password must have {min} to {max} bytes")))
}

/// argon2id with the parameters of the OWASP floor: 19 MiB, two passes.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::internal(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password as it is stored.
///
/// # Errors
/// When hashing fails.
pub fn hash_password(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(argon2()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|e| Error::internal(format!("argon2: {e}")))?
        .to_string())
}

/// Working memory of argon2, kept for the next check. Allocated anew for each, it stayed with the allocator once for every
/// thread that had ever checked a password: 19 MiB each.
static WORKSPACE: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// True if the password belongs to the hash.
///
/// # Errors
/// When the hash is damaged.
pub fn verify_password(password: &str, hash: &str) -> Result<bool> {
    let damaged = |why: String| Error::internal(format!("the stored password hash: {why}"));
    let parsed = PasswordHash::new(hash).map_err(|e| damaged(e.to_string()))?;
    let params = Params::try_from(&parsed).map_err(|e| damaged(e.to_string()))?;
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else { return Err(damaged("it is cut".into())) };
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes).map_err(|e| damaged(e.to_string()))?;
    let mut workspace = WORKSPACE.lock().unwrap_or_else(PoisonError::into_inner);
    workspace.resize(params.block_count(), Block::default());
    let mut found = vec![0; expected.len()];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut found, workspace.as_mut_slice())
        .map_err(|e| damaged(e.to_string()))?;
    Ok(found.ct_eq(expected.as_bytes()).into())
}

/// The secrets of a new owner.
pub struct Credentials {
    /// The hash of the password, from [`hash_password`].
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
    /// When the system has no randomness to give.
    pub fn generate(password: &str) -> Result<Self> {
        Ok(Self {
            password_hash: hash_password(password)?,
            key: SigningKey::generate_rsa()?,
            proof_key: ProofKey::generate()?,
        })
    }
}

/// Makes the owner. Every rule is checked before anything is written.
///
/// # Errors
/// [`Error::Conflict`] when there is an owner already, [`Error::Invalid`] when a choice breaks a rule.
pub fn create(domain: &Arc<Domain>, new: NewOwner) -> Result<Owner> {
    check_username(&new.username)?;
    check_password(&new.password)?;
    check_display_name(&new.display_name)?;
    if domain.owner().is_ok() {
        return Err(already());
    }
    ensure_instance_actor(domain)?;
    create_with(domain, &new.username, &new.display_name, Credentials::generate(&new.password)?)
}

/// Makes the owner with existing credentials.
///
/// # Errors
/// As [`create`].
pub fn create_with(domain: &Arc<Domain>, username: &str, name: &str, credentials: Credentials) -> Result<Owner> {
    check_username(username)?;
    check_display_name(name)?;
    let (username, name) = (username.to_owned(), name.trim().to_owned());
    let id = ActorId(domain.next_id());
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        if settings::get(conn, settings::OWNER)?.is_some() {
            return Err(already());
        }
        let (site, now) = (&ctx.site, ctx.now());
        let uri = site.actor(&username);
        actors::insert_local(
            conn,
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
        insert_keys(conn, id, &uri, &credentials.key, Some(&credentials.proof_key), now)?;
        settings::set(conn, settings::OWNER, &id.to_string())?;
        settings::set(conn, settings::PASSWORD, &credentials.password_hash)?;
        settings::remove(conn, settings::SETUP_TOKEN)
    })?;
    domain.reload()?;
    domain.owner()
}

/// Checks a display name.
///
/// # Errors
/// [`Error::Invalid`] when it is too long.
pub fn check_display_name(name: &str) -> Result<()> {
    if name.chars().count() > limits::OWNER_NAME_CHARS {
        return Err(Error::invalid(format!("Display name must have at most {} characters", limits::OWNER_NAME_CHARS)));
    }
    Ok(())
}

fn already() -> Error {
    Error::Conflict("this server has its owner already".into())
}

/// Makes the actor that stands for the server, if it is not there yet.
///
/// # Errors
/// When the database cannot be written.
pub fn ensure_instance_actor(domain: &Arc<Domain>) -> Result<()> {
    if domain.instance().is_ok() {
        return Ok(());
    }
    create_instance_actor(domain, SigningKey::generate_rsa()?)
}

/// Makes the actor that stands for the server with an existing key, unless it is stored already.
///
/// # Errors
/// When the database cannot be written.
pub fn create_instance_actor(domain: &Arc<Domain>, key: SigningKey) -> Result<()> {
    let id = ActorId(domain.next_id());
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        if settings::get(conn, settings::INSTANCE_ACTOR)?.is_some() {
            return Ok(());
        }
        let (site, now) = (&ctx.site, ctx.now());
        let uri = site.instance_actor();
        actors::insert_local(
            conn,
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
        insert_keys(conn, id, &uri, &key, None, now)?;
        settings::set(conn, settings::INSTANCE_ACTOR, &id.to_string())
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

/// Sets a new password and signs out every browser and app.
///
/// # Errors
/// [`Error::Invalid`] when the password breaks a rule.
pub fn set_password(domain: &Domain, password: &str) -> Result<()> {
    check_password(password)?;
    let hash = hash_password(password)?;
    domain.store.write(move |conn| {
        settings::set(conn, settings::PASSWORD, &hash)?;
        sessions::end(conn, None)?;
        apps::revoke_all(conn)
    })
}

/// Ties a database to its domain: stored at the first start, compared at every later one.
///
/// # Errors
/// [`Error::Conflict`] when the database belongs to another domain.
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

/// Whether a database was set up: it is bound to a domain and has its owner.
///
/// # Errors
/// When the database cannot be read.
pub fn is_set_up(store: &crate::store::Store) -> Result<bool> {
    store.read(|c| Ok(settings::get(c, settings::DOMAIN)?.is_some() && settings::get(c, settings::OWNER)?.is_some()))
}

/// The domain and handle domain that a database is bound to.
///
/// # Errors
/// When the database cannot be read.
pub fn bound_site(store: &crate::store::Store) -> Result<Option<Site>> {
    let (domain, handle) =
        store.read(|c| Ok((settings::get(c, settings::DOMAIN)?, settings::get(c, settings::HANDLE_DOMAIN)?)))?;
    domain.map(|d| Site::new(&d, handle.as_deref())).transpose()
}
