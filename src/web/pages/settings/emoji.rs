//! The owner's custom emoji.

use std::io::Cursor;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::custom_emoji::copying::{self, Original};
use crate::domain::custom_emoji::manage::{self, EmojiChange, Existing, NewEmoji, SkippedEmoji};
use crate::error::refusal::{EmojiRefusal, PackRefusal};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::media::PackSource;
use crate::protocol::ids::StatusId;
use crate::store::custom_emoji::CustomEmoji;
use crate::web::locale::{self, Message};
use crate::web::pages::rejected;
use crate::web::render;
use crate::{limits, media};

const PATH: &str = "/settings/emoji";

/// An emoji in the list.
#[derive(Serialize)]
struct Tile {
    id: i64,
    shortcode: String,
    url: String,
    listed: bool,
}

/// The emoji of one category.
#[derive(Default, Serialize)]
struct Group {
    /// Empty for those without a category.
    category: String,
    emoji: Vec<Tile>,
}

/// The emoji by category, those without one first.
fn groups(all: Vec<CustomEmoji>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for CustomEmoji { id, shortcode, url, category, listed, .. } in all {
        let category = category.unwrap_or_default();
        let tile = Tile { id, shortcode, url, listed };
        match groups.binary_search_by(|group| group.category.cmp(&category)) {
            Ok(at) => groups[at].emoji.push(tile),
            Err(at) => groups.insert(at, Group { category, emoji: vec![tile] }),
        }
    }
    groups
}

fn categories(groups: &[Group]) -> Vec<&str> {
    groups.iter().map(|group| group.category.as_str()).filter(|category| !category.is_empty()).collect()
}

/// The page with what a rejected form has entered, and its error.
fn show_with(app: &App, request: &Request, entered: minijinja::Value) -> Result<Response> {
    let all = manage::all(&app.domain)?;
    let (count, groups) = (all.len(), groups(all));
    let context = context! {
        categories => categories(&groups),
        most_chars => limits::EMOJI_CATEGORY_CHARS,
        kib => limits::EMOJI_BYTES / 1024,
        groups,
        count,
        ..entered
    };
    render::page(app, request, "settings_emoji.html", context)
}

/// `GET /settings/emoji`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_with(app, request, context! {})
}

/// `POST /settings/emoji`.
pub(crate) fn add(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match add_uploaded(app, &form) {
        Ok(_) => Ok(Response::see_other(&format!("{PATH}?done=emoji-added"))),
        Err(e) => rejected(&e, request, |error| {
            let (shortcode, category) = (form.get("shortcode"), form.get("category"));
            show_with(app, request, context! { error, shortcode, category })
        }),
    }
}

fn add_uploaded(app: &App, form: &Form) -> Result<i64> {
    let shortcode = manage::shortcode(form.get("shortcode").unwrap_or_default())?;
    manage::check_new(&app.domain, &shortcode, Existing::Kept)?;
    let file = form.file("picture").ok_or_else(|| Error::invalid(EmojiRefusal::NoPicture))?;
    let picture = media::store_emoji(&app.media, file.open())?;
    let category = form.filled("category").map(str::to_owned);
    manage::add(&app.domain, NewEmoji { shortcode, category, picture }, Existing::Kept)
}

fn requested(app: &App, request: &Request) -> Result<CustomEmoji> {
    manage::get(&app.domain, request.param("id").parse().map_err(|_| Error::NotFound)?)
}

/// `GET /settings/emoji/ID`.
pub(crate) fn edit(app: &App, request: &Request) -> Result<Response> {
    let emoji = requested(app, request)?;
    let (category, listed) = (emoji.category.clone().unwrap_or_default(), emoji.listed);
    let entered = context! { shortcode => emoji.shortcode, category, listed };
    show_form(app, request, &emoji, entered)
}

/// The form of one emoji with what was entered.
fn show_form(app: &App, request: &Request, emoji: &CustomEmoji, entered: minijinja::Value) -> Result<Response> {
    let groups = groups(manage::all(&app.domain)?);
    let context = context! {
        id => emoji.id,
        name => emoji.shortcode,
        url => emoji.url,
        categories => categories(&groups),
        most_chars => limits::EMOJI_CATEGORY_CHARS,
        kib => limits::EMOJI_BYTES / 1024,
        ..entered
    };
    render::page(app, request, "settings_emoji_edit.html", context)
}

