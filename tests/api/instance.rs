//! Instance information: counts, texts and rules of the owner.

use dassie::config::{Config, Federation};
use dassie::protocol::text::language_tag;
use serde_json::{Value, json};

use crate::support::{Graph, Request, TestServer};
use crate::web::browser::Browser;

fn anonymous(alice: &TestServer, path: &str, status: u16) -> Value {
    alice.send(&Request::get(path)).expect(status).json()
}

#[test]
fn the_instance_describes_the_actual_configuration() {
    let alice = TestServer::start("alice");
    let get = |path: &str| anonymous(&alice, path, 200);
    assert_eq!(get("/api/v2/instance")["languages"], json!(["en"]));
    for language in ["de", "pt-BR", "de"] {
        alice.post("/api/v1/statuses", json!({"status": language, "language": language}));
    }
    let v2 = get("/api/v2/instance");
    assert_eq!(v2["languages"], json!(["de", "pt-BR"]));
    assert_eq!(v2["usage"]["users"]["active_month"], 1);
    assert_eq!(v2["icon"][0]["size"], "400x400");
    assert_eq!(get("/api/v1/instance")["languages"], v2["languages"]);
    let weeks = get("/api/v1/instance/activity");
    let weeks = weeks.as_array().unwrap();
    assert_eq!(weeks.len(), 12);
    assert_eq!(weeks[0]["statuses"], "3");
    assert_eq!((&weeks[0]["logins"], &weeks[0]["registrations"]), (&json!("1"), &json!("1")));
    assert_eq!((&weeks[11]["logins"], &weeks[11]["statuses"]), (&json!("0"), &json!("0")));
    let monday: i64 = weeks[0]["week"].as_str().unwrap().parse().unwrap();
    assert_eq!((monday / 86_400 + 3) % 7, 0, "weeks begin on Monday");
}

#[test]
fn languages_are_offered_by_their_tags() {
    let alice = TestServer::start("alice");
    let list = anonymous(&alice, "/api/v1/instance/languages", 200);
    let codes: Vec<&str> = list.as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap()).collect();
    assert!(codes.len() > 180 && codes.is_sorted(), "{}", codes.len());
    for code in &codes {
        assert_eq!(language_tag(code).as_deref(), Some(*code));
    }
    assert!(list.as_array().unwrap().contains(&json!({"code": "de", "name": "German"})));
    assert_eq!(anonymous(&alice, "/health", 200), json!({"status": "OK"}));
}

#[test]
fn known_servers_are_listed_unless_they_are_suspended_or_the_owner_declines() {
    let list = |publish_peers: bool| {
        let federation = Federation { publish_peers, ..Federation::default() };
        let alice = TestServer::start_with("alice", Config { federation, ..Config::default() });
        Graph::new(&alice, "ana");
        let note = |c: &dassie::store::Conn| {
            c.execute("INSERT INTO hosts (host, first_seen) VALUES ('peer.example', 1), ('unknown.example', 1)", [])?;
            Ok(())
        };
        alice.app.domain.store.write(note).unwrap();
        alice
    };
    let alice = list(true);
    assert_eq!(anonymous(&alice, "/api/v1/instance/peers", 200), json!(["peer.example"]));
    alice.post("/api/v1/domain_blocks", json!({"domain": "peer.example"}));
    assert_eq!(anonymous(&alice, "/api/v1/instance/peers", 200), json!([]));
    anonymous(&list(false), "/api/v1/instance/peers", 404);
}

#[test]
fn domain_policies_are_for_the_owner_unless_they_are_published() {
    for publish_blocks in [false, true] {
        let federation = Federation { publish_blocks, ..Federation::default() };
        let alice = TestServer::start_with("alice", Config { federation, ..Config::default() });
        alice.post("/api/v1/domain_blocks", json!({"domain": "bad.example"}));
        let path = "/api/v1/instance/domain_blocks";
        let own = alice.get(path);
        assert_eq!((&own[0]["domain"], &own[0]["severity"]), (&json!("bad.example"), &json!("suspend")));
        assert_eq!(own[0]["digest"].as_str().unwrap().len(), 64);
        match publish_blocks {
            true => assert_eq!(anonymous(&alice, path, 200), own),
            false => drop(anonymous(&alice, path, 404)),
        }
    }
}

