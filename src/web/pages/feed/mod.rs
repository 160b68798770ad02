//! The owner's open posts as feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. `replies=true` adds replies, and
//! `boosts=true` boosts; each hashtag of the owner has feeds of its own.

mod entry;

use hyper::StatusCode;
use minijinja::context;
use serde_json::{Value, json};

use self::entry::{Entry, entry, xml_text};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::timelines::AccountPosts;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::text::parse_hashtag;
use crate::store::actors::{self, Actor};
use crate::store::database::pagination::Page;
use crate::store::statuses::AccountFilter;
use crate::store::visibility::Viewer;
use crate::web::locale::Language;
use crate::web::{render, view};

/// Entries of a feed.
const ENTRIES: u32 = 20;

/// A feed before it gets a format.
struct Feed {
    /// Its own URL.
    address: String,
    /// The page that it is a feed of.
    page: String,
    title: String,
    author: String,
    icon: String,
    entries: Vec<Entry>,
    /// When its newest entry changed.
    updated: String,
    /// The time of its newest entry in the form of RSS.
    date: String,
}

/// `GET /@NAME/feed.atom` and `GET /@NAME/tagged/TAG/feed.atom`.
pub(crate) fn atom(app: &App, request: &Request) -> Result<Response> {
    xml(app, request, "feed.xml", "application/atom+xml; charset=utf-8")
}

/// `GET /@NAME/feed.rss` and `GET /@NAME/tagged/TAG/feed.rss`.
pub(crate) fn rss(app: &App, request: &Request) -> Result<Response> {
    xml(app, request, "rss.xml", "application/rss+xml; charset=utf-8")
}

/// `GET /@NAME/feed.json` and `GET /@NAME/tagged/TAG/feed.json`.
pub(crate) fn json_feed(app: &App, request: &Request) -> Result<Response> {
    let feed = feed(app, request)?;
    let document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "icon": feed.icon,
        "authors": [{"name": feed.author, "url": feed.page, "avatar": feed.icon}],
        "items": feed.entries.iter().map(item).collect::<Vec<_>>(),
    });
    Ok(Response::new(StatusCode::OK, "application/feed+json; charset=utf-8", document.to_string()).into_public())
}

/// An item of a JSON feed. Members without a value are left out.
fn item(e: &Entry) -> Value {
    let attachment = |m: &entry::Enclosure| {
        let mut file = json!({"url": m.url, "mime_type": m.media_type});
        if !m.alt.is_empty() {
            file["title"] = json!(m.alt);
        }
        if let Some(length) = m.length {
            file["size_in_bytes"] = json!(length);
        }
        file
    };
    let mut item = json!({
        "id": e.id, "url": e.url, "content_html": e.content, "date_published": e.published, "date_modified": e.updated,
        "authors": [{"name": e.author, "url": e.author_url}],
    });
    // Short posts have no title of their own, and readers show none.
    if !e.warning.is_empty() {
        item["title"] = json!(e.warning);
        item["summary"] = json!(e.warning);
    }
    if let Some(language) = &e.language {
        item["language"] = json!(language);
    }
    if !e.tags.is_empty() {
        item["tags"] = json!(e.tags);
    }
    if !e.media.is_empty() {
        item["attachments"] = e.media.iter().map(attachment).collect();
    }
    item
}

fn xml(app: &App, request: &Request, template: &str, content_type: &'static str) -> Result<Response> {
    let feed = feed(app, request)?;
    let context = context! {
        self => feed.address,
        page => feed.page,
        title => feed.title,
        updated => feed.updated,
        date => feed.date,
        icon => feed.icon,
        repository => env!("CARGO_PKG_REPOSITORY"),
        author => feed.author,
        entries => feed.entries,
    };
    let xml = render::text(app, Language::default(), template, context)?;
    Ok(Response::new(StatusCode::OK, content_type, xml).into_public())
}

fn owner(app: &App, request: &Request) -> Result<Actor> {
    let owner = app.domain.owner()?;
    if !request.param("name").eq_ignore_ascii_case(&owner.username) {
        return Err(Error::NotFound);
    }
    app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)
}

/// What a feed contains besides the owner's posts.
#[derive(Debug, Clone, Copy, Default)]
struct Variant {
    replies: bool,
    boosts: bool,
}

impl Variant {
    fn of(request: &Request) -> Self {
        let mut variant = Self::default();
        for (key, value) in url::form_urlencoded::parse(request.query().as_bytes()) {
            let on = matches!(&*value, "true" | "1");
            match &*key {
                "replies" => variant.replies = on,
                "boosts" => variant.boosts = on,
                _ => {}
            }
        }
        variant
    }

    fn query(self) -> &'static str {
        match (self.replies, self.boosts) {
            (false, false) => "",
            (true, false) => "?replies=true",
            (false, true) => "?boosts=true",
            (true, true) => "?replies=true&boosts=true",
        }
    }
}

fn feed(app: &App, request: &Request) -> Result<Feed> {
    let actor = owner(app, request)?;
    let tag = match request.param("tag") {
        "" => None,
        tag => Some(parse_hashtag(tag).ok_or(Error::NotFound)?),
    };
    let variant = Variant::of(request);
    let filter = AccountFilter {
        without_replies: !variant.replies && tag.is_none(),
        without_boosts: !variant.boosts,
        only_open: true,
        only_media: false,
    };
    let posts = AccountPosts { actor: actor.id, filter, tag: tag.as_deref() };
    let listing = queries::timelines::account(&app.domain, Viewer::Anonymous, posts, &Page::newest(ENTRIES))?;
    let entries: Vec<Entry> = listing.views.iter().map(|v| entry(app, v)).collect();
    let site = &app.domain.site;
    let author = actor.shown_name();
    let named = format!("{author} (@{})", site.handle_of(&actor.username));
    let title = tag.as_ref().map_or_else(|| named.clone(), |tag| format!("#{tag} · {named}"));
    let profile = site.profile(&actor.username);
    Ok(Feed {
        address: format!("{}{}", site.url(&request.path), variant.query()),
        page: tag.as_ref().map_or_else(|| profile.clone(), |tag| format!("{profile}/tagged/{}", encoded(tag))),
        title: xml_text(&title),
        author: xml_text(author),
        icon: view::preview(app, &actor),
        updated: entries.iter().map(|e| e.updated.clone()).max().unwrap_or_else(|| actor.updated_at.to_seconds()),
        date: entries.iter().map(|e| e.published_at).max().unwrap_or(actor.updated_at).to_http(),
        entries,
    })
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
