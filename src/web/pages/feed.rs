//! The owner's open posts as an Atom feed (RFC 4287).

use hyper::StatusCode;
use minijinja::context;
use serde::Serialize;

use super::profile::short;
use crate::app::App;
use crate::domain::outbox::builders::media_type_of_file;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::AccountPosts;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::html;
use crate::store::actors;
use crate::store::database::pagination::Page;
use crate::store::statuses::AccountFilter;
use crate::store::visibility::Viewer;
use crate::web::render;
use crate::web::view::{Painter, emoji_address};

#[derive(Debug, Clone, Serialize)]
struct Entry {
    url: String,
    title: String,
    published: String,
    updated: String,
    content: String,
    language: Option<String>,
    tags: Vec<String>,
    media: Vec<Enclosure>,
}

#[derive(Debug, Clone, Serialize)]
struct Enclosure {
    url: String,
    media_type: &'static str,
    alt: String,
}

fn entry(app: &App, v: &StatusView) -> Entry {
    let s = &v.status;
    let text = html::to_preview(&s.content);
    let title = if s.summary.is_empty() { short(&text) } else { s.summary.clone() };
    Entry {
        url: v.page().to_owned(),
        title: xml_text(if title.is_empty() { "A picture" } else { &title }),
        published: s.created_at.to_seconds(),
        updated: s.edited_at.unwrap_or(s.created_at).to_seconds(),
        content: content(app, v),
        language: s.language.clone(),
        tags: v.tags.clone(),
        media: v
            .media
            .iter()
            .filter_map(|m| {
                let file = m.file.as_deref()?;
                Some(Enclosure {
                    url: app.domain.site.media(file),
                    media_type: media_type_of_file(file),
                    alt: xml_text(m.description.as_deref().unwrap_or_default()),
                })
            })
            .collect(),
    }
}

/// All of a post as HTML: its text, pictures, poll and what it quotes.
fn content(app: &App, v: &StatusView) -> String {
    let address = emoji_address(app, Viewer::Anonymous);
    let mut emoji = Painter::new(&v.status.emoji, limits::EMOJI_HTML, &address);
    let mut out = emoji.paint(&v.status.content).0;
    for m in &v.media {
        let Some(file) = m.file.as_deref() else { continue };
        let url = html::escape(&app.domain.site.media(file));
        let alt = html::escape(m.description.as_deref().unwrap_or_default());
        out.push_str(&format!("<p><a href=\"{url}\"><img src=\"{url}\" alt=\"{alt}\"></a></p>"));
    }
    if let Some(poll) = &v.poll {
        let options: String =
            poll.options.iter().map(|o| format!("<li>{}</li>", emoji.paint(&html::escape(&o.title)).0)).collect();
        out.push_str(&format!("<ul>{options}</ul>"));
    }
    if let Some(quote) = &v.quote {
        let page = html::escape(quote.page());
        out.push_str(&format!("<p>RE: <a href=\"{page}\">{page}</a></p>"));
    }
    xml_text(&out)
}

/// A text without the characters that XML cannot hold.
fn xml_text(text: &str) -> String {
    let fits =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}

/// `GET /@NAME/feed.atom`.
pub(crate) fn atom(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    if !request.param("name").eq_ignore_ascii_case(&owner.username) {
        return Err(Error::NotFound);
    }
    let actor = app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    let filter = AccountFilter { without_replies: true, without_boosts: true, only_open: true, only_media: false };
    let posts = AccountPosts { actor: owner.id, filter, tag: None };
    let views = queries::timelines::account(&app.domain, Viewer::Anonymous, posts, &Page::newest(20))?;
    let entries: Vec<Entry> = views.iter().map(|v| entry(app, v)).collect();
    let site = &app.domain.site;
    let author = if actor.display_name.is_empty() { &actor.username } else { &actor.display_name };
    let context = context! {
        self => site.url(&format!("/@{}/feed.atom", actor.username)),
        page => site.profile(&actor.username),
        title => xml_text(&format!("{author} (@{})", site.handle_of(&actor.username))),
        updated => entries.iter().map(|e| e.updated.clone()).max().unwrap_or_else(|| actor.updated_at.to_seconds()),
        icon => actor.avatar.as_deref().map_or_else(|| site.url("/static/avatar.png"), |f| site.media(f)),
        repository => env!("CARGO_PKG_REPOSITORY"),
        author,
        entries,
    };
    let xml = render::text(app, "feed.xml", context)?;
    Ok(Response::new(StatusCode::OK, "application/atom+xml; charset=utf-8", xml).into_public())
}
