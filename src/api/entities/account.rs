//! Account and CredentialAccount.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::remote_files::RemoteFile;
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Emoji, Field};
use crate::protocol::html;
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::{self, Actor};
use crate::store::custom_emoji;
use crate::store::peers::domain_policies::Severity;

/// A custom emoji.
#[derive(Debug, Serialize)]
pub struct CustomEmoji<'a> {
    shortcode: &'a str,
    url: String,
    static_url: String,
    visible_in_picker: bool,
    category: Option<&'a str>,
}

/// A custom emoji of the owner in the list for emoji pickers.
pub fn listed_emoji(emoji: &custom_emoji::CustomEmoji) -> CustomEmoji<'_> {
    CustomEmoji {
        shortcode: &emoji.shortcode,
        url: emoji.url.clone(),
        static_url: emoji.still_url.clone(),
        visible_in_picker: true,
        category: emoji.category.as_deref(),
    }
}

/// Custom emoji of a name, biography or post, up to [`limits::REMOTE_EMOJI_BYTES`].
pub fn emojis<'a>(ctx: Context<'_>, list: &'a [Emoji]) -> Vec<CustomEmoji<'a>> {
    let mut room = limits::REMOTE_EMOJI_BYTES;
    let fits = |e: &&Emoji| match room.checked_sub(e.shortcode.len() + e.url.len()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    list.iter()
        .filter(fits)
        .map(|e| CustomEmoji {
            shortcode: &e.shortcode,
            url: ctx.proxied(RemoteFile::Emoji, &e.url),
            static_url: ctx.proxied(RemoteFile::Emoji, e.still.as_deref().unwrap_or(&e.url)),
            visible_in_picker: false,
            category: None,
        })
        .collect()
}

#[derive(Debug, Serialize)]
struct ProfileField<'a> {
    name: &'a str,
    value: &'a str,
    verified_at: Option<String>,
}

/// Account: any actor.
#[derive(Debug, Serialize)]
pub struct Account<'a> {
    id: ActorId,
    username: &'a str,
    acct: Cow<'a, str>,
    display_name: &'a str,
    locked: bool,
    bot: bool,
    discoverable: bool,
    indexable: bool,
    group: bool,
    created_at: String,
    note: &'a str,
    url: &'a str,
    uri: &'a str,
    avatar: String,
    avatar_static: String,
    avatar_description: &'a str,
    header: String,
    header_static: String,
    header_description: &'a str,
    followers_count: i64,
    following_count: i64,
    statuses_count: i64,
    last_status_at: Option<String>,
    hide_collections: bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    noindex: bool,
    suspended: bool,
    limited: bool,
    memorial: bool,
    emojis: Vec<CustomEmoji<'a>>,
    roles: [(); 0],
    fields: Vec<ProfileField<'a>>,
    /// The successor after a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Value>,
}

impl Account<'_> {
    /// The URL of its page.
    pub(super) fn url(&self) -> &str {
        self.url
    }

    /// Returns `true` if it approves its followers.
    pub(super) fn is_locked(&self) -> bool {
        self.locked
    }

    /// Returns `true` if it is automated.
    pub(super) fn is_bot(&self) -> bool {
        self.bot
    }
}

/// The URL of an actor's picture, or of a default: apps require one.
fn picture(ctx: Context<'_>, actor: &Actor, file: Option<&str>, default: &str) -> String {
    match file {
        Some(file) if actor.local => ctx.site.media(file),
        Some(url) => ctx.proxied(RemoteFile::Picture(actor.id), url),
        None => ctx.site.url(default),
    }
}

/// The URL of an actor's avatar.
pub fn avatar_url(ctx: Context<'_>, actor: &Actor) -> String {
    picture(ctx, actor, actor.avatar.as_deref(), "/static/avatar.png")
}

