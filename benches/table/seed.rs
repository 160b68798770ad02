//! Data directories of a given size.

use std::path::Path;
use std::sync::Arc;

use dassie::config::Config;
use dassie::domain::account::setup::{self, NewOwner};
use dassie::domain::urls::Site;
use dassie::protocol::activitystreams::types::{ActorDoc, ActorKey, ActorKind, KeyMaterial, ProfileTabs};
use dassie::protocol::ids::{ActorId, FollowId, StatusId, first_id_at};
use dassie::protocol::time::Timestamp;
use dassie::protocol::visibility::Visibility;
use dassie::store::notifications::{Notification, NotificationKind};
use dassie::store::relationships::follows;
use dassie::store::statuses::NewStatus;
use dassie::store::{actors, notifications, search, statuses, timelines};

/// One address for all runs, so that the load knows it; loopback, so that it speaks http.
pub fn domain() -> String {
    static PORT: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
    let port = PORT.get_or_init(|| std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
    format!("127.0.0.1:{port}")
}

/// An actor on some host.
pub fn remote_actor(id: &str, inbox: &str, name: &str) -> ActorDoc {
    ActorDoc {
        id: id.into(),
        kind: ActorKind::Person,
        username: Some(name.into()),
        webfinger: None,
        name: format!("{name} of the Bench"),
        note: "<p>words about me</p>".into(),
        url: None,
        inbox: inbox.into(),
        shared_inbox: None,
        outbox: None,
        followers: Some(format!("{id}/followers")),
        following: None,
        featured: None,
        icon: None,
        image: None,
        fields: vec![],
        emoji: vec![],
        locked: false,
        discoverable: true,
        indexable: true,
        tabs: ProfileTabs::default(),
        memorial: false,
        suspended: false,
        moved_to: None,
        also_known_as: vec![],
        published: None,
        keys: vec![],
        proxy_of: None,
        attribution_domains: vec![],
        speaks_rfc9421: false,
    }
}

/// Opens a data directory.
pub fn open(data: &Path) -> dassie::jobs::WorkerContext {
    dassie::server::open(data, &Config::default(), Site::new(&domain(), None).unwrap()).unwrap()
}

/// A data directory with an owner, and so many statuses of a hundred followed actors at home; a few are the owner's.
pub fn data(count: i64) -> tempfile::TempDir {
    let usual = |n| format!("Status number {n}: some sixty characters of text that a person wrote on a usual day.");
    data_with(count, usual)
}

/// The same with other texts.
pub fn data_with(count: i64, text: impl Fn(i64) -> String + Clone + Send + 'static) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let tools = open(dir.path());
    let domain = tools.domain.clone();
    let new = NewOwner { username: "alice".into(), display_name: "Alice".into(), password: "correct horse".into() };
    let me = setup::create(&domain, new).unwrap();
    for start in (0..count).step_by(10_000) {
        let (ctx, me, text) = (domain.clone(), me.id, text.clone());
        let end = (start + 10_000).min(count);
        domain
            .store
            .write(move |c| {
                for n in start..end {
                    insert(c, &ctx, me, (n, count), &text(n))?;
                }
                Ok(())
            })
            .unwrap();
    }
    drop(tools);
    dir
}

fn insert(
    c: &dassie::store::Conn,
    domain: &Arc<dassie::domain::Domain>,
    me: ActorId,
    (n, count): (i64, i64),
    text: &str,
) -> dassie::Result<()> {
    let now = domain.now();
    let author = if n % 50 == 0 {
        me
    } else {
        let id = format!("https://bench{}.example/users/b", n % 100);
        match actors::id_by_uri(c, &id)? {
            Some(known) => known,
            None => {
                let doc = remote_actor(&id, &format!("{id}/inbox"), "b");
                let host = format!("bench{}.example", n % 100);
                let added = actors::upsert_remote(c, ActorId(domain.next_id()), &doc, ("b", &host), &host, now)?;
                follows::insert(c, FollowId(domain.next_id()), &format!("{id}/f"), me, added, true, now)?;
                added
            }
        }
    };
    let at = Timestamp::from_millis(now.millis() - (count - n) * 1_000);
    let id = StatusId(first_id_at(at));
    let uri = if author == me { domain.site.status("alice", id) } else { format!("https://bench.example/s/{n}") };
    let new = NewStatus {
        id,
        url: Some(uri.clone()),
        uri,
        local: author == me,
        actor_id: author,
        boost_of: None,
        in_reply_to_uri: None,
        conversation: None,
        kind: "Note".into(),
        visibility: Visibility::Public,
        content: format!("<p>{text}</p>"),
        source: None,
        title: None,
        summary: String::new(),
        sensitive: false,
        language: Some("en".into()),
        emoji: vec![],
        app_id: None,
        created_at: at,
        edited_at: None,
        replies_uri: None,
        counts: (0, 0),
        quote: None,
        policy: None,
        details: None,
        group: None,
    };
    statuses::insert(c, &new)?;
    search::index(c, id, text)?;
    timelines::insert(c, timelines::HOME, id)
}

/// A thread in a data directory.
pub struct Thread {
    /// The post that all replies are below.
    pub first: StatusId,
    /// A reply without replies.
    pub last: StatusId,
    /// Who wrote them.
    pub author: ActorId,
}

/// Adds a thread of so many direct replies to a post of one author, each with a notification.
pub fn add_thread(data: &Path, replies: usize) -> Thread {
    let tools = open(data);
    let ctx = tools.domain.clone();
    tools
        .domain
        .store
        .write(move |c| {
            let host = "bench1.example";
            let author = actors::id_by_uri(c, "https://bench1.example/users/b")?.unwrap();
            let actor = actors::get(c, author)?.unwrap();
            let mut ids = Vec::new();
            for n in 0..=replies {
                let id = StatusId(ctx.next_id());
                let uri = |n: usize| format!("https://{host}/thread/{n}");
                let plain = NewStatus::boost(id, uri(n), &actor, id, Visibility::Public, ctx.now());
                let new = NewStatus {
                    boost_of: None,
                    kind: "Note".into(),
                    in_reply_to_uri: (n > 0).then(|| uri(0)),
                    content: format!("<p>Reply number {n}: some sixty characters of text that a person wrote.</p>"),
                    ..plain
                };
                statuses::insert(c, &new)?;
                let told = notifications::next_id(c)?;
                let (kind, created_at) = (NotificationKind::Mention, ctx.now());
                let notification = Notification::new(told, kind, author, created_at);
                notifications::insert(c, &Notification { status_id: Some(id), ..notification })?;
                ids.push(id);
            }
            Ok(Thread { first: ids[0], last: ids[replies], author })
        })
        .unwrap()
}

/// Makes the owner follow these actors, whose keys are known.
pub fn add_followed(data: &Path, ids: &[String], pem: &str) {
    let tools = open(data);
    let (ctx, ids, pem) = (tools.domain.clone(), ids.to_vec(), pem.to_owned());
    let me = tools.domain.owner().unwrap().id;
    let write = move |c: &dassie::store::Conn| {
        for id in &ids {
            let host = dassie::domain::urls::host_of(id).unwrap();
            let key =
                ActorKey { id: format!("{id}#main-key"), owner: id.clone(), material: KeyMaterial::Pem(pem.clone()) };
            let doc = ActorDoc { keys: vec![key], ..remote_actor(id, &format!("{id}/inbox"), "s") };
            let now = ctx.now();
            let added = actors::upsert_remote(c, ActorId(ctx.next_id()), &doc, ("s", &host), &host, now)?;
            follows::insert(c, FollowId(ctx.next_id()), &format!("{id}/f"), me, added, true, now)?;
        }
        Ok(())
    };
    tools.domain.store.write(write).unwrap();
}

/// Makes each of these inboxes a follower's.
pub fn add_followers(data: &Path, inboxes: &[String]) {
    let tools = open(data);
    let (ctx, inboxes) = (tools.domain.clone(), inboxes.to_vec());
    let me = tools.domain.owner().unwrap().id;
    tools
        .domain
        .store
        .write(move |c| {
            for inbox in &inboxes {
                let id = inbox.replace("/inbox", "/users/f");
                let host = dassie::domain::urls::host_of(inbox).unwrap();
                let doc = remote_actor(&id, inbox, "f");
                let now = ctx.now();
                let follower = actors::upsert_remote(c, ActorId(ctx.next_id()), &doc, ("f", &host), &host, now)?;
                follows::insert(c, FollowId(ctx.next_id()), &format!("{id}/f"), follower, me, true, now)?;
            }
            Ok(())
        })
        .unwrap();
}
