//! Files of the media directory that nothing refers to, which a crash or a restored database leaves behind.

use super::disk::MediaDir;
use super::file_cache::{Removal, Removed};
use crate::domain::Domain;
use crate::error::Result;
use crate::limits;
use crate::store::media;

/// Removes files without a row. Those of the last hour are kept: their row may still come.
///
/// # Errors
/// If the disk refuses.
pub fn remove(domain: &Domain, dir: &MediaDir, removal: Removal) -> Result<Removed> {
    let mut removed = Removed::default();
    dir.for_each(limits::ORPHAN_AGE, |rel, bytes| {
        if domain.store.read(|c| media::is_used(c, rel))? {
            return Ok(());
        }
        removed.add(bytes);
        if removal == Removal::Real { dir.remove(rel) } else { Ok(()) }
    })?;
    Ok(removed)
}
