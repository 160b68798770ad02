//! What pages and browsers exchange about passkeys: the options for the script, and the fields that it fills in.

use serde_json::json;

use crate::app::App;
use crate::domain::account::passkeys;
use crate::error::Result;
use crate::http::Form;
use crate::protocol::passkey::{Ceremony, PasskeyKey, encode};

/// The fields of a form that the script has filled in.
pub(crate) fn response(form: &Form) -> passkeys::Response<'_> {
    let field = |name: &str| form.get(name).unwrap_or_default();
    passkeys::Response {
        credential: field("credential"),
        client_data: field("client_data"),
        authenticator_data: field("authenticator_data"),
        proof: field("proof"),
    }
}

/// The options for signing in, as JSON. The device offers the passkeys that it has for this domain.
pub(crate) fn to_sign_in(app: &App) -> Result<String> {
    let challenge = passkeys::challenge(&app.domain, Ceremony::SignIn)?;
    Ok(json!({"challenge": challenge, "rpId": app.domain.site.host(), "userVerification": "required"}).to_string())
}

/// The options for a new passkey, as JSON. A device that has one already does not offer another.
pub(crate) fn to_create(app: &App) -> Result<String> {
    let owner = app.domain.owner()?;
    let known: Vec<_> = passkeys::list(&app.domain)?
        .into_iter()
        .map(|passkey| json!({"type": "public-key", "id": passkey.credential}))
        .collect();
    Ok(json!({
        "challenge": passkeys::challenge(&app.domain, Ceremony::Create)?,
        "rp": {"id": app.domain.site.host(), "name": app.domain.site.authority()},
        "user": {"id": encode(&owner.id.0.to_be_bytes()), "name": owner.username, "displayName": owner.username},
        "pubKeyCredParams": PasskeyKey::ALGORITHMS.map(|alg| json!({"type": "public-key", "alg": alg})),
        "excludeCredentials": known,
        "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
        "attestation": "none",
    })
    .to_string())
}
