//! Adds, changes and removes custom emoji of the owner.

use std::fmt;
use std::sync::Arc;

use super::usage;
use crate::domain::outbox::queue;
use crate::domain::{Domain, Tx};
use crate::error::refusal::EmojiRefusal;
use crate::error::{Error, Refusal, Result};
use crate::limits;
use crate::protocol::ids::MediaId;
use crate::protocol::text::{clean_name, is_shortcode};
use crate::store::actors;
use crate::store::custom_emoji::{self, CustomEmoji};
use crate::store::{Conn, media};

/// A processed picture in the media directory.
#[derive(Debug, Clone)]
pub struct StoredEmoji {
    /// The path of the file in the media directory.
    pub file: String,
    /// The first frame; the same file if the picture does not move.
    pub still: String,
    /// The media type of the file.
    pub media_type: &'static str,
}

/// An emoji to add.
#[derive(Debug, Clone)]
pub struct NewEmoji {
    /// The name, as [`shortcode`] returns it.
    pub shortcode: String,
    /// Its group in emoji pickers, as written.
    pub category: Option<String>,
    /// Its picture.
    pub picture: StoredEmoji,
}

/// What happens to an emoji with the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is refused.
    Kept,
    /// It gets the new picture.
    Replaced,
}

/// A change of an emoji. What is `None` does not change.
#[derive(Debug, Clone, Default)]
pub struct EmojiChange {
    /// The new name, as [`shortcode`] returns it.
    pub shortcode: Option<String>,
    /// The new category, as written; empty for none.
    pub category: Option<String>,
    /// Emoji pickers offer it.
    pub listed: Option<bool>,
    /// The new picture.
    pub picture: Option<StoredEmoji>,
}

/// An emoji of a pack that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct SkippedEmoji {
    /// Its name in the pack.
    pub shortcode: String,
    /// The reason.
    pub reason: Refusal,
}

impl fmt::Display for SkippedEmoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{}: \u{2013} {}", self.shortcode, self.reason)
    }
}

/// The name of an emoji from what was written, with or without colons.
///
/// # Errors
/// [`Error::Invalid`] if it is not a shortcode.
pub fn shortcode(written: &str) -> Result<String> {
    let written = written.trim();
    let name = written.strip_prefix(':').and_then(|name| name.strip_suffix(':')).unwrap_or(written);
    match is_shortcode(name) {
        true => Ok(name.to_owned()),
        false => Err(Error::invalid(EmojiRefusal::Name {
            name: name.chars().take(limits::EMOJI_CHARS).collect(),
            minimum: limits::EMOJI_CHARS_MIN,
            maximum: limits::EMOJI_CHARS,
        })),
    }
}

/// All emoji in the order of their names.
pub fn all(domain: &Domain) -> Result<Vec<CustomEmoji>> {
    domain.store.read(custom_emoji::all)
}

/// The emoji with this number.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub fn get(domain: &Domain, id: i64) -> Result<CustomEmoji> {
    domain.store.read(|c| custom_emoji::get(c, id))?.ok_or(Error::NotFound)
}

/// The emoji with this name.
pub fn by_name(domain: &Domain, shortcode: &str) -> Result<Option<CustomEmoji>> {
    domain.store.read(|c| custom_emoji::by_name(c, shortcode))
}

/// Checks that an emoji can be added, before its picture is processed.
///
/// # Errors
/// [`Error::Invalid`] if the name is in use, or there are too many emoji.
pub fn check_new(domain: &Domain, shortcode: &str, existing: Existing) -> Result<()> {
    domain.store.read(|c| find_existing(c, shortcode, existing).map(drop))
}

/// The emoji that a new one replaces.
fn find_existing(conn: &Conn, shortcode: &str, existing: Existing) -> Result<Option<CustomEmoji>> {
    let known = custom_emoji::by_name(conn, shortcode)?;
    if known.is_some() && existing == Existing::Kept {
        return Err(name_in_use(shortcode));
    }
    if known.is_none() && custom_emoji::count(conn)? >= limits::CUSTOM_EMOJI {
        return Err(Error::invalid(EmojiRefusal::TooMany(limits::CUSTOM_EMOJI)));
    }
    Ok(known)
}

fn name_in_use(shortcode: &str) -> Error {
    Error::invalid(EmojiRefusal::NameInUse(shortcode.to_owned()))
}

/// Checks that an emoji can get a name.
///
/// # Errors
/// [`Error::Invalid`] if the name is in use.
pub fn check_free(domain: &Domain, shortcode: &str) -> Result<()> {
    match by_name(domain, shortcode)? {
        Some(_) => Err(name_in_use(shortcode)),
        None => Ok(()),
    }
}

/// Adds an emoji and returns its number.
///
/// # Errors
/// [`Error::Invalid`] if the name is in use, or there are too many emoji.
pub fn add(domain: &Arc<Domain>, emoji: NewEmoji, existing: Existing) -> Result<i64> {
    domain.transact(move |tx| {
        let id = insert(tx, &emoji, existing)?;
        refresh_profile(tx)?;
        Ok(id)
    })
}