#[test]
fn texts_and_rules_of_the_owner_are_in_apps_and_on_the_about_page() {
    let b = Browser::new();
    let get = |path: &str, status: u16| anonymous(&b.alice, &format!("/api/v1/instance/{path}"), status);
    assert_eq!((get("extended_description", 200)["content"].as_str(), get("rules", 200)), (Some(""), json!([])));
    get("terms_of_service", 404);
    let fields = [
        ("description", "About **rocks** <script>alert(1)</script>"),
        ("privacy", "We log nothing."),
        ("terms", "Be kind."),
        ("rules", "No lions\r\n\r\n No eagles "),
    ];
    b.submits("/settings/about", &fields);
    let html = get("extended_description", 200)["content"].as_str().unwrap().to_owned();
    assert!(html.contains("<strong>rocks</strong>") && !html.contains("<script"), "{html}");
    assert!(get("privacy_policy", 200)["content"].as_str().unwrap().contains("We log nothing"));
    let terms = get("terms_of_service", 200);
    let date = terms["effective_date"].as_str().unwrap();
    assert_eq!(get(&format!("terms_of_service/{date}"), 200), terms);
    get("terms_of_service/2001-01-01", 404);
    let rules = get("rules", 200);
    assert_eq!((&rules[0]["text"], &rules[1]["text"]), (&json!("No lions"), &json!("No eagles")));
    let v2 = anonymous(&b.alice, "/api/v2/instance", 200);
    assert_eq!(v2["rules"], rules);
    assert_eq!(v2["configuration"]["urls"]["privacy_policy"], b.alice.url("/about#privacy"));
    let about = b.alice.send(&Request::get("/about")).expect(200).text();
    for text in ["<strong>rocks</strong>", "No eagles", "id=\"privacy\"", "Be kind."] {
        assert!(about.contains(text), "{text}: {about}");
    }
    b.submits("/settings/about", &[("rules", "No eagles\nNo snakes"), ("terms", "")]);
    let after = get("rules", 200);
    assert_eq!((&after[0]["id"], after[1]["id"] == rules[0]["id"]), (&rules[1]["id"], false), "a rule keeps its id");
    get("terms_of_service", 404);
    let many = "rule\n".repeat(21);
    assert!(b.tries("/settings/about", &[("rules", &many)]).expect(422).text().contains("too many rules"));
}

#[test]
fn a_report_names_its_category_posts_and_rules() {
    let b = Browser::new();
    let (ana, bea) = (Graph::new(&b.alice, "ana"), Graph::new(&b.alice, "bea"));
    let posts = [ana.replies([(1, None)])[0].id.to_string(), bea.replies([(1, None)])[0].id.to_string()];
    b.submits("/settings/about", &[("rules", "No lions")]);
    let report =
        json!({"account_id": ana.author.to_string(), "status_ids": posts, "rule_ids": ["1"], "comment": "roars"});
    let filed = b.alice.post("/api/v1/reports", report.clone());
    assert_eq!((&filed["category"], &filed["rule_ids"]), (&json!("violation"), &json!(["1"])));
    assert_eq!(filed["status_ids"], json!([posts[0]]), "posts of others are left out");
    let mut unknown = report;
    unknown["rule_ids"] = json!(["7"]);
    let refused = b.alice.api("POST", "/api/v1/reports", unknown.clone()).expect(422).json();
    assert_eq!(refused["error"], "Validation failed: Rule ids does not reference valid rules");
    b.alice.api("POST", "/api/v1/reports", unknown).expect(422);
    b.alice.api("POST", "/api/v1/announcements/1/dismiss", json!({})).expect(404);
}
