//! Every parameter is applied or refused, and the limits that the instance advertises are enforced.

use dassie::limits;
use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Request, TestServer};

fn post(alice: &TestServer, fields: Value) -> Response {
    alice.api("POST", "/api/v1/statuses", fields)
}

fn poll(options: Vec<String>, seconds: u64) -> Value {
    json!({"status": "x", "poll": {"options": options, "expires_in": seconds}})
}

fn upload(alice: &TestServer, bytes: Vec<u8>) -> Response {
    let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    alice
        .send(&Request::new("POST", "/api/v2/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body))
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn posts_are_limited_as_advertised() {
    let alice = TestServer::start("alice");
    for version in ["v1", "v2"] {
        let c = alice.get(&format!("/api/{version}/instance"))["configuration"].clone();
        let number = |group: &str, key: &str| c[group][key].as_u64().unwrap_or_else(|| panic!("{group}.{key}"));
        let chars = number("statuses", "max_characters") as usize;
        for (more, status) in [(0, 200), (1, 422)] {
            assert_eq!(
                post(&alice, json!({"status": "x".repeat(chars + more)})).status,
                status,
                "{more} more characters"
            );
        }
        let link = format!("https://example.org/{}", "x".repeat(200));
        let room = chars - number("statuses", "characters_reserved_per_url") as usize - 1;
        for (more, status) in [(0, 200), (1, 422)] {
            let text = format!("{link} {}", "y".repeat(room + more));
            assert_eq!(post(&alice, json!({"status": text})).status, status, "{more} more beside a link");
        }
        let options = |n: u64| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        let most = number("polls", "max_options");
        assert!(most >= 2);
        let long = number("polls", "max_characters_per_option") as usize;
        let (least, longest) = (number("polls", "min_expiration"), number("polls", "max_expiration"));
        for (fields, status) in [
            (poll(options(most), least), 200),
            (poll(options(most + 1), least), 422),
            (poll(vec!["a".repeat(long), "b".into()], longest), 200),
            (poll(vec!["a".repeat(long + 1), "b".into()], longest), 422),
            (poll(options(2), least - 1), 422),
            (poll(options(2), longest + 1), 422),
        ] {
            assert_eq!(post(&alice, fields.clone()).status, status, "{fields}");
        }
    }
}

#[test]
fn media_and_profile_are_limited_as_advertised() {
    let alice = TestServer::start("alice");
    let c = alice.get("/api/v2/instance")["configuration"].clone();
    let number = |group: &str, key: &str| c[group][key].as_u64().unwrap_or_else(|| panic!("{group}.{key}")) as usize;
    let most = number("statuses", "max_media_attachments");
    let media = |n: usize| (0..n).map(|_| upload(&alice, png()).expect(200).json()["id"].clone()).collect::<Vec<_>>();
    assert_eq!(post(&alice, json!({"media_ids": media(most)})).status, 200);
    assert_eq!(post(&alice, json!({"media_ids": media(most + 1)})).status, 422);
    let size = number("media_attachments", "image_size_limit");
    let sized = |size: usize| {
        let mut bytes = png();
        bytes.resize(size, 0);
        upload(&alice, bytes).status
    };
    assert_eq!((sized(size), sized(size + 1)), (200, 413));
    let long = number("media_attachments", "description_limit");
    let id = media(1)[0].as_str().unwrap().to_owned();
    let describe =
        |n: usize| alice.api("PUT", &format!("/api/v1/media/{id}"), json!({"description": "x".repeat(n)})).status;
    assert_eq!((describe(long), describe(long + 1)), (200, 422));
    let profile = |fields: Value| alice.api("PATCH", "/api/v1/accounts/update_credentials", fields).status;
    for (key, limit) in [
        ("display_name", number("accounts", "max_display_name_length")),
        ("note", number("accounts", "max_note_length")),
        ("avatar_description", number("accounts", "max_avatar_description_length")),
        ("header_description", number("accounts", "max_header_description_length")),
    ] {
        assert_eq!(profile(json!({key: "x".repeat(limit)})), 200, "{key}");
        assert_eq!(profile(json!({key: "x".repeat(limit + 1)})), 422, "{key}");
    }
    let (count, name, value) = (
        number("accounts", "max_profile_fields"),
        number("accounts", "profile_field_name_limit"),
        number("accounts", "profile_field_value_limit"),
    );
    let fields = |n: usize, name: usize, value: usize| {
        let one = json!({"name": "n".repeat(name), "value": "v".repeat(value)});
        profile(json!({"fields_attributes": vec![one; n]}))
    };
    assert_eq!((fields(count, 1, 1), fields(count + 1, 1, 1)), (200, 422));
    assert_eq!((fields(1, name, value), fields(1, name + 1, 1), fields(1, 1, value + 1)), (200, 422, 422));
    assert_eq!(number("accounts", "max_pinned_statuses"), limits::PINS);
}

#[test]
fn unusable_values_are_refused() {
    let alice = TestServer::start("alice");
    for (fields, expected) in [
        (json!({"sensitive": "maybe"}), "sensitive"),
        (json!({"content_type": "text/html"}), "content_type"),
        (json!({"visibility": "friends"}), "visibility"),
        (json!({"quote_approval_policy": "all"}), "quote_approval_policy"),
        (json!({"scheduled_at": "2020-01-01T00:00:00Z"}), "Scheduled"),
        (json!({"poll": "yes"}), "poll"),
        (json!({"poll": {"expires_in": 600}}), "option"),
        (json!({"poll": {"options": ["a", "b"], "expires_in": "soon"}}), "expires_in"),
        (json!({"poll": {"options": ["a", "b"], "expires_in": 600, "multiple": "many"}}), "multiple"),
        (json!({"poll": {"options": ["a", "b"], "expires_in": 600, "hide_totals": 7}}), "hide_totals"),
        (json!({"poll": {"options": ["a", " a "], "expires_in": 600}}), "differ"),
        (json!({"media_ids": ["x"]}), "Media"),
    ] {
        let mut fields = fields;
        fields["status"] = json!("x");
        let refused = post(&alice, fields.clone()).expect(422).text().to_lowercase();
        assert!(refused.contains(&expected.to_lowercase()), "{fields}: {refused}");
    }
    post(&alice, json!({"status": "x", "in_reply_to_id": "12"})).expect(404);
    post(&alice, json!({"status": "x", "quoted_status_id": "12"})).expect(404);
    let made =
        post(&alice, json!({"status": "x", "language": "pt_BR", "poll": null, "sensitive": ""})).expect(200).json();
    assert_eq!((made["language"].as_str(), made["sensitive"].as_bool()), (Some("pt-BR"), Some(false)));
    let id = made["id"].as_str().unwrap();
    alice.api("POST", &format!("/api/v1/statuses/{id}/reblog"), json!({"visibility": "direct"})).expect(422);
}

#[test]
fn a_language_that_does_not_exist_counts_as_absent() {
    let alice = TestServer::start("alice");
    let source = json!({"source": {"language": "de"}});
    alice.api("PATCH", "/api/v1/accounts/update_credentials", source).expect(200);
    for unknown in ["xx-nonsense", "english", "und", "zz", "12"] {
        let made = post(&alice, json!({"status": unknown, "language": unknown})).expect(200).json();
        assert_eq!(made["language"], "de", "{unknown}: the default of the owner");
    }
    let made = post(&alice, json!({"status": "x", "language": "hak-TW"})).expect(200).json();
    let path = format!("/api/v1/statuses/{}", made["id"].as_str().unwrap());
    let edited = alice.api("PUT", &path, json!({"status": "y", "language": "xx"})).expect(200).json();
    assert_eq!(edited["language"], "hak-TW", "the language before");
    let source = json!({"source": {"language": "xx-nonsense"}});
    alice.api("PATCH", "/api/v1/accounts/update_credentials", source).expect(422);
    assert_eq!(alice.get("/api/v1/preferences")["posting:default:language"], "de");
}

#[test]
fn a_marker_is_an_id_or_the_request_is_refused() {
    let alice = TestServer::start("alice");
    for wrong in [
        json!({"home": {"last_read_id": "x"}}),
        json!({"home": {"last_read_id": -1}}),
        json!({"home": {"last_read_id": ""}}),
        json!({"home": {"last_read_id": ["5"]}}),
        json!({"home": {"last_read_id": "99999999999999999999"}}),
        json!({"home": "5"}),
        json!({"home": ["5"]}),
        json!({"home": {"last_read_id": "5"}, "notifications": {"last_read_id": -1}}),
    ] {
        alice.api("POST", "/api/v1/markers", wrong.clone()).expect(422);
        assert_eq!(alice.get("/api/v1/markers?timeline[]=home&timeline[]=notifications"), json!({}), "{wrong}");
    }
    alice.api("POST", "/api/v1/markers", json!({"home": {"last_read_id": 5}})).expect(200);
    assert_eq!(alice.get("/api/v1/markers?timeline[]=home")["home"]["last_read_id"], "5");
}

#[test]
fn the_profile_is_changed_as_requested_or_the_request_is_refused() {
    let alice = TestServer::start("alice");
    let path = "/api/v1/accounts/update_credentials";
    let patch = |fields: Value| alice.api("PATCH", path, fields);
    let fields = || alice.get("/api/v1/accounts/verify_credentials")["fields"].as_array().unwrap().len();
    let fill = || patch(json!({"fields_attributes": [{"name": "a", "value": "b"}]})).expect(200);
    for empty in [json!({}), json!([]), json!("")] {
        fill();
        assert_eq!(fields(), 1);
        patch(json!({"fields_attributes": empty})).expect(200);
        assert_eq!(fields(), 0, "{empty}");
    }
    fill();
    let blank = [("fields_attributes[0][name]", ""), ("fields_attributes[0][value]", "")];
    alice.send(&Request::new("PATCH", path).bearer(&alice.token).form(&blank)).expect(200);
    assert_eq!(fields(), 0);
    fill();
    patch(json!({"display_name": "x"})).expect(200);
    assert_eq!(fields(), 1, "what is not sent stays");
    for refused in [
        json!({"fields_attributes": "nonsense"}),
        json!({"fields_attributes": ["nonsense"]}),
        json!({"fields_attributes": [["a", "b"]]}),
        json!({"fields_attributes": [{"name": ["a"], "value": "b"}]}),
        json!({"fields_attributes": [{"name": "\u{200b}", "value": "b"}]}),
        json!({"display_name": ["a"]}),
        json!({"fields_attributes": [{"name": "", "value": "b"}]}),
        json!({"hide_collections": false}),
        json!({"attribution_domains": ["not a domain"]}),
        json!({"locked": "perhaps"}),
        json!({"avatar": "https://example.org/a.png"}),
        json!({"source": {"privacy": "friends"}}),
        json!({"source": {"quote_policy": "some"}}),
        json!({"source": {"language": "english"}}),
        json!({"source": {"sensitive": "x"}}),
    ] {
        assert_eq!(patch(refused.clone()).status, 422, "{refused}");
    }
    patch(json!({"hide_collections": true, "attribution_domains": []})).expect(200);
}

#[test]
fn source_preferences_and_new_posts_have_the_same_defaults() {
    let alice = TestServer::start("alice");
    for (privacy, sensitive, language, quotes) in
        [("unlisted", true, "de", "followers"), ("private", false, "", "nobody"), ("public", false, "en", "public")]
    {
        let source = json!({"privacy": privacy, "sensitive": sensitive, "language": language, "quote_policy": quotes});
        let me =
            alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"source": source})).expect(200).json();
        let preferences = alice.get("/api/v1/preferences");
        let made = alice.post("/api/v1/statuses", json!({"status": "x"}));
        let language = (!language.is_empty()).then_some(language);
        assert_eq!(me["source"]["privacy"], privacy);
        assert_eq!(me["source"]["sensitive"], sensitive);
        assert_eq!(me["source"]["language"], language.unwrap_or_default());
        assert_eq!(me["source"]["quote_policy"], quotes);
        assert_eq!((&me["source"]["hide_collections"], &me["hide_collections"]), (&json!(true), &json!(true)));
        assert_eq!(preferences["posting:default:visibility"], privacy);
        assert_eq!(preferences["posting:default:sensitive"], sensitive);
        assert_eq!(preferences["posting:default:language"], json!(language));
        assert_eq!(preferences["posting:default:quote_policy"], quotes);
        assert_eq!((made["visibility"].as_str(), made["sensitive"].as_bool()), (Some(privacy), Some(sensitive)));
        assert_eq!(made["language"], json!(language));
    }
}

