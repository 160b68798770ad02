//! The sitemap (sitemaps.org), and what crawlers receive: only what the owner lets search engines find.

use hyper::StatusCode;

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::escape::escape;
use crate::protocol::ids::StatusId;
use crate::store::actors::{self, Actor};
use crate::store::sitemap::{self, ListedPost};

/// Crawlers that collect texts and pictures to train models, by the names that their operators document.
const AI_CRAWLERS: [&str; 22] = [
    "AI2Bot",
    "Ai2Bot-Dolma",
    "Amazonbot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "Claude-Web",
    "anthropic-ai",
    "cohere-ai",
    "cohere-training-data-crawler",
    "Diffbot",
    "FacebookBot",
    "Google-Extended",
    "GPTBot",
    "img2dataset",
    "Meta-ExternalAgent",
    "omgili",
    "omgilibot",
    "PanguBot",
    "Timpibot",
    "Webzio-Extended",
];

/// `GET /robots.txt`: pages may be indexed, forms and the owner's pages need not be.
pub(crate) fn robots(app: &App, _: &Request) -> Result<Response> {
    let mut text = "User-agent: *\nAllow: /api/oembed\nDisallow: /api/\nDisallow: /authorize_interaction\n\
                    Disallow: /interact\nDisallow: /login\nDisallow: /oauth/\n"
        .to_owned();
    if app.config.refuse_ai_crawlers {
        text.push('\n');
        for name in AI_CRAWLERS {
            text.push_str(&format!("User-agent: {name}\n"));
        }
        text.push_str("Disallow: /\n");
    }
    text.push_str(&format!("\nSitemap: {}\n", app.domain.site.url("/sitemap.xml")));
    Ok(Response::new(StatusCode::OK, "text/plain; charset=utf-8", text).into_public())
}

/// Returns `true` if search engines may show the profile of the owner: it and the posts on it.
pub(crate) fn lists_profile(owner: &Actor) -> bool {
    owner.discoverable && owner.indexable
}

/// `GET /sitemap.xml`: the public posts of the owner, or an index of pages of them; `?from=ID` is such a page.
pub(crate) fn sitemap(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let owner = app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    let form = request.form()?;
    let from: Option<i64> = form.number("from");
    let xml = match from {
        Some(from) if owner.indexable => page(app, &owner, &posts(app, StatusId(from))?),
        Some(_) => return Err(Error::NotFound),
        None if !owner.indexable => page(app, &owner, &[]),
        None => {
            let pages = app.domain.store.read(|c| sitemap::pages(c, limits::SITEMAP_PAGE, limits::SITEMAP_PAGES))?;
            match pages.len() {
                0 | 1 => page(app, &owner, &posts(app, StatusId(0))?),
                _ => index(app, &pages),
            }
        }
    };
    Ok(Response::new(StatusCode::OK, "application/xml; charset=utf-8", xml).into_public())
}

fn posts(app: &App, from: StatusId) -> Result<Vec<ListedPost>> {
    app.domain.store.read(|c| sitemap::public_posts(c, from, limits::SITEMAP_PAGE))
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

fn page(app: &App, owner: &Actor, posts: &[ListedPost]) -> String {
    let mut xml = format!("{HEAD}<urlset {NAMESPACE}>\n<url><loc>{}</loc></url>\n", app.domain.site.url("/about"));
    if lists_profile(owner) {
        xml.push_str(&format!("<url><loc>{}</loc></url>\n", escape(&app.domain.site.profile(&owner.username))));
    }
    for post in posts {
        let address = app.domain.site.status_page(&owner.username, post.id);
        xml.push_str(&format!(
            "<url><loc>{}</loc><lastmod>{}</lastmod></url>\n",
            escape(&address),
            post.changed.to_seconds()
        ));
    }
    xml + "</urlset>\n"
}

fn index(app: &App, pages: &[ListedPost]) -> String {
    let mut xml = format!("{HEAD}<sitemapindex {NAMESPACE}>\n");
    for page in pages {
        let address = app.domain.site.url(&format!("/sitemap.xml?from={}", page.id));
        xml.push_str(&format!(
            "<sitemap><loc>{address}</loc><lastmod>{}</lastmod></sitemap>\n",
            page.changed.to_seconds()
        ));
    }
    xml + "</sitemapindex>\n"
}
