use std::collections::BTreeMap;

use dassie::domain::inspect::{self, Setting, Xray};
use dassie::protocol::activitystreams;
use dassie::store::statuses;
use serde_json::Value;

use super::index::entries;
use super::rows::Rows;
use super::scene::Scene;
use super::stage::{Stage, Troupe};
use super::{fetched, html, wrap};
use crate::support::TestServer;

/// Maintained by hand: the expected effect of each document according to its index, and the reasons of deliberate
/// differences (`FEDERATION.md`).
pub const TABLE: &str = include_str!("../fixtures/interop.tsv");

/// Alice, and the servers that act as the others.
pub struct Theatre {
    pub alice: TestServer,
    pub troupe: Troupe,
    /// A public post of Alice.
    pub post: String,
    /// Every document by its name.
    pub documents: BTreeMap<String, Value>,
    /// The results that the index requires, by file name.
    outcomes: BTreeMap<String, String>,
}

impl Theatre {
    pub fn new() -> Option<Self> {
        let entries = entries();
        let documents: BTreeMap<String, Value> = entries.iter().flat_map(wrap::parts).collect();
        let outcomes = entries.into_iter().map(|e| (e.name, e.outcome)).collect();
        if documents.is_empty() {
            return None;
        }
        let alice = TestServer::start("alice");
        let post = alice.posts("the post that others speak of", "public")["uri"].as_str().unwrap().to_owned();
        Some(Self { alice, troupe: Troupe::new(), post, documents, outcomes })
    }

    /// The result of a document in a scene: the status of the response, the verdict of the x-ray just before, and the
    /// changes afterwards.
    fn play(&self, name: &str, words: &str) -> String {
        let (scene, document) = (Scene::new(words), &self.documents[name]);
        if let Some(found) = fetched::play(self, &scene, document) {
            return found;
        }
        let Some((activity, actor)) = wrap::wrapped(document) else { return self.play_as_it_is(document) };
        let mut stage = Stage::set(&self.alice, &self.troupe, &activity, &actor);
        scene.prepare(&mut stage, &self.post);
        if let Some(other) = scene.value("serves") {
            let other = stage.cast(&self.documents[other]);
            stage.serves(other["id"].as_str().unwrap(), other.clone());
        }
        if let Some(before) = scene.value("after") {
            let (before, _) = wrap::wrapped(&self.documents[before]).unwrap();
            assert_eq!(stage.delivers(&stage.cast(&before)), 202);
        }
        let (rows, sent) = (Rows::of(&self.alice), stage.sent());
        let x = examine(&self.alice, &stage.document);
        let status = stage.delivers(&stage.document);
        let mut seen = rows.changes(&Rows::of(&self.alice));
        seen.extend(without(stage.sent(), &sent));
        check_reading(name, &self.alice, &x, &seen);
        if scene.has("unknown") && stage.requests_actor() {
            seen.push("asked for the actor".into());
        }
        let object = &stage.document["object"];
        if name.starts_with("pasture/html-tags-summary") {
            seen.push(html::shown(&x.content_warning.clone().unwrap_or_default(), &object["summary"]));
        } else if name.starts_with("pasture/html") {
            seen.push(html::shown(&x.html.clone().unwrap_or_default(), &object["content"]));
        }
        stage.strikes(&self.post);
        let fetches = if x.fetches.is_empty() { "" } else { " after a fetch" };
        line(status, &format!("{}{fetches}", verdict(&x)), &seen)
    }

    /// Documents that are not ActivityPub are sent unchanged.
    fn play_as_it_is(&self, document: &Value) -> String {
        let (peer, rows) = (self.troupe.next(), Rows::of(&self.alice));
        let status = peer.delivers(&self.alice, "mallory", document).status;
        line(status, "-", &rows.changes(&Rows::of(&self.alice)))
    }
}

/// What of a list was not there before.
fn without(mut now: Vec<String>, before: &[String]) -> Vec<String> {
    for old in before {
        now.extract_if(.., |n| n == old).next();
    }
    now
}

pub fn line(status: u16, verdict: &str, seen: &[String]) -> String {
    let seen = if seen.is_empty() { "nothing".to_owned() } else { seen.join(", ") };
    format!("{status}\t{verdict}\t{seen}")
}

fn examine(alice: &TestServer, document: &Value) -> Xray {
    inspect::examine(&alice.app.domain, document, Setting::default()).unwrap()
}

/// The verdict with the code of its reason.
fn verdict(x: &Xray) -> String {
    match x.reason {
        Some(code) => format!("{}: {code}", x.verdict.split(':').next().unwrap_or_default()),
        None => x.verdict.clone(),
    }
}

