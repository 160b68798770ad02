//! Emoji reactions.

use serde::Serialize;

use super::super::emoji::{emoji_address, with_emoji};
use crate::app::App;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types::{self, Emoji};
use crate::protocol::html;
use crate::store::interactions::reactions::ReactionCount;
use crate::store::visibility::Viewer;
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
pub(crate) fn face(app: &App, reaction: &types::Reaction, viewer: Viewer) -> Html {
    let name = html::escape(&reaction.text);
    let Some(url) = &reaction.url else { return Html(name) };
    let shortcode = reaction.text.trim_matches(':').to_owned();
    with_emoji(&name, &[Emoji { shortcode, url: url.clone(), still: None }], &emoji_address(app, viewer))
}

pub(super) fn reactions(app: &App, view: &StatusView, viewer: Viewer) -> Vec<Reaction> {
    let address = emoji_address(app, viewer);
    let reaction = |t: &ReactionCount| {
        let url = t.url.as_deref().map(&address);
        Reaction { name: t.emoji.clone(), url, count: t.count, own: t.own }
    };
    view.reactions.iter().map(reaction).collect()
}
