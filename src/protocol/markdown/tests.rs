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
        "<p><strong>Title</strong></p><p>a <em>b</em> <strong>c</strong> <del>d</del><br>e</p>"
    );
    let tagged = show("Hi #Rust_lang and `#code`\n\n```\n#no @x@b.example https://x.example\n```");
    assert_eq!(tagged.hashtags, ["rust_lang"]);
    assert!(tagged.html.contains("<code>#code</code>"), "{}", tagged.html);
    assert!(tagged.html.contains("<pre><code>#no @x@b.example https://x.example\n</code></pre>"), "{}", tagged.html);
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
fn footnotes_retain_their_text() {
    let html = show("Rain[^1] and snow[^note].\n\n[^1]: Only on #Monday.\n[^note]: https://x.example/a_b").html;
    let tag =
        "<a href=\"https://a.example/tags/monday\" class=\"mention hashtag\" rel=\"tag\">#<span>Monday</span></a>";
    assert!(html.starts_with("<p>Rain[1] and snow[note].</p>"), "{html}");
    assert!(html.contains(&format!("<p>[1] Only on {tag}.</p>")), "{html}");
    assert!(html.contains("<p>[note] <a href=\"https://x.example/a_b\""), "{html}");
    for text in ["word", "two words", "- a list", "`code`", "> said", "**bold** text"] {
        let html = show(&format!("a[^1]\n\n[^1]: {text}")).html;
        let words = text.trim_matches(['-', '`', '>', ' ']).replace("**", "");
        assert!(crate::protocol::html::to_text(&html).contains(&words) && html.contains("[1]"), "{text}: {html}");
    }
    assert_eq!(show("not one[^2]").html, "<p>not one[^2]</p>");
    assert!(show("unused\n\n[^1]: kept").html.contains("kept"));
}

#[test]
fn links_have_the_form_of_plain_text() {
    let mentions = |_: &str, _: Option<&str>| None;
    let tag = |tag: &str| format!("https://a.example/tags/{tag}");
    for text in ["#Rain", "see #Rain https://x.example/a", "https://x.example/a?b=1&c=2"] {
        let plain = crate::protocol::text::render(text, &mentions, &tag).html;
        assert_eq!(render(text, &mentions, &tag).html, plain, "{text}");
    }
}

