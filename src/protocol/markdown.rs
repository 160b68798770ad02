//! Markdown as HTML: CommonMark with strike-through, cleaned by the same list as everything else.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use crate::limits;

use super::html::{clean, escape};
use super::text::{Linker, MentionLink, Rendered, cut_bytes};

/// Markdown as cleaned HTML. Links, mentions and hashtags in running text become links as in
/// [`super::text::render`], but not within code or another link. A line break is a line break; pictures become links.
pub fn render(
    text: &str,
    mentions: &dyn Fn(&str, Option<&str>) -> Option<MentionLink>,
    tag_url: &dyn Fn(&str) -> String,
) -> Rendered {
    let mut linker = Linker { mentions, tag_url, hashtags: Vec::new() };
    let parser = Parser::new_ext(cut_bytes(text, limits::REMOTE_HTML), Options::ENABLE_STRIKETHROUGH);
    let mut plain = 0_usize;
    // Merged, because the parser cuts text at every `_` and `[` that turns out to mean nothing.
    let events = TextMergeStream::new(parser).map(|event| match event {
        Event::Text(text) if plain == 0 => {
            let mut html = String::new();
            linker.append(&text, &mut html);
            Event::InlineHtml(html.into())
        }
        Event::Start(Tag::Image { dest_url, .. }) => {
            plain += 1;
            Event::InlineHtml(format!("<a href=\"{}\">", escape(&dest_url)).into())
        }
        Event::End(TagEnd::Image) => {
            plain = plain.saturating_sub(1);
            Event::InlineHtml("</a>".into())
        }
        Event::Start(tag) => {
            plain += usize::from(is_plain(&tag.to_end()));
            Event::Start(tag)
        }
        Event::End(tag) => {
            plain = plain.saturating_sub(usize::from(is_plain(&tag)));
            Event::End(tag)
        }
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    Rendered { html: clean(&html), hashtags: linker.hashtags }
}

/// Text in here stays as it is.
fn is_plain(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::CodeBlock | TagEnd::Link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(text: &str) -> Rendered {
        let mentions = |user: &str, host: Option<&str>| {
            (host == Some("b.example"))
                .then(|| MentionLink { url: format!("https://b.example/@{user}"), username: user.into() })
        };
        render(text, &mentions, &|tag| format!("https://a.example/tags/{tag}"))
    }

    const REL: &str = "target=\"_blank\" rel=\"nofollow noopener noreferrer\"";

    #[test]
    fn renders_structure_and_links_only_in_running_text() {
        assert_eq!(
            show("# Title\n\na *b* **c** ~~d~~\ne").html,
            "<p><strong>Title</strong></p>\n<p>a <em>b</em> <strong>c</strong> <del>d</del><br>\ne</p>"
        );
        let tagged = show("Hi #Rust_lang and `#code`\n\n```\n#no @x@b.example https://x.example\n```");
        assert_eq!(tagged.hashtags, ["rust_lang"]);
        assert!(tagged.html.contains("<code>#code</code>"), "{}", tagged.html);
        assert!(
            tagged.html.contains("<pre><code>#no @x@b.example https://x.example\n</code></pre>"),
            "{}",
            tagged.html
        );
        let mention = show("see @some_user_name@b.example, ok").html;
        assert!(mention.contains("<a href=\"https://b.example/@some_user_name\" class=\"u-url mention\""), "{mention}");
        let link = show("[#not a tag](https://x.example/a_b_c)").html;
        assert_eq!(link, format!("<p><a href=\"https://x.example/a_b_c\" {REL}>#not a tag</a></p>"));
        assert!(show("bare https://x.example/a_b_c.").html.contains("href=\"https://x.example/a_b_c\""));
        assert_eq!(
            show("![alt](https://x.example/i.png)").html,
            format!("<p><a href=\"https://x.example/i.png\" {REL}>alt</a></p>")
        );
    }

    #[test]
    fn is_cleaned() {
        for text in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](data:text/html,x)",
        ] {
            let html = show(text).html;
            assert!(!html.contains("script") && !html.contains("onerror") && !html.contains("data:"), "{html}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_is_clean(text in "[a-z*_`#@>\\[\\]()<!\\n .:/-]{0,120}") {
            let html = show(&text).html;
            prop_assert_eq!(clean(&html), html);
        }
    }
}
