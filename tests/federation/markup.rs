//! Sanitizing of HTML from other servers.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;

fn shown(world: &Meeting, members: Value) -> String {
    let id = world.next().to_string();
    let mut create = world.good.note("ana", &id, "nothing", &[PUBLIC]);
    create["object"].as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    world.deliver(&world.good, "ana", &create);
    world.stored(create["object"]["id"].as_str().unwrap()).unwrap()
}

#[test]
fn semantic_markup_is_retained() {
    let world = Meeting::new();
    for (html, expected) in [
        ("10<sup>6</sup> H<sub>2</sub>O", "10<sup>6</sup> H<sub>2</sub>O"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup></math>", "<code>x^2</code>"),
        ("<p dir=\"rtl\"><q>a</q> <bdi>b</bdi></p>", "<p dir=\"rtl\"><q>a</q> <bdi>b</bdi></p>"),
        ("<a href=\"mailto:a@b.example\">mail</a>", "mail"),
        (
            "<details><summary>Spoiler</summary><p>hidden</p></details>",
            "<details><summary>Spoiler</summary><p>hidden</p></details>",
        ),
    ] {
        assert_eq!(shown(&world, json!({"content": html})), expected, "{html}");
    }
    for address in ["xmpp:a@b.example", "gemini://b.example/", "magnet:?xt=urn:btih:a"] {
        let html = shown(&world, json!({"content": format!("<a href=\"{address}\">x</a>")}));
        assert!(html.starts_with(&format!("<a href=\"{address}\"")), "{html}");
    }
}

#[test]
fn the_breaks_before_the_fallback_of_a_quote_are_not_shown() {
    let world = Meeting::new();
    let quoted = format!("{}/notes/quoted", world.good.base);
    for content in [
        format!("<p>said<br><br><span class=\"quote-inline\">RE: <a href=\"{quoted}\">x</a></span></p>"),
        format!("<p>said<span class=\"quote-inline\"><br><br>RE: <a href=\"{quoted}\">x</a></span></p>"),
        format!("<p>said<br><br>RE: <a href=\"{quoted}\">{quoted}</a></p>"),
        "<p>said<br><br></p>".to_owned(),
    ] {
        let html = shown(&world, json!({"content": content, "_misskey_quote": quoted, "quoteUrl": quoted}));
        assert_eq!(html, "<p>said</p>", "{content}");
    }
    assert_eq!(shown(&world, json!({"content": "<p>a<br><br></p>"})), "<p>a<br><br></p>", "nothing is quoted");
}
