//! Setup, login and OAuth authorization.

pub(crate) mod login;
pub(crate) mod oauth_authorize;
pub(crate) mod passkey;
pub(crate) mod setup;
