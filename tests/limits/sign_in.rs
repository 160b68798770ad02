//! Wrong passwords delay further attempts by the same client, and do not lock out the owner.

use dassie::domain::account::password;
use dassie::limits;

use crate::support::http::Response;
use crate::support::server::PASSWORD;
use crate::support::{Request, TestServer};

struct Try<'a> {
    password: &'a str,
    from: &'a str,
    cookie: &'a str,
    origin: &'a str,
}

const WRONG: Try<'_> = Try { password: "wrong", from: "203.0.113.1", cookie: "", origin: "" };

fn sign_in(alice: &TestServer, t: &Try<'_>) -> Response {
    let mut request = Request::new("POST", "/login").header("x-forwarded-for", t.from);
    if !t.cookie.is_empty() {
        request = request.header("cookie", t.cookie);
    }
    if !t.origin.is_empty() {
        request = request.header("origin", t.origin);
    }
    alice.send(&request.form(&[("username", "alice"), ("password", t.password)]))
}

/// The cookie of the device that a sign-in has set.
fn device(response: &Response) -> String {
    let cookies = response.headers.iter().filter(|(name, _)| name == "set-cookie");
    let device = cookies.map(|(_, value)| value).find(|value| value.starts_with("dassie-device=")).unwrap();
    device.split(';').next().unwrap().to_owned()
}

#[test]
fn guesses_from_many_addresses_do_not_lock_out_other_clients() {
    let alice = TestServer::start("alice");
    let known = device(&sign_in(&alice, &Try { password: PASSWORD, ..WRONG }).expect(303));
    for n in 0..limits::LOGIN_ATTEMPTS_GLOBAL + 2 {
        sign_in(&alice, &Try { from: &format!("203.0.113.{}", n / 4), ..WRONG }).expect(422);
    }
    sign_in(&alice, &Try { password: PASSWORD, from: "198.51.100.1", ..WRONG }).expect(303);
    for _ in 0..limits::LOGIN_ATTEMPTS + 1 {
        sign_in(&alice, &WRONG);
    }
    let refused = sign_in(&alice, &Try { password: PASSWORD, ..WRONG }).expect(429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=limits::LOGIN_BACKOFF.as_secs() * 2).contains(&wait), "{wait}");
    // The same address, with the browser in which the owner has signed in before.
    sign_in(&alice, &Try { password: PASSWORD, cookie: &known, ..WRONG }).expect(303);
    let forged = format!("{known}0");
    sign_in(&alice, &Try { password: PASSWORD, cookie: &forged, ..WRONG }).expect(429);
}

#[test]
fn a_new_password_resets_the_delay() {
    let alice = TestServer::start("alice");
    for _ in 0..limits::LOGIN_ATTEMPTS {
        sign_in(&alice, &WRONG).expect(422);
    }
    sign_in(&alice, &Try { password: PASSWORD, ..WRONG }).expect(429);
    password::set(&alice.app.domain, "another password").unwrap();
    sign_in(&alice, &Try { password: "another password", ..WRONG }).expect(303);
}

#[test]
fn cross_site_forms_do_not_count_as_guesses() {
    let alice = TestServer::start("alice");
    for _ in 0..limits::LOGIN_ATTEMPTS * 2 {
        sign_in(&alice, &Try { origin: "https://evil.example", ..WRONG }).expect(403);
    }
    sign_in(&alice, &Try { password: PASSWORD, ..WRONG }).expect(303);
}
