//! Links in the owner's profile fields that link back with `rel="me"`.

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Field;
use crate::protocol::html;
use crate::protocol::time::Timestamp;
use crate::store::actors;

/// The page that a field links to, if its value is one link.
pub(super) fn page_of(field: &Field) -> Option<String> {
    let text = html::to_text(&field.value);
    Some(text.trim().to_owned()).filter(|text| html::is_web_link(text))
}

/// The fields with what is known of those with the same label and value.
pub(super) fn keep_verified(fields: &mut [Field], before: &[Field]) {
    for field in fields {
        let same = before.iter().find(|old| (&old.name, &old.value) == (&field.name, &field.value));
        field.verified_at = same.and_then(|old| old.verified_at);
    }
}

/// Checks all links of the owner's profile. One whose page cannot be fetched stays as it was.
pub fn verify(domain: &Arc<Domain>) -> Result<()> {
    let owner = domain.owner()?;
    let actor = domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    let profiles = [domain.site.profile(&actor.username), actor.uri.clone()];
    let mut found: Vec<(String, bool)> = Vec::new();
    for page in actor.fields.iter().filter_map(page_of) {
        match domain.remote()?.links_back(&page, &profiles) {
            Ok(links) => found.push((page, links)),
            Err(e) => tracing::info!(error = %e, page, "link of the profile could not be verified"),
        }
    }
    domain.transact(move |tx| {
        let now = tx.now();
        let actor = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        let fields: Vec<Field> = actor.fields.iter().map(|field| checked(field, &found, now)).collect();
        if fields == actor.fields { Ok(()) } else { actors::set_fields(tx, owner.id, &fields) }
    })
}

/// A field after its page was checked.
fn checked(field: &Field, found: &[(String, bool)], now: Timestamp) -> Field {
    let page = page_of(field);
    let result = found.iter().find(|(of, _)| Some(of) == page.as_ref()).map(|(_, links)| *links);
    let verified_at = match result {
        Some(true) => field.verified_at.or(Some(now)),
        Some(false) => None,
        None => field.verified_at,
    };
    Field { verified_at, ..field.clone() }
}