#[test]
fn an_idempotency_key_returns_the_same_post_and_drops_none() {
    let alice = TestServer::start("alice");
    let post = |key: &str, text: &str| {
        let request = Request::new("POST", "/api/v1/statuses").bearer(&alice.token).header("idempotency-key", key);
        alice.send(&request.form(&[("status", text)]))
    };
    let id = |response: Response| response.expect(200).json()["id"].as_str().unwrap().to_owned();
    for blank in ["", " ", "\t"] {
        assert_ne!(id(post(blank, "one")), id(post(blank, "two")), "{blank:?}");
    }
    assert_eq!(id(post("k", "three")), id(post(" k ", "three")));
    let refused = post("k", "four").expect(422);
    assert!(refused.text().contains("Idempotency-Key"));
    let long = "k".repeat(2_000);
    assert_eq!(id(post(&long, "five")), id(post(&long, "five")));
    assert_ne!(id(post(&long, "five")), id(post(&format!("{long}2"), "six")));
    assert_ne!(id(post("kü", "seven")), id(post("kö", "eight")));
    assert_eq!(alice.home().len(), 6 + 1 + 1 + 1 + 2);
    let other = alice.token_with("write");
    let request = Request::new("POST", "/api/v1/statuses").bearer(&other).header("idempotency-key", "k");
    alice.send(&request.form(&[("status", "nine")])).expect(200);
}

