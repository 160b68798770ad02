//! The links of a post.

use super::plain::unescape;
use super::tokens::{Token, Tokens};
use crate::limits;

/// Returns the targets of the links in sanitised HTML, in order and without mentions, hashtags and the link of a quote; at most
/// [`limits::CARD_LINKS_EXAMINED`].
///
/// Mentions and hashtags have a class in most systems. Misskey and others have none, so that the text of the link decides.
pub fn links(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut open, mut quote): (Option<(String, String)>, Option<String>) = (None, None);
    for token in Tokens::new(html) {
        match token {
            Token::Open(name, attributes) => {
                let attribute = |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
                let has_class = |wanted: &[&str]| {
                    attribute("class").is_some_and(|c| c.split_ascii_whitespace().any(|c| wanted.contains(&c)))
                };
                if quote.is_none() && has_class(&["quote-inline"]) {
                    quote = Some(name.clone());
                }
                let is_named = has_class(&["mention", "hashtag", "u-url", "h-card"]);
                if name == "a" && quote.is_none() && !is_named {
                    open = attribute("href").map(|href| (unescape(href), String::new()));
                }
            }
            Token::Text(text) => {
                if let Some((_, label)) = &mut open
                    && label.is_empty()
                {
                    label.push_str(text.trim_start());
                }
            }
            Token::Close(name) => {
                if quote.as_ref() == Some(&name) {
                    quote = None;
                }
                if name == "a"
                    && let Some((href, label)) = open.take()
                    && !label.starts_with(['@', '#', '＃'])
                {
                    found.push(href);
                }
            }
        }
        if found.len() >= limits::CARD_LINKS_EXAMINED {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_hashtags_and_quotes_are_not_links_of_a_post() {
        for (html, expected) in [
            ("<p>See <a href=\"https://a.example/?x=1&amp;y=2\">a</a></p>", vec!["https://a.example/?x=1&y=2"]),
            ("<a href=\"https://m.example/@x\" class=\"u-url mention\">@<span>x</span></a>", vec![]),
            ("<a href=\"https://m.example/@x\">@x</a> <a href=\"https://m.example/tags/y\">#y</a>", vec![]),
            (
                "<p class=\"quote-inline\">RE: <a href=\"https://q.example/1\">q</a></p><a href=\"https://b.example\">b</a>",
                vec!["https://b.example"],
            ),
            (
                "<a href=\"https://c.example\"><span class=\"invisible\">https://</span>c.example</a>",
                vec!["https://c.example"],
            ),
            ("<a>no</a><a href=\"https://open.example\">", vec![]),
        ] {
            assert_eq!(links(html), expected, "{html}");
        }
    }
}
