use proptest::prelude::*;

use super::scan::{Piece, pieces};
use super::*;
use crate::limits;

fn resolve(user: &str, host: Option<&str>) -> Option<MentionLink> {
    let host = host.unwrap_or("a.example");
    host.ends_with(".example")
        .then(|| MentionLink { url: format!("https://{host}/@{user}"), username: user.to_owned() })
}

fn show(text: &str) -> Rendered {
    render(text, &resolve, &|tag| format!("https://a.example/tags/{tag}"))
}

fn handles(text: &str) -> Vec<String> {
    let show = |h: Handle| format!("{}{}", h.username, h.host.map(|h| format!("@{h}")).unwrap_or_default());
    find_mentions(text).into_iter().map(show).collect()
}

#[test]
fn mentions_are_found_where_people_write_them() {
    let cases: [(&str, &[&str]); 23] = [
        ("@alice hi", &["alice"]),
        ("hi @alice", &["alice"]),
        ("hi @alice@b.example.", &["alice@b.example"]),
        ("(@alice@b.example), .@bob!", &["alice@b.example", "bob"]),
        ("@alice@b.example:8443 x", &["alice@b.example:8443"]),
        ("@alice@b.example: hello", &["alice@b.example"]),
        ("@alice@b.example:99999", &["alice@b.example"]),
        ("@alice@localhost:3000", &["alice@localhost:3000"]),
        ("@alice@127.0.0.1:3000", &["alice@127.0.0.1:3000"]),
        ("mail alice@b.example now", &[]),
        ("https://b.example/@alice and https://b.example/?u=@bob", &[]),
        ("/@alice =@bob", &[]),
        ("@a.b-c_d@b.example", &["a.b-c_d@b.example"]),
        ("@_under_ @trailing. @dash-", &["_under_", "trailing", "dash"]),
        ("@a@B.example @a@b.example", &["a@B.example"]),
        ("@Alice @alice @ALICE@B.example @alice@b.example", &["Alice", "alice", "ALICE@B.example", "alice@b.example"]),
        ("@ alone @@x @", &[]),
        ("@bücher", &[]),
        ("@alice@bücher.example", &["alice@bücher.example"]),
        ("こんにちは@alice", &[]),
        ("こんにちは、@alice@b.example。", &["alice@b.example"]),
        ("@alice\u{2019}s", &["alice"]),
        ("\n@alice\n@bob@b.example\n", &["alice", "bob@b.example"]),
    ];
    for (text, expected) in cases {
        assert_eq!(handles(text), expected, "{text}");
    }
    let many: String = (0..100).map(|n| format!("@user{n} ")).collect();
    assert_eq!(find_mentions(&many).len(), limits::POST_MENTIONS + 1);
}

#[test]
fn hashtags_are_words_with_a_letter() {
    let cases: [(&str, &[&str]); 16] = [
        ("#Rust and #rust", &["rust"]),
        ("#日本語。次", &["日本語"]),
        ("#हिन्दी #ไทย #한국어", &["हिन्दी", "ไทย", "한국어"]),
        ("＃全角", &["全角"]),
        ("#2026 #1 #١٢", &[]),
        ("#2026a #a2026", &["2026a", "a2026"]),
        ("#_ #__", &[]),
        ("#snake_case. #end_", &["snake_case", "end_"]),
        ("a#b &#39; https://x.example/#frag /#x", &[]),
        ("#c++ #c#", &["c"]),
        ("(#paren) \"#quote\"", &["paren", "quote"]),
        ("#l·l #a·", &["l·l", "a"]),
        ("##double", &[]),
        ("# heading", &[]),
        ("#ÉTÉ", &["été"]),
        ("#a-b", &["a"]),
    ];
    for (text, expected) in cases {
        assert_eq!(show(text).hashtags, expected, "{text}");
    }
    let long = |n: usize| show(&format!("#{}", "x".repeat(n))).hashtags.len();
    assert_eq!((long(limits::HASHTAG_CHARS), long(limits::HASHTAG_CHARS + 1)), (1, 0));
    let many: String = (0..100).map(|n| format!("#tag{n} ")).collect();
    assert_eq!(show(&many).hashtags.len(), limits::POST_HASHTAGS);
}