#[test]
fn a_warning_without_a_text_is_the_text() {
    let alice = TestServer::start("alice");
    let made = post(&alice, json!({"status": "", "spoiler_text": "only cw"})).expect(200).json();
    assert_eq!((made["content"].as_str(), made["spoiler_text"].as_str()), (Some("<p>only cw</p>"), Some("")));
    let id = made["id"].as_str().unwrap();
    let edited = alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": " ", "spoiler_text": "again"}));
    let edited = edited.expect(200).json();
    assert_eq!((edited["content"].as_str(), edited["spoiler_text"].as_str()), (Some("<p>again</p>"), Some("")));
    let media = upload(&alice, png()).expect(200).json()["id"].clone();
    let made = post(&alice, json!({"status": "", "spoiler_text": "picture", "media_ids": [media]})).expect(200).json();
    assert_eq!((made["content"].as_str(), made["spoiler_text"].as_str()), (Some(""), Some("picture")));
    post(&alice, json!({"status": " ", "spoiler_text": " "})).expect(422);
}

#[test]
fn lists_of_ids_have_one_entry_for_each() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    let id = alice.finds(&bob);
    let query = format!("id[]={id}&id[]={id}&id={id}&id[]=12&id[]=x");
    for path in ["accounts/relationships", "accounts", "accounts/familiar_followers"] {
        let found = alice.get(&format!("/api/v1/{path}?{query}"));
        assert_eq!(found.as_array().unwrap().len(), 1, "{path}: {found}");
        assert_eq!(found[0]["id"], json!(id), "{path}");
    }
    assert_eq!(alice.get(&format!("/api/v1/accounts/familiar_followers?id[]={id}"))[0]["accounts"], json!([]));
    let post = alice.posts("x", "public")["id"].as_str().unwrap().to_owned();
    let posts = alice.get(&format!("/api/v1/statuses?id[]={post}&id[]={post}"));
    assert_eq!(posts.as_array().unwrap().len(), 1);
}

