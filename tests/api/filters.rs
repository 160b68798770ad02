//! Filters as apps create, read and change them, in v2 and v1.

use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Request, TestServer};

fn create(alice: &TestServer, fields: Value) -> Value {
    alice.post("/api/v2/filters", fields)
}

fn texts(filter: &Value) -> Vec<(String, bool)> {
    let keyword = |k: &Value| (k["keyword"].as_str().unwrap().to_owned(), k["whole_word"].as_bool().unwrap());
    filter["keywords"].as_array().unwrap().iter().map(keyword).collect()
}

#[test]
fn a_filter_is_created_in_every_spelling() {
    let alice = TestServer::start("alice");
    let form = |fields: &[(&str, &str)]| {
        alice.send(&Request::new("POST", "/api/v2/filters").bearer(&alice.token).form(fields)).expect(200).json()
    };
    let keywords = json!([{"keyword": "foo", "whole_word": "0"}, {"keyword": "bar", "whole_word": true}]);
    let made = [
        create(
            &alice,
            json!({"title": "test", "context": ["home", "public"], "filter_action": "hide", "keywords_attributes": keywords}),
        ),
        create(
            &alice,
            json!({"title": "test", "context": ["home", "public"], "filter_action": "hide",
            "keywords_attributes": {"0": {"keyword": "foo", "whole_word": false}, "1": {"keyword": "bar"}}}),
        ),
        form(&[
            ("title", "test"),
            ("context[]", "home"),
            ("context[]", "public"),
            ("filter_action", "hide"),
            ("keywords_attributes[][keyword]", "foo"),
            ("keywords_attributes[][whole_word]", "false"),
            ("keywords_attributes[][keyword]", "bar"),
            ("keywords_attributes[][whole_word]", "true"),
        ]),
        form(&[
            ("title", "test"),
            ("context[0]", "home"),
            ("context[1]", "public"),
            ("filter_action", "hide"),
            ("keywords_attributes[1][keyword]", "bar"),
            ("keywords_attributes[0][keyword]", "foo"),
            ("keywords_attributes[0][whole_word]", "0"),
            ("expires_in", ""),
        ]),
    ];
    for filter in &made {
        assert_eq!(filter["title"], "test");
        assert_eq!(filter["context"], json!(["home", "public"]));
        assert_eq!(filter["filter_action"], "hide");
        assert_eq!(filter["expires_at"], json!(null));
        assert_eq!(filter["statuses"], json!([]));
        assert_eq!(texts(filter), [("foo".to_owned(), false), ("bar".to_owned(), true)], "{filter}");
        let id = filter["id"].as_str().unwrap();
        assert_eq!(&alice.get(&format!("/api/v2/filters/{id}")), filter);
        assert_eq!(alice.get(&format!("/api/v2/filters/{id}/keywords")), filter["keywords"]);
    }
    assert_eq!(alice.get("/api/v2/filters").as_array().unwrap().len(), made.len());
    let least = create(&alice, json!({"title": "least", "context": "thread"}));
    assert_eq!((least["filter_action"].as_str(), texts(&least).len()), (Some("warn"), 0));
}

#[test]
fn a_filter_is_changed_in_part() {
    let alice = TestServer::start("alice");
    let made = create(
        &alice,
        json!({
            "title": "test", "context": ["public"], "expires_in": 3600,
            "keywords_attributes": [{"keyword": "foo"}, {"keyword": "bar", "whole_word": false}],
        }),
    );
    let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
    let put = |fields: Value| alice.api("PUT", &path, fields).expect(200).json();
    let expires = made["expires_at"].as_str().unwrap();
    assert!(expires.ends_with('Z') && expires.len() == 24, "{expires}");
    let changed = put(json!({
        "filter_action": "blur",
        "keywords_attributes": [
            {"id": made["keywords"][0]["id"], "_destroy": "true"},
            {"id": made["keywords"][1]["id"], "keyword": "baz"},
            {"keyword": "new"},
        ],
    }));
    assert_eq!(texts(&changed), [("baz".to_owned(), false), ("new".to_owned(), true)]);
    assert_eq!((&changed["title"], &changed["expires_at"]), (&made["title"], &made["expires_at"]), "the rest stays");
    assert_eq!(changed["filter_action"], "blur");
    assert_eq!(put(json!({"expires_in": "", "title": "other"}))["expires_at"], json!(null));
    assert_eq!(put(json!({"context": ["account", "home"]}))["context"], json!(["home", "account"]));
    alice.api("DELETE", &path, json!(null)).expect(200);
    alice.api("GET", &path, json!(null)).expect(404);
    alice.api("DELETE", &path, json!(null)).expect(404);
    let gone = format!("/api/v2/filters/keywords/{}", changed["keywords"][0]["id"].as_str().unwrap());
    alice.api("GET", &gone, json!(null)).expect(404);
}

