use std::time::Instant;

use proptest::prelude::*;

use super::*;

const LINKED: &str = "target=\"_blank\" rel=\"nofollow noopener noreferrer\"";

#[test]
fn markup_of_posts_is_retained() {
    for same in [
        "<p>a<br>b</p>",
        "<ol start=\"3\" reversed=\"\"><li value=\"7\">x</li></ol>",
        "<blockquote><p>q</p></blockquote><pre><code>a &lt; b\n</code></pre>",
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
        "<del>a</del><s>b</s><b>c</b><strong>d</strong><i>e</i><em>f</em><u>g</u>",
        "<p class=\"quote-inline\">RE</p>",
        "AT&amp;T &lt;3 &nbsp;x",
        "10<sup>6</sup> H<sub>2</sub>O <q>a</q> <bdi>b</bdi>",
        "<p dir=\"rtl\">a</p><ul dir=\"auto\"><li dir=\"ltr\">b</li></ul><p><span dir=\"rtl\">c</span></p>",
        "<details><summary>Spoiler</summary><p>hidden</p></details>",
    ] {
        assert_eq!(clean(same), same);
    }
    let mention = "<span class=\"h-card\" translate=\"no\"><a href=\"https://x.example/@a\" class=\"u-url mention\">@<span>a</span></a></span>";
    let kept = mention.replace("mention\">", &format!("mention\" {LINKED}>"));
    assert_eq!(clean(mention), kept);
}