#[test]
fn links_end_where_the_sentence_goes_on() {
    for (text, expected) in [
        ("see https://x.example/a.", "https://x.example/a"),
        ("(https://x.example/a)", "https://x.example/a"),
        ("https://x.example/a_(b)", "https://x.example/a_(b)"),
        ("(see https://x.example/a_(b)).", "https://x.example/a_(b)"),
        ("<https://x.example/>", "https://x.example/"),
        ("https://x.example:8443/?q=a,b&c=d#e!", "https://x.example:8443/?q=a,b&c=d#e"),
        ("HTTP://x.example/A", "HTTP://x.example/A"),
        ("https://x.example/パス。次", "https://x.example/パス"),
        ("https://x.example/@alice", "https://x.example/@alice"),
        ("https://x.example?", "https://x.example"),
        ("https://x.example/a|b", "https://x.example/a|b"),
        ("https://x.example/a^b`c{d}", "https://x.example/a^b`c{d}"),
        ("**https://x.example/a**", "https://x.example/a"),
        ("~~https://x.example/~a~~", "https://x.example/~a"),
        ("https://x.example/~~a~~", "https://x.example/~~a~~"),
        ("|https://x.example/a|", "https://x.example/a"),
        ("{https://x.example/a}", "https://x.example/a"),
        ("`https://x.example/a`, b", "https://x.example/a"),
        ("«https://x.example/a»", "https://x.example/a"),
        ("日本https://x.example/", "https://x.example/"),
    ] {
        let found: Vec<_> =
            pieces(text).into_iter().filter_map(|p| if let Piece::Url(u) = p { Some(u) } else { None }).collect();
        assert_eq!(found, [expected], "{text}");
    }
    for none in [
        "http://",
        "https://.",
        "xhttps://x.example/",
        "https:// x",
        "ftp://x.example",
        "www.x.example",
        "https://u:p@x.example/",
    ] {
        assert!(!show(none).html.contains("<a"), "{none}");
    }
}

#[test]
fn html_has_the_markup_that_apps_expect() {
    assert_eq!(show("a\nb\r\n\r\nc\n\n\n<d> & 'e'").html, "<p>a<br>b</p><p>c</p><p>&lt;d&gt; &amp; &#39;e&#39;</p>");
    assert_eq!(show("\n \n").html, "");
    assert_eq!(
        show("hi @bob@b.example!").html,
        "<p>hi <span class=\"h-card\" translate=\"no\"><a href=\"https://b.example/@bob\" class=\"u-url mention\">@<span>bob</span></a></span>!</p>"
    );
    assert_eq!(show("@bob@unknown.test").html, "<p>@bob@unknown.test</p>");
    assert_eq!(
        show("#Tag").html,
        "<p><a href=\"https://a.example/tags/tag\" class=\"mention hashtag\" rel=\"tag\">#<span>Tag</span></a></p>"
    );
    let rel = "rel=\"nofollow noopener noreferrer\" translate=\"no\" target=\"_blank\"";
    assert_eq!(
        show("https://www.x.example/a?b=1&c").html,
        format!(
            "<p><a href=\"https://www.x.example/a?b=1&amp;c\" {rel}><span class=\"invisible\">https://www.</span><span>x.example/a?b=1&amp;c</span></a></p>"
        )
    );
    let long = "https://x.example/0123456789012345678901234567890";
    assert_eq!(
        show(long).html,
        format!(
            "<p><a href=\"{long}\" {rel}><span class=\"invisible\">https://</span><span class=\"ellipsis\">x.example/01234567890123456789</span><span class=\"invisible\">01234567890</span></a></p>"
        )
    );
}

#[test]
fn characters_are_counted_as_graphemes() {
    let long_link = format!("https://x.example/{}", "a".repeat(200));
    for (text, expected) in [
        ("", 0),
        ("abc", 3),
        ("日本語", 3),
        (&long_link, limits::POST_CHARS_PER_URL),
        ("see https://x.example.", 4 + limits::POST_CHARS_PER_URL + 1),
        ("@alice@very.long.host.example hi", 9),
        ("@alice hi", 9),
        ("#tag", 4),
        ("e\u{301}", 1),
        ("👩‍👩‍👧‍👦👍🏽", 2),
        ("🇩🇪🇫🇷", 2),
        ("❤️", 1),
        ("a\r\nb", 3),
    ] {
        assert_eq!(count_chars(text), expected, "{text}");
    }
}

