//! The preview of a link.

use serde::Serialize;

use super::super::person::{Person, person};
use crate::app::App;
use crate::domain::preview_cards::fetched::picture_url;
use crate::domain::queries::status_view::StatusView;
use crate::domain::remote_files::Audience;
use crate::limits;
use crate::protocol::text::shorten;
use crate::store::visibility::Viewer;
use crate::web::templates::{Time, time};

/// The preview of a link.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// The link.
    pub url: String,
    /// The title of the page.
    pub title: String,
    /// The beginning of its description.
    pub description: String,
    /// The name of the site.
    pub site: String,
    /// The name of the author, if no account is known.
    pub author: String,
    /// The account of the author.
    pub account: Option<Person>,
    /// When the page was published.
    pub published: Option<Time>,
    /// The language of the page.
    pub language: Option<String>,
    /// The picture; none if media of the post are hidden at first.
    pub picture: Option<String>,
    /// The description of the picture; may be empty.
    pub alt: String,
}

/// The preview of the link of a post. Attachments and quotes are shown instead of it.
pub(super) fn card(app: &App, view: &StatusView, viewer: Viewer) -> Option<Card> {
    let found = view.card.as_ref().filter(|_| view.media.is_empty() && view.quote.is_none())?;
    let page = &found.card.page;
    let is_hidden = view.status.sensitive && view.status.summary.is_empty();
    Some(Card {
        url: found.card.url.clone(),
        title: page.title.clone(),
        description: shorten(&page.description, limits::CARD_DESCRIPTION_SHOWN),
        site: page.provider_name.clone(),
        author: page.author_name.clone(),
        account: found.creator.as_ref().map(|account| person(app, account, viewer)),
        published: page.published_at.map(time),
        language: page.language.clone(),
        picture: picture_url(&app.domain, Audience::of(viewer), &found.card).filter(|_| !is_hidden),
        alt: page.picture.as_ref().map(|picture| picture.description.clone()).unwrap_or_default(),
    })
}
