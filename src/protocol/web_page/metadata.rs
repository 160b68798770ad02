//! What a link preview needs of a page.

use serde_json::Value;
use url::Url;

use super::head::Head;
use super::json_ld::Article;
use crate::limits;
use crate::protocol::links::is_web_link;
use crate::protocol::text::{clean_name, language_tag};
use crate::protocol::time::Timestamp;

/// The kind of a preview card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CardKind {
    /// A page.
    #[default]
    Link = 0,
    /// A page about one picture.
    Photo = 1,
    /// A page about one video.
    Video = 2,
    /// Anything else that its provider would embed.
    Rich = 3,
}

impl CardKind {
    fn of_oembed(text: &str) -> Self {
        match text {
            "photo" => Self::Photo,
            "video" => Self::Video,
            "rich" => Self::Rich,
            _ => Self::Link,
        }
    }
}

/// A picture of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPicture {
    /// Its URL.
    pub url: String,
    /// Its description; may be empty.
    pub description: String,
    /// Width and height as the page states them.
    pub size: Option<(u32, u32)>,
}

/// What a page states about itself. Texts are plain, cut to the limits, and empty where the page states nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageMetadata {
    /// The kind.
    pub kind: CardKind,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The name of the author.
    pub author_name: String,
    /// The page of the author.
    pub author_url: String,
    /// The handle in `fediverse:creator`, without `@` at its start.
    pub creator: Option<String>,
    /// The name of the site.
    pub provider_name: String,
    /// The page of the site.
    pub provider_url: String,
    /// The picture.
    pub picture: Option<CardPicture>,
    /// The language.
    pub language: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Its oEmbed description as JSON.
    pub oembed: Option<String>,
}

fn line(text: Option<&str>, max: usize) -> String {
    text.map(|text| clean_name(text, max)).unwrap_or_default()
}

/// An absolute web link, resolved against the URL of the page.
fn link(base: &Url, text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let resolved = (!text.is_empty() && text.len() <= limits::URL).then(|| base.join(text).ok())??;
    Some(String::from(resolved)).filter(|url| is_web_link(url))
}

fn number(text: Option<&str>) -> Option<u32> {
    text?.trim().trim_end_matches("px").parse().ok().filter(|n| (1..=limits::CARD_PICTURE_SIDE).contains(n))
}

impl PageMetadata {
    /// The metadata of a page with this URL: Open Graph, then Twitter cards, then JSON-LD, then HTML.
    pub fn of(head: &Head, url: &Url) -> Self {
        let article = Article::first_of(&head.json_ld).unwrap_or_default();
        let or = |names: &[&str], other: &Option<String>| {
            head.meta(names).map(str::to_owned).or_else(|| other.clone()).unwrap_or_default()
        };
        let author = head.meta(&["article:author", "author", "dc.creator"]).map(str::to_owned);
        let author_is_page = author.as_deref().is_some_and(is_web_link);
        let author_name = article.author.clone().or_else(|| author.clone().filter(|_| !author_is_page));
        let author_page = author.filter(|_| author_is_page).or_else(|| article.author_url.clone());
        let is_video = head.meta(&["og:type"]).is_some_and(|kind| kind.starts_with("video"));
        let locale = head.meta(&["og:locale"]).or(article.language.as_deref()).or(head.language.as_deref());
        let published = head.meta(&["article:published_time", "og:published_time", "datepublished"]);
        Self {
            kind: if is_video { CardKind::Video } else { CardKind::Link },
            title: line(Some(&title(head, &article)), limits::CARD_TITLE_CHARS),
            description: line(
                Some(&or(&["og:description", "twitter:description", "description"], &article.description)),
                limits::CARD_DESCRIPTION_CHARS,
            ),
            author_name: line(author_name.as_deref(), limits::CARD_NAME_CHARS),
            author_url: link(url, author_page.as_deref()).unwrap_or_default(),
            creator: head.meta(&["fediverse:creator"]).and_then(handle),
            provider_name: line(Some(&or(&["og:site_name"], &article.publisher)), limits::CARD_NAME_CHARS),
            provider_url: String::new(),
            picture: picture(head, &article, url),
            language: locale.and_then(language_tag),
            published_at: published.or(article.published.as_deref()).and_then(Timestamp::parse),
            oembed: link(url, head.link("alternate", "application/json+oembed")),
        }
    }