/// The x-ray must have predicted the result, and the stored post must match what was read.
fn check_reading(name: &str, alice: &TestServer, x: &Xray, seen: &[String]) {
    let stored = seen.iter().any(|s| s.starts_with("+post"));
    assert!(x.verdict != "stored" || stored, "{name} is reported as stored; {seen:?}");
    let nothing = seen.iter().all(|s| s.starts_with("sent"));
    let idle = x.verdict.starts_with("ignored") || x.verdict.starts_with("refused");
    assert!(!idle || nothing, "{name} is reported as {}; {seen:?}", x.verdict);
    let Some(uri) = x.object.as_deref().filter(|_| x.verdict == "stored") else { return };
    let post = alice.app.domain.store.read(|c| statuses::by_uri(c, uri)).unwrap().unwrap();
    assert_eq!(Some(post.content), x.html, "{name}");
    assert_eq!(
        (post.title, Some(post.summary)),
        (x.title.clone(), Some(x.content_warning.clone().unwrap_or_default())),
        "{name}"
    );
    assert!(post.url == x.url && post.in_reply_to_uri == x.in_reply_to && post.language == x.language, "{name}");
}

/// Compares an outcome with what was found, by the terms of the index alone, regardless of the table.
fn agrees(outcome: &str, found: &str) -> bool {
    let expects = |words: &str| outcome.contains(words);
    let shows = |words: &str| found.contains(words);
    let last = outcome.rsplit([':', ';']).next().unwrap_or_default().trim();
    let ignored = last == "ignore" || last.starts_with("ignore silently");
    // A Dislike is a reaction by now.
    !(ignored && !outcome.starts_with("extra") && !outcome.starts_with("Dislike") && !found.ends_with("\tnothing")
        || (expects("never public") || expects("not public") || expects("not become public"))
            && (shows("post public") || shows("boost public"))
        || (expects("not become a boost") || expects("not boosts")) && shows("+boost")
        || (expects("not a follow") || expects("NOT a follow")) && shows("following")
        || expects("a vote, not a post") && (shows("+post") || !shows("+vote"))
        || expects("never a usable actor") && shows("actor")
        || expects("without fetch") && shows("asked for")
        || expects("count only") && (shows("+post") || !shows("+counts"))
        || expects("refuse, or refetch") && shows("+post") && !shows("as-served")
        || expects("never trust the inline copy") && shows("+post") && !shows("as-served")
        || expects("keep the actor") && !shows("~actor")
        || expects("keep the note") && !shows("+post"))
}

#[test]
fn every_document_has_the_expected_effect() {
    let Some(theatre) = Theatre::new() else { return };
    let mut wrong = Vec::new();
    let mut played = Vec::new();
    for row in TABLE.lines().filter(|l| !l.starts_with('#')) {
        let mut columns = row.splitn(3, '\t');
        let (name, scene, expected) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        assert!(theatre.documents.contains_key(name), "{name} does not exist");
        // Only a failure shows it.
        println!("{name} {scene}");
        let found = theatre.play(name, scene);
        assert!(!found.starts_with('5'), "{name} gets status {found}");
        let outcome = theatre.outcomes.get(name).map(String::as_str).unwrap_or_default();
        assert!(agrees(outcome, &found), "{name} is {found}, and the index states: {outcome}");
        if found != expected {
            wrong.push(format!("{name}\t{scene}\t{found}"));
        }
        played.push(name);
    }
    let missing: Vec<_> = theatre.documents.keys().filter(|name| !played.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    assert!(wrong.is_empty(), "found otherwise:\n{}", wrong.join("\n"));
}

/// What a NodeBB category sends of one thread, as a Discourse server received it: the post as an object and as an
/// activity, and likes of it by four people.
#[test]
fn a_thread_that_is_announced_many_times_is_stored_as_one_post() {
    let Some(theatre) = Theatre::new() else { return };
    let names = theatre.documents.keys().filter(|n| n.starts_with("discourse/received-")).cloned().collect::<Vec<_>>();
    let (first, actor) = wrap::wrapped(&theatre.documents["discourse/received-1"]).unwrap();
    let mut stage = Stage::set(&theatre.alice, &theatre.troupe, &first, &actor);
    Scene::new("group followed served@/object").prepare(&mut stage, &theatre.post);
    let before = Rows::of(&theatre.alice);
    for name in &names {
        let others = wrap::wrapped(&theatre.documents[name]).unwrap().0;
        assert!(activitystreams::read_activity(&others).is_ok());
        assert_eq!(stage.delivers(&stage.cast(&others)), 202, "{name}");
    }
    assert_eq!(names.len(), 9);
    let seen = before.changes(&Rows::of(&theatre.alice));
    assert!(seen.len() == 1 && seen[0].starts_with("+post public"), "{seen:?}");
}
