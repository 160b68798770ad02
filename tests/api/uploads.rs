//! Uploads: accepted types, reported metadata, and files that remain on disk.

use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Request, TestServer};

const SECRET: &[u8] = b"SECRET-52.5200N-13.4050E";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([9, 80, 200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A second of silence, with a title.
fn wav() -> Vec<u8> {
    let chunk =
        |kind: &[u8; 4], content: &[u8]| [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat();
    let format = [&[1, 0, 1, 0][..], &8_000_u32.to_le_bytes(), &8_000_u32.to_le_bytes(), &[1, 0, 8, 0]].concat();
    let parts = [chunk(b"fmt ", &format), chunk(b"LIST", SECRET), chunk(b"data", &[128; 8_000])].concat();
    [b"RIFF", &(parts.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &parts].concat()
}

fn multipart(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let part = |(field, bytes): &(&str, &[u8])| {
        let head =
            format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"../../{field}\"\r\n\r\n");
        [head.as_bytes(), bytes, b"\r\n"].concat()
    };
    [parts.iter().flat_map(part).collect::<Vec<u8>>(), b"--b--\r\n".to_vec()].concat()
}

fn send(alice: &TestServer, method: &'static str, path: &str, parts: &[(&str, &[u8])]) -> Response {
    let request = Request::new(method, path).bearer(&alice.token);
    alice.send(&request.body("multipart/form-data; boundary=b", multipart(parts)))
}

fn upload(alice: &TestServer, parts: &[(&str, &[u8])]) -> Value {
    send(alice, "POST", "/api/v2/media", parts).expect(200).json()
}

fn path(alice: &TestServer, url: &Value) -> String {
    url.as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned()
}

#[test]
fn a_recording_is_stored_without_its_title_and_served_by_range() {
    let alice = TestServer::start("alice");
    let media = upload(&alice, &[("file", &wav())]);
    assert_eq!(
        (&media["type"], &media["preview_url"], &media["blurhash"]),
        (&json!("audio"), &json!(null), &json!(null))
    );
    assert_eq!((&media["meta"]["length"], &media["meta"]["duration"]), (&json!("0:00:01.00"), &json!(1.0)));
    let file = path(&alice, &media["url"]);
    let whole = alice.send(&Request::get(&file)).expect(200);
    assert_eq!(whole.header("content-type"), Some("audio/wav"));
    assert!(!whole.body.windows(SECRET.len()).any(|w| w == SECRET));
    let part = alice.send(&Request::get(&file).header("range", "bytes=0-3")).expect(206);
    assert_eq!(part.body, b"RIFF");
    let id = media["id"].as_str().unwrap();
    let post = alice.post("/api/v1/statuses", json!({"status": "listen", "media_ids": [id]}));
    assert_eq!(post["media_attachments"][0]["type"], "audio");
}

#[test]
fn a_thumbnail_can_be_sent_and_replaced() {
    let alice = TestServer::start("alice");
    let media = upload(&alice, &[("file", &wav()), ("thumbnail", &png(40, 20))]);
    let first = path(&alice, &media["preview_url"]);
    assert_eq!((&media["meta"]["small"]["width"], media["blurhash"].is_string()), (&json!(40), true));
    let change = format!("/api/v1/media/{}", media["id"].as_str().unwrap());
    let changed = send(&alice, "PUT", &change, &[("thumbnail", &png(20, 40))]).expect(200).json();
    assert_eq!(changed["meta"]["small"]["height"], 40);
    assert_ne!(path(&alice, &changed["preview_url"]), first);
    assert_eq!(alice.send(&Request::get(&first)).status, 404, "the former one is no longer served");
}

#[test]
fn an_upload_can_be_deleted_until_it_is_posted() {
    let alice = TestServer::start("alice");
    let remove = |media: &Value| {
        let path = format!("/api/v1/media/{}", media["id"].as_str().unwrap());
        alice.send(&Request::new("DELETE", &path).bearer(&alice.token)).status
    };
    let media = upload(&alice, &[("file", &png(8, 8))]);
    assert_eq!((remove(&media), remove(&media)), (200, 404));
    assert_eq!(alice.send(&Request::get(&path(&alice, &media["url"]))).status, 404);
    let media = upload(&alice, &[("file", &png(9, 9))]);
    alice.post("/api/v1/statuses", json!({"status": "look", "media_ids": [media["id"]]}));
    assert_eq!(remove(&media), 422);
    assert_eq!(alice.send(&Request::get(&path(&alice, &media["url"]))).status, 200);
}

#[test]
fn refused_uploads_state_the_reason_and_store_nothing() {
    let alice = TestServer::start("alice");
    let photo = include_bytes!("../fixtures/jpeg/progressive-420.jpg");
    let mut huge = png(8, 8);
    huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let sum = {
        let mut crc = flate2::Crc::new();
        crc.update(&huge[12..29]);
        crc.sum()
    };
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    for (bytes, why) in [
        (&photo[..photo.len() / 2], "damaged or incomplete"),
        (&huge, "16384"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41isom", "damaged or incomplete"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    ] {
        let refused = send(&alice, "POST", "/api/v2/media", &[("file", bytes)]).expect(422).json();
        assert!(refused["error"].as_str().unwrap().contains(why), "{refused}");
    }
    assert_eq!(alice.app.media.sweep_temp().unwrap(), 0);
    assert_eq!(upload(&alice, &[("file", photo)])["meta"]["original"]["size"], "61x45");
}

#[test]
fn an_upload_larger_than_the_memory_for_bodies_is_received_on_the_disk() {
    let alice = TestServer::start("alice");
    // A valid recording of 39 MB: the owner's part of the memory is 8 MiB.
    let mut large = wav();
    let data = large.windows(4).position(|w| w == b"data").unwrap();
    large.resize(39_000_000, 128);
    let length = (large.len() - data - 8) as u32;
    large[data + 4..data + 8].copy_from_slice(&length.to_le_bytes());
    let media = upload(&alice, &[("file", &large)]);
    assert_eq!(media["type"], "audio");
    large.resize(dassie::limits::VIDEO_BYTES + 1, 128);
    assert_eq!(send(&alice, "POST", "/api/v2/media", &[("file", &large)]).status, 413);
}

#[test]
fn the_instance_lists_what_is_accepted() {
    let alice = TestServer::start("alice");
    let media = alice.get("/api/v2/instance")["configuration"]["media_attachments"].clone();
    let types: Vec<&str> = media["supported_mime_types"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        ["image/webp", "video/mp4", "audio/flac"].iter().all(|t| types.contains(t)) && !types.contains(&"image/heic")
    );
    assert_eq!(media["video_size_limit"], dassie::limits::VIDEO_BYTES);
}

/// A frame of an animation in one colour.
fn frame(shade: u8) -> image::RgbaImage {
    image::RgbaImage::from_pixel(20, 10, image::Rgba([shade, 9, 200, 255]))
}

/// Three frames.
fn apng() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20, 10);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(3, 0).unwrap();
    encoder.add_text_chunk("Comment".into(), String::from_utf8_lossy(SECRET).into_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for n in 0..3 {
        writer.write_image_data(frame(n * 60).as_raw()).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// Three frames.
fn animated_webp() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let padding = vec![0; content.len() % 2];
        [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content, &padding].concat()
    };
    let mut chunks = chunk(b"VP8X", &[0x1a, 0, 0, 0, 19, 0, 0, 9, 0, 0]);
    chunks.extend(chunk(b"ANIM", &[0; 6]));
    for n in 0..3 {
        let mut still = std::io::Cursor::new(Vec::new());
        frame(n * 60).write_to(&mut still, image::ImageFormat::WebP).unwrap();
        let still = still.into_inner();
        let start = still.windows(4).position(|w| w == b"VP8L").unwrap();
        let head = [0, 0, 0, 0, 0, 0, 19, 0, 0, 9, 0, 0, 100, 0, 0, 0];
        chunks.extend(chunk(b"ANMF", &[&head, &still[start..]].concat()));
    }
    chunks.extend(chunk(b"EXIF", SECRET));
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &chunks].concat()
}

#[test]
fn animations_retain_all_frames_in_posts_and_profile_pictures_are_stills() {
    let alice = TestServer::start("alice");
    let frames_of_png = |bytes: &[u8]| {
        let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        reader.info().animation_control().map_or(1, |control| control.num_frames)
    };
    let frames_of_webp = |bytes: &[u8]| image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).unwrap().num_frames();
    for (bytes, media_type, frames) in [
        (apng(), "image/png", &frames_of_png as &dyn Fn(&[u8]) -> u32),
        (animated_webp(), "image/webp", &frames_of_webp),
    ] {
        let media = upload(&alice, &[("file", &bytes)]);
        let post = alice.post("/api/v1/statuses", json!({"status": media_type, "media_ids": [media["id"]]}));
        let attachment = &post["media_attachments"][0];
        let served = alice.send(&Request::get(&path(&alice, &attachment["url"]))).expect(200);
        assert_eq!((served.header("content-type"), frames(&served.body)), (Some(media_type), 3));
        assert!(!served.body.windows(SECRET.len()).any(|w| w == SECRET), "{media_type}");
        let preview = alice.send(&Request::get(&path(&alice, &attachment["preview_url"]))).expect(200);
        assert!(preview.body.len() < 2_000 && preview.header("content-type") != Some("image/webp"), "{media_type}");
        let update = "/api/v1/accounts/update_credentials";
        let account = send(&alice, "PATCH", update, &[("avatar", &bytes)]).expect(200).json();
        let avatar = alice.send(&Request::get(&path(&alice, &account["avatar"]))).expect(200);
        let still = image::load_from_memory(&avatar.body).unwrap();
        assert_eq!((still.width(), still.height()), (10, 10), "{media_type}");
        assert!(!avatar.body.windows(4).any(|w| [b"acTL", b"ANIM"].contains(&w.try_into().unwrap())), "{media_type}");
    }
    let page = alice.send(&Request::get("/settings/profile").header("cookie", &alice.session().0)).expect(200).text();
    assert!(page.contains("An animated picture becomes a still."), "{page}");
}