/// `user` for the owner, `user@domain` for remote actors.
pub fn acct(actor: &Actor) -> Cow<'_, str> {
    match actor.domain.as_str() {
        "" => (&actor.username).into(),
        domain => format!("{}@{domain}", actor.username).into(),
    }
}

/// An actor as an Account, with its successor after a move, if that is stored.
pub fn account<'a>(ctx: Context<'_>, actor: &'a Actor) -> Account<'a> {
    let find = |uri: &String| ctx.domain.store.read(|c| actors::by_uri(c, uri)).ok().flatten();
    let moved = actor.moved_to.as_ref().and_then(find).filter(|new| new.id != actor.id);
    Account { moved: moved.map(|new| json!(unmoved(ctx, &new))), ..unmoved(ctx, actor) }
}

fn unmoved<'a>(ctx: Context<'_>, actor: &'a Actor) -> Account<'a> {
    let avatar = avatar_url(ctx, actor);
    // Ice Cubes treats a file of this name as "no header".
    let header = picture(ctx, actor, actor.header.as_deref(), "/static/missing.png");
    let [statuses_count, followers_count, following_count] = actor.shown_counts(ctx.owner);
    Account {
        id: actor.id,
        username: &actor.username,
        acct: acct(actor),
        display_name: &actor.display_name,
        locked: actor.locked,
        bot: actor.kind.is_automated(),
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        group: actor.kind == ActorKind::Group,
        created_at: actor.created_at.midnight().to_api(),
        note: &actor.note,
        url: actor.url.as_deref().unwrap_or(&actor.uri),
        uri: &actor.uri,
        avatar_static: avatar.clone(),
        avatar,
        avatar_description: &actor.avatar_alt,
        header_static: header.clone(),
        header,
        header_description: &actor.header_alt,
        followers_count,
        following_count,
        statuses_count,
        last_status_at: actor.last_status_at.map(|t| t.to_date()),
        // The owner's collections are counted and never listed to others.
        hide_collections: actor.local,
        show_media: actor.tabs.media,
        show_media_replies: actor.tabs.media_replies,
        show_featured: actor.tabs.featured,
        noindex: !actor.indexable,
        suspended: actor.suspended || actor.gone_at.is_some(),
        limited: ctx.owner && actor.limited != Severity::Allow,
        memorial: actor.memorial,
        emojis: emojis(ctx, &actor.emoji),
        roles: [],
        fields: actor
            .fields
            .iter()
            .map(|f| ProfileField { name: &f.name, value: &f.value, verified_at: f.verified_at.map(|at| at.to_api()) })
            .collect(),
        moved: None,
    }
}

/// What CredentialAccount contains in addition to Account.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// Visibility of new posts.
    pub visibility: Visibility,
    /// New posts hide their media.
    pub sensitive: bool,
    /// Language of new posts.
    pub language: Option<String>,
    /// Who may quote new posts.
    pub quote_policy: QuotePolicy,
    /// The number of pending follow requests.
    pub follow_requests: i64,
}

/// Profile fields as the owner wrote them.
pub(super) fn source_fields(actor: &Actor) -> Vec<Value> {
    let field = |f: &Field| json!({"name": f.name, "value": html::to_text(&f.value), "verified_at": f.verified_at.map(|at| at.to_api())});
    actor.fields.iter().map(field).collect()
}

/// The owner as CredentialAccount.
pub fn credential_account(ctx: Context<'_>, actor: &Actor, defaults: &Defaults) -> Value {
    let mut value = json!(account(ctx, actor));
    value["source"] = json!({
        "note": actor.note_source,
        "fields": source_fields(actor),
        "privacy": defaults.visibility.as_str(),
        "sensitive": defaults.sensitive,
        "language": defaults.language.clone().unwrap_or_default(),
        "follow_requests_count": defaults.follow_requests,
        "hide_collections": true,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
        "attribution_domains": actor.attribution_domains,
        "quote_policy": defaults.quote_policy.as_str(),
    });
    value["role"] = json!({"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": false});
    value
}
