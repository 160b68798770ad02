//! Media are deleted together with the posts and profiles that used them.

use serde_json::{Value, json};

use crate::support::{Request, TestServer, eventually};

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0])).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn multipart(field: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()
}

fn upload(alice: &TestServer, shade: u8) -> Value {
    let request = Request::new("POST", "/api/v2/media").bearer(&alice.token);
    alice.send(&request.body("multipart/form-data; boundary=b", multipart("file", &png(shade)))).expect(200).json()
}

fn path(alice: &TestServer, url: &Value) -> String {
    url.as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned()
}

fn status(alice: &TestServer, path: &str) -> u16 {
    alice.send(&Request::get(path)).status
}

/// The files of the media directory.
fn is_on_disk(alice: &TestServer, path: &str) -> bool {
    alice.app.media.read(path.trim_start_matches("/media/")).is_ok()
}

#[test]
fn a_picture_is_removed_with_its_post_and_restored_by_a_redraft() {
    let alice = TestServer::start("alice");
    for (delete_media, visibility) in [(false, "private"), (true, "public")] {
        let media = upload(&alice, if delete_media { 200 } else { 50 });
        let files = [path(&alice, &media["url"]), path(&alice, &media["preview_url"])];
        let draft = json!({"status": "a picture", "visibility": visibility, "media_ids": [media["id"]]});
        let post = alice.post("/api/v1/statuses", draft.clone());
        assert!(files.iter().all(|file| status(&alice, file) == 200));
        let delete = format!("/api/v1/statuses/{}?delete_media={delete_media}", post["id"].as_str().unwrap());
        alice.api("DELETE", &delete, Value::Null).expect(200);
        assert!(files.iter().all(|file| status(&alice, file) == 404), "served after its post");
        if delete_media {
            let id = media["id"].as_str().unwrap();
            alice.api("GET", &format!("/api/v1/media/{id}"), Value::Null).expect(404);
            alice.api("POST", "/api/v1/statuses", draft).expect(422);
            eventually("it is removed from the disk", || files.iter().all(|file| !is_on_disk(&alice, file)));
        } else {
            alice.post("/api/v1/statuses", draft);
            assert!(files.iter().all(|file| status(&alice, file) == 200), "posted again");
        }
    }
}

#[test]
fn a_picture_that_an_edit_omits_is_removed() {
    let alice = TestServer::start("alice");
    let (first, second) = (upload(&alice, 50), upload(&alice, 200));
    let draft = json!({"status": "two", "media_ids": [first["id"], second["id"]]});
    let id = alice.post("/api/v1/statuses", draft)["id"].as_str().unwrap().to_owned();
    let edit = json!({"status": "one", "media_ids": [second["id"]]});
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), edit).expect(200);
    let file = path(&alice, &first["url"]);
    assert_eq!((status(&alice, &file), status(&alice, &path(&alice, &second["url"]))), (404, 200));
    eventually("it is removed from the disk", || !is_on_disk(&alice, &file));
}

#[test]
fn a_replaced_or_removed_profile_picture_is_deleted() {
    let alice = TestServer::start("alice");
    for (field, shade) in [("avatar", 50), ("header", 100)] {
        let set = |shade: u8| {
            let request = Request::new("PATCH", "/api/v1/accounts/update_credentials").bearer(&alice.token);
            let request = request.body("multipart/form-data; boundary=b", multipart(field, &png(shade)));
            path(&alice, &alice.send(&request).expect(200).json()[field])
        };
        let first = set(shade);
        assert_eq!(status(&alice, &first), 200);
        let second = set(shade + 100);
        assert_eq!((status(&alice, &first), status(&alice, &second)), (404, 200));
        alice.api("DELETE", &format!("/api/v1/profile/{field}"), Value::Null).expect(200);
        assert_eq!(status(&alice, &second), 404);
        eventually("both are removed from the disk", || !is_on_disk(&alice, &first) && !is_on_disk(&alice, &second));
    }
}

#[test]
fn a_direct_post_without_recipients_is_reported() {
    let alice = TestServer::start("alice");
    let lost = json!({"status": "hello @nobody@127.0.0.1:9", "visibility": "direct"});
    let response = alice.api("POST", "/api/v1/statuses", lost).expect(422);
    assert!(response.text().contains("nobody would get"), "{}", response.text());
    let note = alice.posts("a note to myself", "direct");
    assert_eq!((&note["visibility"], &note["mentions"]), (&json!("direct"), &json!([])));
    let (cookie, _) = alice.session();
    let page = format!("/@alice/{}", note["id"].as_str().unwrap());
    assert!(alice.send(&Request::get(&page).header("cookie", &cookie)).expect(200).text().contains("Only you can see"));
}