#[test]
fn rendered_html_is_cleaned() {
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

#[test]
fn links_with_special_characters_are_complete() {
    for url in [
        "https://x.example/_foo_/on_x",
        "https://x.example/__init__.py",
        "https://x.example/a*b*c",
        "https://x.example/~user/~~x~~",
        "https://x.example/a`b`c",
        "https://x.example/a|b",
        "https://x.example/a_(b)",
        "https://x.example/a[b]/*c*d",
        "https://x.example/?a_b=*c*&d=__e__",
    ] {
        for text in
            [url.to_owned(), format!("see {url}, and"), format!("- {url}"), format!("**{url}**"), format!("({url})")]
        {
            let html = show(&text).html;
            let href = format!("<a href=\"{}\"", escape(url).replace("&#39;", "'"));
            assert_eq!(html.matches(&href).count(), 1, "{text}: {html}");
            assert!(!html.contains("<em>") && !html.contains("<del>") && !html.contains("<code>"), "{text}: {html}");
            assert!(!html.contains(|c: char| matches!(c, '\u{fdd0}'..='\u{fdef}')), "{html}");
        }
        let named = show(&format!("[a_b_](<{url}>) and [c]({url})")).html;
        assert_eq!(named.matches("<a href=").count(), 2, "{named}");
    }
    assert_eq!(show("#a_b_c and :some_emoji_code: x_y_z").html.matches("<em>").count(), 0);
    assert!(show(":some_emoji_code:").html.contains(":some_emoji_code:"));
    assert_eq!(show("_#tag_ __see #tag__ *#tag*").hashtags, ["tag"]);
    assert!(show("_see https://x.example/a_").html.contains("<em>see <a href=\"https://x.example/a\""));
    assert!(show("[a][r]\n\n[r]: https://x.example/_b_").html.contains("href=\"https://x.example/_b_\""));
    assert!(show("<https://x.example/_b_>").html.contains("href=\"https://x.example/_b_\""));
    assert!(show("<a href=\"https://x.example/_b_\">*c*</a>").html.contains("href=\"https://x.example/_b_\""));
}

#[test]
fn mentions_are_those_that_the_html_links_to() {
    let handles = |text: &str| -> Vec<String> {
        find_mentions(text).into_iter().map(|h| format!("{}@{}", h.username, h.host.unwrap_or_default())).collect()
    };
    for none in [
        "run `git blame @ada@b.example`",
        "``a ` @ada@b.example``",
        "```\n@ada@b.example\n```",
        "~~~\n\n@ada@b.example\n\n~~~",
        "```\n@ada@b.example",
        "a\n\n    @ada@b.example\n",
        "\t@ada@b.example",
        "- a\n\n      @ada@b.example",
        "[@ada@b.example](https://example.com)",
        "[hi @ada@b.example there](https://example.com)",
        "[a](https://example.com/@ada@b.example)",
        "[a](https://example.com \"@ada@b.example\")",
        "![@ada@b.example](https://example.com/i.png)",
        "[@ada@b.example][1]\n\n[1]: https://example.com",
        "<code>@ada@b.example</code>",
        "<pre>\n@ada@b.example\n</pre>",
        "<a href=\"https://example.com\">@ada@b.example</a>",
        "<b title=\"@ada@b.example\">x</b>",
        "<!-- @ada@b.example -->",
        "<!--\n\n@ada@b.example\n\n-->",
        "<script>@ada@b.example</script>",
        "\\@ada@b.example",
        "&#64;ada@b.example",
        "<https://example.com/@ada@b.example>",
        "https://example.com/@ada@b.example",
        "<ada@b.example>",
        "``` @ada@b.example\nx\n```",
        "[@ada@b.example]: https://example.com",
    ] {
        assert_eq!(handles(none), [""; 0], "{none}");
        assert!(!show(none).html.contains("u-url mention"), "{none}: {}", show(none).html);
    }
    for one in [
        "@ada@b.example",
        "**@ada@b.example**",
        "_@ada@b.example_ hi",
        "*hi @ada@b.example*",
        "# @ada@b.example",
        "> @ada@b.example",
        "1. @ada@b.example",
        "`x` @ada@b.example `y`",
        "a ` b @ada@b.example",
        "(@ada@b.example)",
        "\\` @ada@b.example `",
        "<b>@ada@b.example</b>",
        "<p>\n@ada@b.example\n</p>",
        "`@eve@b.example` @ada@b.example",
        "3 < 4 @ada@b.example > 2",
    ] {
        assert_eq!(handles(one), ["ada@b.example"], "{one}");
        assert_eq!(show(one).html.matches("u-url mention").count(), 1, "{one}: {}", show(one).html);
    }
    let many: String = (0..100).map(|n| format!("@user{n} ")).collect();
    assert_eq!(find_mentions(&many).len(), limits::POST_MENTIONS + 1);
}

#[test]
fn invisible_markdown_is_empty() {
    for nothing in [
        "[1]: https://example.com/s",
        "<!-- x -->",
        "---",
        "***",
        "#",
        "## ",
        ">",
        "> >",
        "-",
        "1.",
        "\u{200b}",
        "&#8203;",
        "&nbsp;",
        "&shy;",
        "<script>x</script>",
        "<p></p>",
        "![](https://example.com/i.png)",
        "[](https://example.com)",
        "```\n```",
        "&#xFEFF;&zwj;",
    ] {
        let html = show(nothing).html;
        assert!(super::super::text::is_blank(&super::super::html::to_text(&html)), "{nothing:?}: {html:?}");
    }
}

#[test]
fn line_feeds_only_occur_in_preformatted_text() {
    let text = "# A\n\nb\nc\n\n- d\n- e\n\n> f\n\n1. g\n\n   h\n\n---\n\n<b>i</b>\n<i>j</i>\n\n<div>\nk\n</div>";
    let html = show(text).html;
    assert!(!html.contains('\n'), "{html:?}");
    assert!(html.contains("<p>b<br>c</p><ul><li>d</li><li>e</li></ul><blockquote><p>f</p></blockquote>"), "{html}");
    let code = show("a\n\n```\nb\n\nc\n```\n\nd").html;
    assert_eq!(code, "<p>a</p><pre><code>b\n\nc\n</code></pre><p>d</p>");
}

/// Links of tokens have the attributes of plain text, others those of sanitised HTML.
fn without_link_attributes(html: &str) -> String {
    let attributes =
        [" target=\"_blank\"", " translate=\"no\"", " rel=\"tag\"", " rel=\"nofollow noopener noreferrer\""];
    attributes.iter().fold(html.to_owned(), |html, attribute| html.replace(attribute, ""))
}

proptest! {
    #[test]
    fn markdown_never_panics_and_is_clean(text in "[a-z*_`#@>\\[\\]()<!\\n .:/-]{0,120}") {
        let html = show(&text).html;
        prop_assert_eq!(without_link_attributes(&clean(&html)), without_link_attributes(&html));
    }
}
