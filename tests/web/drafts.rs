//! Drafts, scheduled posts and the preview.

use serde_json::json;

use super::browser::{Browser, png, values};

/// The id in the hidden field of a form.
fn hidden(page: &str, name: &str) -> String {
    let found = values(page, &format!("name=\"{name}\" value=\""));
    found.first().unwrap_or_else(|| panic!("no {name}: {page}")).to_string()
}

/// A time two days ahead, as the field has it.
fn in_two_days(b: &Browser) -> String {
    let at = b.alice.app.domain.now().plus(std::time::Duration::from_secs(2 * 24 * 3_600));
    at.to_seconds().chars().take(16).collect()
}

#[test]
fn a_draft_retains_all_fields_until_it_is_published() {
    let b = Browser::new();
    assert!(b.page("/drafts").contains("No drafts"));
    let fields = [
        ("text", "unfinished <thoughts>"),
        ("warning", "rocks"),
        ("visibility", "private"),
        ("quote_policy", "nobody"),
        ("format", "text/markdown"),
        ("language", "de"),
        ("keep", "true"),
        ("alt", "a warm stone"),
    ];
    let saved = b.sends("/posts", &fields, &[&png(1)]).expect(303);
    let list = b.page(saved.header("location").unwrap());
    assert!(list.contains("unfinished &lt;thoughts&gt;") && list.contains("1 picture"), "{list}");
    assert!(b.alice.home().is_empty(), "nothing is published");
    let id = values(&list, "href=\"/drafts/")[0].to_owned();
    let page = b.page(&format!("/drafts/{id}"));
    for kept in [
        ">unfinished &lt;thoughts&gt;</textarea>",
        "value=\"rocks\"",
        "value=\"private\" selected",
        "value=\"nobody\" selected",
        "value=\"text/markdown\" selected",
        "value=\"de\"",
        ">a warm stone</textarea>",
    ] {
        assert!(page.contains(kept), "{kept} is lost: {page}");
    }
    let media = hidden(&page, "media_ids[]");
    let description = format!("description-{media}");
    let fields = [
        ("text", "**finished**"),
        ("format", "text/markdown"),
        ("draft", &id),
        ("media_ids[]", &media),
        (&description, "a cold stone"),
    ];
    b.sends("/posts", &fields, &[]).expect(303);
    let home = b.alice.home();
    assert!(home[0]["content"].as_str().unwrap().contains("<strong>finished</strong>"), "{}", home[0]);
    assert_eq!(home[0]["media_attachments"][0]["description"], "a cold stone");
    assert!(b.page("/drafts").contains("No drafts"), "the draft is gone with it");
}

#[test]
fn a_post_that_is_not_published_becomes_a_draft_once() {
    let b = Browser::new();
    let long = "x".repeat(6_000);
    let page = b.sends("/posts", &[("text", &long)], &[]).expect(422).text();
    let id = hidden(&page, "draft");
    let page = b.sends("/posts", &[("text", &long), ("draft", &id)], &[]).expect(422).text();
    assert_eq!(hidden(&page, "draft"), id, "the same draft is saved again");
    assert_eq!(values(&b.page("/drafts"), "action=\"/drafts/").len(), 1);
    b.sends("/posts", &[("text", " "), ("keep", "true")], &[]).expect(422);
    assert_eq!(values(&b.page("/drafts"), "action=\"/drafts/").len(), 1, "a blank form is not a draft");
    b.submits(&format!("/drafts/{id}/delete"), &[]);
    b.tries(&format!("/drafts/{id}/delete"), &[]).expect(404);
    assert!(b.page("/drafts").contains("No drafts"));
    // A draft that was deleted elsewhere is saved as a new one.
    let page = b.sends("/posts", &[("text", &long), ("draft", &id)], &[]).expect(422).text();
    assert_ne!(hidden(&page, "draft"), id);
}

