//! Apps, authorization codes and tokens.

use dassie::domain::account::oauth::{self, Holder, OOB, Registration, Scopes};
use dassie::domain::now;
use dassie::limits;
use dassie::protocol::secret;
use dassie::store::account::apps;
use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Request, TestServer};

const BACK: &str = "https://app.example/back";

fn register(alice: &TestServer, redirect: &str) -> Value {
    let fields = [("client_name", "App"), ("redirect_uris", redirect), ("scopes", "read write")];
    alice.send(&Request::new("POST", "/api/v1/apps").form(&fields)).expect(200).json()
}

#[test]
fn scopes_are_a_text_or_a_list() {
    let alice = TestServer::start("alice");
    for scopes in [json!("read write"), json!(["read", "write"]), json!(["read write"])] {
        let fields = json!({"client_name": "App", "redirect_uris": [BACK], "scopes": scopes});
        let made = alice
            .send(&Request::new("POST", "/api/v1/apps").body("application/json", fields.to_string()))
            .expect(200)
            .json();
        assert_eq!(made["scopes"], json!(["read", "write"]), "{scopes}");
    }
    let fields = [("client_name", "App"), ("redirect_uris", BACK), ("scopes[]", "read"), ("scopes[]", "follow")];
    let made = alice.send(&Request::new("POST", "/api/v1/apps").form(&fields)).expect(200).json();
    assert_eq!(made["scopes"], json!(["read", "follow"]));
    let fields = json!({"client_name": "App", "redirect_uris": BACK, "scopes": ["everything"]});
    alice.send(&Request::new("POST", "/api/v1/apps").body("application/json", fields.to_string())).expect(400);
}

