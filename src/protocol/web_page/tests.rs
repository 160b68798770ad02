use serde_json::json;
use url::Url;

use super::*;

fn metadata(html: &str) -> PageMetadata {
    PageMetadata::of(&Head::read(html), &Url::parse("https://news.example/2026/story").unwrap())
}

#[test]
fn open_graph_comes_before_twitter_cards_json_ld_and_html() {
    let page = r#"<!doctype html><html lang="en"><head><title>Plain &eacute; title</title>
        <meta name="description" content="Plain description">
        <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},
          {"@type":["NewsArticle"],"headline":"Headline","author":[{"name":"Ada","url":"/ada"}],"publisher":{"name":"Paper"},
           "datePublished":"2026-11-28T08:00:00Z","image":{"url":"/ld.jpg"}}]}</script>"#;
    let plain = metadata(&page[..page.find("<script").unwrap()]);
    assert_eq!((&*plain.title, &*plain.description), ("Plain é title", "Plain description"));
    assert_eq!(plain.language.as_deref(), Some("en"));
    let linked = metadata(page);
    assert_eq!((&*linked.title, &*linked.author_name, &*linked.provider_name), ("Headline", "Ada", "Paper"));
    assert_eq!(linked.author_url, "https://news.example/ada");
    assert_eq!(linked.picture.unwrap().url, "https://news.example/ld.jpg");
    assert!(linked.published_at.is_some());
    let whole = metadata(&format!(
        "{page}<meta property='og:title twitter:title' content='Story &amp; more'><META PROPERTY=og:image CONTENT=/a.png>\
         <meta property=og:image:width content=1200><meta property=og:image:height content='630'>\
         <meta property=og:image:alt content='A bird'><meta name=fediverse:creator content='@ada@social.example'>\
         <meta property=og:locale content=pt_BR><meta property=og:type content=video.other>\
         <link rel=alternate type=application/json+oembed href='/oembed?a=1&amp;b=2'>"
    ));
    assert_eq!((&*whole.title, whole.kind), ("Story & more", CardKind::Video));
    let picture =
        CardPicture { url: "https://news.example/a.png".into(), description: "A bird".into(), size: Some((1200, 630)) };
    assert_eq!(whole.picture, Some(picture));
    assert_eq!(whole.creator.as_deref(), Some("ada@social.example"));
    assert_eq!(whole.language.as_deref(), Some("pt-BR"));
    assert_eq!(whole.oembed.as_deref(), Some("https://news.example/oembed?a=1&b=2"));
}

#[test]
fn other_elements_are_not_read_as_metadata() {
    let page = "<svg><title>Icon</title></svg><style><title>no</title></style><!-- <title>no</title> -->\
        <textarea><meta property=og:title content=no></textarea><script>'<title>no</title>'</script>\
        <meta property=og:image content='javascript:alert(1)'><meta property=og:image content='https://u@evil.example/a'>\
        <meta name=fediverse:creator content='not a handle'><title>Yes</title><title>No</title>";
    let found = metadata(page);
    assert_eq!((&*found.title, found.picture, found.creator), ("Yes", None, None));
    assert_eq!(metadata("<title>cut").title, "cut");
    assert_eq!(metadata(""), PageMetadata::default());
}

#[test]
fn oembed_completes_a_page_and_its_html_is_never_used() {
    let mut page = metadata("<title>Video page</title>");
    assert!(page.is_incomplete());
    let oembed = json!({"type": "video", "title": "Other", "author_name": "Grace", "author_url": "/grace",
        "html": "<iframe src=x></iframe>", "thumbnail_url": "t.jpg", "thumbnail_width": "480", "thumbnail_height": 360});
    page.complete(Oembed::read(&oembed, &Url::parse("https://video.example/oembed").unwrap()));
    assert_eq!((&*page.title, &*page.author_name, page.kind), ("Video page", "Grace", CardKind::Video));
    let picture = page.picture.unwrap();
    assert_eq!((&*picture.url, picture.size), ("https://video.example/t.jpg", Some((480, 360))));
    for odd in [json!(null), json!([1]), json!({"type": 1, "title": {}})] {
        assert_eq!(Oembed::read(&odd, &Url::parse("https://v.example/").unwrap()), Oembed::default());
    }
}

#[test]
fn long_and_many_values_are_cut() {
    use crate::limits;
    let page = format!(
        "<title>{}</title>{}",
        "x".repeat(100_000),
        "<meta name=a content=b><link rel=a href=b>".repeat(10_000)
    );
    let head = Head::read(&page);
    assert!(head.meta.len() <= limits::PAGE_ELEMENTS && head.links.len() <= limits::PAGE_ELEMENTS);
    assert_eq!(metadata(&page).title.chars().count(), limits::CARD_TITLE_CHARS);
}

/// Each is a megabyte that a quadratic reader would take minutes for.
#[test]
fn hostile_pages_are_read_in_linear_time() {
    let began = std::time::Instant::now();
    for piece in [
        "<",
        "<a",
        "<meta ",
        "<script",
        "<title>",
        "<!--",
        "<meta content=\"",
        "<p a1 ",
        "&",
        "</",
        "<link rel=a href=b ",
    ] {
        metadata(&piece.repeat(1024 * 1024 / piece.len()));
    }
    let attributes: String = (0..150_000).map(|n| format!("a{n} ")).collect();
    metadata(&format!("<meta {attributes}>"));
    assert!(began.elapsed().as_secs() < 30);
}
