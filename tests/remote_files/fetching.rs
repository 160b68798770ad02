//! When remote files are fetched, and which responses are refused.

use super::{for_owner, for_visitors, load, png, video};
use crate::support::{Origin, OriginFile, TestServer, eventually};

#[test]
fn parallel_requests_fetch_a_file_once() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let url = origin.serve("/a.png", OriginFile { held_after: Some(50), ..OriginFile::new(png(5_000)) });
    let (path, of_owner) = (for_visitors(&alice, &url), for_owner(&alice, &url));
    std::thread::scope(|scope| {
        let requests: Vec<_> = (0..20)
            .map(|n| {
                scope.spawn({
                    let (alice, path) = (&alice, if n % 2 == 0 { &path } else { &of_owner });
                    move || load(alice, path)
                })
            })
            .collect();
        eventually("the origin gets the request", || origin.requests_for("/a.png") == 1);
        origin.release();
        for request in requests {
            assert_eq!(request.join().unwrap().expect(200).body.len(), 5_000);
        }
    });
    assert_eq!(origin.requests_for("/a.png"), 1);
}

#[test]
fn a_waiting_request_occupies_no_handler_thread() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let held = |n: usize| {
        let file = OriginFile { held_after: Some(20), ..OriginFile::new(png(100)) };
        for_visitors(&alice, &origin.serve(&format!("/{n}.png"), file))
    };
    let paths: Vec<String> = (0..60).map(held).collect();
    std::thread::scope(|scope| {
        let waiting: Vec<_> = paths.iter().map(|path| scope.spawn(|| load(&alice, path))).collect();
        eventually("two of them are fetched", || origin.requests().len() == 2);
        load(&alice, "/@alice").expect(200);
        origin.release();
        waiting.into_iter().for_each(|request| drop(request.join().unwrap().expect(200)));
    });
}

#[test]
fn visitors_do_not_occupy_the_fetches_of_the_owner() {
    let alice = TestServer::start("alice");
    let (slow, quick) = ([(); 5].map(|()| Origin::start()), Origin::start());
    let held = OriginFile { held_after: Some(20), ..OriginFile::new(png(100)) };
    let path = |origin: &Origin, n: usize| for_visitors(&alice, &origin.serve(&format!("/{n}.png"), held.clone()));
    let paths: Vec<String> = slow.iter().flat_map(|origin| [0, 1, 2].map(|n| path(origin, n))).collect();
    std::thread::scope(|scope| {
        let waiting: Vec<_> = paths.iter().map(|path| scope.spawn(|| load(&alice, path))).collect();
        eventually("visitors have all of their fetches", || {
            slow.iter().map(|origin| origin.requests().len()).sum::<usize>() == 4
        });
        let url = quick.serve("/1.png", OriginFile::new(png(200)));
        assert_eq!(load(&alice, &for_owner(&alice, &url)).expect(200).body.len(), 200);
        // What the owner wants too does not wait for other visitors any longer.
        let last = slow.iter().rev().find(|origin| origin.requests().is_empty()).expect("one that waits");
        let wanted = for_owner(&alice, &format!("{}/2.png", last.base));
        let wanted = scope.spawn({
            let alice = &alice;
            move || load(alice, &wanted)
        });
        eventually("it is fetched for the owner", || last.requests_for("/2.png") == 1);
        slow.iter().for_each(Origin::release);
        wanted.join().unwrap().expect(200);
        waiting.into_iter().for_each(|request| drop(request.join().unwrap().expect(200)));
    });
}

#[test]
fn a_broken_download_is_resumed() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let body = video(300_000);
    let file = OriginFile { breaks_after: Some(200_000), ..OriginFile::new(body.clone()) };
    let path = for_visitors(&alice, &origin.serve("/v.mp4", file));
    assert_eq!(load(&alice, &path).expect(200).body, body);
    let requests = origin.requests();
    assert_eq!(requests.len(), 2);
    let second = requests[1].to_lowercase();
    assert!(second.contains("range: bytes=200000-") && second.contains("if-range: \"one\""), "{second}");
}

#[test]
fn a_file_of_unstated_size_is_served_when_it_is_complete() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let file = OriginFile { states_length: false, ..OriginFile::new(video(2_500_000)) };
    let path = for_visitors(&alice, &origin.serve("/v.mp4", file));
    assert_eq!(load(&alice, &path).expect(200).header("content-length"), Some("2500000"));
}

#[test]
fn errors_of_the_origin_are_small_and_remembered() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    for (path, status, expected) in
        [("/gone", "410 Gone", 404), ("/busy", "503 Service Unavailable", 502), ("/private", "403 Forbidden", 502)]
    {
        let url = origin.serve(path, OriginFile { status, ..OriginFile::new("no") });
        // A host that asks for a pause gets one.
        for _ in 0..3 {
            let failed = load(&alice, &for_visitors(&alice, &url)).expect(expected);
            assert!(failed.body.len() < 200 && failed.header("etag").is_none());
        }
        assert_eq!(origin.requests_for(path), 1, "{path} is not requested again soon");
        if path == "/busy" {
            return;
        }
    }
}

#[test]
fn an_origin_that_cannot_be_reached_is_a_timeout() {
    let alice = TestServer::start("alice");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    load(&alice, &for_visitors(&alice, &format!("http://{closed}/a.png"))).expect(504);
}

#[test]
fn files_that_are_not_media_are_refused() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    for (path, body) in [
        ("/svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
        ("/xml", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
        ("/html", "<!doctype html><script>alert(1)</script>"),
        ("/json", "{\"type\": \"Note\"}"),
        ("/empty", ""),
    ] {
        let url = origin.serve(path, OriginFile { content_type: "image/png", ..OriginFile::new(body) });
        let refused = load(&alice, &for_visitors(&alice, &url)).expect(502);
        assert!(!refused.text().contains("<s"), "{}", refused.text());
    }
}

#[test]
fn files_that_are_too_large_are_refused() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    let large = png(16 * 1024 * 1024 + 1);
    let stated = origin.serve("/stated.png", OriginFile::new(large.clone()));
    let unstated = origin.serve("/unstated.png", OriginFile { states_length: false, ..OriginFile::new(large) });
    for url in [stated, unstated] {
        let refused = load(&alice, &for_visitors(&alice, &url)).expect(502);
        assert!(refused.text().contains("larger than 16777216 bytes"), "{}", refused.text());
    }
    let left = std::fs::read_dir(alice.dir().join("cache/tmp")).unwrap().count();
    assert_eq!(left, 0, "what was received is removed");
}