/// Adds the emoji of a pack. Returns the reason for each that could not be added.
pub fn add_all(domain: &Arc<Domain>, all: Vec<NewEmoji>, existing: Existing) -> Result<Vec<SkippedEmoji>> {
    domain.transact(move |tx| {
        let mut refused = Vec::new();
        for emoji in &all {
            match insert(tx, emoji, existing) {
                Ok(_) => {}
                Err(Error::Invalid(reason)) => {
                    refused.push(SkippedEmoji { shortcode: emoji.shortcode.clone(), reason });
                    discard(tx, &emoji.picture.file, &emoji.picture.still)?;
                }
                Err(e) => return Err(e),
            }
        }
        refresh_profile(tx)?;
        Ok(refused)
    })
}

fn insert(tx: &Tx<'_>, new: &NewEmoji, existing: Existing) -> Result<i64> {
    if let Some(known) = find_existing(tx, &new.shortcode, existing)? {
        let change = EmojiChange {
            category: new.category.clone(),
            picture: Some(new.picture.clone()),
            ..EmojiChange::default()
        };
        let id = known.id;
        return apply(tx, known, &change).map(|()| id);
    }
    let emoji = CustomEmoji {
        id: tx.next_id(),
        shortcode: new.shortcode.clone(),
        category: new.category.as_deref().and_then(category),
        url: tx.site().media(&new.picture.file),
        still_url: tx.site().media(&new.picture.still),
        file: new.picture.file.clone(),
        still: new.picture.still.clone(),
        media_type: new.picture.media_type.to_owned(),
        listed: true,
        updated_at: tx.now(),
    };
    custom_emoji::put(tx, &emoji)?;
    Ok(emoji.id)
}

/// A category as it is stored; `None` for none.
fn category(written: &str) -> Option<String> {
    Some(clean_name(written, limits::EMOJI_CATEGORY_CHARS)).filter(|name| !name.is_empty())
}

/// Changes an emoji.
///
/// # Errors
/// [`Error::NotFound`] if there is none with this number; [`Error::Invalid`] if the new name is in use.
pub fn change(domain: &Arc<Domain>, id: i64, change: EmojiChange) -> Result<()> {
    domain.transact(move |tx| {
        let known = custom_emoji::get(tx, id)?.ok_or(Error::NotFound)?;
        if let Some(name) = change.shortcode.as_ref().filter(|name| **name != known.shortcode)
            && custom_emoji::by_name(tx, name)?.is_some()
        {
            return Err(name_in_use(name));
        }
        apply(tx, known, &change)?;
        refresh_profile(tx)
    })
}

fn apply(tx: &Tx<'_>, known: CustomEmoji, change: &EmojiChange) -> Result<()> {
    let mut emoji = known.clone();
    if let Some(name) = &change.shortcode {
        emoji.shortcode.clone_from(name);
    }
    if let Some(written) = &change.category {
        emoji.category = category(written);
    }
    emoji.listed = change.listed.unwrap_or(known.listed);
    if let Some(picture) = &change.picture {
        (emoji.url, emoji.still_url) = (tx.site().media(&picture.file), tx.site().media(&picture.still));
        (emoji.file, emoji.still) = (picture.file.clone(), picture.still.clone());
        picture.media_type.clone_into(&mut emoji.media_type);
    }
    let is_new_picture = emoji.file != known.file;
    if is_new_picture || emoji.shortcode != known.shortcode {
        emoji.updated_at = tx.now();
    }
    custom_emoji::put(tx, &emoji)?;
    if is_new_picture {
        custom_emoji::change_reactions(tx, &known.url, Some(&emoji.url))?;
        discard(tx, &known.file, &known.still)?;
    }
    Ok(())
}

/// Removes an emoji. Posts and reactions with it show its name.
///
/// # Errors
/// [`Error::NotFound`] if there is none with this number.
pub fn remove(domain: &Arc<Domain>, id: i64) -> Result<()> {
    domain.transact(move |tx| {
        let emoji = custom_emoji::get(tx, id)?.ok_or(Error::NotFound)?;
        remove_one(tx, &emoji)?;
        refresh_profile(tx)
    })
}

/// Removes all emoji, when the account is deleted.
pub fn remove_all(tx: &Tx<'_>) -> Result<()> {
    custom_emoji::all(tx)?.iter().try_for_each(|emoji| remove_one(tx, emoji))
}

fn remove_one(tx: &Tx<'_>, emoji: &CustomEmoji) -> Result<()> {
    custom_emoji::remove(tx, emoji.id)?;
    custom_emoji::change_reactions(tx, &emoji.url, None)?;
    discard(tx, &emoji.file, &emoji.still)
}

/// Has the files of an emoji removed, unless something else uses them.
fn discard(tx: &Tx<'_>, file: &str, still: &str) -> Result<()> {
    media::discard_file(tx, MediaId(tx.next_id()), file, tx.now())?;
    if still != file {
        media::discard_file(tx, MediaId(tx.next_id()), still, tx.now())?;
    }
    Ok(())
}

/// Sends the profile again if its emoji have changed.
fn refresh_profile(tx: &Tx<'_>) -> Result<()> {
    let owner = tx.owner()?;
    if usage::store_of_profile(tx, owner.id)? {
        actors::set_updated(tx, owner.id, tx.now())?;
        queue::send_profile(tx, &owner)?;
    }
    Ok(())
}