#[test]
fn unsupported_markup_is_replaced() {
    for (html, expected) in [
        ("<h1>A</h1><h3 id=x>B</h3>", "<p><strong>A</strong></p><p><strong>B</strong></p>"),
        ("<div>a</div><div>b</div>", "a<br>b"),
        ("<p>a</p><div>b</div>", "<p>a</p>b"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a<br>b"),
        (
            "<p>x</p><table><tr><th>Day</th><th>Km</th></tr><tr><td>Mon</td><td>12</td></tr></table>",
            "<p>x</p>Day | Km<br>Mon | 12",
        ),
        ("<p></p><p>x</p><p><img></p>", "<p>x</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        (
            "<a href='https://a.example/'>1<a href='https://b.example/'>2</a>",
            &format!("<a href=\"https://a.example/\" {LINKED}>1</a><a href=\"https://b.example/\" {LINKED}>2</a>"),
        ),
        ("<span class='mention evil h-x style'>x</span>", "<span class=\"mention h-x\">x</span>"),
        ("<span class='evil'>x</span>", "<span>x</span>"),
        ("  <p>x</p>\n", "<p>x</p>"),
        ("a\u{202e}b&#8238;c&#x202E;d\u{0}", "abcd"),
        ("<p dir=RTL>a</p><p dir=up>b</p>", "<p dir=\"rtl\">a</p><p>b</p>"),
        ("<div dir=rtl><p>a</p></div><p>b</p>", "<p dir=\"rtl\">a</p><p>b</p>"),
        ("<h2 dir=rtl class=x>a</h2>", "<p dir=\"rtl\"><strong>a</strong></p>"),
        (
            "<p>a</p><details open><summary><p>S</p></summary><p>x<p>y</details><p>z",
            "<p>a</p><details><summary>S</summary><p>x</p><p>y</p></details><p>z</p>",
        ),
        (
            "<details><summary>a</summary><summary>b</summary>c</details>",
            "<details><summary>a</summary>b<br>c</details>",
        ),
        ("<summary>a</summary><p>b</p>", "a<p>b</p>"),
        ("<p>a <a href='mailto:x@y.example'>mail</a> <a name=b>c</a></p>", "<p>a mail c</p>"),
        ("<ins>a</ins><strike>b</strike><kbd>c</kbd>", "<u>a</u><s>b</s><code>c</code>"),
    ] {
        assert_eq!(clean(html), expected, "{html}");
    }
}

#[test]
fn pictures_become_links() {
    let link = |href: &str, text: &str| format!("<a href=\"{href}\" {LINKED}>{text}</a>");
    let cat = "https://x.example/a/cat.png";
    for (html, expected) in [
        (format!("<p><img src='{cat}' alt='A cat &amp; a <dog>'></p>"), link(cat, "A cat &amp; a &lt;dog&gt;")),
        (format!("<p><img src=\"{cat}?a=1&amp;b=2\" alt=\"\"></p>"), link(&format!("{cat}?a=1&amp;b=2"), "cat.png")),
        (format!("<p><img src={cat}><img src={cat}></p>"), [link(cat, "cat.png"), link(cat, "cat.png")].join(" ")),
        ("<p><img src='https://x.example/'></p>".into(), link("https://x.example/", "x.example")),
        (
            format!("<p><a href='https://y.example/'><img src='{cat}' alt='A cat'></a></p>"),
            link("https://y.example/", "A cat"),
        ),
        (format!("<p><a href='{cat}'><img src='{cat}'></a></p>"), link(cat, "cat.png")),
        (format!("<p>Hi <img class='emoji wide' src='{cat}' alt=':cat:'>!</p>"), "Hi :cat:!".into()),
        (format!("<p>Hi<img class='emoji' src='{cat}'></p>"), "Hi".into()),
        ("<p><img src='/cat.png' alt='A cat'></p>".into(), "A cat".into()),
        ("<p><img src='data:image/png,x' alt='A cat'>.</p>".into(), "A cat.".into()),
        (format!("<p>x<img src='{cat}' width=1 height=1></p>"), "x".into()),
    ] {
        let cleaned = clean(&html);
        assert_eq!(cleaned, format!("<p>{expected}</p>"), "{html}");
        assert_eq!(clean(&cleaned), cleaned, "{html}");
    }
    assert_eq!(
        clean(&format!("<figure><img src='{cat}'><figcaption>Tom</figcaption></figure>")),
        format!("{}<br>Tom", link(cat, "cat.png"))
    );
}

#[test]
fn links_have_web_schemes_only() {
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/relative",
        "https:/evil.example",
        "https:evil.example",
        "https://good.example\\@evil.example",
        "https://good.example@evil.example",
        "ftp://x.example",
        "https://",
        "https://x.example/&#x202e;gpj.exe",
        " javascript:x",
        "blob:https://x",
        "file:///etc/passwd",
        "https://x.example/a b",
        "intent://x#Intent;end",
        "mailto:ada@x.example",
        "tel:+1",
        "https://user:pw@x.example/",
    ] {
        let html = clean(&format!("<a href=\"{bad}\">x</a>"));
        assert_eq!(html, "x", "{bad}");
    }
    for good in [
        "https://x.example/",
        "HTTPS://X.example/a?b=1&amp;c=2#d",
        "http://127.0.0.1:8080/x",
        "https://xn--bcher-kva.example/ü",
        "xmpp:room@x.example?join",
        "gemini://x.example/a",
        "magnet:?xt=urn:btih:1",
        "gopher://x.example",
        "ipfs://bafy",
        "dat://x",
    ] {
        assert_eq!(clean(&format!("<a href=\"{good}\">x</a>")), format!("<a href=\"{good}\" {LINKED}>x</a>"));
    }
}

/// Attacks, each on its own: element, attribute, encoding, comment, foreign content and parser tricks.
const ATTACKS: [&str; 70] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror\n=alert(1)>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><g title=\"</style><img src=x onerror=alert(1)>\">",
    "<svg><foreignObject><iframe srcdoc=x></iframe></foreignObject></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><use href=\"data:image/svg+xml,x#x\"/></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>",
    "<style><!--</style><script>alert(1)//--></script>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<p style=\"position:fixed;inset:0\">x</p>",
    "<p id=app class=\"modal\">x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#x09;script:alert(1)\">x</a>",
    "<a href=\"java&NewLine;script:alert(1)\">x</a>",
    "<a href=\"&#x6a;&#x61;vascript&colon;alert(1)\">x</a>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href=\"https://x.example/\" onclick=alert(1)>x</a>",
    "<a href='https://x.example/\"onmouseover=\"alert(1)'>x</a>",
    "<a href=\"https://x.example/\"onmouseover=\"alert(1)\">x</a>",
    "<a href=https://x.example/ target=_self rel=opener ping=//evil.example>x</a>",
    "<a href=`javascript:alert(1)`>x</a>",
    "<a\nhref\n=\njavascript:alert(1)\n>x</a>",
    "<a/href=javascript:alert(1)>x</a>",
    "<a =\"x\" href=javascript:alert(1)>x</a>",
    "<p onclick=alert(1) onclick=alert(2)>x</p>",
    "<p ONCLICK=alert(1)>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>x",
    "<input autofocus onfocus=alert(1)>",
    "<form action=//evil.example><button>x</button></form>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<template><script>alert(1)</script></template>",
    "<plaintext><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--<img src=\"--><img src=x onerror=alert(1)>\">",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<select><option><script>alert(1)</script></option></select><marquee onstart=alert(1)>x</marquee>",
];