#[test]
fn a_list_in_place_of_one_value_is_refused() {
    let alice = TestServer::start("alice");
    let later = "2027-01-01T00:00:00Z";
    for (field, value) in [
        ("visibility", json!(["private"])),
        ("visibility", json!({"is": "private"})),
        ("visibility", json!([])),
        ("scheduled_at", json!([later])),
        ("spoiler_text", json!(["a warning"])),
        ("language", json!(["de"])),
        ("sensitive", json!([true])),
        ("in_reply_to_id", json!(["1"])),
        ("quoted_status_id", json!({"id": "1"})),
        ("quote_approval_policy", json!(["nobody"])),
        ("content_type", json!(["text/markdown"])),
    ] {
        let mut fields = json!({"status": "not for everyone"});
        fields[field] = value.clone();
        let refused = post(&alice, fields).expect(422).text();
        assert!(refused.contains(&format!("{field} must be one value")), "{field} = {value}: {refused}");
    }
    let form = |body: &str| {
        let request = Request::new("POST", "/api/v1/statuses").bearer(&alice.token);
        alice.send(&request.body("application/x-www-form-urlencoded", body.as_bytes().to_vec())).status
    };
    assert_eq!(form("status=x&visibility[]=direct"), 422);
    assert_eq!(alice.get("/api/v1/accounts/verify_credentials")["statuses_count"], 0, "nothing was published");
    assert_eq!(form("status=x&visibility=direct"), 200);
    for fields in [json!({"title": ["a"]}), json!({"title": "a", "exclusive": [true]})] {
        alice.api("POST", "/api/v1/lists", fields).expect(422);
    }
    for (field, value) in [
        ("filter_action", json!(["hide"])),
        ("expires_in", json!([60])),
        ("keywords_attributes", json!(["a keyword"])),
        ("keywords_attributes", json!("a keyword")),
    ] {
        let mut fields = json!({"title": "a", "context": ["home"]});
        fields[field] = value;
        alice.api("POST", "/api/v2/filters", fields).expect(422);
    }
    assert_eq!(alice.get("/api/v2/filters"), json!([]));
}

