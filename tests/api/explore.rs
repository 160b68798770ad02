//! Trends, suggestions, the directory, oEmbed, and endpoints without a purpose on a single-user server.

use dassie::config::Config;
use dassie::protocol::ids::ActorId;
use dassie::store::Conn;
use dassie::store::statuses::{NewStatus, hashtags};
use serde_json::{Value, json};

use crate::support::{Graph, Request, TestServer};

const LISTS: [&str; 5] = ["trends", "trends/tags", "trends/statuses", "suggestions", "directory"];

fn explorer() -> TestServer {
    TestServer::start_with("alice", Config { explore: true, ..Config::default() })
}

/// Lets an account be shown.
fn agrees(alice: &TestServer, actor: ActorId) {
    let agree = move |c: &Conn| Ok(c.execute("UPDATE actors SET discoverable = 1 WHERE id = ?1", [actor.0])?);
    alice.app.domain.store.write(agree).unwrap();
}

/// A popular post with a hashtag.
fn popular(alice: &TestServer, graph: &Graph<'_>, n: usize) -> NewStatus {
    let post = graph.insert(vec![NewStatus { counts: (n as i64, 0), ..graph.draft(n, None, false) }]).remove(0);
    let tag = move |c: &Conn| hashtags::replace(c, post.id, &["birds".to_owned()]);
    alice.app.domain.store.write(tag).unwrap();
    graph.draft(n, None, false)
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|a| a["acct"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn nothing_is_offered_unless_the_owner_enables_it() {
    let alice = TestServer::start("alice");
    let ana = Graph::new(&alice, "ana");
    agrees(&alice, ana.author);
    popular(&alice, &ana, 1);
    for list in LISTS {
        assert_eq!(alice.get(&format!("/api/v1/{list}")), json!([]), "{list}");
    }
    assert_eq!(alice.get("/api/v2/suggestions"), json!([]));
    assert_eq!(alice.get("/api/v1/trends/links"), json!([]));
}

#[test]
fn trends_are_posts_and_hashtags_of_several_discoverable_accounts() {
    let alice = explorer();
    let (ana, bea, eve) = (Graph::new(&alice, "ana"), Graph::new(&alice, "bea"), Graph::new(&alice, "eve"));
    popular(&alice, &ana, 1);
    popular(&alice, &bea, 2);
    popular(&alice, &eve, 3);
    assert_eq!((alice.get("/api/v1/trends/tags"), alice.get("/api/v1/trends/statuses")), (json!([]), json!([])));
    agrees(&alice, ana.author);
    assert_eq!(alice.get("/api/v1/trends/tags"), json!([]), "one account is not a trend");
    agrees(&alice, bea.author);
    let tags = alice.send(&Request::get("/api/v1/trends/tags")).expect(200).json();
    assert_eq!((tags[0]["name"].as_str(), tags[0]["history"].as_array().unwrap().len()), (Some("birds"), 7));
    let posts = alice.get("/api/v1/trends/statuses");
    let counts: Vec<i64> = posts.as_array().unwrap().iter().map(|s| s["reblogs_count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(alice.get("/api/v1/trends/statuses?limit=1&offset=1")[0]["reblogs_count"], 1);
    alice.post(&format!("/api/v1/accounts/{}/block", bea.author), json!({}));
    assert_eq!(alice.get("/api/v1/trends/statuses").as_array().unwrap().len(), 1);
}

#[test]
fn suggestions_are_accounts_that_the_owner_likes_until_they_are_dismissed() {
    let alice = explorer();
    let ana = Graph::new(&alice, "ana");
    let post = ana.replies([(1, None)]).remove(0);
    alice.post(&format!("/api/v1/statuses/{}/favourite", post.id), json!({}));
    assert_eq!(alice.get("/api/v2/suggestions"), json!([]));
    agrees(&alice, ana.author);
    let found = alice.get("/api/v2/suggestions");
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(
        (&found[0]["source"], &found[0]["sources"]),
        (&json!("past_interactions"), &json!(["most_interactions"]))
    );
    assert_eq!(found[0]["account"]["id"], json!(ana.author.to_string()));
    assert_eq!(names(&alice.get("/api/v1/suggestions")).len(), 1);
    let path = format!("/api/v1/suggestions/{}", ana.author);
    assert_eq!(alice.api("DELETE", &path, json!(null)).expect(200).json(), json!({}));
    assert_eq!(alice.get("/api/v2/suggestions"), json!([]));
    alice.api("DELETE", "/api/v1/suggestions/7", json!(null)).expect(404);
}

#[test]
fn the_directory_lists_discoverable_accounts() {
    let alice = explorer();
    let (ana, bea) = (Graph::new(&alice, "ana"), Graph::new(&alice, "bea"));
    agrees(&alice, bea.author);
    ana.replies([(1, None)]);
    let all = |query: &str| alice.send(&Request::get(&format!("/api/v1/directory?{query}"))).expect(200).json();
    // The name of both accounts of a graph is "ana".
    assert_eq!(names(&all("")), ["alice", "ana@peer.example"]);
    assert_eq!(names(&all("local=true")), ["alice"]);
    assert_eq!(names(&all("order=new")), ["ana@peer.example", "alice"]);
    assert_eq!(names(&all("limit=1&offset=1")), ["ana@peer.example"]);
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"discoverable": false})).expect(200);
    assert_eq!(names(&all("")), ["ana@peer.example"]);
}

#[test]
fn public_posts_of_the_owner_are_embedded() {
    let alice = TestServer::start("alice");
    let post = alice.posts("hello <b>world</b>", "public");
    let url = |post: &Value| post["url"].as_str().unwrap().to_owned();
    let embed = |url: &str| alice.send(&Request::get(&format!("/api/oembed?url={url}")));
    let found = embed(&url(&post)).expect(200).json();
    assert_eq!((&found["type"], &found["version"], &found["width"]), (&json!("rich"), &json!("1.0"), &json!(400)));
    let html = found["html"].as_str().unwrap();
    assert!(html.starts_with(&format!("<iframe src=\"{}/embed\" title=\"Post by alice\"", url(&post))), "{html}");
    let sized = embed(&format!("{}&maxwidth=300&maxheight=150", url(&post))).expect(200).json();
    assert_eq!((&sized["width"], &sized["height"]), (&json!(300), &json!(150)));
    assert!(sized["html"].as_str().unwrap().contains("width=\"300\" height=\"150\""), "{sized}");
    assert_eq!(embed(&format!("{}&maxwidth=5000", url(&post))).expect(200).json()["width"], 1_000);
    embed(&format!("{}&format=xml", url(&post))).expect(400);
    embed(&url(&alice.posts("hidden", "private"))).expect(404);
    embed(&url(&alice.posts("direct", "direct"))).expect(404);
    embed(&url(&alice.posts("quiet", "unlisted"))).expect(200);
    embed(&alice.url("/@alice/7")).expect(404);
    alice.send(&Request::get("/api/oembed")).expect(400);
}

#[test]
fn endpoints_for_many_users_respond_in_the_documented_shape() {
    let alice = TestServer::start("alice");
    for (method, path, status) in [
        ("GET", "/api/v1/instance/translation_languages", 200),
        ("GET", "/api/v1/peers/search?q=x", 200),
        ("GET", "/api/v1/instance/terms_of_service", 404),
        ("POST", "/api/v1/emails/confirmations", 403),
        ("POST", "/api/v1/accounts", 403),
        ("GET", "/api/v1/annual_reports", 404),
        ("GET", "/api/v1/collections/1", 404),
        ("GET", "/api/v1/admin/accounts", 404),
        ("GET", "/api/v1_alpha/async_refreshes/1", 404),
        ("POST", "/api/v1/statuses/1/translate", 404),
    ] {
        let response = alice.api(method, path, json!(null)).expect(status);
        assert!(status == 200 || response.json()["error"].is_string(), "{path}");
    }
    let own = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    assert_eq!(alice.get(&format!("/api/v1/accounts/{own}/identity_proofs")), json!([]));
}

#[test]
fn an_unused_upload_is_deleted() {
    let alice = TestServer::start("alice");
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let upload = || -> String {
        let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n".to_vec();
        body.extend_from_slice(png.get_ref());
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request =
            Request::new("POST", "/api/v2/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body);
        alice.send(&request).expect(200).json()["id"].as_str().unwrap().to_owned()
    };
    let (free, used) = (upload(), upload());
    alice.post("/api/v1/statuses", json!({"status": "x", "media_ids": [used]}));
    let delete = |id: &str| alice.api("DELETE", &format!("/api/v1/media/{id}"), json!(null));
    assert_eq!(delete(&free).expect(200).json(), json!({}));
    delete(&free).expect(404);
    alice.api("GET", &format!("/api/v1/media/{free}"), json!(null)).expect(404);
    alice.api("POST", "/api/v1/statuses", json!({"status": "x", "media_ids": [free]})).expect(422);
    delete(&used).expect(422);
}
