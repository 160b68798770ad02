//! Documents that are fetched, not delivered: collections, WebFinger, and posts served by another host than their id's.

use dassie::protocol::activitystreams::{id_of, origin_of, same_origin};
use dassie::protocol::ids::StatusId;
use dassie::store::queues::jobs;
use dassie::store::{Conn, statuses};
use serde_json::{Value, json};

use super::delivery::{Theatre, line};
use super::rows::Rows;
use super::scene::Scene;
use super::stage::Stage;
use crate::federation::world::PUBLIC;

const LISTS: &[&str] = &["outbox", "featured", "followers", "following", "replies"];

/// True if the document of a scene is fetched and not delivered.
pub fn is_fetched(scene: &Scene) -> bool {
    LISTS.iter().chain(&["handle", "elsewhere", "stamp"]).any(|word| scene.has(word))
}

/// The result of a document that is fetched in this scene; `None` if it is to be delivered.
pub fn play(theatre: &Theatre, scene: &Scene, document: &Value) -> Option<String> {
    if scene.has("handle") {
        return Some(handle(theatre, document));
    }
    if scene.has("elsewhere") {
        return Some(elsewhere(theatre, scene, document));
    }
    if scene.has("stamp") {
        return Some(stamp(theatre, document));
    }
    let list = LISTS.iter().find(|l| scene.has(l))?;
    Some(listed(theatre, scene, document, list))
}

/// A collection that is found when the rest of a profile or thread is fetched.
fn listed(theatre: &Theatre, scene: &Scene, document: &Value, list: &str) -> String {
    let document = paged(document);
    let id = document["id"].as_str().unwrap();
    let mut stage = Stage::set(&theatre.alice, &theatre.troupe, &document, &owner(&document));
    let (actor, id) = (stage.actor.clone(), stage.cast(&json!({"id": id}))["id"].as_str().unwrap().to_owned());
    let mut person = stage.person(&actor, "Person");
    for member in LISTS {
        person.as_object_mut().unwrap().remove(*member);
    }
    person[list] = json!(id);
    stage.serves(&actor, person);
    for name in scene.value("with").into_iter().flat_map(|names| names.split(',')) {
        let page = stage.cast(&paged(&theatre.documents[name]));
        stage.serves(page["id"].as_str().unwrap(), page.clone());
    }
    stage.serves(&id, stage.document.clone());
    if let Some(next) = stage.document["first"]["next"].as_str() {
        // The page that follows was not recorded.
        stage.serves(next, json!({"id": next, "type": "OrderedCollectionPage", "orderedItems": []}));
    }
    for item in
        items(&stage.document).into_iter().filter(|i| id_of(i).is_some_and(|i| i != id && same_origin(i, &actor)))
    {
        stage.serves_post(&item, &json!({}));
    }
    stage.meets(&actor);
    let task = match list {
        "replies" => jobs::Task::Thread(thread(&mut stage, &id)),
        _ => jobs::Task::Backfill(actor),
    };
    let rows = Rows::of(&theatre.alice);
    let domain = theatre.alice.app.domain.clone();
    let now = domain.now();
    domain.store.write(move |c: &Conn| jobs::enqueue(c, &task, now)).unwrap();
    domain.signals.jobs.notify();
    stage.settles();
    let seen = rows.changes(&Rows::of(&theatre.alice));
    stage.strikes(&theatre.post);
    line(200, "-", &seen)
}

/// The test servers serve by path alone, so each page needs a unique path.
fn paged(document: &Value) -> Value {
    serde_json::from_str(&document.to_string().replace("?page=", "/page-")).unwrap()
}

/// The actor of the listed activities, or a made-up actor on the server of the list.
fn owner(document: &Value) -> String {
    let id = document["id"].as_str().unwrap();
    let all = document["orderedItems"].as_array().into_iter().flatten();
    let acting = all.flat_map(|i| [i["actor"].as_str(), i["attributedTo"].as_str()]).flatten();
    let own = acting.filter(|a| same_origin(a, id)).map(str::to_owned).next();
    own.unwrap_or_else(|| format!("{}/users/owner", origin_of(id).unwrap()))
}

/// The posts on a list: as they stand there, or their ids.
fn items(document: &Value) -> Vec<Value> {
    let own = ["items", "orderedItems"].iter().filter_map(|m| document[m].as_array()).flatten();
    own.map(|item| match item.get("object").unwrap_or(item) {
        Value::String(id) => json!({"id": id}),
        object => object.clone(),
    })
    .collect()
}

