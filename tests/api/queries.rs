//! A page of statuses costs a constant number of statements, however many it shows.
#![cfg(debug_assertions)]

use dassie::domain::queries::search::{Kinds, SearchQuery};
use dassie::domain::queries::timelines::{AccountPosts, PublicFilter};
use dassie::domain::queries::{self, thread};
use dassie::protocol::activitystreams::types::{InteractionPolicy, Poll, PollOption, Reaction, Rule};
use dassie::protocol::ids::{ActorId, StatusId};
use dassie::store::actors::Among;
use dassie::store::database::pagination::Page;
use dassie::store::database::statements;
use dassie::store::interactions::{bookmarks, favourites, reactions};
use dassie::store::notifications::groups::GroupedKinds;
use dassie::store::notifications::{Notification, NotificationKind, Selection};
use dassie::store::statuses::hashtags::{self, HashtagQuery};
use dassie::store::statuses::{self, mentions, polls};
use dassie::store::statuses::{AccountFilter, ApprovalState, NewStatus, Quoted, Status};
use dassie::store::timelines::PublicScope;
use dassie::store::visibility::Viewer;
use dassie::store::{Conn, actors, notifications, search, timelines};

use crate::support::{Graph, TestServer};

/// Statuses of each kind are among the newest twelve.
const SHORT: u32 = 12;
const LONG: u32 = 36;

/// A server on which every page has more than [`LONG`] statuses, each with all possible members.
struct Full {
    alice: TestServer,
    root: StatusId,
    author: ActorId,
}

impl Full {
    fn new() -> Self {
        let alice = TestServer::start("alice");
        let (ana, bea) = (Graph::new(&alice, "ana"), Graph::new(&alice, "bea"));
        let root = ana.insert(vec![ana.draft(0, None, true)]).remove(0);
        for n in 1..=(LONG as usize + 4) {
            let graph = if n % 2 == 0 { &ana } else { &bea };
            let status = graph.insert(vec![rich(graph, n, &root)]).remove(0);
            decorate(&alice, &status, graph.author, n);
            boost(&alice, graph, n, &status);
        }
        Self { author: ana.author, root: root.id, alice }
    }

    /// How many statements something costs that shows this many rows, none of them in memory.
    fn cost(&self, what: &str, limit: u32, page: &dyn Fn(&Page) -> usize) -> u64 {
        self.alice.app.domain.store.touch();
        let before = statements::count();
        let shown = page(&Page::newest(limit));
        assert_eq!(shown, limit as usize, "{what}");
        statements::count() - before
    }
}

/// A reply with a quote, terms and a poll.
fn rich(graph: &Graph<'_>, n: usize, root: &Status) -> NewStatus {
    let manual = Rule { automatic: vec![], manual: vec!["https://www.w3.org/ns/activitystreams#Public".into()] };
    NewStatus {
        kind: if n.is_multiple_of(4) { "Question" } else { "Note" }.into(),
        in_reply_to_uri: Some(root.uri.clone()),
        group: Some(graph.author),
        quote: Some(Quoted {
            uri: if n.is_multiple_of(3) { "https://gone.example/1".into() } else { root.uri.clone() },
            status: None,
            state: ApprovalState::Accepted,
            approval: None,
        }),
        policy: Some(InteractionPolicy { like: Some(manual), ..InteractionPolicy::default() }),
        ..graph.draft(n, None, false)
    }
}

/// Media, mention, tag, poll, reaction, favourite, bookmark, a place at home, a notification, words.
fn decorate(alice: &TestServer, status: &Status, author: ActorId, n: usize) {
    let (domain, id) = (alice.app.domain.clone(), status.id);
    let (owner, now) = (domain.owner().unwrap().id, domain.now());
    let options = vec![PollOption { title: "tea".into(), name: "tea".into(), votes: 0 }];
    let poll = Poll { options, ..poll(alice) };
    let write = move |c: &Conn| {
        let media = "INSERT INTO media (id, status_id, kind, remote_url, created_at) VALUES (?1, ?2, 0, 'https://x.example/', 0)";
        c.execute(media, [domain.next_id(), id.0])?;
        hashtags::replace(c, id, &["many".to_owned()])?;
        mentions::replace(c, id, &[(owner, false)])?;
        polls::set(c, id, &poll)?;
        polls::vote(c, id, owner, 0, None)?;
        let reaction = Reaction { text: "🎉".into(), url: None };
        reactions::insert(c, domain.next_id(), (author, id), &reaction, None, 8, now)?;
        favourites::insert(c, domain.next_id(), owner, id, None, now)?;
        bookmarks::insert(c, domain.next_id(), id, now)?;
        timelines::insert(c, timelines::HOME, id)?;
        let kind = if n.is_multiple_of(2) { NotificationKind::Mention } else { NotificationKind::Reaction };
        let id_of_notification = notifications::next_id(c)?;
        let notification = Notification {
            status_id: Some(id),
            group_key: n.is_multiple_of(3).then(|| format!("favourite-{id}-1")),
            ..Notification::new(id_of_notification, kind, author, now)
        };
        notifications::insert(c, &notification)?;
        search::index(c, id, "something that is sought")
    };
    alice.app.domain.store.write(write).unwrap();
}

