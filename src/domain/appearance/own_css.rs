//! The owner's own style rules. They are a file of their own, and the policy of the pages keeps what they can load to this
//! server.

use super::{Appearance, version_of};
use crate::domain::Domain;
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::Conn;
use crate::store::database::settings;

/// The rules; empty if there are none.
pub fn read(conn: &Conn) -> Result<String> {
    Ok(settings::get(conn, settings::OWN_CSS)?.unwrap_or_default())
}

/// Stores the rules in place of those before. Every page loads them from now on.
///
/// # Errors
/// [`Error::Invalid`] if they are too long.
pub fn change(domain: &Domain, written: &str) -> Result<()> {
    let css = written.replace("\r\n", "\n").trim_end().to_owned();
    if css.len() > limits::OWN_CSS {
        return Err(Error::invalid(SettingRefusal::OwnCssTooLong(limits::OWN_CSS / 1024)));
    }
    domain.store.write(move |conn| {
        let mut stored = Appearance::read(conn)?;
        stored.css = (!css.is_empty()).then(|| version_of(css.as_bytes()));
        match stored.css {
            Some(_) => settings::set(conn, settings::OWN_CSS, &css)?,
            None => settings::remove(conn, settings::OWN_CSS)?,
        }
        stored.write(conn)
    })
}
