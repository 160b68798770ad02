//! Secrets of this server: made once, and stored among the settings.

use crate::error::Result;
use crate::store::Store;
use crate::store::database::settings;

/// Returns the secret of a setting, which is made at the first call. If a command and the server make one at the same time,
/// the first that is stored stays. Must not be called inside a write.
///
/// # Errors
/// Those of `generate`.
pub(super) fn stored_secret(
    store: &Store,
    setting: &'static str,
    generate: impl FnOnce() -> Result<String>,
) -> Result<String> {
    if let Some(secret) = store.read(|c| settings::get(c, setting))? {
        return Ok(secret);
    }
    let new = generate()?;
    store.write_quietly(move |conn| match settings::get(conn, setting)? {
        Some(secret) => Ok(secret),
        None => settings::set(conn, setting, &new).map(|()| new),
    })
}
