//! The custom emoji in texts of the owner. Those of posts are looked up when a post is read, so that an emoji that is added or
//! removed appears or disappears everywhere; those of the profile are stored with it.

use std::collections::HashMap;

use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Emoji, Poll, Reaction};
use crate::protocol::activitystreams::write::EmojiTag;
use crate::protocol::html;
use crate::protocol::ids::ActorId;
use crate::protocol::text::shortcodes;
use crate::store::Conn;
use crate::store::actors::{self, Actor};
use crate::store::custom_emoji::{self, CustomEmoji};
use crate::store::statuses::Status;

/// The owner's emoji in some texts.
#[derive(Debug, Default)]
pub struct UsedEmoji(HashMap<String, Emoji>);

impl UsedEmoji {
    /// Looks up the shortcodes of several texts with one query.
    pub fn read<'t>(conn: &Conn, texts: impl Iterator<Item = &'t str>) -> Result<Self> {
        let mut names: Vec<&str> = texts.flat_map(shortcodes).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Ok(Self::default());
        }
        let found = custom_emoji::among(conn, &names)?;
        Ok(Self(found.into_iter().map(|emoji| (emoji.shortcode.clone(), shown(emoji))).collect()))
    }

    /// Those in some of the texts, in order; at most [`limits::REMOTE_EMOJI`], as of the posts of others.
    pub fn of<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<Emoji> {
        let mut found: Vec<Emoji> = Vec::new();
        if self.0.is_empty() {
            return found;
        }
        for emoji in texts.flat_map(shortcodes).filter_map(|name| self.0.get(name)) {
            if found.len() < limits::REMOTE_EMOJI && !found.contains(emoji) {
                found.push(emoji.clone());
            }
        }
        found
    }
}

fn shown(emoji: CustomEmoji) -> Emoji {
    let CustomEmoji { shortcode, url, still_url, .. } = emoji;
    Emoji { still: Some(still_url).filter(|still| *still != url), shortcode, url }
}

/// The texts of a post that may have emoji.
pub fn texts<'t>(status: &'t Status, poll: Option<&'t Poll>) -> impl Iterator<Item = &'t str> {
    let options = poll.into_iter().flat_map(|poll| &poll.options).map(|option| option.title.as_str());
    [status.content.as_str(), status.summary.as_str()].into_iter().chain(options)
}

/// Looks up the emoji of the owner's profile and stores them with it. Returns `true` if they have changed.
pub fn store_of_profile(conn: &Conn, owner: ActorId) -> Result<bool> {
    let actor = actors::get(conn, owner)?.ok_or(Error::NotFound)?;
    let emoji = of_profile(conn, &actor)?;
    if emoji == actor.emoji {
        return Ok(false);
    }
    actors::set_emoji(conn, owner, &emoji)?;
    Ok(true)
}

fn of_profile(conn: &Conn, owner: &Actor) -> Result<Vec<Emoji>> {
    let fields: Vec<String> = owner.fields.iter().map(|f| format!("{} {}", f.name, html::to_text(&f.value))).collect();
    let own = [owner.display_name.as_str(), owner.note_source.as_str()];
    let texts = || own.into_iter().chain(fields.iter().map(String::as_str));
    Ok(UsedEmoji::read(conn, texts())?.of(texts()))
}

/// Used emoji of the owner as tags of a document.
pub fn tags(conn: &Conn, site: &Site, used: &[Emoji]) -> Result<Vec<EmojiTag>> {
    if used.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = used.iter().map(|emoji| emoji.shortcode.as_str()).collect();
    let found = custom_emoji::among(conn, &names)?;
    let in_order = names.iter().filter_map(|name| found.iter().find(|emoji| emoji.shortcode == *name));
    Ok(in_order.map(|emoji| tag(site, emoji)).collect())
}

/// An emoji of the owner as a tag of a document.
pub fn tag(site: &Site, emoji: &CustomEmoji) -> EmojiTag {
    EmojiTag {
        id: site.emoji(emoji.id),
        shortcode: emoji.shortcode.clone(),
        url: emoji.url.clone(),
        media_type: Some(emoji.media_type.clone()),
        updated: Some(emoji.updated_at),
    }
}

/// The tag of a reaction with a custom emoji, of the owner or of another server.
pub fn tag_of_reaction(conn: &Conn, site: &Site, reaction: &Reaction) -> Result<Option<EmojiTag>> {
    let Some(url) = reaction.url.clone() else { return Ok(None) };
    let shortcode = reaction.text.trim_matches(':').to_owned();
    let own = custom_emoji::by_name(conn, &shortcode)?.filter(|emoji| emoji.url == url);
    Ok(Some(match own {
        Some(emoji) => tag(site, &emoji),
        None => Emoji { shortcode, url, still: None }.into(),
    }))
}
