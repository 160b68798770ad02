//! Effects of filters: `filtered` on every status, and statuses that the server leaves out.

use dassie::protocol::activitystreams::types::{Poll, PollOption};
use dassie::protocol::ids::StatusId;
use dassie::store::statuses::{NewStatus, hashtags, polls};
use dassie::store::{Conn, timelines};
use serde_json::{Value, json};

use crate::support::{Graph, TestServer, eventually};

/// Puts posts of another actor into the home timeline, each with its text.
fn arrive(graph: &Graph<'_>, alice: &TestServer, texts: &[&str]) -> Vec<StatusId> {
    let first = alice.app.domain.next_id() as usize;
    let draft = |(n, text): (usize, &&str)| NewStatus {
        content: format!("<p>{text}</p>"),
        ..graph.draft(first + n, None, false)
    };
    let drafts = texts.iter().enumerate().map(draft).collect();
    let ids: Vec<StatusId> = graph.insert(drafts).iter().map(|s| s.id).collect();
    let all = ids.clone();
    let write = move |c: &Conn| {
        all.iter().try_for_each(|id| {
            hashtags::replace(c, *id, &["many".to_owned()])?;
            timelines::insert(c, timelines::HOME, *id)
        })
    };
    alice.app.domain.store.write(write).unwrap();
    ids
}

fn filter(alice: &TestServer, action: &str, contexts: &[&str], keyword: &str) -> Value {
    alice.post(
        "/api/v2/filters",
        json!({"title": keyword, "context": contexts, "filter_action": action, "keywords_attributes": [{"keyword": keyword}]}),
    )
}

fn texts(list: &Value) -> Vec<String> {
    let text = |s: &Value| s["content"].as_str().unwrap().trim_matches(['<', '>', '/', 'p']).to_owned();
    list.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn a_matching_status_names_the_filter_and_what_matched() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    let ids = arrive(&graph, &alice, &["I like BEES and trees", "nothing"]);
    let made = filter(&alice, "warn", &["home", "account"], "bees");
    let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
    alice.post(&format!("{path}/keywords"), json!({"keyword": "tree", "whole_word": true}));
    alice.post(&format!("{path}/keywords"), json!({"keyword": "TREE", "whole_word": false}));
    let shown = |n: usize| alice.get(&format!("/api/v1/statuses/{}", ids[n]))["filtered"].clone();
    let found = shown(0);
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["filter"], alice.get(&path));
    assert_eq!(found[0]["keyword_matches"], json!(["bees", "TREE"]));
    assert_eq!(found[0]["status_matches"], json!(null));
    assert_eq!(shown(1), json!([]));
    alice.post(&format!("{path}/statuses"), json!({"status_id": ids[1].to_string()}));
    assert_eq!(shown(1)[0]["status_matches"], json!([ids[1].to_string()]));
    assert_eq!(shown(1)[0]["keyword_matches"], json!(null));
    for list in ["/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/many"] {
        let list = alice.get(list);
        assert!(list.as_array().unwrap().iter().all(|s| s["filtered"][0]["filter"]["id"] == made["id"]), "{list}");
    }
    let boost = alice.post(&format!("/api/v1/statuses/{}/reblog", ids[0]), json!({}));
    for shown in [&boost, &boost["reblog"]] {
        assert_eq!(shown["filtered"][0]["keyword_matches"], json!(["bees", "TREE"]));
    }
    alice.api("DELETE", &path, json!(null)).expect(200);
    assert_eq!(shown(0), json!([]));
    let anonymous = alice.send(&crate::support::Request::get(&format!("/api/v1/statuses/{}", ids[0]))).json();
    assert!(anonymous.get("filtered").is_none());
}

#[test]
fn every_part_of_a_post_is_searched() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    let warned = NewStatus { summary: "a spoiler".into(), ..graph.draft(1, None, false) };
    let titled = NewStatus { title: Some("a headline".into()), ..graph.draft(2, None, false) };
    let question = NewStatus { kind: "Question".into(), ..graph.draft(3, None, false) };
    let ids: Vec<StatusId> =
        graph.insert(vec![warned, titled, question, graph.draft(4, None, false)]).iter().map(|s| s.id).collect();
    let (question, picture) = (ids[2], ids[3]);
    let write = move |c: &Conn| {
        let option = PollOption { title: "an option".into(), name: "an option".into(), votes: 0 };
        let poll = Poll {
            multiple: false,
            options: vec![option],
            ends_at: None,
            closed: false,
            voters: None,
            hide_totals: false,
        };
        polls::set(c, question, &poll)?;
        let media = "INSERT INTO media (id, status_id, kind, remote_url, description, created_at) \
                     VALUES (9, ?1, 0, 'https://x.example/', 'a description', 0)";
        Ok(c.execute(media, [picture.0])?)
    };
    alice.app.domain.store.write(write).unwrap();
    for (id, keyword) in ids.iter().zip(["spoiler", "headline", "option", "description"]) {
        filter(&alice, "warn", &["home"], keyword);
        let found = alice.get(&format!("/api/v1/statuses/{id}"))["filtered"].clone();
        assert_eq!(found[0]["keyword_matches"], json!([keyword]));
    }
}

