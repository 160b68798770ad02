use serde_json::json;

use crate::support::{Request, TestServer};

#[test]
fn a_post_is_created_in_every_spelling() {
    let alice = TestServer::start("alice");
    let multipart = "--b\r\ncontent-disposition: form-data; name=\"status\"\r\n\r\nhello\r\n--b\r\ncontent-disposition: form-data; name=\"sensitive\"\r\n\r\n1\r\n--b--\r\n";
    let post = || Request::new("POST", "/api/v1/statuses").bearer(&alice.token);
    for request in [
        post().form(&[("status", "hello"), ("sensitive", "true")]),
        post().body(
            "application/json",
            json!({"status": "hello", "sensitive": "1", "poll": null, "language": null}).to_string(),
        ),
        post().body("multipart/form-data; boundary=b", multipart),
        post().body("text/plain", "status=hello&sensitive=on"),
        Request::new("POST", "/api/v1/statuses/?status=hello&sensitive=True").bearer(&alice.token),
    ] {
        let made = alice.send(&request).expect(200).json();
        assert_eq!((made["content"].as_str(), made["sensitive"].as_bool()), (Some("<p>hello</p>"), Some(true)));
    }
}

#[test]
fn pages_link_to_the_next_until_the_last() {
    let alice = TestServer::start("alice");
    let ids: Vec<String> =
        (0..45).map(|i| alice.posts(&format!("{i}"), "public")["id"].as_str().unwrap().to_owned()).collect();
    let me = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    for start in [
        "/api/v1/timelines/home?limit=20".to_owned(),
        format!("/api/v1/accounts/{me}/statuses?limit=20&exclude_replies=true"),
    ] {
        let (mut path, mut seen) = (start, Vec::new());
        loop {
            let response = alice.api("GET", &path, json!(null)).expect(200);
            seen.extend(response.json().as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()));
            let Some(link) = response.header("link") else { break };
            assert!(link.contains("rel=\"prev\""));
            let Some(next) = link.split(',').find(|l| l.contains("rel=\"next\"")) else { break };
            let next = next.trim().trim_start_matches('<').split('>').next().unwrap();
            path = next.strip_prefix(&format!("http://{}", alice.authority)).expect("an absolute link").to_owned();
        }
        seen.reverse();
        assert_eq!(seen, ids);
    }
    let after = alice.get(&format!("/api/v1/timelines/home?min_id={}&limit=3", ids[9]));
    let got: Vec<_> = after.as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    assert_eq!(got, [&ids[12], &ids[11], &ids[10]]);
    let newest = alice.get(&format!("/api/v1/timelines/home?since_id={}&limit=3", ids[9]));
    assert_eq!(newest[0]["id"], json!(ids[44]));
    assert_eq!(alice.get("/api/v1/timelines/home?max_id=nonsense&limit=999").as_array().unwrap().len(), 40);
}

#[test]
fn an_upload_belongs_to_its_token_and_leaves_nothing_when_refused() {
    let alice = TestServer::start("alice");
    let png = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(64, 32, image::Rgb([10, 120, 90]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    };
    let upload = |bytes: &[u8], token: &str| {
        let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../../x.png\"\r\ncontent-type: application/activity+json\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        alice.send(&Request::new("POST", "/api/v2/media").bearer(token).body("multipart/form-data; boundary=b", body))
    };
    let made = upload(&png, &alice.token).expect(200).json();
    assert_eq!((made["type"].as_str(), made["meta"]["original"]["size"].as_str()), (Some("image"), Some("64x32")));
    let other = alice.token_with("write");
    let id = made["id"].as_str().unwrap();
    alice.send(&Request::get(&format!("/api/v1/media/{id}")).bearer(&other)).expect(404);
    let steal = Request::new("POST", "/api/v1/statuses").bearer(&other).form(&[("media_ids[]", id)]);
    alice.send(&steal).expect(422);
    for (bytes, expected) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "SVG"),
        (&b"{\"type\": \"Note\"}"[..], ""),
        (&png[..40], ""),
    ] {
        let error = upload(bytes, &alice.token).expect(422).text();
        assert!(error.to_uppercase().contains(expected), "{error}");
    }
    let path = made["url"].as_str().unwrap().strip_prefix(&format!("http://{}", alice.authority)).unwrap().to_owned();
    let file = alice.send(&Request::get(&path).activity()).expect(200);
    assert_eq!(file.header("content-type"), Some("image/png"), "never a document");
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn a_reply_never_has_a_wider_visibility_than_its_parent() {
    let alice = TestServer::start("alice");
    let parent = alice.posts("for followers", "private");
    // A wider visibility is refused, and a default is narrowed, as the response shows.
    let reply = json!({"status": "x", "in_reply_to_id": parent["id"]});
    for (wanted, status) in [("public", 422), ("unlisted", 422), ("private", 200), ("direct", 200)] {
        let mut reply = reply.clone();
        reply["visibility"] = json!(wanted);
        let response = alice.api("POST", "/api/v1/statuses", reply).expect(status);
        assert_eq!(response.text().contains("followers only or direct"), status == 422, "{}", response.text());
    }
    assert_eq!(alice.post("/api/v1/statuses", reply)["visibility"], "private");
    alice
        .api(
            "POST",
            &format!("/api/v1/statuses/{}/reblog", alice.posts("x", "direct")["id"].as_str().unwrap()),
            json!({}),
        )
        .expect(422);
}