fn poll(alice: &TestServer) -> Poll {
    Poll {
        multiple: false,
        options: vec![],
        ends_at: Some(alice.app.domain.now()),
        closed: false,
        voters: None,
        hide_totals: false,
    }
}

fn boost(alice: &TestServer, graph: &Graph<'_>, n: usize, of: &Status) {
    let (domain, author, of) = (alice.app.domain.clone(), graph.author, of.id);
    let uri = format!("{}/boost", graph.uri(n));
    let write = move |c: &Conn| {
        let by = actors::get(c, author)?.unwrap();
        let id = StatusId(domain.next_id());
        let new = NewStatus::boost(id, uri, &by, of, dassie::protocol::visibility::Visibility::Public, domain.now());
        statuses::insert(c, &new)?;
        timelines::insert(c, timelines::HOME, id)
    };
    alice.app.domain.store.write(write).unwrap();
}

type Read<'a> = Box<dyn Fn(&Page) -> usize + 'a>;

#[test]
fn statements_of_a_page_do_not_grow_with_its_length() {
    let full = Full::new();
    let domain = &full.alice.app.domain;
    let viewer = domain.as_owner().unwrap();
    let posts = AccountPosts { actor: full.author, filter: AccountFilter::default(), tag: None };
    let public = PublicFilter { scope: PublicScope::All, only_media: false };
    let any = vec!["many".to_owned()];
    let many = HashtagQuery { any, all: vec![], none: vec![], scope: PublicScope::All, only_media: false };
    let grouped = GroupedKinds::of(&NotificationKind::ALL);
    let query = |page: &Page| SearchQuery {
        text: "sought",
        kinds: Kinds::Statuses,
        resolve: false,
        among: Among::Known,
        by: None,
        page: *page,
        offset: 0,
    };
    let pages: Vec<(&str, Read<'_>)> = vec![
        ("home", Box::new(|p| queries::timelines::home(domain, p).unwrap().len())),
        ("public", Box::new(|p| queries::timelines::public(domain, viewer, public, p).unwrap().len())),
        ("account", Box::new(|p| queries::timelines::account(domain, viewer, posts, p).unwrap().len())),
        ("tag", Box::new(|p| queries::timelines::tag(domain, viewer, &many, p).unwrap().len())),
        ("notifications", Box::new(|p| queries::notifications::list(domain, &Selection::all(), p).unwrap().len())),
        (
            "notification groups",
            Box::new(|p| queries::notifications::groups::list(domain, &Selection::all(), grouped, p).unwrap().len()),
        ),
        ("search", Box::new(|p| queries::search::search(domain, viewer, &query(p)).unwrap().statuses.len())),
        ("favourites", Box::new(|p| queries::timelines::favourites(domain, p).unwrap().len())),
        ("bookmarks", Box::new(|p| queries::timelines::bookmarks(domain, p).unwrap().len())),
        (
            "anonymous account",
            Box::new(|p| queries::timelines::account(domain, Viewer::Anonymous, posts, p).unwrap().len()),
        ),
    ];
    for (what, page) in &pages {
        let (short, long) = (full.cost(what, SHORT, page), full.cost(what, LONG, page));
        assert_eq!(short, long, "{what}: {SHORT} rows and {LONG} rows");
        assert!(long <= 25, "{what}: {long}");
    }
}

#[test]
fn a_context_needs_three_statements_and_those_of_a_page() {
    let full = Full::new();
    let domain = &full.alice.app.domain;
    let viewer = domain.as_owner().unwrap();
    let cost = |id: StatusId| {
        domain.store.touch();
        let before = statements::count();
        let found = thread::context(domain, viewer, id).unwrap();
        (found.ancestors.len() + found.descendants.len(), statements::count() - before)
    };
    let alone = Graph::new(&full.alice, "alone").replies([(0, None)])[0].id;
    // The transaction, the status, and what is below it.
    assert_eq!(cost(alone), (0, 4));
    let (shown, statements) = cost(full.root);
    assert!(shown > LONG as usize && statements <= 25, "{shown} replies: {statements}");
}
