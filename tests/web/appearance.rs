//! Themes, the accent colour and the icon: what the owner chooses, every visitor sees.

use super::browser::{Browser, png, values};
use crate::support::Request;

const PAGE: &str = "/settings/appearance";

/// The stylesheet that a page of a visitor links to.
fn style_of_visitor(b: &Browser) -> (String, String) {
    let page = b.alice.send(&Request::get("/@alice")).expect(200).text();
    let path = values(&page, "rel=\"stylesheet\" href=\"")[0].to_owned();
    let style = b.alice.send(&Request::get(&path)).expect(200).text();
    (path, style)
}

#[test]
fn visitors_see_the_theme_of_the_owner() {
    let b = Browser::new();
    let (before, plain) = style_of_visitor(&b);
    assert!(plain.starts_with("/* Dassie") && !plain.contains("--bg:#f6faf5"));
    b.submits(PAGE, &[("theme", "forest")]);
    let (path, style) = style_of_visitor(&b);
    assert_ne!(path, before, "browsers keep the stylesheet under its address");
    assert!(style.starts_with(&plain) && style.contains(":root{--bg:#f6faf5;"), "{}", &style[plain.len()..]);
    assert!(style.contains("@media (prefers-color-scheme:dark){:root:not([data-scheme]){--bg:#101712;"));
    assert!(style.contains(":root[data-scheme=dark]{--bg:#101712;"));
    let response = b.alice.send(&Request::get(&path)).expect(200);
    assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let page = b.alice.send(&Request::get("/@alice")).expect(200).text();
    assert!(page.contains("content=\"#f6faf5\" media=\"(prefers-color-scheme: light)\""), "{page}");
    assert!(b.page(PAGE).contains("value=\"forest\" checked"));
    b.submits(PAGE, &[("theme", "default")]);
    assert_eq!(style_of_visitor(&b), (before, plain));
    let wrong = b.tries(PAGE, &[("theme", "neon")]).expect(422).text();
    assert!(wrong.contains("role=\"alert\""), "{wrong}");
}