/// A parameter that is neither a list nor an element of one would otherwise count as absent.
#[test]
fn an_object_in_place_of_a_list_is_refused() {
    let alice = TestServer::start("alice");
    let filter = alice.post("/api/v2/filters", json!({"title": "a", "context": ["home"]}));
    let made = post(&alice, json!({"status": "x"})).expect(200).json();
    let filter = format!("/api/v2/filters/{}", filter["id"].as_str().unwrap());
    let status = format!("/api/v1/statuses/{}", made["id"].as_str().unwrap());
    for (method, path, field) in [
        ("PUT", filter.as_str(), "context"),
        ("PUT", &filter, "keywords_attributes"),
        ("PUT", &status, "media_ids"),
        ("PUT", &status, "media_attributes"),
        ("POST", "/api/v1/statuses", "media_ids"),
        ("PATCH", "/api/v1/profile", "attribution_domains"),
        ("PATCH", "/api/v1/profile", "fields_attributes"),
        ("PATCH", "/api/v1/profile", "avatar"),
        ("POST", "/api/v1/notifications/requests/accept", "id"),
        ("POST", "/api/v1/apps", "scopes"),
    ] {
        for wrong in [json!({"a": "1"}), json!([["1"]]), json!([{"a": [1]}])] {
            let mut fields = json!({"status": "not this", "client_name": "x", "redirect_uris": "https://a.example/"});
            fields[field] = wrong.clone();
            let refused = alice.api(method, path, fields).expect(422).text().to_lowercase();
            assert!(
                refused.contains(field.trim_end_matches("s_attributes")),
                "{method} {path} {field} = {wrong}: {refused}"
            );
        }
    }
    alice.api("POST", "/api/v1/notifications/requests/dismiss", json!({"id": ["zz"]})).expect(422);
    alice.api("PUT", &status, json!({"status": "x", "media_attributes": [{"description": "y"}]})).expect(422);
    assert_eq!(alice.get(&status)["edited_at"], Value::Null);
    assert_eq!(alice.get("/api/v1/accounts/verify_credentials")["statuses_count"], 1);
}

