//! The owner's custom emoji: their page, the list for apps, and wherever their names are written.

use image::{Delay, Frame, RgbaImage};
use serde_json::{Value, json};

use super::browser::{Browser, png, values};
use crate::support::{Request, eventually};

fn adds(b: &Browser, name: &str, category: &str, picture: &[u8]) {
    let fields = [("shortcode", name), ("category", category)];
    let added = b.sends("/settings/emoji", &fields, &[picture]).expect(303);
    assert_eq!(added.header("location"), Some("/settings/emoji?done=emoji-added"));
}

fn listed(b: &Browser) -> Vec<Value> {
    b.alice.get("/api/v1/custom_emojis").as_array().unwrap().clone()
}

/// The page of an emoji.
fn page_of(b: &Browser, name: &str) -> String {
    let page = b.page("/settings/emoji");
    let tile = page.split("<li><a href=\"").find(|tile| tile.contains(&format!("<span>{name}</span>")));
    tile.unwrap().split('"').next().unwrap().to_owned()
}

fn names(emojis: &Value) -> Vec<&str> {
    emojis.as_array().unwrap().iter().map(|emoji| emoji["shortcode"].as_str().unwrap()).collect()
}

fn moving_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for shade in [10, 200] {
        let image = RgbaImage::from_pixel(24, 24, image::Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

#[test]
fn uploaded_emoji_are_listed_for_apps_with_their_category() {
    let b = Browser::new();
    assert!(b.page("/settings/emoji").contains("No emoji yet"));
    adds(&b, "blob_cat", "", &png(1));
    adds(&b, ":wave:", " Hands ", &moving_gif());
    let list = listed(&b);
    assert_eq!(list.len(), 2);
    let [cat, wave] = [&list[0], &list[1]];
    assert_eq!((&cat["shortcode"], &cat["category"]), (&json!("blob_cat"), &Value::Null));
    assert_eq!((&wave["shortcode"], &wave["category"]), (&json!("wave"), &json!("Hands")));
    assert_eq!((&cat["visible_in_picker"], &cat["static_url"]), (&json!(true), &cat["url"]));
    assert_ne!(wave["static_url"], wave["url"]);
    for (url, kind) in [(&cat["url"], "image/png"), (&wave["url"], "image/gif"), (&wave["static_url"], "image/png")] {
        let path = url.as_str().unwrap().strip_prefix(&b.alice.url("")).unwrap();
        assert_eq!(b.alice.send(&Request::get(path)).expect(200).header("content-type"), Some(kind));
    }
    let page = b.page("/settings/emoji");
    assert!(page.contains("<h2 class=\"part\" dir=\"auto\">Hands</h2>"), "{page}");
    assert!(page.contains("Without a category"));
}

#[test]
fn invalid_emoji_are_refused_with_the_reason() {
    let b = Browser::new();
    adds(&b, "taken", "", &png(1));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let avif = b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B".to_vec();
    let mut noise = RgbaImage::new(700, 700);
    let mut seed = 1_u32;
    for pixel in noise.pixels_mut() {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *pixel = image::Rgba(seed.to_be_bytes());
    }
    let mut large = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut large, image::ImageFormat::Png).unwrap();
    for (name, picture, status, reason) in [
        ("a", png(1), 422, "cannot be the name"),
        ("bl-ob", png(1), 422, "cannot be the name"),
        ("é_é", png(1), 422, "cannot be the name"),
        ("", png(1), 422, "cannot be the name"),
        ("taken", png(2), 422, "There is an emoji :taken: already"),
        ("empty", Vec::new(), 422, "Choose a picture"),
        ("svg", svg, 422, "The file is an SVG image; accepted are"),
        ("avif", avif, 422, "an AVIF image, which this server cannot decode"),
        ("text", b"hello".to_vec(), 422, "accepted are"),
        ("large", large.into_inner(), 413, "too large"),
    ] {
        let response = b.sends("/settings/emoji", &[("shortcode", name), ("category", "Kept")], &[&picture]);
        assert_eq!(response.status, status, "{name}");
        let page = response.text();
        assert!(
            page.contains("role=\"alert\"") && page.to_lowercase().contains(&reason.to_lowercase()),
            "{name}: {page}"
        );
        assert!(page.contains("value=\"Kept\""), "what was entered is kept");
    }
    assert_eq!(listed(&b).len(), 1);
    b.opens("/settings/emoji/1").expect(404);
    b.alice.send(&Request::get("/settings/emoji")).expect(303);
}

#[test]
fn emoji_are_shown_wherever_the_owner_writes_their_names() {
    let b = Browser::new();
    adds(&b, "cat", "", &png(1));
    adds(&b, "dog", "", &png(2));
    let profile = json!({
        "display_name": "Alice :cat:", "note": "I like :dog:",
        "fields_attributes": [{"name": "pet :cat:", "value": ":dog: and :none:"}],
    });
    let me = b.alice.api("PATCH", "/api/v1/accounts/update_credentials", profile).expect(200).json();
    assert_eq!(names(&me["emojis"]), ["cat", "dog"]);
    let poll = json!({"options": ["a :dog:", "b"], "expires_in": 3_600});
    let post = b.alice.post(
        "/api/v1/statuses",
        json!({"status": ":cat: `:cat:` :none: 10:30:45", "spoiler_text": "of :cat:", "poll": poll}),
    );
    assert_eq!(names(&post["emojis"]), ["cat", "dog"]);
    assert_eq!(names(&post["poll"]["emojis"]), ["cat", "dog"]);
    let path = post["url"].as_str().unwrap().strip_prefix(&b.alice.url("")).unwrap().to_owned();
    for page in [b.page(&path), b.page("/home"), b.alice.send(&Request::get("/@alice")).expect(200).text()] {
        for wanted in ["Alice <img class=\"emoji\"", "of <img class=\"emoji\"", "a <img class=\"emoji\"", ":none:"] {
            assert!(page.contains(wanted), "{wanted}: {page}");
        }
    }
    let profile = b.page("/@alice");
    assert!(profile.contains("I like <img class=\"emoji\"") && profile.contains("pet <img class=\"emoji\""));
    let feed = b.alice.send(&Request::get("/@alice/feed.atom")).expect(200).text();
    assert!(feed.contains("&lt;img class=") && feed.contains("alt=&quot;:cat:&quot;"), "{feed}");
    let preview = b.sends("/posts", &[("text", "see :dog:"), ("warning", ":cat:"), ("preview", "true")], &[]);
    let preview = preview.expect(200).text();
    assert!(preview.contains("see <img class=\"emoji\""), "{preview}");
    assert_eq!(values(&preview, "alt=\":cat:\" title=\"").len(), 1, "in the warning");
}

#[test]
fn an_edited_post_has_the_emoji_of_each_version() {
    let b = Browser::new();
    adds(&b, "cat", "", &png(1));
    adds(&b, "dog", "", &png(2));
    let post = b.alice.posts("first :cat:", "public");
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    let edited = b.alice.api("PUT", &path, json!({"status": "then :dog:"})).expect(200).json();
    assert_eq!(names(&edited["emojis"]), ["dog"]);
    let history = b.alice.get(&format!("{path}/history"));
    assert_eq!((names(&history[0]["emojis"]), names(&history[1]["emojis"])), (vec!["cat"], vec!["dog"]));
    assert_eq!(b.alice.get(&format!("{path}/source"))["text"], "then :dog:");
    let page = b.page(&format!("/@alice/{}/history", post["id"].as_str().unwrap()));
    assert!(page.contains("first <img class=\"emoji\"") && page.contains("then <img class=\"emoji\""), "{page}");
}

#[test]
fn an_emoji_can_be_renamed_hidden_and_given_another_picture() {
    let b = Browser::new();
    adds(&b, "cat", "Pets", &png(1));
    adds(&b, "dog", "", &png(2));
    let post = b.alice.posts("a :cat: and a :kitten:", "public");
    let shown = || b.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))["emojis"].clone();
    let page = page_of(&b, "cat");
    assert!(b.page(&page).contains("value=\"Pets\""));
    let taken = b.sends(&page, &[("shortcode", "dog"), ("category", "Pets")], &[]).expect(422).text();
    assert!(taken.contains("There is an emoji :dog: already"), "{taken}");
    b.sends(&page, &[("shortcode", "kitten"), ("category", "")], &[&png(3)]).expect(303);
    let kitten = shown()[0].clone();
    assert_eq!(names(&shown()), ["kitten"]);
    assert_ne!(kitten["url"], post["emojis"][0]["url"]);
    assert_eq!(listed(&b).len(), 1, "a hidden emoji is still shown, and not offered");
    assert!(b.page("/settings/emoji").contains("hidden</small>"));
    let old = post["emojis"][0]["url"].as_str().unwrap().strip_prefix(&b.alice.url("")).unwrap().to_owned();
    b.alice.send(&Request::get(&old)).expect(404);
}

