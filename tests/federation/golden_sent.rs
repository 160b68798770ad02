//! Every activity that we send, as another server receives it, compared with a file as in `golden`.

use dassie::domain::account::moving::{self, Cooldown};
use serde_json::{Value, json};

use super::golden::compare;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// Alice, and Ana on another server.
struct Pair {
    alice: TestServer,
    peer: Peer,
    /// Our id of Ana.
    ana: String,
}

impl Pair {
    /// Alice follows Ana, and Ana follows Alice.
    fn friends() -> Self {
        let pair = Self::unconnected();
        super::moving::follow(&pair.alice, &pair.peer, "ana");
        pair.requests_follow("1");
        eventually("ana follows", || pair.alice.rows()[1] == 1);
        pair
    }

    fn unconnected() -> Self {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        peer.add_actor("ana");
        let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("ana")));
        let ana = found["accounts"][0]["id"].as_str().unwrap().to_owned();
        Self { alice, peer, ana }
    }

    /// Ana sends a Follow to Alice.
    fn requests_follow(&self, id: &str) {
        let activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/follows/{id}", self.peer.base),
            "type": "Follow", "actor": self.peer.actor("ana"), "object": self.alice.actor(),
        });
        self.peer.delivers(&self.alice, "ana", &activity).expect(202);
    }

    /// A note of Ana that Alice sees: our id.
    fn note(&self, id: &str, more: Value) -> String {
        let mut create = self.peer.note("ana", id, &format!("said by ana in {id}"), &[PUBLIC]);
        create["object"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.peer.serve(&format!("/notes/{id}"), create["object"].clone());
        self.peer.delivers(&self.alice, "ana", &create).expect(202);
        let text = format!("said by ana in {id}");
        eventually("her note is stored", || self.alice.sees(&text).is_some());
        self.alice.sees(&text).unwrap()["id"].as_str().unwrap().to_owned()
    }

    fn does(&self, path: &str) -> Value {
        self.alice.post(path, json!({}))
    }

    /// Waits for an activity and compares it with its file.
    fn sent(&self, name: &str, is: impl Fn(&Value) -> bool) -> Value {
        let find = || self.peer.received().into_iter().find(&is);
        eventually(name, || find().is_some());
        let activity = find().unwrap();
        self.compare(name, activity.clone());
        activity
    }

    fn compare(&self, name: &str, value: Value) {
        let peer = self.peer.base.strip_prefix("http://").unwrap();
        compare(&format!("sent/{name}"), value, &[(&self.alice.authority, "dassie.example"), (peer, "peer.example")]);
    }
}

fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |a| a["type"] == kind
}

/// An activity of one type around an object of another, or with a member in it.
fn around(kind: &'static str, what: &'static str) -> impl Fn(&Value) -> bool {
    move |a| a["type"] == kind && (a["object"]["type"] == what || a["object"].get(what).is_some())
}

#[test]
fn activities_between_accounts_match_their_golden_files() {
    let pair = Pair::unconnected();
    let (alice, ana) = (&pair.alice, &pair.ana);
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"locked": true})).expect(200);
    let requested = || alice.get("/api/v1/follow_requests").as_array().unwrap().len() == 1;
    pair.requests_follow("1");
    eventually("the follow request is listed", requested);
    pair.does(&format!("/api/v1/follow_requests/{ana}/reject"));
    pair.sent("reject_follow", is("Reject"));
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"locked": false})).expect(200);
    pair.requests_follow("2");
    pair.sent("accept_follow", is("Accept"));
    super::moving::follow(alice, &pair.peer, "ana");
    pair.sent("follow", is("Follow"));
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Alice", "note": "words"}));
    pair.sent("update_person", |a| a["type"] == "Update" && a["object"]["name"] == "Alice");
    let bad = pair.note("bad", json!({}));
    let report = json!({"account_id": ana, "status_ids": [bad], "comment": "unkind", "forward": true});
    alice.post("/api/v1/reports", report);
    pair.sent("flag", is("Flag"));
    pair.does(&format!("/api/v1/accounts/{ana}/unfollow"));
    pair.sent("undo_follow", around("Undo", "Follow"));
    pair.peer.add_actor("new");
    let mut new = pair.peer.document("/users/new");
    new["alsoKnownAs"] = json!([alice.actor()]);
    pair.peer.serve("/users/new", new);
    moving::move_out(&alice.app.domain, &pair.peer.actor("new"), Cooldown::Respected).unwrap();
    pair.sent("move", is("Move"));
    pair.does(&format!("/api/v1/accounts/{ana}/block"));
    pair.sent("block", is("Block"));
    pair.does(&format!("/api/v1/accounts/{ana}/unblock"));
    pair.sent("undo_block", around("Undo", "Block"));
}