#[test]
fn the_preview_shows_the_text_as_it_will_be() {
    let b = Browser::new();
    let fields = [("text", "*warm* <script>rocks</script> #stone"), ("format", "text/markdown"), ("preview", "true")];
    let page = b.sends("/posts", &fields, &[]).expect(200).text();
    let preview =
        page.split("<section class=\"preview\"").nth(1).expect("a preview").split("</section>").next().unwrap();
    assert!(preview.contains("<em>warm</em>") && preview.contains("/tags/stone"), "{preview}");
    assert!(!preview.contains("<script>"), "{preview}");
    assert!(page.contains(">*warm* &lt;script&gt;rocks&lt;/script&gt; #stone</textarea>") && b.alice.home().is_empty());
    assert_eq!(values(&b.page("/drafts"), "action=\"/drafts/").len(), 1, "it is kept as a draft");
}

#[test]
fn a_post_is_scheduled_changed_and_cancelled() {
    let b = Browser::new();
    let due = in_two_days(&b);
    let location = b.submits("/posts", &[("text", "later"), ("scheduled_at", &due), ("visibility", "unlisted")]);
    let list = b.page(&location);
    assert!(list.contains("The post is scheduled") && list.contains("later") && list.contains("Unlisted"), "{list}");
    assert!(b.alice.home().is_empty());
    let id = values(&list, "href=\"/scheduled/")[0].to_owned();
    let form = b.page(&format!("/scheduled/{id}"));
    assert!(form.contains(&format!("value=\"{due}\"")) && form.contains(">later</textarea>"), "{form}");
    assert!(form.contains("value=\"unlisted\" selected"), "{form}");
    let change = [("text", "even later"), ("scheduled_at", due.as_str()), ("scheduled", &id)];
    b.submits("/posts", &change);
    let stored = b.alice.get("/api/v1/scheduled_statuses");
    assert_eq!((stored.as_array().unwrap().len(), &stored[0]["params"]["text"]), (1, &"even later".into()), "{stored}");
    let past = b.tries("/posts", &[("text", "never"), ("scheduled_at", "2020-01-01T00:00")]).expect(422).text();
    assert!(past.contains("minutes in the future") && past.contains(">never</textarea>"), "{past}");
    b.tries("/posts", &[("text", "never"), ("scheduled_at", "soon")]).expect(422);
    // Without a time it is published now, instead of later.
    b.submits("/posts", &[("text", "now"), ("scheduled_at", ""), ("scheduled", &id)]);
    assert!(b.alice.home()[0]["content"].as_str().unwrap().contains("now"));
    assert!(b.page("/scheduled").contains("No scheduled posts"));
    b.submits("/posts", &[("text", "later"), ("scheduled_at", &due)]);
    let id = values(&b.page("/scheduled"), "href=\"/scheduled/")[0].to_owned();
    b.submits(&format!("/scheduled/{id}/cancel"), &[]);
    b.tries(&format!("/scheduled/{id}/cancel"), &[]).expect(404);
    assert!(b.page("/scheduled").contains("No scheduled posts"));
}

#[test]
fn editing_a_scheduled_post_of_an_app_retains_its_pictures() {
    let b = Browser::new();
    let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(png(7));
    body.extend(b"\r\n--b--\r\n");
    let request = crate::support::Request::new("POST", "/api/v2/media").bearer(&b.alice.token);
    let media = b.alice.send(&request.body("multipart/form-data; boundary=b", body)).expect(200).json()["id"].clone();
    let due = format!("{}:00Z", in_two_days(&b));
    b.alice.post("/api/v1/statuses", json!({"status": "one", "media_ids": [media], "scheduled_at": due}));
    let id = values(&b.page("/scheduled"), "href=\"/scheduled/")[0].to_owned();
    let form = b.page(&format!("/scheduled/{id}"));
    let media = hidden(&form, "media_ids[]");
    let description = format!("description-{media}");
    let fields = [
        ("text", "two"),
        ("scheduled_at", &due[..16]),
        ("scheduled", &id),
        ("media_ids[]", &media),
        (&description, "a stone"),
    ];
    b.submits("/posts", &fields);
    let stored = b.alice.get("/api/v1/scheduled_statuses");
    assert_eq!(stored[0]["media_attachments"][0]["description"], "a stone", "{stored}");
}
