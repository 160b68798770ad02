//! Each activity type, sent by each kind of actor: an object can only be changed by its owner.

use serde_json::json;

use super::acts::{Acts, poll};
use super::world::{By, EVERYBODY, World};
use crate::support::eventually;

/// The effect of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// No visible change.
    Nothing,
    /// Only things of the sender change, in ways that are tested elsewhere; this test compares no table.
    Own,
    /// The home timeline has this text.
    Reads(&'static str),
    /// The home timeline no longer has this text.
    Lacks(&'static str),
    /// The owner gets this notification from the sender.
    Notified(&'static str),
    /// This notification from the sender is removed.
    NotNotified(&'static str),
    /// The account has a new name.
    Renamed,
    /// The account is gone.
    Gone,
    /// The owner has this many followers.
    Followers(i64),
    /// The owner follows Ana.
    Following,
    /// The owner does not follow Ana, and no follow is pending.
    NotFollowing,
}

use Effect::{Followers, Following, Gone, Lacks, NotFollowing, NotNotified, Nothing, Notified, Own, Reads, Renamed};

/// An activity and its effect when it is sent by the owner of its object, by another actor of its server, by one of
/// another server, by a blocked and by an unknown one. All get 202: a refusal would reveal what is stored.
type Row = (&'static str, [Effect; 5]);

const fn only(owner: Effect) -> [Effect; 5] {
    [owner, Nothing, Nothing, Nothing, Nothing]
}

/// Allowed to every actor that Alice does not block.
const fn all_but_blocked(effect: Effect) -> [Effect; 5] {
    [effect, effect, effect, Nothing, effect]
}

const OBJECTS: &[Row] = &[
    ("Create", only(Reads("a new note of ana"))),
    ("Create of an own note", all_but_blocked(Notified("mention"))),
    ("Create by id", only(Reads("a fetched note"))),
    ("Update of a note with another author", only(Nothing)),
    ("Update of a note by id", only(Nothing)),
    ("Undo of a Create", only(Nothing)),
    ("Update of a note", only(Reads("changed words"))),
    ("Update of a poll", only(Reads("changed question"))),
    ("Delete of a tombstone", only(Lacks("changed words"))),
];

const PEOPLE: &[Row] = &[
    ("Update of a person", only(Renamed)),
    ("Update of a person by id", only(Own)),
    ("Undo of a Follow by id", only(Followers(0))),
    ("Follow", [Followers(4), Followers(1), Followers(2), Nothing, Followers(3)]),
    ("Undo of a Follow", only(Followers(3))),
    ("Delete of a note", only(Lacks("the note of ana"))),
    ("Delete of a person", only(Gone)),
];

const REACTIONS: &[Row] = &[
    ("Undo of a Like by id", only(NotNotified("favourite"))),
    ("Like", all_but_blocked(Notified("favourite"))),
    ("Undo of a Like", only(NotNotified("favourite"))),
    ("Like of a private post", only(Notified("favourite"))),
    ("EmojiReact to a private post", only(Own)),
    ("Undo of an Announce by id", only(NotNotified("reblog"))),
    ("Announce", all_but_blocked(Notified("reblog"))),
    ("Announce of a private post", only(Nothing)),
    ("Undo of an Announce", only(NotNotified("reblog"))),
    ("Reject", only(NotFollowing)),
];

const OTHERS: &[Row] = &[
    ("Accept", only(Own)),
    ("Flag", only(Own)),
    ("Add", only(Own)),
    ("Remove", only(Own)),
    ("Update of a post of ours", only(Nothing)),
    ("Delete of a post of ours", only(Nothing)),
    ("Delete of the owner", only(Nothing)),
    ("Frobnicate", only(Nothing)),
    ("Move", only(Own)),
    ("Move to the sender", only(Own)),
    ("Block of somebody else", only(Own)),
    ("Block", [Own; 5]),
    ("Undo of a Block", only(Own)),
];

const CONSENT: &[Row] = &[("Accept of a Follow that nobody sent", only(Nothing)), ("Accept", only(Following))];
const CONSENT_EMBEDDED: &[Row] = &[("Accept of an embedded Follow", only(Following))];
const REFUSAL: &[Row] = &[("Reject", only(NotFollowing))];

#[test]
fn objects_are_only_changed_by_their_owners() {
    let world = World::new();
    world.settle(By::Owner, &poll(&world, "the question"));
    play(&world, OBJECTS);
}

#[test]
fn actors_are_only_changed_by_themselves() {
    play(&World::new(), PEOPLE);
}

#[test]
fn reactions_are_only_accepted_from_their_actor() {
    play(&World::new(), REACTIONS);
}

#[test]
fn other_activity_types_do_not_change_objects_of_other_actors() {
    play(&World::new(), OTHERS);
}

#[test]
fn approvals_are_only_accepted_from_the_requested_actor() {
    play(&World::without_approval(), CONSENT);
    play(&World::without_approval(), CONSENT_EMBEDDED);
    play(&World::without_approval(), REFUSAL);
}

/// The other actors first, so that each finds the object unchanged; then the owner.
fn play(world: &World, rows: &[Row]) {
    let mut wrong = Vec::new();
    for (verb, effects) in rows {
        for by in [By::Neighbour, By::Foreign, By::Blocked, By::Unknown, By::Owner] {
            if by == By::Unknown {
                world.add_unknown_actor();
            }
            let at = EVERYBODY.iter().position(|b| *b == by).unwrap();
            if let Err(why) = send(world, verb, by, effects[at]) {
                wrong.push(format!("{verb} by {by:?}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn send(world: &World, verb: &str, by: By, effect: Effect) -> Result<(), String> {
    let activity = Acts { world, verb, by }.activity();
    let (before, sent) = (world.picture(), world.sent());
    let status = world.settle(by, &activity);
    if status != 202 {
        return Err(format!("answered {status}"));
    }
    if effect == Nothing {
        // An unknown actor is stored together with its key, whether or not the activity is applied.
        let came: &[&str] = if by == By::Unknown { &["actors", "actor_keys"] } else { &[] };
        let reported: &[&str] = if verb == "Flag" { &["notifications"] } else { &[] };
        // An Undo that names only an id may have arrived before its object: it is stored for its sender alone.
        let remembered: &[&str] = if verb.ends_with(" by id") { &["tombstones"] } else { &[] };
        let apart = [came, reported, remembered].concat();
        let changes = before.without(&apart).changes(&world.picture().without(&apart));
        if !changes.is_empty() {
            return Err(format!("changed {changes:#?}"));
        }
        // A blocked follower receives a Reject; no other activity is sent.
        if verb != "Follow" && world.sent() != sent {
            return Err("something was sent".into());
        }
        return Ok(());
    }
    if is_so(world, by, effect) { Ok(()) } else { Err(format!("is not {effect:?}")) }
}

fn is_so(world: &World, by: By, effect: Effect) -> bool {
    let alice = &world.alice;
    match effect {
        Nothing | Own => true,
        Reads(text) => alice.sees(text).is_some(),
        Lacks(text) => alice.sees(text).is_none(),
        Notified(kind) => world.notified(kind, by),
        NotNotified(kind) => !world.notified(kind, by),
        Renamed => world.account(by).unwrap()["display_name"] == "Another name",
        Gone => alice.sees("ana").is_none() && alice.rows()[2] == 0,
        Followers(n) => alice.rows()[1] == n,
        Following => world.relation()["following"] == true,
        NotFollowing => {
            let relation = world.relation();
            relation["following"] == false && relation["requested"] == false
        }
    }
}

/// Another actor of the same server cannot suppress a note by deleting it before it arrives.
#[test]
fn an_object_that_has_not_arrived_is_only_deleted_by_its_author() {
    let world = World::new();
    let id = |name: &str| json!(format!("{}/notes/{name}", world.near.base));
    for (by, name, arrives) in
        [(By::Neighbour, "early", true), (By::Foreign, "later", true), (By::Owner, "gone", false)]
    {
        world.settle(by, &world.act(by, name, "Delete", id(name)));
        let text = format!("the note {name}");
        world.settle(By::Owner, &world.own_note(name, &text));
        assert_eq!(world.alice.sees(&text).is_some(), arrives, "deleted before by {by:?}");
    }
}

/// A follow by a blocked actor is rejected.
#[test]
fn a_follow_by_a_blocked_actor_is_rejected() {
    let world = World::new();
    let follow = world.act(By::Blocked, "f", "Follow", json!(world.alice.actor()));
    world.settle(By::Blocked, &follow);
    eventually("the response arrives", || world.far.received().iter().any(|a| a["type"] == "Reject"));
    assert!(!world.far.received().iter().any(|a| a["type"] == "Accept"));
}

/// An Accept of a withdrawn follow has no effect, whether it names the follow by id or embeds it.
#[test]
fn an_accept_of_a_withdrawn_follow_is_ignored() {
    let world = World::without_approval();
    let (id, me, ana) = (world.follow_of_ana(), world.alice.actor(), world.ana());
    let account = world.account(By::Owner).unwrap()["id"].as_str().unwrap().to_owned();
    world.alice.post(&format!("/api/v1/accounts/{account}/unfollow"), json!({}));
    let whole = json!({"id": id, "type": "Follow", "actor": me, "object": ana});
    for (n, object) in [json!(id), whole, json!(ana)].into_iter().enumerate() {
        world.settle(By::Owner, &world.act(By::Owner, &format!("accept{n}"), "Accept", object));
        assert!(is_so(&world, By::Owner, NotFollowing));
    }
    world.settle(By::Owner, &world.own_note("note", "a note of ana"));
    assert!(world.alice.sees("a note of ana").is_none());
}