/// `POST /settings/emoji/ID`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let emoji = requested(app, request)?;
    let form = request.form()?;
    match save_entered(app, &emoji, &form) {
        Ok(()) => Ok(Response::see_other(&format!("{PATH}?done=settings-saved"))),
        Err(e) => rejected(&e, request, |error| {
            let (shortcode, category) = (form.get("shortcode"), form.get("category"));
            let entered = context! { error, shortcode, category, listed => form.is_set("listed") };
            show_form(app, request, &emoji, entered)
        }),
    }
}

fn save_entered(app: &App, emoji: &CustomEmoji, form: &Form) -> Result<()> {
    let shortcode = manage::shortcode(form.get("shortcode").unwrap_or_default())?;
    if shortcode != emoji.shortcode {
        manage::check_free(&app.domain, &shortcode)?;
    }
    let picture = form.file("picture").map(|file| media::store_emoji(&app.media, file.open())).transpose()?;
    let change = EmojiChange {
        shortcode: Some(shortcode),
        category: form.text("category")?,
        listed: Some(form.checkbox("listed")?),
        picture,
    };
    manage::change(&app.domain, emoji.id, change)
}

/// `POST /settings/emoji/import`: shows what was imported of a pack, and what was not.
pub(crate) fn import(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match import_uploaded(app, &form) {
        Ok((imported, skipped)) => show_with(app, request, context! { imported, skipped }),
        Err(e) => rejected(&e, request, |pack_error| show_with(app, request, context! { pack_error })),
    }
}

/// The number of imported emoji, and the reason for each that was left out.
fn import_uploaded(app: &App, form: &Form) -> Result<(usize, Vec<Message>)> {
    let existing = if form.checkbox("replace")? { Existing::Replaced } else { Existing::Kept };
    let file = form.file("pack").ok_or_else(|| Error::invalid(PackRefusal::NoPack))?;
    let wanted = |shortcode: &str| manage::check_new(&app.domain, shortcode, existing);
    let pack = media::store_pack(&app.media, PackSource::File(file.open()), &wanted)?;
    let read = pack.emoji.len();
    let refused = manage::add_all(&app.domain, pack.emoji, existing)?;
    let message = |emoji: &SkippedEmoji| {
        Message::new("emoji-skipped-one")
            .with("name", emoji.shortcode.as_str())
            .with("reason", locale::refusal(&emoji.reason))
    };
    Ok((read - refused.len(), pack.skipped.iter().chain(&refused).map(message).collect()))
}

/// `POST /settings/emoji/copy`: copies an emoji of another server, named as `:name:@host` or seen in a post.
pub(crate) fn copy(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match copy_entered(app, &form) {
        Ok(id) => Ok(Response::see_other(&format!("{PATH}/{id}?done=emoji-added"))),
        Err(e) => rejected(&e, request, |copy_error| {
            show_with(app, request, context! { copy_error, remote => form.get("remote") })
        }),
    }
}

fn copy_entered(app: &App, form: &Form) -> Result<i64> {
    let original = match form.exact::<i64>("post")? {
        Some(id) => Original::InPost(StatusId(id), form.require("emoji")?.to_owned()),
        None => Original::parse(form.get("remote").unwrap_or_default())?,
    };
    let shortcode = original.shortcode()?;
    manage::check_new(&app.domain, &shortcode, Existing::Kept)?;
    let picture = media::store_emoji(&app.media, Cursor::new(copying::fetch(&app.domain, &original)?))?;
    manage::add(&app.domain, NewEmoji { shortcode, category: None, picture }, Existing::Kept)
}

/// `POST /settings/emoji/ID/remove`.
pub(crate) fn remove(app: &App, request: &Request) -> Result<Response> {
    manage::remove(&app.domain, requested(app, request)?.id)?;
    Ok(Response::see_other(&format!("{PATH}?done=emoji-removed")))
}