/// Fails unless everything between `<` and `>` is an element and an attribute of the list. Cleaned HTML is what a
/// serializer wrote, so a `<` is always a tag and quotes are always double.
fn assert_only_listed(html: &str) {
    for token in tokens::Tokens::new(html) {
        match token {
            tokens::Token::Text(text) => assert!(!text.contains('<'), "{html}"),
            tokens::Token::Close(name) => assert!(TAGS.contains(&name.as_str()), "{name} in {html}"),
            tokens::Token::Open(name, attributes) => {
                assert!(TAGS.contains(&name.as_str()), "{name} in {html}");
                for (attribute, value) in attributes {
                    let allowed = match attribute.as_str() {
                        "href" => name == "a" && is_accepted_link(&plain::unescape(value)),
                        "rel" => value == LINK_REL,
                        "target" => value == "_blank",
                        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
                        "class" | "translate" => matches!(name.as_str(), "a" | "span" | "p"),
                        "start" | "reversed" => name == "ol",
                        "value" => name == "li",
                        _ => false,
                    };
                    assert!(allowed, "{attribute}={value:?} of {name} in {html}");
                }
            }
        }
    }
    let lower = html.to_lowercase();
    for never in ["<script", "<style", "<svg", "<math", "<iframe", "<img", "<!--"] {
        assert!(!lower.contains(never), "{never} in {html}");
    }
}

#[test]
fn dangerous_markup_is_removed() {
    for attack in ATTACKS {
        let around = [
            attack.to_owned(),
            format!("<p>a{attack}b</p>"),
            format!("<a href=\"https://x.example/\"><b>{attack}"),
            format!("{attack}{attack}"),
        ];
        for html in around {
            let cleaned = clean(&html);
            assert_only_listed(&cleaned);
            assert_eq!(clean(&cleaned), cleaned, "{html}");
            assert_only_listed(&clean(&to_text(&cleaned)));
        }
    }
    // Every pair, so that one attack may open what the other closes.
    for first in ATTACKS {
        for second in ATTACKS.iter().step_by(7) {
            assert_only_listed(&clean(&format!("{first}{second}")));
        }
    }
}