#[test]
fn each_theme_has_a_preview() {
    let b = Browser::new();
    let page = b.page(PAGE);
    let previews = values(&page, "<img src=\"/themes/");
    assert!(previews.len() >= 6, "{previews:?}");
    for preview in previews {
        let response = b.alice.send(&Request::get(&format!("/themes/{preview}"))).expect(200);
        assert_eq!(response.header("content-type"), Some("image/svg+xml"));
        assert!(response.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert!(response.text().contains("</svg>") && !response.text().contains("style="));
    }
    b.alice.send(&Request::get("/themes/neon.svg")).expect(404);
}

#[test]
fn an_accent_is_adjusted_to_be_readable_and_an_invalid_one_is_refused_with_the_reason() {
    let b = Browser::new();
    b.submits(PAGE, &[("accent", " FFEE00 ")]);
    assert!(b.page(PAGE).contains("name=\"accent\" value=\"#ffee00\""));
    let (_, style) = style_of_visitor(&b);
    let links = values(&style, "--link:").iter().map(|v| v[..7].to_owned()).collect::<Vec<_>>();
    assert_eq!(links[links.len() - 1], "#ffee00", "on dark ground it is readable");
    assert!(!links.contains(&"#0b57d0".to_owned()) && links[links.len() - 3] != "#ffee00", "{links:?}");
    for bad in ["red", "#12", "</style>", "url(x)"] {
        let wrong = b.tries(PAGE, &[("accent", bad), ("theme", "sea")]).expect(422).text();
        assert!(wrong.contains("is not a colour") && wrong.contains("like #7a2f9e"), "{wrong}");
        assert!(wrong.contains("value=\"sea\" checked"), "what was entered is kept");
    }
    assert!(style_of_visitor(&b).1.contains("--link:#ffee00"), "nothing was saved");
    b.submits(PAGE, &[("accent", "")]);
    assert!(!style_of_visitor(&b).1.contains("#ffee00"));
}

fn size(png: &[u8]) -> (u32, u32) {
    image::load_from_memory(png).map(|i| (i.width(), i.height())).unwrap()
}

#[test]
fn the_icon_is_served_in_sizes() {
    let b = Browser::new();
    let icon = |path: &str| b.alice.send(&Request::get(path)).expect(200);
    assert_eq!(size(&icon("/icons/512.png").body), (512, 512));
    let before = b.page("/home");
    b.sends(PAGE, &[("icon", "keep")], &[&png(200)]).expect(303);
    for (name, side) in [("32", 32), ("180", 180), ("192", 192), ("512", 512), ("maskable", 512)] {
        let response = icon(&format!("/icons/{name}.png?v=1"));
        assert_eq!(response.header("content-type"), Some("image/png"));
        assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(size(&response.body), (side, side), "{name}");
    }
    assert_eq!(size(&icon("/favicon.ico").body), (32, 32));
    let link = |page: &str| values(page, "rel=\"icon\" type=\"image/png\" href=\"")[0].to_owned();
    let changed = b.page("/home");
    assert_ne!(link(&before), link(&changed), "browsers fetch the new one");
    b.submits(PAGE, &[("theme", "sea")]);
    assert_eq!(link(&b.page("/home")), link(&changed), "it is kept by default");
    b.submits(PAGE, &[("icon", "default")]);
    assert_eq!(link(&b.page("/home")), link(&before));
    let wrong = b.sends(PAGE, &[], &[b"not a picture"]).expect(422).text();
    assert!(wrong.contains("role=\"alert\""), "{wrong}");
    for bad in ["/icons/64.png", "/icons/32.svg", "/icons/32"] {
        b.alice.send(&Request::get(bad)).expect(404);
    }
}

#[test]
fn the_icon_can_be_made_from_the_avatar() {
    let b = Browser::new();
    assert!(!b.page(PAGE).contains("value=\"avatar\""));
    b.tries(PAGE, &[("icon", "avatar")]).expect(422);
    let mut body = b"--b\r\ncontent-disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(png(10));
    body.extend(b"\r\n--b--\r\n");
    let request = Request::new("PATCH", "/api/v1/accounts/update_credentials").bearer(&b.alice.token);
    b.alice.send(&request.body("multipart/form-data; boundary=b", body)).expect(200);
    assert!(b.page(PAGE).contains("value=\"avatar\""));
    b.submits(PAGE, &[("icon", "avatar")]);
    let icon = b.alice.send(&Request::get("/icons/192.png")).expect(200);
    let colour = image::load_from_memory(&icon.body).unwrap().to_rgb8().get_pixel(96, 96).0;
    assert!(colour[0] < 30 && colour[1] > 60, "{colour:?}");
}

#[test]
fn the_owners_css_follows_the_theme_and_can_be_escaped() {
    let b = Browser::new();
    let linked =
        |page: &str| values(page, "rel=\"stylesheet\" href=\"").iter().map(|v| v.to_string()).collect::<Vec<_>>();
    let visited = |path: &str| b.alice.send(&Request::get(path)).expect(200).text();
    b.alice.send(&Request::get("/custom.css")).expect(404);
    let css = "main { display: none }\r\n/* </style><script>alert(1)</script> */\r\n";
    b.submits("/settings/appearance/css", &[("css", css)]);
    let links = linked(&visited("/@alice"));
    assert!(links.len() == 2 && links[0].starts_with("/static/dassie.css") && links[1].starts_with("/custom.css?v="));
    let response = b.alice.send(&Request::get(&links[1])).expect(200);
    assert_eq!(response.text(), css.replace("\r\n", "\n").trim_end());
    assert_eq!(response.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(linked(&b.page("/home")).len(), 2);
    for path in
        [PAGE, "/settings/appearance?done=settings-saved", "/home?plain=1", "/@alice?plain=1", "/settings?x=1&plain=1"]
    {
        assert_eq!(linked(&b.page(path)).len(), 1, "{path}");
    }
    assert_eq!(linked(&visited("/login")).len(), 1);
    assert!(b.page(PAGE).contains("/* &lt;/style&gt;&lt;script&gt;"), "it is text on the page");
    b.submits("/settings/appearance/css", &[("css", "main { color: red }")]);
    assert_ne!(linked(&visited("/@alice"))[1], links[1], "browsers fetch the new rules");
    let long = "a".repeat(dassie::limits::OWN_CSS + 1);
    let wrong = b.tries("/settings/appearance/css", &[("css", &long)]).expect(422).text();
    assert!(wrong.contains("longer than 64 KiB") && wrong.contains(&long), "what was entered is kept");
    b.submits("/settings/appearance/css", &[("css", " \r\n")]);
    assert_eq!(linked(&visited("/@alice")).len(), 1);
    b.alice.send(&Request::get(&links[1])).expect(404);
}

#[test]
fn a_broken_template_is_named_and_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("templates/lists.html", "{% extends 'layout.html' %}\n{% block main %}\n{{ lists.no.such }}{% endblock %}");
    write("templates/hashtags.html", "\n{% endif %}");
    write("templates/about.html", "<h1>mine, {{ site_title }}</h1>");
    write("static/dassie.css", "/* mine */");
    let config = dassie::config::Config { override_dir: Some(dir.path().into()), ..Default::default() };
    let alice = crate::support::TestServer::start_with("alice", config);
    let (cookie, csrf) = alice.session();
    let b = Browser { alice, cookie, csrf };
    assert!(b.page("/about").starts_with("<h1>mine, 127.0.0.1:"));
    assert!(
        b.page("/lists").contains("</html>") && b.page("/hashtags").contains("</html>"),
        "pages are shown all the same"
    );
    let server = b.page("/settings/server");
    assert!(server.contains("<code>lists.html</code>: line 3: undefined value"), "{server}");
    assert!(server.contains("<code>hashtags.html</code>: line 2: syntax error"), "{server}");
    b.submits(PAGE, &[("theme", "sea")]);
    let (_, style) = style_of_visitor(&b);
    assert!(
        style.starts_with("/* mine */") && style.contains("--bg:"),
        "the theme follows the owner's stylesheet: {style}"
    );
}