#[test]
fn names_are_one_line_without_control_characters() {
    for (name, expected) in [
        ("  Ada \n\t Lov ", "Ada Lov"),
        ("a\u{202e}b\u{2066}c\u{200b}d\u{7}\u{9f}", "abcd"),
        ("👩‍🚀", "👩‍🚀"),
        ("<b>", "<b>"),
        ("\u{3000}全角\u{3000}空白", "全角 空白"),
        ("123456789012345", "1234567890"),
        ("12345678 9012", "12345678 9"),
        ("123456789 012", "123456789"),
    ] {
        assert_eq!(clean_name(name, 10), expected, "{name:?}");
    }
    assert_eq!(clean_text(" a\r\nb\rc\u{202e}\n ", 100), "a\nb\nc");
    assert_eq!(clean_text("abcdef", 3), "abc");
}

#[test]
fn a_long_line_is_cut_between_words() {
    let line = "word ".repeat(60);
    let cut = shorten(line.trim(), 200);
    assert!(cut.ends_with("word…") && (190..=200).contains(&cut.chars().count()), "{cut}");
    assert_eq!(shorten("short", 200), "short");
    assert_eq!(shorten(&"x".repeat(201), 200), format!("{}…", "x".repeat(199)));
    assert_eq!(shorten(&format!("a {}", "漢".repeat(300)), 200).chars().count(), 200);
    for (text, expected) in [
        ("@birds Robin begins", "Robin begins"),
        ("@birds@b.example, @ada: Robin", "Robin"),
        ("@birds", ""),
        ("Hi @birds", "Hi @birds"),
        ("é @a", "é @a"),
        ("", ""),
    ] {
        assert_eq!(without_leading_mentions(text), expected, "{text}");
    }
}

#[test]
fn a_text_without_visible_characters_is_blank() {
    for blank in ["", " \n", "\u{200b}\u{feff}", "\u{ad}", "\u{2800}\u{3164}", "\u{200d}\u{fe0f}", "\u{2062}"] {
        assert!(is_blank(blank), "{blank:?}");
    }
    for seen in ["a", ".", "👍", "\u{2800}x"] {
        assert!(!is_blank(seen), "{seen:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn pieces_concatenate_to_the_text(text in "([@#a-zß0-9._:/()・日́ \n-]|https://x.example/|\\PC){0,40}") {
        let again: String = pieces(&text).into_iter().map(|piece| match piece {
            Piece::Text(t) | Piece::Url(t) | Piece::Hashtag { written: t, .. } => t.to_owned(),
            Piece::Mention(h) => format!("@{}{}", h.username, h.host.map(|h| format!("@{h}")).unwrap_or_default()),
        }).collect();
        prop_assert_eq!(again, text);
    }

    #[test]
    fn rendered_text_equals_the_source_text(text in "[@#a-zA-Z0-9.<>&\"' -]{0,60}") {
        let html = show(&text).html;
        let cleaned = crate::protocol::html::clean(&html);
        prop_assert_eq!(crate::protocol::html::clean(&cleaned), cleaned.clone());
        // Mentions lose their host; everything else is there, white space folded.
        let expected: String = pieces(&text).into_iter().map(|piece| match piece {
            Piece::Mention(h) if resolve(&h.username, h.host.as_deref()).is_some() => format!("@{}", h.username),
            Piece::Mention(h) => format!("@{}{}", h.username, h.host.map(|h| format!("@{h}")).unwrap_or_default()),
            Piece::Text(t) | Piece::Url(t) | Piece::Hashtag { written: t, .. } => t.to_owned(),
        }).collect();
        let fold = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(fold(&crate::protocol::html::to_text(&cleaned)), fold(&expected));
    }

    #[test]
    fn names_stay_within_their_limit(name in "\\PC{0,80}", max in 0_usize..40) {
        let cleaned = clean_name(&name, max);
        prop_assert!(cleaned.chars().count() <= max);
        prop_assert_eq!(clean_name(&cleaned, max), cleaned);
    }
}
