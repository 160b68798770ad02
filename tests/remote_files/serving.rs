//! Headers and status of responses with remote files.

use super::{for_visitors, load, png, video};
use crate::support::{Origin, OriginFile, Request, TestServer};

#[test]
fn a_file_is_served_with_the_type_of_its_content() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let url = origin.serve("/a.html", OriginFile { content_type: "text/html", ..OriginFile::new(png(3_000)) });
    let path = for_visitors(&alice, &url);
    let first = load(&alice, &path).expect(200);
    assert_eq!(first.body, png(3_000));
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cache-control", "public, max-age=604800"),
        ("access-control-allow-origin", "*"),
        ("content-length", "3000"),
    ] {
        assert_eq!(first.header(name), Some(value), "{name}");
    }
    let etag = first.header("etag").unwrap().to_owned();
    let again = load(&alice, &path).expect(200);
    assert_eq!((&again.body, again.header("etag")), (&first.body, Some(&*etag)));
    alice.send(&Request::get(&path).header("if-none-match", &etag)).expect(304);
    let head = alice.send(&Request::new("HEAD", &path)).expect(200);
    assert_eq!((head.header("content-length"), head.body.len()), (Some("3000"), 0));
    assert_eq!(origin.requests_for("/a.html"), 1);
}

#[test]
fn only_addresses_of_this_server_are_served() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let url = origin.serve("/a.png", OriginFile::new(png(100)));
    let path = for_visitors(&alice, &url);
    let parts: Vec<&str> = path.split('/').collect();
    let [subject, code, encoded] = parts[2..] else { panic!("{path}") };
    let other = for_visitors(&alice, &format!("{url}?x"));
    for wrong in [
        format!("/proxy/{subject}/{code}/{}", other.rsplit('/').next().unwrap()),
        format!("/proxy/oe/{code}/{encoded}"),
        format!("/proxy/vc/{code}/{encoded}"),
        format!("/proxy/{subject}/{}/{encoded}", &code[1..]),
        format!("/proxy/{subject}/x/{encoded}"),
        "/proxy/ve/x/y".to_owned(),
    ] {
        let refused = load(&alice, &wrong).expect(404);
        assert!(refused.body.len() < 200 && refused.header("content-type").unwrap().starts_with("text/plain"));
    }
    assert!(origin.requests().is_empty());
}

#[test]
fn a_video_is_served_in_parts() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let body = video(700_000);
    let path = for_visitors(&alice, &origin.serve("/v.mp4", OriginFile::new(body.clone())));
    let part = |range: &str| alice.send(&Request::get(&path).header("range", range));
    // The first one waits for the file.
    let last = part("bytes=-1000").expect(206);
    assert_eq!(last.header("content-range"), Some("bytes 699000-699999/700000"));
    assert_eq!((last.header("content-type"), &last.body[..]), (Some("video/mp4"), &body[699_000..]));
    let first = part("bytes=0-99").expect(206);
    assert_eq!((first.header("content-range"), first.body.len()), (Some("bytes 0-99/700000"), 100));
    assert_eq!(part("bytes=700000-").expect(416).header("content-range"), Some("bytes */700000"));
    assert_eq!(part("bytes=5000-599999").expect(206).body, body[5_000..600_000]);
    assert_eq!(part("items=1-2").expect(200).body, body);
    assert_eq!(origin.requests_for("/v.mp4"), 1);
}

#[test]
fn a_large_file_is_sent_on_while_it_arrives() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let body = video(900_000);
    let file = OriginFile { held_after: Some(500_000), ..OriginFile::new(body.clone()) };
    let path = for_visitors(&alice, &origin.serve("/v.mp4", file));
    let begin = alice.send(&Request::get(&path).header("range", "bytes=0-399999")).expect(206);
    assert_eq!(begin.body, body[..400_000], "it is served before the rest has arrived");
    std::thread::scope(|scope| {
        let end = scope.spawn(|| alice.send(&Request::get(&path).header("range", "bytes=450000-")));
        let whole = scope.spawn(|| load(&alice, &path));
        origin.release();
        assert_eq!(end.join().unwrap().expect(206).body, body[450_000..]);
        assert_eq!(whole.join().unwrap().expect(200).body, body);
    });
    assert_eq!(origin.requests_for("/v.mp4"), 1);
}