    /// Returns `true` if the page lacks something that an oEmbed description may state.
    pub fn is_incomplete(&self) -> bool {
        self.title.is_empty() || self.picture.is_none() || self.author_name.is_empty()
    }

    /// Adds what the page itself does not state.
    pub fn complete(&mut self, oembed: Oembed) {
        let set = |to: &mut String, from: String| {
            if to.is_empty() {
                *to = from;
            }
        };
        set(&mut self.title, oembed.title);
        if self.author_name.is_empty() {
            (self.author_name, self.author_url) = (oembed.author_name, oembed.author_url);
        }
        set(&mut self.provider_name, oembed.provider_name);
        set(&mut self.provider_url, oembed.provider_url);
        self.picture = self.picture.take().or(oembed.picture);
        if self.kind == CardKind::Link {
            self.kind = oembed.kind;
        }
    }
}

fn title(head: &Head, article: &Article) -> String {
    let stated = head.meta(&["og:title", "twitter:title"]).or(article.headline.as_deref());
    stated.or(head.title.as_deref()).unwrap_or_default().to_owned()
}

fn picture(head: &Head, article: &Article, url: &Url) -> Option<CardPicture> {
    let of_page = head.meta(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"]);
    let size = number(head.meta(&["og:image:width"])).zip(number(head.meta(&["og:image:height"])));
    let description = line(head.meta(&["og:image:alt", "twitter:image:alt"]), limits::CARD_DESCRIPTION_CHARS);
    let found = link(url, of_page).map(|url| CardPicture { url, description, size });
    let of_article =
        || Some(CardPicture { url: link(url, article.image.as_deref())?, description: String::new(), size: None });
    found.or_else(of_article)
}

/// A handle such as `@user@example.org`, or the URL of a profile as some pages have it, as `user@example.org`.
fn handle(text: &str) -> Option<String> {
    let text = text.trim();
    let handle = match text.strip_prefix("https://") {
        Some(page) => {
            let (host, path) = page.split_once('/')?;
            format!("{}@{host}", path.trim_end_matches('/').strip_prefix('@')?)
        }
        None => text.trim_start_matches('@').to_owned(),
    };
    let (user, host) = handle.split_once('@')?;
    let fits = handle.len() <= limits::URL && !user.is_empty() && host.contains(['.', ':']) && !host.contains('@');
    (fits && !handle.chars().any(char::is_whitespace)).then_some(handle)
}

/// What an oEmbed description states. Its HTML is never used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oembed {
    kind: CardKind,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    picture: Option<CardPicture>,
}

impl Oembed {
    /// Reads a description that was fetched from `base`.
    pub fn read(value: &Value, base: &Url) -> Self {
        let text = |key: &str| value[key].as_str();
        let name = |key: &str| line(text(key), limits::CARD_NAME_CHARS);
        let side = |key: &str| value[key].as_u64().and_then(|n| u32::try_from(n).ok()).or_else(|| number(text(key)));
        let kind = CardKind::of_oembed(text("type").unwrap_or_default());
        let keys = match kind {
            CardKind::Photo => ["url", "width", "height"],
            _ => ["thumbnail_url", "thumbnail_width", "thumbnail_height"],
        };
        let size = side(keys[1]).zip(side(keys[2])).filter(|(w, h)| {
            (1..=limits::CARD_PICTURE_SIDE).contains(w) && (1..=limits::CARD_PICTURE_SIDE).contains(h)
        });
        Self {
            kind,
            title: line(text("title"), limits::CARD_TITLE_CHARS),
            author_name: name("author_name"),
            author_url: link(base, text("author_url")).unwrap_or_default(),
            provider_name: name("provider_name"),
            provider_url: link(base, text("provider_url")).unwrap_or_default(),
            picture: link(base, text(keys[0])).map(|url| CardPicture { url, description: String::new(), size }),
        }
    }
}
