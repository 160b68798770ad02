//! Profile: what the owner edits, as it was written.

use serde::Serialize;

use super::Context;
use super::account::source_fields;
use super::hashtag::{FeaturedTag, featured_tag};
use crate::protocol::ids::ActorId;
use crate::store::account::featured_hashtags::FeaturedHashtag;
use crate::store::actors::Actor;

/// Profile.
#[derive(Debug, Serialize)]
pub struct Profile {
    id: ActorId,
    display_name: String,
    note: String,
    fields: Vec<serde_json::Value>,
    avatar: Option<String>,
    avatar_static: Option<String>,
    avatar_description: String,
    header: Option<String>,
    header_static: Option<String>,
    header_description: String,
    locked: bool,
    bot: bool,
    hide_collections: bool,
    discoverable: bool,
    indexable: bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    attribution_domains: Vec<String>,
    featured_tags: Vec<FeaturedTag>,
}

/// The owner's profile.
pub fn profile(ctx: Context<'_>, actor: &Actor, featured: &[FeaturedHashtag]) -> Profile {
    let url = |file: &Option<String>| file.as_deref().map(|file| ctx.site.media(file));
    Profile {
        id: actor.id,
        display_name: actor.display_name.clone(),
        note: actor.note_source.clone(),
        fields: source_fields(actor),
        avatar: url(&actor.avatar),
        avatar_static: url(&actor.avatar),
        avatar_description: actor.avatar_alt.clone(),
        header: url(&actor.header),
        header_static: url(&actor.header),
        header_description: actor.header_alt.clone(),
        locked: actor.locked,
        bot: actor.kind.is_automated(),
        hide_collections: true,
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        show_media: actor.tabs.media,
        show_media_replies: actor.tabs.media_replies,
        show_featured: actor.tabs.featured,
        attribution_domains: actor.attribution_domains.clone(),
        featured_tags: featured.iter().map(|f| featured_tag(ctx, f)).collect(),
    }
}
