//! An actor, as posts and lists show it.

use serde::Serialize;

use super::emoji::{emoji_address, with_emoji};
use crate::app::App;
use crate::domain::account::handle::handle;
use crate::domain::remote_files::{Audience, RemoteFile};
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::html;
use crate::store::actors::Actor;
use crate::store::visibility::Viewer;
use crate::web::avatar_placeholder;
use crate::web::locale::Message;
use crate::web::templates::Html;

/// An actor.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Its local id.
    pub id: String,
    /// Display name, or else user name, with custom emoji.
    pub name: Html,
    /// The name as plain text.
    pub plain_name: String,
    /// `user@domain`.
    pub handle: String,
    /// `user`, which posts of the owner show.
    pub username: String,
    /// Its page: on this server if the owner is signed in, else on its own server.
    pub link: String,
    /// Its page on its own server.
    pub url: String,
    /// Its avatar.
    pub avatar: String,
    /// It is a bot.
    pub bot: bool,
    /// It is a group.
    pub group: bool,
    /// It is the owner.
    pub own: bool,
    /// The name of the network that the account is bridged from.
    pub bridge: Option<Message>,
}

/// The network that an account is bridged from: as its document states, or by the hosts of the bridges that state none.
fn bridge(actor: &Actor) -> Option<Message> {
    let protocol = actor.proxy_of.as_ref().map(|(_, protocol)| protocol.to_ascii_lowercase()).unwrap_or_default();
    let named = |name: &str| protocol.contains(name);
    match actor.host.as_str() {
        _ if named("nostr") => Some(Message::new("bridge-nostr")),
        _ if named("atproto") || named("bluesky") => Some(Message::new("bridge-bluesky")),
        _ if actor.proxy_of.is_some() => Some(Message::new("bridge-other")),
        "bsky.brid.gy" => Some(Message::new("bridge-bluesky")),
        "web.brid.gy" | "fed.brid.gy" => Some(Message::new("bridge-web")),
        "mostr.pub" => Some(Message::new("bridge-nostr")),
        _ => None,
    }
}

/// The URL of an actor's picture, or a default.
pub fn picture(app: &App, actor: &Actor, file: Option<&str>, default: &str, viewer: Viewer) -> String {
    match file {
        Some(file) if actor.local => app.domain.site.media(file),
        Some(url) => app.domain.proxied(Audience::of(viewer), RemoteFile::Picture(actor.id), url),
        None => default.to_owned(),
    }
}

/// The URL of an actor's avatar for link previews, which do not read SVG.
pub fn preview(app: &App, actor: &Actor) -> String {
    picture(app, actor, actor.avatar.as_deref(), &app.domain.site.url("/static/avatar.png"), Viewer::Anonymous)
}

/// An actor as pages show it. For the owner, links stay on this server.
pub fn person(app: &App, actor: &Actor, viewer: Viewer) -> Person {
    let url = actor.url.clone().unwrap_or_else(|| actor.uri.clone());
    let handle = handle(&app.domain, actor);
    let link = match (actor.local, viewer.is_owner()) {
        (true, _) => format!("/@{}", actor.username),
        (false, true) => format!("/u/{handle}"),
        (false, false) => url.clone(),
    };
    let plain = actor.shown_name();
    Person {
        id: actor.id.to_string(),
        name: with_emoji(&html::escape(plain), &actor.emoji, &emoji_address(app, viewer)),
        plain_name: plain.to_owned(),
        username: actor.username.clone(),
        link,
        url,
        avatar: picture(
            app,
            actor,
            actor.avatar.as_deref(),
            &avatar_placeholder::path([plain, &actor.username], &actor.uri),
            viewer,
        ),
        bot: actor.kind.is_automated(),
        group: actor.kind == ActorKind::Group,
        own: actor.local,
        bridge: bridge(actor),
        handle,
    }
}
