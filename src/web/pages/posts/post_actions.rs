//! The owner's actions on posts: forms that redirect back to their page.

use std::collections::HashSet;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::interactions::{bookmark, boost, emoji_reaction, favourite, pin};
use crate::domain::posts::{self, UploadRetention};
use crate::domain::queries;
use crate::domain::queries::embeds::Embed;
use crate::domain::queries::status_view::StatusView;
use crate::domain::relationships::block;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::protocol::activitystreams::types::Emoji;
use crate::protocol::html;
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::store::visibility::Viewer;
use crate::web::pages::{action, back_with, origin};
use crate::web::templates::Html;
use crate::web::{render, view};

/// A redirect to the page that the form was on, at the post that it was about.
fn back_to_post(app: &App, request: &Request, id: StatusId) -> Response {
    Response::see_other(&format!("{}#p-{id}", origin(app, request)))
}

/// `GET /posts/ID`: all options of a post.
pub(crate) fn more(app: &App, request: &Request) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let found = queries::statuses::get(&app.domain, viewer, request.id("id")?)?;
    let p = view::post(app, &found, viewer);
    let embed = p.embeddable.then(|| Embed::new(found.content(), None, None));
    let context = context! {
        embed => embed.map(|embed| context! { html => embed.html(), url => embed.url }),
        p,
        copyable => copyable(app, &found, viewer),
    };
    render::page(app, request, "more.html", context)
}

/// A custom emoji that the owner can copy.
#[derive(Debug, Serialize)]
struct Copyable {
    name: String,
    picture: Html,
}

/// The custom emoji of other servers in a post, in the name of its author and in its reactions.
fn copyable(app: &App, found: &StatusView, viewer: Viewer) -> Vec<Copyable> {
    let found = found.content();
    let reacted = found.reactions.iter().filter_map(|r| {
        Some(Emoji { shortcode: r.emoji.trim_matches(':').to_owned(), url: r.url.clone()?, still: None })
    });
    let mut seen = HashSet::new();
    let all = found.status.emoji.iter().chain(&found.author.emoji).cloned().chain(reacted);
    let others = all.filter(|emoji| !app.domain.site.owns(&emoji.url) && seen.insert(emoji.shortcode.clone()));
    let address = view::emoji_address(app, viewer);
    let one = |emoji: Emoji| Copyable {
        picture: view::with_emoji(
            &format!(":{}:", html::escape(&emoji.shortcode)),
            std::slice::from_ref(&emoji),
            &address,
        ),
        name: emoji.shortcode,
    };
    others.map(one).collect()
}

/// The visibility of a boost, if the form requests one.
fn boost_visibility(form: &Form) -> Result<Option<Visibility>> {
    form.one_of("visibility", "public, unlisted, private", Visibility::parse)
}

/// `POST /posts/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let domain = &app.domain;
    let of = match action(request)?.as_str() {
        "boost" => {
            boost::add(domain, id, boost_visibility(&request.form()?)?)?;
            id
        }
        "unboost" => boost::remove(domain, id)?,
        "favourite" => favourite::add(domain, id)?,
        "unfavourite" => favourite::remove(domain, id)?,
        "bookmark" => bookmark::add(domain, id)?,
        "unbookmark" => bookmark::remove(domain, id)?,
        "pin" => pin::add(domain, id)?,
        "unpin" => pin::remove(domain, id)?,
        "vote" => {
            posts::vote(domain, id, request.form()?.exact_list("choice")?)?;
            id
        }
        "react" => emoji_reaction::add(domain, id, request.form()?.require("emoji")?.trim().to_owned())?,
        "unreact" => emoji_reaction::remove(domain, id, request.form()?.require("emoji")?.to_owned())?,
        "refresh" => {
            backfill::thread_of(domain, id, BackfillReason::Requested)?;
            id
        }
        "block-author" => {
            let author = queries::statuses::get(domain, domain.as_owner()?, id)?.content().author.id;
            block::block(domain, author)?;
            return Ok(back_with(app, request, "blocked"));
        }
        "delete" => {
            posts::delete(domain, id, UploadRetention::Remove)?;
            return Ok(Response::see_other("/home?done=deleted"));
        }
        _ => return Err(Error::NotFound),
    };
    Ok(back_to_post(app, request, of))
}