#[test]
fn a_removed_emoji_leaves_its_name_in_posts_and_its_file_is_removed() {
    let b = Browser::new();
    adds(&b, "cat", "", &png(1));
    b.alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "A :cat:"})).expect(200);
    let post = b.alice.posts("a :cat:", "public");
    let id = post["id"].as_str().unwrap();
    b.alice.post(&format!("/api/v1/statuses/{id}/react/cat"), json!({}));
    let reacted = b.alice.get(&format!("/api/v1/statuses/{id}"));
    assert_eq!((&reacted["reactions"][0]["name"], &reacted["reactions"][0]["me"]), (&json!("cat"), &json!(true)));
    assert_eq!(reacted["reactions"][0]["url"], post["emojis"][0]["url"]);
    let location = b.submits(&format!("{}/remove", page_of(&b, "cat")), &[]);
    assert!(b.page(&location).contains("The emoji was removed."));
    let after = b.alice.get(&format!("/api/v1/statuses/{id}"));
    assert_eq!((&after["emojis"], &after["account"]["emojis"]), (&json!([]), &json!([])));
    assert_eq!((&after["content"], &after["reactions"][0]["url"]), (&json!("<p>a :cat:</p>"), &Value::Null));
    let file = post["emojis"][0]["url"].as_str().unwrap().strip_prefix(&b.alice.url("/media/")).unwrap().to_owned();
    eventually("the file is removed", || b.alice.app.media.file(&file).is_err());
    b.tries(&format!("/settings/emoji/{id}/remove"), &[]).expect(404);
}
