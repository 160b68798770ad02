//! A page of accounts, hashtags or scheduled posts costs a constant number of statements, however many it shows.
#![cfg(debug_assertions)]

use dassie::domain::queries::{self, hashtags};
use dassie::domain::relationships::relation::relations;
use dassie::protocol::ids::{ActorId, FollowId, ListId};
use dassie::store::Conn;
use dassie::store::account::followed_hashtags;
use dassie::store::database::pagination::Page;
use dassie::store::database::statements;
use dassie::store::relationships::lists::{self, List, RepliesPolicy};
use dassie::store::relationships::mutes::{self, Mute};
use dassie::store::relationships::{account_notes, blocks, endorsements, follows};

use crate::support::{Graph, TestServer};

const SHORT: u32 = 5;
const LONG: u32 = 20;
const LIST: ListId = ListId(7);

/// Follows, mutes, blocks, endorses and notes many accounts, and puts them into a list.
fn fill(alice: &TestServer) -> Vec<ActorId> {
    let domain = alice.app.domain.clone();
    let (owner, now) = (domain.owner().unwrap().id, domain.now());
    let actors: Vec<ActorId> = (0..LONG + 2).map(|n| Graph::new(alice, &format!("a{n}")).author).collect();
    let all = actors.clone();
    let write = move |c: &Conn| {
        let list = List { id: LIST, title: "all".into(), replies: RepliesPolicy::List, exclusive: false };
        lists::set(c, &list)?;
        for (n, actor) in all.iter().enumerate() {
            let id = || domain.next_id();
            let follow = follows::insert(c, FollowId(id()), &format!("u:{n}"), owner, *actor, true, now)?;
            follows::insert(c, FollowId(id()), &format!("v:{n}"), *actor, owner, false, now)?;
            mutes::set(c, id(), Mute { target: *actor, notifications: true, expires_at: Some(now) }, now)?;
            blocks::insert(c, id(), (owner, *actor), None, now)?;
            endorsements::insert(c, id(), *actor, follow.id)?;
            account_notes::set(c, *actor, "note")?;
            lists::add_member(c, id(), LIST, *actor, Some(follow.id))?;
            followed_hashtags::insert(c, id(), &format!("tag{n}"))?;
        }
        Ok(())
    };
    alice.app.domain.store.write(write).unwrap();
    actors
}

type Read<'a> = Box<dyn Fn(u32) -> usize + 'a>;

#[test]
fn statements_of_a_list_of_accounts_do_not_grow_with_its_length() {
    let alice = TestServer::start("alice");
    let actors = fill(&alice);
    let domain = &alice.app.domain;
    let owner = domain.owner().unwrap().id;
    let some = |n: u32| &actors[..n as usize];
    let page = |n: u32| Page::newest(n);
    let reads: Vec<(&str, Read<'_>)> = vec![
        ("relationships", Box::new(|n| domain.store.read(|c| relations(c, owner, some(n))).unwrap().len())),
        ("accounts", Box::new(|n| queries::accounts::get_many(domain, some(n)).unwrap().len())),
        ("familiar followers", Box::new(|n| queries::accounts::familiar(domain, some(n), 5).unwrap().len())),
        ("mutes", Box::new(|n| queries::accounts::muted(domain, &page(n)).unwrap().len())),
        ("blocks", Box::new(|n| queries::accounts::blocked(domain, &page(n)).unwrap().len())),
        ("endorsements", Box::new(|n| queries::accounts::endorsed(domain, &page(n)).unwrap().len())),
        ("members", Box::new(|n| queries::accounts::list_members(domain, LIST, &page(n)).unwrap().len())),
        ("requests", Box::new(|n| queries::accounts::follow_requests(domain, &page(n)).unwrap().len())),
        ("hashtags", Box::new(|n| hashtags::followed(domain, &page(n)).unwrap().len())),
    ];
    for (what, read) in &reads {
        let cost = |n: u32| {
            let before = statements::count();
            assert_eq!(read(n), n as usize, "{what}");
            statements::count() - before
        };
        let (short, long) = (cost(SHORT), cost(LONG));
        assert_eq!(short, long, "{what}: {SHORT} rows and {LONG} rows");
        assert!(long <= 10, "{what}: {long}");
    }
}