#[test]
fn keywords_and_statuses_have_endpoints_of_their_own() {
    let alice = TestServer::start("alice");
    let made = create(&alice, json!({"title": "test", "context": ["home"]}));
    let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
    let keyword = alice.post(&format!("{path}/keywords"), json!({"keyword": " some ", "whole_word": false}));
    assert_eq!((keyword["keyword"].as_str(), keyword["whole_word"].as_bool()), (Some("some"), Some(false)));
    let of_keyword = format!("/api/v2/filters/keywords/{}", keyword["id"].as_str().unwrap());
    assert_eq!(alice.get(&of_keyword), keyword);
    let other = alice.api("PUT", &of_keyword, json!({"keyword": "other"})).expect(200).json();
    assert_eq!((&other["id"], other["keyword"].as_str()), (&keyword["id"], Some("other")));
    assert_eq!(other["whole_word"], false);
    let post = alice.posts("hello", "public");
    let entry = alice.post(&format!("{path}/statuses"), json!({"status_id": post["id"]}));
    assert_eq!(entry["status_id"], post["id"]);
    assert_eq!(alice.post(&format!("{path}/statuses"), json!({"status_id": post["id"]})), entry, "it is there once");
    assert_eq!(alice.get(&format!("{path}/statuses")), json!([entry]));
    assert_eq!(alice.get(&path)["statuses"], json!([entry]));
    let of_entry = format!("/api/v2/filters/statuses/{}", entry["id"].as_str().unwrap());
    assert_eq!(alice.get(&of_entry), entry);
    for path in [&of_keyword, &of_entry] {
        assert_eq!(alice.api("DELETE", path, json!(null)).expect(200).json(), json!({}));
        alice.api("DELETE", path, json!(null)).expect(404);
    }
    let rest = alice.get(&path);
    assert_eq!((&rest["keywords"], &rest["statuses"]), (&json!([]), &json!([])));
    alice.post(&format!("{path}/statuses"), json!({"status_id": post["id"]}));
    alice.api("DELETE", &format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()), json!(null)).expect(200);
    assert_eq!(alice.get(&path)["statuses"], json!([]), "a deleted post leaves the filter");
}