#[test]
fn hidden_statuses_are_left_out_where_the_filter_applies() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    arrive(&graph, &alice, &["good", "bad", "fine"]);
    let root = alice.posts("bad of mine", "public");
    let uri = root["uri"].as_str().unwrap().to_owned();
    let reply = |text: &str, n| NewStatus {
        content: format!("<p>{text}</p>"),
        in_reply_to_uri: Some(uri.clone()),
        ..graph.draft(n, None, false)
    };
    graph.insert(vec![reply("bad reply", 7), reply("good reply", 8)]);
    let lists = [
        ("home", "/api/v1/timelines/home".to_owned()),
        ("public", "/api/v1/timelines/public?remote=true".to_owned()),
        ("public", "/api/v1/timelines/tag/many".to_owned()),
        ("account", format!("/api/v1/accounts/{}/statuses", graph.author)),
    ];
    let context = |path: &str| texts(&alice.get(&format!("/api/v1/statuses/{}/context", path))["descendants"]);
    for hidden_in in ["home", "public", "account", "thread", "notifications"] {
        let made = filter(&alice, "hide", &[hidden_in], "bad");
        for (kind, path) in &lists {
            let found = texts(&alice.get(path));
            let is_shown = found.iter().any(|t| t == "bad");
            assert_eq!(is_shown, *kind != hidden_in, "{hidden_in}: {path}: {found:?}");
            assert!(found.iter().any(|t| t == "fine"), "{path}");
        }
        let replies = context(root["id"].as_str().unwrap());
        assert_eq!(replies.len(), if hidden_in == "thread" { 1 } else { 2 }, "{hidden_in}: {replies:?}");
        assert!(alice.sees("bad of mine").is_some(), "own posts stay");
        alice.api("DELETE", &format!("/api/v2/filters/{}", made["id"].as_str().unwrap()), json!(null)).expect(200);
    }
    filter(&alice, "warn", &["home", "public", "account", "thread"], "bad");
    assert!(alice.sees("bad<").is_some(), "a warning hides nothing");
}

#[test]
fn pages_are_filled_up_behind_hidden_statuses() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    let all: Vec<String> = (0..60).map(|n| if n % 3 == 0 { format!("good {n}") } else { format!("bad {n}") }).collect();
    arrive(&graph, &alice, &all.iter().map(String::as_str).collect::<Vec<_>>());
    filter(&alice, "hide", &["home"], "bad");
    let wanted: Vec<String> = all.iter().rev().filter(|t| t.starts_with("good")).cloned().collect();
    let walk = |first: &str, rel: &str| {
        let (mut path, mut pages) = (first.to_owned(), Vec::new());
        loop {
            let response = alice.api("GET", &path, json!(null)).expect(200);
            pages.push(texts(&response.json()));
            let links = response.header("link").unwrap_or_default().to_owned();
            let next = links.split(", ").find(|l| l.ends_with(&format!("rel=\"{rel}\"")));
            let Some(next) = next.filter(|_| !pages.last().unwrap().is_empty()) else { return pages };
            let url = next.split(['<', '>']).nth(1).unwrap();
            path = url.strip_prefix(&alice.url("")).unwrap().to_owned();
        }
    };
    let older = walk("/api/v1/timelines/home?limit=6", "next");
    assert_eq!(older.concat(), wanted);
    assert!(older[..3].iter().all(|page| page.len() == 6), "{older:?}");
    let newer = walk("/api/v1/timelines/home?limit=6&min_id=1", "prev");
    let newer: Vec<String> = newer.iter().rev().flatten().cloned().collect();
    assert_eq!(newer, wanted);
}

#[test]
fn a_page_of_hidden_statuses_links_to_the_next() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    arrive(&graph, &alice, &["good"]);
    arrive(&graph, &alice, &["bad"; 40]);
    filter(&alice, "hide", &["home"], "bad");
    let response = alice.api("GET", "/api/v1/timelines/home?limit=2", json!(null)).expect(200);
    assert_eq!(response.json(), json!([]));
    let next = response.header("link").unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    let id = next.split("max_id=").nth(1).unwrap();
    assert_eq!(texts(&alice.get(&format!("/api/v1/timelines/home?max_id={id}&limit=30"))), ["good"]);
}

#[test]
fn a_filter_ends_when_it_expires() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "ana");
    arrive(&graph, &alice, &["bad"]);
    let made = filter(&alice, "hide", &["home"], "bad");
    assert!(alice.sees("bad").is_none());
    let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"expires_in": 1})).expect(200);
    eventually("the filter expires, also for rendered pages", || alice.sees("bad").is_some());
    assert_eq!(alice.get("/api/v2/filters").as_array().unwrap().len(), 1, "it is still listed");
}
