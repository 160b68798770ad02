//! Plain text as HTML in the shapes that Mastodon apps know (`h-card` mentions, hashtag links, shortened links).

use crate::limits;
use crate::protocol::characters::is_hidden;
use crate::protocol::escape::escape;
use crate::protocol::links::LINK_REL;

use super::scan::{Piece, pieces};

/// Characters of a link that stay visible.
const LINK_SHOWN: usize = 30;

/// The target of a mention. The href must equal the `url` of the mention in the API, or apps open a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionLink {
    /// The profile page.
    pub url: String,
    /// The name shown after `@`.
    pub username: String,
}

/// Rendered text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text as HTML.
    pub html: String,
    /// The hashtags, lower-case, in order, without repeats, at most [`limits::POST_HASHTAGS`].
    pub hashtags: Vec<String>,
}

/// Renders links, mentions and hashtags of plain text as HTML, and collects the hashtags.
pub(crate) struct Linker<'a> {
    /// Resolves a handle; `None` leaves it as text.
    pub(crate) mentions: &'a dyn Fn(&str, Option<&str>) -> Option<MentionLink>,
    /// The page of a hashtag; an empty one leaves it as text.
    pub(crate) tag_url: &'a dyn Fn(&str) -> String,
    /// The hashtags found, in lower case.
    pub(crate) hashtags: Vec<String>,
}

impl Linker<'_> {
    /// Appends the HTML of inline text. Line breaks are not changed.
    pub(crate) fn append(&mut self, text: &str, html: &mut String) {
        for piece in pieces(text) {
            match piece {
                Piece::Text(t) => html.push_str(&escape(t)),
                Piece::Url(url) => html.push_str(&link(url)),
                Piece::Mention(handle) => match (self.mentions)(&handle.username, handle.host.as_deref()) {
                    Some(to) => html.push_str(&mention(&to)),
                    None => {
                        let host = handle.host.map(|h| format!("@{h}")).unwrap_or_default();
                        html.push_str(&escape(&format!("@{}{host}", handle.username)));
                    }
                },
                Piece::Hashtag { written, name } => self.hashtag(written, name, html),
            }
        }
    }

    fn hashtag(&mut self, written: &str, name: &str, html: &mut String) {
        let folded = name.to_lowercase();
        let known = self.hashtags.contains(&folded);
        let page = (self.tag_url)(&folded);
        if page.is_empty() || !known && self.hashtags.len() >= limits::POST_HASHTAGS {
            html.push_str(&escape(written));
            return;
        }
        let url = escape(&page);
        let name = escape(name);
        html.push_str(&format!("<a href=\"{url}\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>"));
        if !known {
            self.hashtags.push(folded);
        }
    }
}

/// Renders plain text as HTML: empty lines separate paragraphs, other line breaks become `<br>`, text is escaped. `mentions`
/// resolves a handle (`None` leaves it as text), `tag_url` returns the page of a hashtag in lower case (an empty one leaves it as
/// text).
pub fn render(
    text: &str,
    mentions: &dyn Fn(&str, Option<&str>) -> Option<MentionLink>,
    tag_url: &dyn Fn(&str) -> String,
) -> Rendered {
    let mut linker = Linker { mentions, tag_url, hashtags: Vec::new() };
    let text: String = text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !is_hidden(*c)).collect();
    let mut html = String::with_capacity(text.len() * 2);
    let mut open = false;
    for line in text.trim_matches('\n').split('\n') {
        if line.trim().is_empty() {
            if std::mem::take(&mut open) {
                html.push_str("</p>");
            }
            continue;
        }
        html.push_str(if open { "<br>" } else { "<p>" });
        open = true;
        linker.append(line, &mut html);
    }
    if open {
        html.push_str("</p>");
    }
    Rendered { html, hashtags: linker.hashtags }
}

fn mention(to: &MentionLink) -> String {
    format!(
        "<span class=\"h-card\" translate=\"no\"><a href=\"{}\" class=\"u-url mention\">@<span>{}</span></a></span>",
        escape(&to.url),
        escape(&to.username)
    )
}

/// Renders a link with hidden scheme and tail, so that a long URL does not fill the page but is copied whole.
pub(crate) fn link(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let www = url[after_scheme..].get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let (prefix, rest) = url.split_at(after_scheme + if www { 4 } else { 0 });
    let cut = rest.char_indices().nth(LINK_SHOWN).map_or(rest.len(), |(at, _)| at);
    let (shown, tail) = rest.split_at(cut);
    let class = if tail.is_empty() { "" } else { " class=\"ellipsis\"" };
    let tail =
        if tail.is_empty() { String::new() } else { format!("<span class=\"invisible\">{}</span>", escape(tail)) };
    format!(
        "<a href=\"{}\" rel=\"{LINK_REL}\" translate=\"no\" target=\"_blank\"><span class=\"invisible\">{}</span>\
         <span{class}>{}</span>{tail}</a>",
        escape(url),
        escape(prefix),
        escape(shown)
    )
}
