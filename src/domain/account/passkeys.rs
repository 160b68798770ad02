//! Passkeys: sign-in of the owner without a password. A device signs a challenge after it has verified its user, which
//! replaces both factors.
//!
//! Challenges are not stored, because anybody can request them: a challenge is its time and an authentication code. It
//! cannot be used twice, because each passkey remembers the time of the last one.

use std::sync::Arc;

use ring::hmac;

use crate::domain::Domain;
use crate::domain::stored_secret::stored_secret;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::PasskeyId;
use crate::protocol::passkey::{self, AuthenticatorData, Ceremony, PasskeyKey, Refusal, RelyingParty};
use crate::protocol::secret;
use crate::protocol::text::clean_name;
use crate::protocol::time::Timestamp;
use crate::store::account::passkeys::{self, Passkey};
use crate::store::database::settings;

/// The fields that a browser sends when it has created or used a passkey, each as base64url.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The id of the passkey.
    pub credential: &'a str,
    /// The client data.
    pub client_data: &'a str,
    /// The authenticator data.
    pub authenticator_data: &'a str,
    /// The public key of a new passkey, or the signature of a used one.
    pub proof: &'a str,
}

fn key(domain: &Domain) -> Result<hmac::Key> {
    let secret = stored_secret(&domain.store, settings::DEVICE_KEY, secret::generate)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
}

/// What the code of a challenge covers.
fn authenticated(ceremony: Ceremony, issued: [u8; 8]) -> Vec<u8> {
    [b"challenge of a passkey ", ceremony.name().as_bytes(), b" ", &issued].concat()
}

/// Returns a new challenge as base64url.
pub fn challenge(domain: &Domain, ceremony: Ceremony) -> Result<String> {
    let issued = domain.now().millis().to_be_bytes();
    let code = hmac::sign(&key(domain)?, &authenticated(ceremony, issued));
    Ok(passkey::encode(&[&issued, code.as_ref()].concat()))
}

/// The time of a challenge, if it is ours and recent.
fn issued(domain: &Domain, ceremony: Ceremony, challenge: &str) -> Result<Timestamp> {
    let expired = || Error::Unauthorized(AccountRefusal::PageTooOld.into());
    let bytes = passkey::decode(challenge).map_err(refused)?;
    let (issued, code) = bytes.split_first_chunk::<8>().ok_or_else(expired)?;
    hmac::verify(&key(domain)?, &authenticated(ceremony, *issued), code).map_err(|_| expired())?;
    let at = Timestamp::from_millis(i64::from_be_bytes(*issued));
    if at < domain.now().minus(limits::PASSKEY_CHALLENGE_AGE) { Err(expired()) } else { Ok(at) }
}

fn refused(refusal: Refusal) -> Error {
    Error::Unauthorized(AccountRefusal::PasskeyNotAccepted(refusal).into())
}

/// What was received, after the checks that both ceremonies share.
struct Received {
    issued: Timestamp,
    data: AuthenticatorData,
    client_bytes: Vec<u8>,
    authenticator_bytes: Vec<u8>,
    proof: Vec<u8>,
}

fn receive(domain: &Domain, ceremony: Ceremony, response: Response<'_>) -> Result<Received> {
    let client_bytes = passkey::decode(response.client_data).map_err(refused)?;
    let authenticator_bytes = passkey::decode(response.authenticator_data).map_err(refused)?;
    let proof = passkey::decode(response.proof).map_err(refused)?;
    let party = RelyingParty { id: domain.site.host(), origin: &domain.site.base() };
    let challenge = passkey::challenge(&client_bytes, ceremony, party).map_err(refused)?;
    let issued = issued(domain, ceremony, &challenge)?;
    let data = AuthenticatorData::read(&authenticator_bytes, party).map_err(refused)?;
    Ok(Received { issued, data, client_bytes, authenticator_bytes, proof })
}

/// Stores a new passkey. The challenge proves that the password was entered: only then is one issued for this ceremony.
///
/// # Errors
/// [`Error::Unauthorized`] if the browser's data are not valid, [`Error::Invalid`] for a passkey too many.
pub fn add(domain: &Arc<Domain>, name: &str, response: Response<'_>) -> Result<()> {
    let received = receive(domain, Ceremony::Create, response)?;
    let credential = received.data.credential.ok_or_else(|| refused(Refusal::Malformed))?;
    if passkey::encode(&credential) != response.credential {
        return Err(refused(Refusal::Malformed));
    }
    PasskeyKey::from_spki(&received.proof).map_err(refused)?;
    let name = Some(clean_name(name, limits::PASSKEY_NAME)).filter(|n| !n.is_empty());
    let new = Passkey {
        id: PasskeyId(domain.next_id()),
        credential: response.credential.to_owned(),
        public_key: received.proof,
        name: name.unwrap_or_else(|| "Passkey".into()),
        sign_count: received.data.sign_count,
        challenged_at: received.issued,
        created_at: domain.now(),
        used_at: None,
    };
    domain.transact_quietly(move |tx| {
        if passkeys::list(tx)?.len() >= limits::PASSKEYS {
            return Err(Error::invalid(AccountRefusal::TooManyPasskeys(limits::PASSKEYS)));
        }
        match passkeys::insert(tx, &new)? {
            true => Ok(()),
            false => Err(Error::invalid(AccountRefusal::PasskeyStored)),
        }
    })
}

/// Checks a sign-in with a passkey.
///
/// # Errors
/// [`Error::Unauthorized`] if it is not one of the owner's, or was not made for this sign-in.
pub fn check(domain: &Arc<Domain>, response: Response<'_>) -> Result<()> {
    domain.owner()?;
    let received = receive(domain, Ceremony::SignIn, response)?;
    let credential = response.credential.to_owned();
    let unknown = || Error::Unauthorized(AccountRefusal::PasskeyUnknown.into());
    let stored = domain.store.read(|c| passkeys::by_credential(c, &credential))?.ok_or_else(unknown)?;
    PasskeyKey::from_spki(&stored.public_key)
        .and_then(|key| key.check(&received.authenticator_bytes, &received.client_bytes, &received.proof))
        .map_err(refused)?;
    domain.transact_quietly(move |tx| {
        let stored = passkeys::by_credential(tx, &credential)?.ok_or_else(unknown)?;
        let (count, issued) = (received.data.sign_count, received.issued);
        // An authenticator that counts always counts up; otherwise there is a copy of it (section 7.2, step 22).
        let is_copy = (count, stored.sign_count) != (0, 0) && count <= stored.sign_count;
        if issued <= stored.challenged_at || is_copy {
            return Err(Error::Unauthorized(AccountRefusal::SignInUsed.into()));
        }
        passkeys::used(tx, stored.id, count, issued, tx.now())
    })
}

/// The owner's passkeys, the oldest first.
pub fn list(domain: &Domain) -> Result<Vec<Passkey>> {
    domain.store.read(passkeys::list)
}

/// Removes a passkey: it no longer signs in.
///
/// # Errors
/// [`Error::NotFound`] if there is none with this id.
pub fn remove(domain: &Arc<Domain>, id: PasskeyId) -> Result<()> {
    domain.transact_quietly(move |tx| match passkeys::remove(tx, id)? {
        true => Ok(()),
        false => Err(Error::NotFound),
    })
}