#[test]
fn hostile_sizes_are_truncated_in_linear_time() {
    let start = Instant::now();
    for unit in [
        "<b>",
        "<p>",
        "<ul><li>",
        "<blockquote>",
        "<ruby><rt>",
        "<a href=https://x.example/>",
        "<",
        "&",
        "</p>",
        "<b a=1>",
        "<!--",
        "<a ",
    ] {
        let cleaned = clean(&unit.repeat(100_000));
        assert!(cleaned.len() <= limits::CLEAN_HTML, "{unit}");
        assert_only_listed(&cleaned);
    }
    // Formatting elements that a browser would reopen in every paragraph: quadratic for a naive parser.
    let reopened = format!(
        "{}{}",
        (0..60).map(|n| format!("<b class=h-{n}>")).collect::<String>(),
        "<p>x</p></b><p>".repeat(3_000)
    );
    assert!(clean(&reopened).len() <= limits::CLEAN_HTML);
    // Debug build on a slow shared machine; a quadratic step would take minutes.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn depth_and_elements_are_limited_and_text_is_retained() {
    let depth = |html: &str| {
        let (mut deepest, mut open) = (0_usize, 0_usize);
        for token in tokens::Tokens::new(html) {
            match token {
                tokens::Token::Open(name, _) if name != "br" => open += 1,
                tokens::Token::Close(_) => open -= 1,
                _ => {}
            }
            deepest = deepest.max(open);
        }
        deepest
    };
    let nested = |n: usize| clean(&format!("{}x{}", "<b>".repeat(n), "</b>".repeat(n)));
    assert_eq!(depth(&nested(limits::HTML_DEPTH)), limits::HTML_DEPTH);
    assert_eq!(depth(&nested(limits::HTML_DEPTH + 1)), limits::HTML_DEPTH);
    assert!(nested(10_000).contains('x'));
    let many = clean(&"<i>x</i>".repeat(limits::HTML_ELEMENTS + 1));
    assert_eq!(many.matches("<i>").count(), limits::HTML_ELEMENTS);
    assert_eq!(many.matches('x').count(), limits::HTML_ELEMENTS + 1);
    // Links grow when they are cleaned, and still everything stays within the limit.
    let links = clean(&"<a href=https://x.example/>x</a>".repeat(3_000));
    assert!(links.len() <= limits::CLEAN_HTML && links.len() > limits::CLEAN_HTML / 2, "{}", links.len());
    let short = clean_within(&"<p>ümläut &amp; x</p>".repeat(1_000), 2_000, |h| h.chars().count());
    assert!((1_000..=2_000).contains(&short.chars().count()), "{}", short.chars().count());
}

#[test]
fn html_is_converted_to_text() {
    for (html, expected) in [
        ("<p>a<br>b</p><p>c &amp; d</p>", "a\nb\n\nc & d"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a\n  b", "a b"),
        ("<pre>a\n b</pre>", "a\n b"),
        ("<p><span class=\"invisible\">https://</span><span>x.example</span></p>", "https://x.example"),
        ("&lt;b&gt; &#39;x&#x27; &nbsp;&unknown; &", "<b> 'x' &unknown; &"),
        ("10<sup>6</sup> m, 1<sup>st</sup> <q>x</q>", "10⁶ m, 1st “x”"),
        ("<details><summary>a</summary><p>b</p></details>c", "a\n\nb\n\nc"),
        ("", ""),
    ] {
        assert_eq!(to_text(html), expected, "{html}");
    }
    assert_eq!(to_preview("a <details><summary>s</summary><p>hidden <b>too</b></p></details> b"), "a\n\ns\n\nb");
    assert_eq!(escape("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

/// Strings that resemble HTML: tags of ours and of others, attributes, references and loose ends.
fn markup() -> impl Strategy<Value = String> {
    let names = "a|p|b|i|li|ul|ol|pre|ruby|rt|rp|h1|blockquote|span|div|table|tr|td|svg|math|style|script|br|code|title|template|form|math|mtext|mglyph|body|select|option|frameset|plaintext|dd|button|nobr|image|img";
    let piece = prop_oneof![
        4 => (names, "( (href=\"?(https://x.example/|javascript:x)|class='h-a b'|onclick=x|start=\"?2|value=3|src=https://x.example/[a-z&]{0,3}|alt='[a-z<\"& ]{0,4}'|title=\"<b>\")){0,2}")
            .prop_map(|(name, rest)| format!("<{name}{rest}>")),
        3 => names.prop_map(|name| format!("</{name}>")),
        2 => "[a-z &;<>\"'\n=/!-]{0,6}",
        1 => "&(#[0-9]{1,6}|#x[0-9a-f]{1,5}|lt|amp|NewLine|Tab|nbsp|not)(;)?",
        1 => "<!--|-->|<!|<\\?|</|]]>|<!\\[CDATA\\[|\\u{202e}|\\u{0}|\r\n|\\u{fffe}|é",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn cleaning_is_safe_and_idempotent(html in markup()) {
        let cleaned = clean(&html);
        assert_only_listed(&cleaned);
        prop_assert!(!cleaned.chars().any(is_hidden), "{cleaned:?}");
        prop_assert_eq!(clean(&cleaned), cleaned);
    }

    #[test]
    fn conversion_to_text_never_panics(html in markup(), any in "\\PC{0,60}") {
        to_text(&html);
        to_text(&any);
        assert_only_listed(&clean(&any));
    }
}