#[test]
fn apps_of_mastodon_3_see_keywords_as_filters() {
    let alice = TestServer::start("alice");
    let made =
        alice.post("/api/v1/filters", json!({"phrase": "test", "context": ["home", "thread"], "irreversible": true}));
    for (key, value) in [
        ("phrase", json!("test")),
        ("context", json!(["home", "thread"])),
        ("irreversible", json!(true)),
        ("whole_word", json!(false)),
        ("expires_at", json!(null)),
    ] {
        assert_eq!(made[key], value, "{key}");
    }
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/filters/{id}");
    assert_eq!(alice.get(&path), made);
    let new = alice.get("/api/v2/filters")[0].clone();
    assert_eq!((new["title"].as_str(), new["filter_action"].as_str()), (Some("test"), Some("hide")));
    assert_eq!(new["keywords"][0]["id"], made["id"]);
    let fields =
        json!({"phrase": "tests", "context": ["home"], "whole_word": true, "irreversible": false, "expires_in": 60});
    let changed = alice.api("PUT", &path, fields).expect(200).json();
    assert_eq!((changed["phrase"].as_str(), changed["irreversible"].as_bool()), (Some("tests"), Some(false)));
    assert!(changed["whole_word"] == true && changed["expires_at"].is_string(), "{changed}");
    let whole = format!("/api/v2/filters/{}", new["id"].as_str().unwrap());
    alice.post(&format!("{whole}/keywords"), json!({"keyword": "more"}));
    assert_eq!(alice.get("/api/v1/filters").as_array().unwrap().len(), 2);
    alice.api("PUT", &path, json!({"phrase": "x", "context": ["public"]})).expect(422);
    assert_eq!(alice.get(&path)["phrase"], "tests", "nothing is half-done");
    alice.api("PUT", &path, json!({"phrase": "x", "context": ["home"]})).expect(200);
    for keyword in alice.get("/api/v1/filters").as_array().unwrap() {
        let path = format!("/api/v1/filters/{}", keyword["id"].as_str().unwrap());
        alice.api("DELETE", &path, json!(null)).expect(200);
    }
    assert_eq!(alice.get("/api/v2/filters"), json!([]), "nothing is left of the filter");
}

#[test]
fn invalid_filters_are_refused_with_the_reason() {
    let alice = TestServer::start("alice");
    let refused = |response: Response, expected: &str| {
        let text = response.expect(422).json()["error"].as_str().unwrap().to_owned();
        assert!(text.starts_with("Validation failed: ") && text.contains(expected), "{text}");
    };
    let post = |fields: Value| alice.api("POST", "/api/v2/filters", fields);
    let long = "x".repeat(600);
    for (fields, expected) in [
        (json!({"context": ["home"]}), "Title can't be blank"),
        (json!({"title": " ", "context": ["home"]}), "Title can't be blank"),
        (json!({"title": long, "context": ["home"]}), "Title is too long"),
        (json!({"title": "x"}), "Context can't be blank"),
        (json!({"title": "x", "context": []}), "Context can't be blank"),
        (json!({"title": "x", "context": ["home", "work"]}), "invalid context"),
        (json!({"title": "x", "context": ["home"], "filter_action": "explode"}), "filter_action"),
        (json!({"title": "x", "context": ["home"], "expires_in": "soon"}), "expires_in"),
        (
            json!({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]}),
            "Keyword can't be blank",
        ),
        (json!({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": long}]}), "Keyword is too long"),
    ] {
        refused(post(fields), expected);
    }
    post(json!({"title": "x", "context": ["home"], "keywords_attributes": [{"id": "12", "keyword": "x"}]})).expect(404);
    assert_eq!(alice.get("/api/v2/filters"), json!([]), "a refused filter leaves nothing");
    let path =
        format!("/api/v2/filters/{}", post(json!({"title": "x", "context": ["home"]})).json()["id"].as_str().unwrap());
    refused(alice.api("POST", &format!("{path}/keywords"), json!({})), "Keyword can't be blank");
    alice.api("POST", &format!("{path}/statuses"), json!({"status_id": "12"})).expect(404);
    alice.api("POST", &format!("{path}/statuses"), json!({})).expect(400);
    refused(alice.api("POST", "/api/v1/filters", json!({"context": ["home"]})), "Phrase can't be blank");
    refused(alice.api("POST", "/api/v1/filters", json!({"phrase": "x"})), "Context can't be blank");
    for path in ["/api/v2/filters/12", "/api/v2/filters/x", "/api/v1/filters/12", "/api/v2/filters/12/keywords"] {
        alice.api("GET", path, json!(null)).expect(404);
    }
    let big: Vec<Value> = (0..150).map(|n| json!({"keyword": format!("{n}{}", "x".repeat(500))})).collect();
    refused(post(json!({"title": "x", "context": ["home"], "keywords_attributes": big})), "too long");
    let reader = alice.token_with("read:filters");
    let request =
        Request::new("POST", "/api/v2/filters").bearer(&reader).form(&[("title", "x"), ("context[]", "home")]);
    alice.send(&request).expect(403);
}
