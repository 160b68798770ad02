//! Which client a request counts against, behind proxies and with credentials.

use dassie::http::Class;
use dassie::http::rate_limit::Caller;
use dassie::limits;

use crate::support::{Request, TestServer};

#[test]
fn every_form_of_x_forwarded_for_names_a_client_that_is_limited() {
    let alice = TestServer::start("alice");
    let status_for = |lines: &[&str]| {
        let request = Request::new("POST", "/oauth/token").form(&[("grant_type", "x")]);
        alice.send(&lines.iter().fold(request, |request, line| request.header("x-forwarded-for", line))).status
    };
    let use_up = |address: &str| {
        let caller = Caller::address(address.parse().unwrap());
        for _ in 0..limits::TOKEN_REQUESTS {
            alice.app.rates.count(Class::Token, caller, dassie::domain::now());
        }
    };
    for address in ["203.0.113.9", "2001:db8::1", "0.0.0.0"] {
        use_up(address);
    }
    for lines in [
        &["203.0.113.9:1234"][..],
        &["[2001:db8::1]:5"],
        &["\"[2001:db8::1]:5\""],
        &["2001:db8::2"],
        &["::ffff:203.0.113.9"],
        &["unknown"],
        &["203.0.113.9, unknown"],
        &["198.51.100.1", "203.0.113.9, "],
    ] {
        assert_eq!(status_for(lines), 429, "{lines:?}");
    }
    for lines in [&["198.51.100.1"][..], &["203.0.113.9, 198.51.100.1:7"], &[]] {
        assert_ne!(status_for(lines), 429, "{lines:?}");
    }
}

#[test]
fn the_owner_is_not_limited_by_others_at_the_same_address() {
    let alice = TestServer::start("alice");
    let caller = Caller::address("203.0.113.9".parse().unwrap());
    for _ in 0..limits::API_REQUESTS.max(limits::PAGE_REQUESTS) {
        alice.app.rates.count(Class::Api, caller, dassie::domain::now());
        alice.app.rates.count(Class::Page, caller, dassie::domain::now());
    }
    let request = |path: &str| Request::get(path).header("x-forwarded-for", "203.0.113.9");
    alice.send(&request("/api/v1/timelines/public")).expect(429);
    alice.send(&request("/api/v1/timelines/home").bearer("wrong")).expect(429);
    alice.send(&request("/api/v1/timelines/home").bearer(&alice.token)).expect(200);
    let (cookie, _) = alice.session();
    alice.send(&request("/home").header("cookie", &cookie)).expect(200);
    alice.send(&request("/search?q=x").header("cookie", "dassie=wrong")).expect(429);
}

#[test]
fn handlers_are_reserved_for_the_owner() {
    let alice = TestServer::start("alice");
    // The token notes its first use, which is a write too.
    alice.get("/api/v1/timelines/home");
    // Each of these waits for the one write that holds the database.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let store = alice.app.domain.store.clone();
    let writer = std::thread::spawn(move || {
        store.write(move |_| {
            let _ = held.recv();
            Ok(())
        })
    });
    std::thread::scope(|scope| {
        let register = || {
            let app = [("client_name", "x"), ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob")];
            alice.send(&Request::new("POST", "/api/v1/apps").form(&app)).status
        };
        let waiting: Vec<_> = (0..limits::HANDLER_THREADS + 4).map(|_| scope.spawn(register)).collect();
        std::thread::sleep(std::time::Duration::from_millis(300));
        alice.send(&Request::get("/api/v1/timelines/home").bearer(&alice.token)).expect(200);
        release.send(()).unwrap();
        assert!(waiting.into_iter().all(|w| w.join().unwrap() == 200));
    });
    writer.join().unwrap().unwrap();
}