/// Apps pass the id of the boost that is shown in a timeline.
#[test]
fn a_reply_to_a_boost_and_a_quote_of_it_are_about_the_post() {
    let alice = TestServer::start("alice");
    let post = alice.posts("the post", "public");
    let boost = alice.post(&format!("/api/v1/statuses/{}/reblog", post["id"].as_str().unwrap()), json!({}));
    assert_ne!(boost["id"], post["id"]);
    let reply = alice.post("/api/v1/statuses", json!({"status": "reply", "in_reply_to_id": boost["id"]}));
    assert_eq!(reply["in_reply_to_id"], post["id"]);
    let quote = alice.post("/api/v1/statuses", json!({"status": "quote", "quoted_status_id": boost["id"]}));
    assert_eq!(quote["quote"]["quoted_status"]["id"], post["id"]);
    let context = alice.get(&format!("/api/v1/statuses/{}/context", post["id"].as_str().unwrap()));
    assert_eq!(context["descendants"][0]["id"], reply["id"]);
}

#[test]
fn a_post_that_is_replied_to_must_exist() {
    let alice = TestServer::start("alice");
    for fields in [json!({"status": "x", "in_reply_to_id": "1"}), json!({"status": "x", "in_reply_to_id": "abc"})] {
        let refused = alice.api("POST", "/api/v1/statuses", fields).expect(404).json();
        assert_eq!(refused["error"], "The post you are trying to reply to does not appear to exist.");
    }
}

/// Mastodon narrows it too, so apps that quote with the default visibility succeed.
#[test]
fn a_quote_of_an_own_post_for_followers_is_for_followers() {
    let alice = TestServer::start("alice");
    let private = alice.posts("for followers", "private");
    for (visibility, expected) in [(json!(null), "private"), (json!("public"), "private"), (json!("direct"), "direct")]
    {
        let draft = json!({"status": "quote", "quoted_status_id": private["id"], "visibility": visibility});
        let quote = alice.post("/api/v1/statuses", draft);
        assert_eq!((&quote["visibility"], &quote["quote"]["state"]), (&json!(expected), &json!("accepted")));
    }
}

#[test]
fn pinned_posts_are_paged() {
    let alice = TestServer::start("alice");
    let posts: Vec<String> =
        ["one", "two", "three"].map(|t| alice.posts(t, "public")["id"].as_str().unwrap().to_owned()).to_vec();
    for id in &posts {
        alice.post(&format!("/api/v1/statuses/{id}/pin"), json!({}));
    }
    let me = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    let pinned = |query: String| -> Vec<String> {
        let found = alice.get(&format!("/api/v1/accounts/{me}/statuses?pinned=true&{query}"));
        found.as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
    };
    let (one, two, three) = (posts[0].as_str(), posts[1].as_str(), posts[2].as_str());
    assert_eq!(pinned(String::new()), [three, two, one]);
    assert_eq!(pinned(format!("max_id={two}")), [one]);
    assert_eq!(pinned(format!("min_id={two}")), [three]);
    assert_eq!(pinned(format!("since_id={one}&max_id={three}")), [two]);
    assert_eq!(pinned("limit=1".into()), [three]);
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_version() {
    let alice = TestServer::start("alice");
    let post = alice.post("/api/v1/statuses", json!({"status": "an *owl*", "language": "en"}));
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    let versions = || alice.get(&format!("{path}/history")).as_array().unwrap().len();
    for same in [json!({"status": "an *owl*"}), json!({"status": "an *owl*", "language": "en", "sensitive": false})] {
        let edited = alice.api("PUT", &path, same).expect(200).json();
        assert!(edited["edited_at"].is_null());
        assert_eq!(versions(), 1);
    }
    for (n, change) in [
        json!({"status": "an *owl*", "language": "de"}),
        json!({"status": "an *owl*", "sensitive": true}),
        json!({"status": "an *owl*", "spoiler_text": "birds"}),
        json!({"status": "an *owl*", "poll": {"options": ["a", "b"], "expires_in": 600}}),
        json!({"status": "an *owl*"}),
    ]
    .into_iter()
    .enumerate()
    {
        let edited = alice.api("PUT", &path, change).expect(200).json();
        assert!(edited["edited_at"].is_string());
        assert_eq!(versions(), n + 2);
    }
}