/// A post that has this collection of replies.
fn thread(stage: &mut Stage<'_>, replies: &str) -> StatusId {
    let id = stage.document["partOf"].as_str().unwrap().trim_end_matches("/replies").to_owned();
    stage.serves_post(&json!({"id": id}), &json!({"replies": replies}));
    stage.fetches(&id);
    let status = stage.alice.app.domain.store.read(|c| statuses::by_uri(c, &id)).unwrap().unwrap();
    status.id
}

/// A WebFinger response of a server at which Alice searches for its subject.
fn handle(theatre: &Theatre, document: &Value) -> String {
    let links = document["links"].as_array().unwrap();
    let own = links.iter().find(|l| l["rel"] == "self").unwrap()["href"].as_str().unwrap();
    let stage = Stage::set(&theatre.alice, &theatre.troupe, document, own);
    let (name, host) = document["subject"].as_str().unwrap().trim_start_matches("acct:").split_once('@').unwrap();
    let (peer, _) = stage.place(&stage.actor);
    let authority = |base: &str| base.trim_start_matches("http://").to_owned();
    let stated = origin_of(own).unwrap().authority();
    // A different host that is named in the subject does not know this actor.
    let subject = if host == stated { authority(&peer.base) } else { authority(&theatre.troupe.next().base) };
    let mut jrd = stage.document.clone();
    jrd["subject"] = json!(format!("acct:{name}@{subject}"));
    peer.serve_as("/.well-known/webfinger", "application/jrd+json", jrd);
    stage.serves(&stage.actor, stage.person(&stage.actor, "Person"));
    let q = url::form_urlencoded::byte_serialize(format!("@{name}@{}", authority(&peer.base)).as_bytes())
        .collect::<String>();
    let found = theatre.alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={q}"));
    let seen = found["accounts"].as_array().unwrap().iter().map(|a| {
        let acct = a["acct"].as_str().unwrap();
        let of = if acct.ends_with(&authority(&peer.base)) { "the server that was asked" } else { acct };
        let same = acct.starts_with(&format!("{name}@"));
        format!("{} of {of}", if same { "the name" } else { "another name" })
    });
    let seen: Vec<String> = seen.collect();
    stage.strikes(&theatre.post);
    line(200, "-", &seen)
}

/// A post at an address of another server than the one in its id.
fn elsewhere(theatre: &Theatre, scene: &Scene, document: &Value) -> String {
    let author = document["attributedTo"].as_str().unwrap();
    let mut stage = Stage::set(&theatre.alice, &theatre.troupe, document, author);
    scene.prepare(&mut stage, &theatre.post);
    let other = theatre.troupe.next();
    other.serve("/copy", stage.document.clone());
    let rows = Rows::of(&theatre.alice);
    let q: String = url::form_urlencoded::byte_serialize(format!("{}/copy", other.base).as_bytes()).collect();
    let found = theatre.alice.get(&format!("/api/v2/search?resolve=true&q={q}"));
    stage.settles();
    let seen = rows.changes(&Rows::of(&theatre.alice));
    assert_eq!(found["statuses"].as_array().unwrap().is_empty(), seen.is_empty(), "{found}");
    stage.strikes(&theatre.post);
    line(200, "-", &seen)
}

/// The approval of a quote, once the quote that it belongs to arrives and references it.
fn stamp(theatre: &Theatre, document: &Value) -> String {
    let (quoting, quoted) =
        (document["interactingObject"].as_str().unwrap(), document["interactionTarget"].as_str().unwrap());
    let actor = format!("{}/users/quoter", origin_of(quoting).unwrap());
    let note = json!({
        "id": quoting, "type": "Note", "attributedTo": actor, "content": "look", "to": [PUBLIC], "quote": quoted,
        "quoteAuthorization": document["id"],
    });
    let activity = json!({
        "id": format!("{quoting}#create"), "type": "Create", "actor": actor, "to": [PUBLIC], "object": note,
        "result": document,
    });
    let mut stage = Stage::set(&theatre.alice, &theatre.troupe, &activity, &actor);
    Scene::new("followed").prepare(&mut stage, &theatre.post);
    let stamp = stage.document["result"].clone();
    stage.serves(stamp["id"].as_str().unwrap(), stamp.clone());
    let quoted = json!({"id": stamp["interactionTarget"], "type": "Note", "to": [PUBLIC]});
    let author = stamp.get("attributedTo").map(|author| json!({"attributedTo": author}));
    stage.serves_post(&quoted, &author.unwrap_or(json!({})));
    let rows = Rows::of(&theatre.alice);
    let status = stage.delivers(&stage.document);
    let seen = rows.changes(&Rows::of(&theatre.alice));
    stage.strikes(&theatre.post);
    line(status, "-", &seen)
}