/// The owner opens the authorization page with these parameters and agrees.
fn authorize(alice: &TestServer, fields: &[(&str, &str)]) -> Response {
    let (cookie, csrf) = alice.session();
    let mut all = vec![("decision", "allow"), ("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    let request =
        Request::new("POST", "/oauth/authorize").header("cookie", &cookie).header("sec-fetch-site", "same-origin");
    alice.send(&request.header("origin", &alice.url("")).form(&all))
}

/// A code for an app, with a PKCE challenge or without.
fn code(alice: &TestServer, app: &Value, verifier: Option<&str>) -> String {
    let challenge = verifier.map(secret::pkce_challenge);
    let mut fields = vec![
        ("client_id", app["client_id"].as_str().unwrap()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "read"),
    ];
    if let Some(challenge) = &challenge {
        fields.extend([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
    }
    let location = authorize(alice, &fields).expect(303).header("location").unwrap().to_owned();
    location.strip_prefix(&format!("{BACK}?code=")).unwrap().to_owned()
}

fn exchange(alice: &TestServer, app: &Value, code: &str, more: &[(&str, &str)]) -> Response {
    let mut fields =
        vec![("grant_type", "authorization_code"), ("client_id", app["client_id"].as_str().unwrap()), ("code", code)];
    fields.extend_from_slice(more);
    alice.send(&Request::new("POST", "/oauth/token").form(&fields))
}

fn error(response: Response, status: u16) -> String {
    response.expect(status).json()["error"].as_str().unwrap().to_owned()
}

fn works(alice: &TestServer, token: &str) -> bool {
    alice.send(&Request::get("/api/v1/accounts/verify_credentials").bearer(token)).status == 200
}

#[test]
fn a_verifier_without_a_challenge_is_refused() {
    let alice = TestServer::start("alice");
    let app = register(&alice, BACK);
    let secret = ("client_secret", app["client_secret"].as_str().unwrap());
    let verifier = "v".repeat(50);
    let back = ("redirect_uri", BACK);
    let plain = code(&alice, &app, None);
    assert_eq!(
        error(exchange(&alice, &app, &plain, &[secret, back, ("code_verifier", &verifier)]), 400),
        "invalid_grant"
    );
    exchange(&alice, &app, &plain, &[secret, back]).expect(200);
    let guarded = code(&alice, &app, Some(&verifier));
    assert_eq!(error(exchange(&alice, &app, &guarded, &[secret, back]), 400), "invalid_grant");
    exchange(&alice, &app, &guarded, &[back, ("code_verifier", &verifier)]).expect(200);
}

#[test]
fn the_token_request_repeats_the_redirect_uri() {
    let alice = TestServer::start("alice");
    let app = register(&alice, &format!("{BACK}\n{OOB}"));
    let secret = ("client_secret", app["client_secret"].as_str().unwrap());
    let code = code(&alice, &app, None);
    assert_eq!(error(exchange(&alice, &app, &code, &[secret]), 400), "invalid_request");
    assert_eq!(error(exchange(&alice, &app, &code, &[secret, ("redirect_uri", OOB)]), 400), "invalid_grant");
    exchange(&alice, &app, &code, &[secret, ("redirect_uri", BACK)]).expect(200);
}

#[test]
fn a_token_is_revoked_by_its_own_app_only() {
    let alice = TestServer::start("alice");
    let (app, other) = (register(&alice, BACK), register(&alice, BACK));
    let code = code(&alice, &app, None);
    let proof = [("client_secret", app["client_secret"].as_str().unwrap()), ("redirect_uri", BACK)];
    let token = exchange(&alice, &app, &code, &proof).expect(200).json()["access_token"].clone();
    let token = token.as_str().unwrap();
    let revoke = |by: &Value| {
        let fields = [("client_id", "client_id"), ("client_secret", "client_secret")];
        let mut fields = fields.map(|(name, key)| (name, by[key].as_str().unwrap())).to_vec();
        fields.push(("token", token));
        alice.send(&Request::new("POST", "/oauth/revoke").form(&fields))
    };
    let refused = revoke(&other).expect(403).json();
    let expected = json!({
        "error": "unauthorized_client", "error_description": "You are not authorized to revoke this token",
    });
    assert_eq!(refused, expected);
    assert!(works(&alice, token));
    assert_eq!(revoke(&app).expect(200).json(), json!({}));
    assert!(!works(&alice, token));
}

#[test]
fn a_token_request_names_its_grant_type() {
    let alice = TestServer::start("alice");
    let app = register(&alice, BACK);
    let fields = ["client_id", "client_secret"].map(|key| (key, app[key].as_str().unwrap()));
    let request =
        |more: &[(&str, &str)]| alice.send(&Request::new("POST", "/oauth/token").form(&[&fields[..], more].concat()));
    assert_eq!(error(request(&[]), 400), "invalid_request");
    assert_eq!(error(request(&[("grant_type", "password")]), 400), "unsupported_grant_type");
}

#[test]
fn a_used_code_revokes_its_token_only_when_its_client_repeats_it() {
    let alice = TestServer::start("alice");
    let (app, other) = (register(&alice, BACK), register(&alice, BACK));
    let secret = ("client_secret", app["client_secret"].as_str().unwrap());
    let back = ("redirect_uri", BACK);
    let code = code(&alice, &app, None);
    let token = exchange(&alice, &app, &code, &[secret, back]).expect(200).json()["access_token"].clone();
    let token = token.as_str().unwrap();
    let others = ("client_secret", other["client_secret"].as_str().unwrap());
    assert_eq!(error(exchange(&alice, &app, &code, &[back]), 401), "invalid_client");
    assert_eq!(error(exchange(&alice, &app, &code, &[("client_secret", "wrong"), back]), 401), "invalid_client");
    assert_eq!(error(exchange(&alice, &other, &code, &[others, back]), 400), "invalid_grant");
    assert!(works(&alice, token));
    assert_eq!(error(exchange(&alice, &app, &code, &[secret, back]), 400), "invalid_grant");
    assert!(!works(&alice, token));
}

#[test]
fn an_authorization_request_must_have_response_type_code() {
    let alice = TestServer::start("alice");
    let app = register(&alice, BACK);
    let id = ("client_id", app["client_id"].as_str().unwrap());
    let back = ("redirect_uri", BACK);
    let challenge = secret::pkce_challenge("v");
    for (more, status) in [
        (vec![], 400),
        (vec![("response_type", "token")], 400),
        (vec![("response_type", "code token")], 400),
        (vec![("response_type", "code"), ("code_challenge", &challenge)], 400),
        (vec![("response_type", "code"), ("code_challenge", &challenge), ("code_challenge_method", "plain")], 400),
        (vec![("response_type", "code"), ("code_challenge", "short"), ("code_challenge_method", "S256")], 400),
        (vec![("response_type", "code"), ("code_challenge_method", "S256")], 400),
        (vec![("response_type", "code"), ("scope", "push")], 400),
        (vec![("response_type", "code")], 303),
    ] {
        let fields = [vec![id, back], more].concat();
        assert_eq!(authorize(&alice, &fields).status, status, "{fields:?}");
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let page = Request::get(&format!("/oauth/authorize?{query}")).header("cookie", &alice.session().0);
        assert_eq!(alice.send(&page).status, if status == 303 { 200 } else { status }, "{query}");
    }
}

#[test]
fn unsafe_redirect_uris_are_refused_at_registration() {
    let alice = TestServer::start("alice");
    for bad in ["https:evil", "https://a@evil.example/", "view-source:https://a.example/", "http://app.example/back"] {
        let fields = [("client_name", "App"), ("redirect_uris", bad)];
        let response = alice.send(&Request::new("POST", "/api/v1/apps").form(&fields)).expect(422);
        assert!(response.text().contains("Redirect URI"), "{bad}");
    }
    for good in ["http://localhost:3000/cb", "app://back", OOB] {
        register(&alice, good);
    }
}

#[test]
fn a_client_may_send_its_id_in_the_body_and_its_secret_in_the_header() {
    let alice = TestServer::start("alice");
    let app = register(&alice, OOB);
    let pair = |secret: &str| {
        use base64::Engine;
        let text = format!("{}:{secret}", app["client_id"].as_str().unwrap());
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
    };
    let request = |header: String, id: &str| {
        let fields = [("grant_type", "client_credentials"), ("client_id", id)];
        alice.send(&Request::new("POST", "/oauth/token").header("authorization", &header).form(&fields)).status
    };
    let id = app["client_id"].as_str().unwrap();
    assert_eq!(request(pair(app["client_secret"].as_str().unwrap()), id), 200);
    assert_eq!(request(pair("wrong"), id), 401);
    assert_eq!(request(pair(app["client_secret"].as_str().unwrap()), "another"), 401);
}

#[test]
fn tokens_without_a_user_never_replace_those_of_the_owner() {
    let alice = TestServer::start("alice");
    let domain = &alice.app.domain;
    let registration = Registration { name: "App".into(), redirect_uris: vec![OOB.into()], ..Registration::default() };
    let (app, _) = oauth::register(domain, registration).unwrap();
    let read = Scopes::parse("read").unwrap();
    let mine = oauth::issue(domain, Some(app.id), Holder::Owner, &read).unwrap();
    let alone: Vec<_> = (0..=limits::APP_TOKENS_PER_APP)
        .map(|_| oauth::issue(domain, Some(app.id), Holder::App, &read).unwrap().secret)
        .collect();
    let others =
        (0..250).map(|n| apps::Token { id: dassie::protocol::ids::TokenId(n), owner: false, ..mine.token.clone() });
    let others: Vec<_> = others.collect();
    domain
        .store
        .write(move |c| {
            let keep = limits::APP_TOKENS_PER_APP;
            others.iter().try_for_each(|t| apps::insert_token(c, &t.id.to_string(), t, keep))
        })
        .unwrap();
    assert!(works(&alice, &mine.secret) && works(&alice, &alice.token));
    let status = |token: &str| alice.send(&Request::get("/api/v1/apps/verify_credentials").bearer(token)).status;
    assert_eq!(status(alone.last().unwrap()), 200, "the newest are kept");
    assert_eq!(status(&alone[0]), 401, "one app has a limited number of them");
}

#[test]
fn the_least_recently_used_token_of_an_app_is_removed_first() {
    let alice = TestServer::start("alice");
    let domain = &alice.app.domain;
    let registration = Registration { name: "App".into(), redirect_uris: vec![OOB.into()], ..Registration::default() };
    let (app, _) = oauth::register(domain, registration).unwrap();
    let read = Scopes::parse("read").unwrap();
    let issue = || oauth::issue(domain, Some(app.id), Holder::Owner, &read).unwrap().secret;
    let (in_use, idle) = (issue(), issue());
    assert!(works(&alice, &in_use));
    let noted = domain.store.read(|c| apps::token(c, &secret::hash(&in_use))).unwrap().unwrap().used_at;
    assert!(noted.is_some_and(|at| at <= now()), "its use is noted");
    for _ in 1..limits::TOKENS_PER_APP {
        issue();
    }
    assert!(works(&alice, &in_use) && !works(&alice, &idle));
}

fn rows(alice: &TestServer, count: i64, age: std::time::Duration, address: &str) {
    let (at, address) = (now().minus(age), address.to_owned());
    let store = &alice.app.domain.store;
    let base =
        store.read(|c| Ok(c.query_row("SELECT ifnull(max(id), 0) FROM apps", [], |r| r.get::<_, i64>(0))?)).unwrap();
    let insert = move |c: &dassie::store::Conn| {
        for n in 1..=count {
            let id = base + n;
            let sql = "INSERT INTO apps VALUES (?1, ?1, '', 'x', NULL, 'x:y', 'read', ?2, ?3, NULL)";
            c.execute(sql, rusqlite::params![id, at, address])?;
        }
        Ok(())
    };
    store.write(insert).unwrap();
}

#[test]
fn registrations_never_remove_an_app_in_use() {
    let alice = TestServer::start("alice");
    let hour = std::time::Duration::from_secs(3_700);
    let app = register(&alice, BACK);
    rows(&alice, limits::UNUSED_APPS_PER_ADDRESS - 1, std::time::Duration::ZERO, "127.0.0.1");
    let fields = [("client_name", "App"), ("redirect_uris", OOB)];
    let more = Request::new("POST", "/api/v1/apps").form(&fields);
    let refused = alice.send(&more).expect(429);
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() <= 3_600);
    exchange(&alice, &app, &code(&alice, &app, Some("v")), &[("redirect_uri", BACK), ("code_verifier", "v")])
        .expect(200);
    alice.send(&more).expect(200);
    alice.send(&more).expect(429);
    rows(&alice, 1, hour, "127.0.0.1");
    alice.send(&more).expect(200);
    alice.send(&more).expect(429);
    let id = app["client_id"].as_str().unwrap();
    assert!(oauth::app(&alice.app.domain, id).is_ok(), "it has a token");
}

#[test]
fn apps_that_were_never_used_are_removed_by_their_age() {
    let alice = TestServer::start("alice");
    let used = register(&alice, BACK);
    code(&alice, &used, None);
    rows(&alice, 3, limits::UNUSED_APP_AGE * 2, "192.0.2.1");
    rows(&alice, 3, limits::UNUSED_APP_AGE / 2, "192.0.2.1");
    let count = |c: &dassie::store::Conn| Ok(c.query_row("SELECT count(*) FROM apps", [], |r| r.get::<_, i64>(0))?);
    let store = &alice.app.domain.store;
    assert_eq!(store.read(count).unwrap(), 7);
    let (registered, last_used) = (now().minus(limits::UNUSED_APP_AGE), now().minus(limits::USED_APP_AGE));
    store.write(move |c| apps::purge_unused(c, registered, last_used)).unwrap();
    assert_eq!(store.read(count).unwrap(), 4);
}

#[test]
fn a_sign_in_window_retains_its_opener() {
    let alice = TestServer::start("alice");
    let opener = |path: &str, cookie: &str| {
        let response = alice.send(&Request::get(path).header("cookie", cookie));
        (response.status, response.header("cross-origin-opener-policy").map(str::to_owned))
    };
    let app = register(&alice, BACK);
    let authorize = format!(
        "/oauth/authorize?response_type=code&redirect_uri={BACK}&client_id={}",
        app["client_id"].as_str().unwrap()
    );
    assert_eq!(opener("/login", ""), (200, None));
    assert_eq!(opener(&authorize, &alice.session().0), (200, None));
    assert_eq!(opener("/home", &alice.session().0), (200, Some("same-origin".to_owned())));
}

#[test]
fn web_apps_may_read_the_pictures_that_the_api_names() {
    let alice = TestServer::start("alice");
    let me = alice.get("/api/v1/accounts/verify_credentials");
    for member in ["avatar", "avatar_static", "header", "header_static"] {
        let url = me[member].as_str().unwrap();
        let path = url.strip_prefix(&alice.url("")).unwrap_or_else(|| panic!("{url}"));
        let response = alice.send(&Request::get(path)).expect(200);
        assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{path}");
    }
}

/// A registration once removed all unused apps, each of which cost a search of all posts.
#[test]
fn a_registration_removes_one_app_and_maintenance_the_old_ones() {
    let alice = TestServer::start("alice");
    // Old enough to be replaced, and too young to be removed by their age.
    let created = now().millis() - 2 * limits::APP_GRACE.as_millis() as i64;
    let full = format!(
        "INSERT INTO apps (id, client_id, client_secret, name, redirect_uris, scopes, created_at, address) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) \
         SELECT i, 'old ' || i, 'x', 'App', '[]', 'read', {created} + i, '203.0.113.7' FROM n",
        limits::UNUSED_APPS_PER_ADDRESS
    );
    alice.app.domain.store.write(move |c| Ok(c.execute(&full, [])?)).unwrap();
    let old = |server: &dassie::store::Store| -> i64 {
        let sql = "SELECT count(*) FROM apps WHERE client_id LIKE 'old %'";
        server.read(|c| Ok(c.query_row(sql, [], |r| r.get(0))?)).unwrap()
    };
    let fields = [("client_name", "App"), ("redirect_uris", BACK), ("scopes", "read")];
    let request = Request::new("POST", "/api/v1/apps").header("x-forwarded-for", "203.0.113.7").form(&fields);
    alice.send(&request).expect(200);
    assert_eq!(old(&alice.app.domain.store), limits::UNUSED_APPS_PER_ADDRESS - 1);
    let age = limits::UNUSED_APP_AGE.as_millis() as i64;
    let make_old = move |c: &dassie::store::Conn| Ok(c.execute("UPDATE apps SET created_at = created_at - ?1", [age])?);
    alice.app.domain.store.write(make_old).unwrap();
    let (authority, dir) = (alice.authority.clone(), alice.stops());
    let site = dassie::domain::urls::Site::new(&authority, None).unwrap();
    let server = dassie::server::Server::open(dir.path(), dassie::config::Config::default(), site).unwrap();
    let store = server.app().domain.store.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            server.serve(listener, async { drop(stopped.await) }).await.unwrap();
        });
    });
    crate::support::eventually("maintenance removes them", || old(&store) == 0);
    stop.send(()).unwrap();
    thread.join().unwrap();
}
