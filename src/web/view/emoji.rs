//! Custom emoji in the HTML of names and posts.

use crate::app::App;
use crate::domain::remote_files::{Audience, RemoteFile};
use crate::limits;
use crate::protocol::activitystreams::types::Emoji;
use crate::protocol::html;
use crate::store::visibility::Viewer;
use crate::web::templates::Html;

/// Turns the URL of a custom emoji into one of this server.
pub fn emoji_address(app: &App, viewer: Viewer) -> impl Fn(&str) -> String {
    move |url| app.domain.proxied(Audience::of(viewer), RemoteFile::Emoji, url)
}

/// Puts custom emoji into the HTML of a name.
pub fn with_emoji(html_text: &str, emoji: &[Emoji], address: &dyn Fn(&str) -> String) -> Html {
    Painter::new(emoji, limits::EMOJI_HTML_IN_NAME, address).paint(html_text)
}

/// Puts custom emoji into the texts of one post: only into text, never inside a tag. The HTML of all pictures together is
/// limited; beyond the limit the shortcodes stay.
pub struct Painter<'a> {
    emoji: &'a [Emoji],
    room: usize,
    address: &'a dyn Fn(&str) -> String,
}

impl<'a> Painter<'a> {
    /// A painter for these emoji with a limit in bytes. `address` is that of [`emoji_address`].
    pub fn new(emoji: &'a [Emoji], room: usize, address: &'a dyn Fn(&str) -> String) -> Self {
        Self { emoji, room, address }
    }

    /// The HTML with pictures.
    pub fn paint(&mut self, html_text: &str) -> Html {
        if self.emoji.is_empty() || !html_text.contains(':') {
            return Html(html_text.to_owned());
        }
        let mut out = String::with_capacity(html_text.len() + html_text.len() / 2);
        let mut rest = html_text;
        while let Some(open) = rest.find('<') {
            self.replace(&rest[..open], &mut out);
            let close = rest[open..].find('>').map_or(rest.len(), |c| open + c + 1);
            out.push_str(&rest[open..close]);
            rest = &rest[close..];
        }
        self.replace(rest, &mut out);
        Html(out)
    }

    fn replace(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(start) = rest.find(':') {
            let (before, after) = rest.split_at(start);
            out.push_str(before);
            let picture = self.picture(&after[1..]).filter(|(picture, _)| picture.len() <= self.room);
            match picture {
                Some((picture, tail)) => {
                    self.room -= picture.len();
                    out.push_str(&picture);
                    rest = tail;
                }
                None => {
                    out.push(':');
                    rest = &after[1..];
                }
            }
        }
        out.push_str(rest);
    }

    /// The picture of the shortcode at the start of a text, and the text after its closing colon.
    fn picture<'t>(&self, text: &'t str) -> Option<(String, &'t str)> {
        let within = &text.as_bytes()[..text.len().min(limits::EMOJI_CHARS + 1)];
        let (code, tail) = text.split_at(within.iter().position(|b| *b == b':')?);
        let found = self.emoji.iter().find(|e| e.shortcode == code)?;
        let (url, code) = (html::escape(&(self.address)(&found.url)), html::escape(&found.shortcode));
        let picture =
            format!("<img class=\"emoji\" src=\"{url}\" alt=\":{code}:\" title=\":{code}:\" loading=\"lazy\">");
        Some((picture, &tail[1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::hostile_texts::processor_time;

    #[test]
    fn emoji_replace_shortcodes_in_text_and_never_in_tags() {
        let emoji = [Emoji { shortcode: "ok".into(), url: "https://a.example/ok.png?a=1&b=\"".into(), still: None }];
        let html = with_emoji("<a href=\"https://x/:ok:\">:ok: :no: :ok</a>", &emoji, &str::to_owned).0;
        assert!(html.starts_with("<a href=\"https://x/:ok:\"><img class=\"emoji\""), "{html}");
        assert!(html.ends_with(" :no: :ok</a>") && html.contains("&amp;b=&quot;"), "{html}");
    }

    #[test]
    fn pictures_of_emoji_are_bounded_in_one_post() {
        let emoji =
            [Emoji { shortcode: "ok".into(), url: format!("https://a.example/{}", "x".repeat(2_000)), still: None }];
        let (text, most) = (":ok:".repeat(10_000), limits::EMOJI_HTML);
        let mut painter = Painter::new(&emoji, most, &str::to_owned);
        let html = painter.paint(&text).0;
        assert!(
            html.starts_with("<img") && html.ends_with(":ok:") && html.len() <= text.len() + most,
            "{}",
            html.len()
        );
        assert_eq!(painter.paint(":ok:").0, ":ok:", "all texts of a post share the limit");
    }

    /// The closing colon is searched within the length of a shortcode.
    #[test]
    fn a_text_of_colons_is_painted_in_linear_time() {
        let emoji = [Emoji { shortcode: "ok".into(), url: "https://a.example/ok.png".into(), still: None }];
        let text = format!("{}é", ": a".repeat(20_000));
        let took = processor_time(|| assert_eq!(with_emoji(&text, &emoji, &str::to_owned).0, text));
        assert!(took.as_secs() < 2);
    }
}
