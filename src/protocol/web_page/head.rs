//! The elements of a page that describe it.

use crate::limits;
use crate::protocol::characters::cut_bytes;
use crate::protocol::html::{PageToken, page_tokens};

/// A `<link>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// Its relations, in lower case.
    pub rel: String,
    /// Its media type; may be empty.
    pub media_type: String,
    /// Its target, as written.
    pub href: String,
}

/// The elements of a page that describe it, up to [`limits::PAGE_ELEMENTS`] of each kind.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The text of the first `<title>`.
    pub title: Option<String>,
    /// The `lang` of the page.
    pub language: Option<String>,
    /// Name (in lower case) and content of the `<meta>` elements.
    pub meta: Vec<(String, String)>,
    /// The `<link>` elements.
    pub links: Vec<PageLink>,
    /// The JSON-LD blocks.
    pub json_ld: Vec<String>,
}

impl Head {
    /// Reads a page in one linear pass. Elements in the body count too, because some pages have them there.
    pub fn read(html: &str) -> Self {
        let mut head = Self::default();
        for token in page_tokens(html) {
            head.add(token);
        }
        head
    }

    fn add(&mut self, token: PageToken<'_>) {
        let PageToken { name, attributes, content } = token;
        let attribute = |key: &str| {
            let value = attributes.iter().find(|(name, _)| name == key).map(|(_, value)| *value)?;
            Some(decoded(cut_bytes(value, limits::PAGE_VALUE)))
        };
        match name.as_str() {
            "html" if self.language.is_none() => self.language = attribute("lang"),
            "title" if self.title.is_none() => self.title = Some(decoded(cut_bytes(content, limits::PAGE_VALUE))),
            "meta" => {
                let Some(content) = attribute("content") else { return };
                for key in ["property", "name", "itemprop"] {
                    let names = attribute(key).unwrap_or_default().to_ascii_lowercase();
                    let room = limits::PAGE_ELEMENTS.saturating_sub(self.meta.len());
                    self.meta.extend(
                        names.split_ascii_whitespace().take(room.min(4)).map(|n| (n.to_owned(), content.clone())),
                    );
                }
            }
            "link" if self.links.len() < limits::PAGE_ELEMENTS => {
                if let Some((rel, href)) = attribute("rel").zip(attribute("href")) {
                    let media_type = attribute("type").unwrap_or_default().to_ascii_lowercase();
                    self.links.push(PageLink { rel: rel.to_ascii_lowercase(), media_type, href });
                }
            }
            "script" if self.json_ld.len() < limits::PAGE_JSON_LD => {
                let is_data = attribute("type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json"));
                if is_data && content.len() <= limits::PAGE_JSON_LD_BYTES {
                    self.json_ld.push(content.to_owned());
                }
            }
            _ => {}
        }
    }

    /// The content of the first `<meta>` element with one of these names that is not blank; the names come first.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let found = self.meta.iter().filter(|(known, _)| known == name);
            found.map(|(_, content)| content.trim()).find(|content| !content.is_empty())
        })
    }

    /// The target of the first link with this relation and media type.
    pub fn link(&self, rel: &str, media_type: &str) -> Option<&str> {
        let is_wanted = |link: &&PageLink| {
            let plain = link.media_type.split(';').next().unwrap_or_default().trim();
            link.rel.split_ascii_whitespace().any(|r| r == rel) && plain == media_type
        };
        self.links.iter().find(is_wanted).map(|link| link.href.trim())
    }
}

/// A text with its character references replaced.
fn decoded(text: &str) -> String {
    html_escape::decode_html_entities(text).into_owned()
}
