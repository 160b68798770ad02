//! Fetched previews of links.

use std::sync::Arc;

use crate::domain::remote_files::{Audience, RemoteFile};
use crate::domain::{Domain, federation_policy};
use crate::error::Result;
use crate::store::preview_cards::{self, PreviewCard};

/// Stores a fetched page. The picture is left out if its host is not accepted.
pub fn store(domain: &Arc<Domain>, mut card: PreviewCard) -> Result<()> {
    domain.transact(move |tx| {
        let place = (card.host.clone(), card.host.clone());
        if let Some(picture) = &card.page.picture
            && !federation_policy::accepts_media(tx, tx.domain(), &place, &picture.url)?
        {
            card.page.picture = None;
        }
        preview_cards::set(tx, &card, tx.now())
    })
}

/// Records that a page could not be fetched.
pub fn failed(domain: &Arc<Domain>, url: String) -> Result<()> {
    domain.transact_quietly(move |tx| preview_cards::set_failed(tx, &url, tx.now()))
}

/// The URL from which browsers and apps load the picture of a card: this server.
pub fn picture_url(domain: &Domain, audience: Audience, card: &PreviewCard) -> Option<String> {
    card.page.picture.as_ref().map(|picture| domain.proxied(audience, RemoteFile::Card, &picture.url))
}
