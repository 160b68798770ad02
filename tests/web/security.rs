//! Signed-in browsers, the password, apps and tokens, and the health of the server.

use super::browser::{Browser, values};
use crate::support::Request;

#[test]
fn browsers_are_listed_and_signed_out() {
    let b = Browser::new();
    let (other, _) = b.alice.session();
    let (third, _) = b.alice.session();
    let page = b.page("/settings/security");
    assert_eq!(page.matches("this browser").count(), 1, "{page}");
    let ids = values(&page, "action=\"/settings/security/sessions/");
    let ids: Vec<&str> = ids.into_iter().filter_map(|path| path.strip_suffix("/end")).collect();
    assert_eq!(ids.len(), 3, "{page}");
    let is_in = |cookie: &str| b.alice.send(&Request::get("/home").header("cookie", cookie)).status == 200;
    assert!(is_in(&other) && is_in(&third));
    let newest = ids.iter().max().unwrap();
    b.submits(&format!("/settings/security/sessions/{newest}/end"), &[]);
    assert!(is_in(&other) && !is_in(&third));
    b.submits("/settings/security/sessions/end-others", &[]);
    assert!(!is_in(&other) && is_in(&b.cookie));
}

#[test]
fn a_new_password_signs_out_every_browser_and_app() {
    let b = Browser::new();
    let path = "/settings/security/password";
    let wrong = b.tries(path, &[("current", "nonsense"), ("new", "a longer password")]).expect(422).text();
    assert!(wrong.contains("The current password is wrong"), "{wrong}");
    let short = b.tries(path, &[("current", "correct horse"), ("new", "short")]).expect(422).text();
    assert!(short.contains("Password must have"), "{short}");
    assert_eq!(b.opens("/home").status, 200);
    let done = b.tries(path, &[("current", "correct horse"), ("new", "a longer password")]).expect(200).text();
    assert!(done.contains("Password changed") && done.contains("href=\"/login\""), "{done}");
    b.opens("/home").expect(303);
    b.alice.api("GET", "/api/v1/accounts/verify_credentials", serde_json::json!(null)).expect(401);
    let login = [("username", "alice"), ("password", "a longer password")];
    b.alice.send(&Request::new("POST", "/login").form(&login)).expect(303);
}

#[test]
fn an_app_is_created_listed_and_revoked_and_its_token_shown_once() {
    let b = Browser::new();
    let page = b.page("/settings/development");
    assert!(page.contains("urn:ietf:wg:oauth:2.0:oob") && page.contains("value=\"read\" checked"), "{page}");
    let fields = [
        ("name", "Rock <bot>"),
        ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob\r\nhttps://bot.example/cb"),
        ("scopes[]", "read"),
        ("scopes[]", "write"),
    ];
    let made = b.tries("/settings/development", &fields).expect(200).text();
    let value = |id: &str| values(&made, &format!("id=\"{id}\" class=\"code\" value=\""))[0].to_owned();
    let token = value("access_token");
    let verify = |path: &str| b.alice.send(&Request::get(path).bearer(&token)).status;
    assert_eq!(verify("/api/v1/accounts/verify_credentials"), 200);
    let app = [("client_id", value("client_id")), ("client_secret", value("client_secret"))];
    let app: Vec<(&str, &str)> = app.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let of_app = [&app[..], &[("grant_type", "client_credentials")]].concat();
    b.alice.send(&Request::new("POST", "/oauth/token").form(&of_app)).expect(200);
    let list = b.page("/settings/apps");
    assert!(list.contains("Rock &lt;bot&gt;") && list.contains("Token from the command line"), "{list}");
    assert!(!list.contains(&token) && !list.contains(app[1].1), "secrets are shown once");
    let entry = list.split("Rock &lt;bot&gt;").next().unwrap().rsplit("action=\"/settings/apps/").next().unwrap();
    let id = entry.split('/').next().unwrap().to_owned();
    b.submits(&format!("/settings/apps/{id}/revoke"), &[]);
    assert_eq!(verify("/api/v1/accounts/verify_credentials"), 401);
    b.tries(&format!("/settings/apps/{id}/revoke"), &[]).expect(404);
    b.submits("/settings/apps/revoke-all", &[]);
    assert!(b.page("/settings/apps").contains("No app uses your account"));
    let rejected = b.tries("/settings/development", &[("name", "x"), ("redirect_uris", "javascript:alert(1)")]);
    let rejected = rejected.expect(422).text();
    assert!(rejected.contains("role=\"alert\"") && rejected.contains("javascript:alert(1)</textarea>"), "{rejected}");
}

#[test]
fn the_owner_creates_an_app_while_others_fill_the_table_of_unused_ones() {
    let b = Browser::new();
    for n in 0..dassie::limits::UNUSED_APPS_PER_ADDRESS + 1 {
        let fields = [("client_name", format!("app {n}")), ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        b.alice.send(&Request::new("POST", "/api/v1/apps").form(&fields));
    }
    let fields = [("name", "bot"), ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"), ("scopes[]", "read")];
    b.tries("/settings/development", &fields).expect(200);
}

#[test]
fn the_page_of_the_server_names_queues_storage_and_errors() {
    let b = Browser::new();
    let page = b.page("/settings/server");
    for text in ["Deliveries", "Database", env!("CARGO_PKG_VERSION"), "No errors"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let broken = |c: &dassie::store::Conn| {
        let sql = "INSERT INTO jobs (kind, subject, attempts, due, error) VALUES ('thread', '<7>', 3, 9000000000000, 'no route')";
        Ok(c.execute(sql, [])?)
    };
    b.alice.app.domain.store.write(broken).unwrap();
    let page = b.page("/settings/server");
    assert!(page.contains("thread &lt;7&gt;") && page.contains("no route") && !page.contains("No errors"), "{page}");
}