#[test]
fn names_without_visible_characters_are_blank() {
    let alice = TestServer::start("alice");
    for blank in ["\u{200b}", "\u{2800}\u{ad}"] {
        alice.api("POST", "/api/v1/lists", json!({"title": blank})).expect(422);
        let filter = |title: &str, keyword: &str| json!({"title": title, "context": ["home"], "keywords_attributes": [{"keyword": keyword}]});
        alice.api("POST", "/api/v2/filters", filter(blank, "rain")).expect(422);
        alice.api("POST", "/api/v2/filters", filter("weather", blank)).expect(422);
    }
}

#[test]
fn an_edit_refuses_what_it_cannot_change() {
    let alice = TestServer::start("alice");
    let first = post(&alice, json!({"status": "first"})).expect(200).json();
    let reply = post(&alice, json!({"status": "second", "in_reply_to_id": first["id"], "visibility": "unlisted"}));
    let reply = reply.expect(200).json();
    let path = format!("/api/v1/statuses/{}", reply["id"].as_str().unwrap());
    let edit = |more: Value| {
        let mut fields = json!({"status": "changed"});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        alice.api("PUT", &path, fields).status
    };
    assert_eq!(edit(json!({"in_reply_to_id": reply["id"]})), 422);
    assert_eq!(edit(json!({"spoiler_text": ["a warning"]})), 422);
    assert!(alice.get(&path)["content"].as_str().unwrap().contains("second"));
    assert_eq!(edit(json!({"visibility": "unlisted", "in_reply_to_id": first["id"]})), 200);
    for other in ["public", "private", "direct"] {
        assert_eq!(edit(json!({"visibility": other})), 200, "{other}");
        assert_eq!(alice.get(&path)["visibility"], "unlisted", "as in Mastodon, an edit keeps the visibility");
    }
}

#[test]
fn a_reaction_must_be_visible() {
    let alice = TestServer::start("alice");
    let id = post(&alice, json!({"status": "x"})).expect(200).json()["id"].as_str().unwrap().to_owned();
    let react = |text: &str| alice.api("POST", &format!("/api/v1/statuses/{id}/react/{text}"), json!({})).status;
    for nothing in ["%20", "%E2%80%8D", "%EF%B8%8F", "%21"] {
        assert_eq!(react(nothing), 422, "{nothing}");
    }
    for emoji in ["%F0%9F%91%8D", "1%EF%B8%8F%E2%83%A3", "%E2%9D%A4%EF%B8%8F"] {
        assert_eq!(react(emoji), 200, "{emoji}");
    }
}

#[test]
fn a_policy_requires_a_valid_host_name() {
    let alice = TestServer::start("alice");
    let block = |host: &str| alice.api("POST", "/api/v1/domain_blocks", json!({"domain": host})).status;
    let long = format!("{}.example", "a".repeat(64));
    let longer = "a.".repeat(130) + "example";
    for never in ["*", "*.example.org", "a..example", "-a.example", "a-.example", &long, &longer] {
        assert_eq!(block(never), 422, "{never}");
    }
    assert_eq!(block("Example.ORG."), 200);
    assert_eq!(alice.get("/api/v1/domain_blocks"), json!(["example.org"]));
}
