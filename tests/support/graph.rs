use dassie::protocol::ids::{ActorId, StatusId};
use dassie::protocol::visibility::Visibility;
use dassie::store::statuses::{self, NewStatus, Status};
use dassie::store::{Conn, actors};

use super::TestServer;

/// Posts that are written straight into the database of a server, over the same functions as those that arrive.
pub struct Graph<'a> {
    server: &'a TestServer,
    /// A remote author.
    pub author: ActorId,
    /// The name of this graph, which is part of every id.
    name: String,
}

impl<'a> Graph<'a> {
    pub fn new(server: &'a TestServer, name: &str) -> Self {
        let author = ActorId(server.app.domain.next_id());
        let uri = format!("https://peer.example/users/{name}");
        let insert = move |c: &Conn| {
            // Fetched just now; otherwise it would be deleted as an unreferenced actor.
            let sql = "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at) \
                       VALUES (?1, ?2, 0, 'ana', 'peer.example', 'peer.example', '', 0, 0, ?3)";
            Ok(c.execute(sql, rusqlite::params![author, uri, dassie::domain::now()])?)
        };
        server.app.domain.store.write(insert).unwrap();
        Self { server, author, name: name.to_owned() }
    }

    /// The ActivityPub id of a post.
    pub fn uri(&self, n: usize) -> String {
        format!("https://peer.example/{}/{n}", self.name)
    }

    /// A post by the remote author, or by the owner, ready to be changed and inserted.
    pub fn draft(&self, n: usize, parent: Option<usize>, own: bool) -> NewStatus {
        let domain = &self.server.app.domain;
        let id = StatusId(domain.next_id());
        let author = if own { domain.owner().unwrap().id } else { self.author };
        let author = domain.store.read(|c| actors::get(c, author)).unwrap().unwrap();
        let plain = NewStatus::boost(id, self.uri(n), &author, id, Visibility::Public, domain.now());
        NewStatus {
            boost_of: None,
            kind: "Note".into(),
            content: format!("<p>post {n}</p>"),
            in_reply_to_uri: parent.map(|parent| self.uri(parent)),
            ..plain
        }
    }

    /// Inserts posts in one write, in this order.
    pub fn insert(&self, drafts: Vec<NewStatus>) -> Vec<Status> {
        let insert =
            move |c: &Conn| drafts.iter().map(|draft| Ok(statuses::insert(c, draft)?.expect("it is new"))).collect();
        self.server.app.domain.store.write(insert).unwrap()
    }

    /// Inserts posts by the remote author, each with what it replies to.
    pub fn replies(&self, posts: impl IntoIterator<Item = (usize, Option<usize>)>) -> Vec<Status> {
        self.insert(posts.into_iter().map(|(n, parent)| self.draft(n, parent, false)).collect())
    }

    /// Links one post below another whatever the rules say, as an older version of Dassie could.
    pub fn force(&self, child: StatusId, parent: StatusId) {
        let link = move |c: &Conn| {
            let sql = "UPDATE statuses SET in_reply_to_id = ?2, in_reply_to_uri = \
                       (SELECT uri FROM statuses WHERE id = ?2) WHERE id = ?1";
            Ok(c.execute(sql, [child, parent])?)
        };
        self.server.app.domain.store.write(link).unwrap();
    }
}
