//! Emoji reactions.

use serde::Serialize;

use super::super::emoji::with_emoji;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types::{self, Emoji};
use crate::protocol::html;
use crate::web::templates::Html;

/// An emoji with the number of actors that reacted with it.
#[derive(Debug, Clone, Serialize)]
pub struct Reaction {
    /// The emoji, or the name of a custom one.
    pub name: String,
    /// The picture of a custom one.
    pub url: Option<String>,
    /// The number of reactions.
    pub count: i64,
    /// The owner reacted with it.
    pub own: bool,
}

/// One reaction as HTML.
pub(crate) fn face(reaction: &types::Reaction) -> Html {
    let name = html::escape(&reaction.text);
    let Some(url) = &reaction.url else { return Html(name) };
    let shortcode = reaction.text.trim_matches(':').to_owned();
    with_emoji(&name, &[Emoji { shortcode, url: url.clone() }])
}

pub(super) fn reactions(view: &StatusView) -> Vec<Reaction> {
    let reactions = view.reactions.iter();
    reactions.map(|t| Reaction { name: t.emoji.clone(), url: t.url.clone(), count: t.count, own: t.own }).collect()
}