#[test]
fn activities_about_posts_match_their_golden_files() {
    let pair = Pair::friends();
    let alice = &pair.alice;
    let post = alice.post("/api/v1/statuses", json!({"status": "Hello #World", "language": "en"}));
    pair.sent("create", around("Create", "Note"));
    let id = post["id"].as_str().unwrap();
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "Hello again", "language": "en"})).expect(200);
    pair.sent("update_note", around("Update", "Note"));
    pair.does(&format!("/api/v1/statuses/{id}/pin"));
    pair.sent("add", is("Add"));
    pair.does(&format!("/api/v1/statuses/{id}/unpin"));
    pair.sent("remove", is("Remove"));
    alice.api("DELETE", &format!("/api/v1/statuses/{id}"), json!(null)).expect(200);
    pair.sent("delete", is("Delete"));
    let hers = pair.note("hers", json!({}));
    for (action, name, kind) in [("favourite", "like", "Like"), ("reblog", "announce", "Announce")] {
        pair.does(&format!("/api/v1/statuses/{hers}/{action}"));
        pair.sent(name, is(kind));
        pair.does(&format!("/api/v1/statuses/{hers}/un{action}"));
        pair.sent(&format!("undo_{name}"), around("Undo", kind));
    }
    pair.does(&format!("/api/v1/statuses/{hers}/react/%F0%9F%8E%89"));
    pair.sent("reaction", |a| a["type"] == "Like" && a.get("content").is_some());
    pair.does(&format!("/api/v1/statuses/{hers}/unreact/%F0%9F%8E%89"));
    pair.sent("undo_reaction", |a| a["type"] == "Undo" && a["object"].get("content").is_some());
}

#[test]
fn activities_about_polls_match_their_golden_files() {
    let pair = Pair::friends();
    let alice = &pair.alice;
    let poll = json!({"options": ["tea", "coffee"], "expires_in": 600});
    let question = alice.post("/api/v1/statuses", json!({"status": "What to drink?", "language": "en", "poll": poll}));
    pair.sent("create_question", around("Create", "Question"));
    let id: i64 = question["id"].as_str().unwrap().parse().unwrap();
    let ended = dassie::domain::now().millis() - 1_000;
    let end = move |c: &dassie::store::Conn| {
        c.execute("UPDATE polls SET ends_at = ?2 WHERE status_id = ?1", [id, ended])?;
        c.execute("UPDATE jobs SET due = 1 WHERE kind = 'poll_end'", [])?;
        Ok(())
    };
    alice.app.domain.store.write(end).unwrap();
    alice.app.domain.signals.jobs.notify();
    pair.sent("update_question", around("Update", "Question"));
    let options = json!([{"type": "Note", "name": "hay"}, {"type": "Note", "name": "grass"}]);
    let hers = pair.note("poll", json!({"type": "Question", "anyOf": options, "endTime": "2099-01-01T00:00:00Z"}));
    alice.post(&format!("/api/v1/polls/{hers}/votes"), json!({"choices": [1]}));
    pair.sent("vote", around("Create", "name"));
}

#[test]
fn activities_about_approvals_match_their_golden_files() {
    let pair = Pair::friends();
    let (alice, base) = (&pair.alice, &pair.peer.base);
    let policy = json!({"interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}}});
    let hers = pair.note("quotable", policy);
    alice.post("/api/v1/statuses", json!({"status": "Look", "language": "en", "quoted_status_id": hers}));
    pair.sent("create_quote", around("Create", "quote"));
    let request = pair.sent("quote_request", is("QuoteRequest"));
    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{base}/accepts/1"), "type": "Accept",
        "actor": pair.peer.actor("ana"), "object": request["id"], "result": format!("{base}/stamps/1"),
    });
    pair.peer.delivers(alice, "ana", &accept).expect(202);
    pair.sent("update_quote", around("Update", "quoteAuthorization"));

    let ours = alice.post("/api/v1/statuses", json!({"status": "Quote me", "language": "en"}));
    let quoting = pair.note("quoting", json!({"quote": ours["uri"]}));
    let request = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{base}/asks/1"), "type": "QuoteRequest",
        "actor": pair.peer.actor("ana"), "object": ours["uri"], "instrument": format!("{base}/notes/quoting"),
    });
    pair.peer.delivers(alice, "ana", &request).expect(202);
    let accept = pair.sent("accept_quote_request", |a| a["type"] == "Accept" && a.get("result").is_some());
    let stamp = accept["result"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
    pair.compare("quote_stamp", alice.send(&Request::get(&stamp).activity()).expect(200).json());
    pair.does(&format!("/api/v1/statuses/{}/quotes/{quoting}/revoke", ours["id"].as_str().unwrap()));
    pair.sent("delete_quote_stamp", is("Delete"));
    let closed = json!({"status": "Do not quote me", "quote_approval_policy": "nobody"});
    let closed = alice.post("/api/v1/statuses", closed);
    let request = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{base}/asks/2"), "type": "QuoteRequest",
        "actor": pair.peer.actor("ana"), "object": closed["uri"], "instrument": format!("{base}/notes/quoting"),
    });
    pair.peer.delivers(alice, "ana", &request).expect(202);
    pair.sent("reject_quote_request", is("Reject"));

    let policy = json!({"interactionPolicy": {"canReply": {"manualApproval": [PUBLIC]}}});
    let guarded = pair.note("guarded", policy);
    alice.post("/api/v1/statuses", json!({"status": "May I?", "language": "en", "in_reply_to_id": guarded}));
    pair.sent("reply_request", is("ReplyRequest"));
}
