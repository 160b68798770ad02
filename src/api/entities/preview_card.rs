//! PreviewCard: the one place where a stored card becomes an API entity.

use serde::Serialize;

use super::Context;
use super::account::{Account, account};
use super::hashtag::{Day, days};
use crate::domain::preview_cards::fetched::picture_url;
use crate::domain::queries::explore::TrendingLink;
use crate::domain::queries::status_view::CardView;
use crate::protocol::time::Timestamp;
use crate::protocol::web_page::CardKind;

/// PreviewCardAuthor.
#[derive(Debug, Serialize)]
struct Author<'a> {
    name: &'a str,
    url: &'a str,
    account: Option<Account<'a>>,
}

/// PreviewCard. `html` is always empty: the markup of other sites is never embedded.
#[derive(Debug, Serialize)]
pub struct PreviewCard<'a> {
    url: &'a str,
    title: &'a str,
    description: &'a str,
    language: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    author_name: &'a str,
    author_url: &'a str,
    provider_name: &'a str,
    provider_url: &'a str,
    html: &'static str,
    width: u32,
    height: u32,
    image: Option<String>,
    image_description: &'a str,
    embed_url: String,
    blurhash: Option<()>,
    published_at: Option<String>,
    authors: Vec<Author<'a>>,
    /// Only of trends.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<Day>>,
}

/// A card as the API shows it.
pub fn preview_card<'a>(ctx: Context<'_>, view: &'a CardView) -> PreviewCard<'a> {
    let page = &view.card.page;
    let creator = view.creator.as_deref();
    let name = creator.map(|c| &c.display_name).filter(|name| !name.is_empty()).unwrap_or(&page.author_name);
    let author = Author { name, url: &page.author_url, account: creator.map(|c| account(ctx, c)) };
    let image = picture_url(ctx.domain, ctx.audience(), &view.card);
    let (width, height) = page.picture.as_ref().and_then(|picture| picture.size).unwrap_or_default();
    PreviewCard {
        url: &view.card.url,
        title: &page.title,
        description: &page.description,
        language: page.language.as_deref(),
        kind: match page.kind {
            CardKind::Link => "link",
            CardKind::Photo => "photo",
            CardKind::Video => "video",
            CardKind::Rich => "rich",
        },
        author_name: &page.author_name,
        author_url: &page.author_url,
        provider_name: &page.provider_name,
        provider_url: &page.provider_url,
        html: "",
        width,
        height,
        embed_url: image.clone().filter(|_| page.kind == CardKind::Photo).unwrap_or_default(),
        image,
        image_description: page.picture.as_ref().map_or("", |picture| &picture.description),
        blurhash: None,
        published_at: page.published_at.map(Timestamp::to_api),
        authors: if creator.is_some() || !page.author_name.is_empty() { vec![author] } else { Vec::new() },
        history: None,
    }
}

/// A link that was posted often, as the API shows it.
pub fn trending_link<'a>(ctx: Context<'_>, link: &'a TrendingLink) -> PreviewCard<'a> {
    PreviewCard { history: Some(days(&link.history)), ..preview_card(ctx, &link.card) }
}
