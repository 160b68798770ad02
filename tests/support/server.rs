use std::sync::Arc;
use std::sync::OnceLock;

use dassie::app::App;
use dassie::app::Route;
use dassie::config::Config;
use dassie::domain::Domain;
use dassie::domain::account::login;
use dassie::domain::account::oauth::{self, Holder, Scopes};
use dassie::domain::account::password;
use dassie::domain::account::setup::{self, Credentials};
use dassie::domain::urls::Site;
use dassie::protocol::ids::FollowId;
use dassie::protocol::signature::ProofKey;
use dassie::server::Server;
use dassie::store::Store;
use dassie::store::relationships::follows;
use serde_json::{Value, json};

use super::Peer;
use super::http::{Request, Response};

/// A complete server in this process, with its own address and an owner.
pub struct TestServer {
    pub authority: String,
    pub app: Arc<App>,
    pub routes: Vec<Route>,
    pub token: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    dir: Option<tempfile::TempDir>,
}

pub const PASSWORD: &str = "correct horse";

/// Makes the data directory of a server with its owner. Keys come from a file and the password is hashed once: doing
/// that for each server took longer than the tests.
fn set_up(dir: &std::path::Path, site: &Site, username: &str) {
    static HASH: OnceLock<String> = OnceLock::new();
    let password_hash = HASH.get_or_init(|| password::hash(PASSWORD).unwrap()).clone();
    let store = Store::open(dir).unwrap();
    setup::bind_site(&store, site).unwrap();
    let domain = Arc::new(Domain::new(store, site.clone()).unwrap());
    setup::create_instance_actor(&domain, super::keys::own()).unwrap();
    let proof_key = ProofKey::generate().unwrap();
    let credentials = Credentials { password_hash, key: super::keys::own(), proof_key };
    setup::create_with(&domain, username, "", credentials).unwrap();
}

impl TestServer {
    pub fn start(username: &str) -> Self {
        Self::start_with(username, Config::default())
    }

    /// The same with the given configuration, without link previews: no test contacts the sites that its posts link to.
    pub fn start_with(username: &str, config: Config) -> Self {
        Self::start_exactly(username, Config { link_previews: false, ..config })
    }

    /// The same with link previews.
    pub fn start_with_previews(username: &str, config: Config) -> Self {
        Self::start_exactly(username, config)
    }

    fn start_exactly(username: &str, config: Config) -> Self {
        static LOG: OnceLock<()> = OnceLock::new();
        LOG.get_or_init(|| {
            let filter = tracing_subscriber::EnvFilter::from_default_env();
            let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
        });
        let dir = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let site = Site::new(&authority, None).unwrap();
        set_up(dir.path(), &site, username);
        let server = Server::open(dir.path(), config, site).unwrap();
        let (app, routes) = (server.app().clone(), server.routes().to_vec());
        let scopes = Scopes::parse("read write follow").unwrap();
        let token = oauth::issue(&app.domain, None, Holder::Owner, &scopes).unwrap().secret;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                server.serve(listener, async { drop(stopped.await) }).await.unwrap();
            });
        });
        Self { authority, app, routes, token, stop: Some(stop), thread: Some(thread), dir: Some(dir) }
    }

    /// The data directory.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.as_ref().unwrap().path()
    }

    /// Stops the server. Its data directory stays.
    pub fn stops(mut self) -> tempfile::TempDir {
        self.dir.take().unwrap()
    }

    pub fn send(&self, request: &Request) -> Response {
        let response = request.send(&self.authority);
        super::openapi::conformance::check(request, &response);
        response
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    pub fn actor(&self) -> String {
        self.app.domain.owner().unwrap().uri
    }

    /// A token with these scopes.
    pub fn token_with(&self, scopes: &str) -> String {
        oauth::issue(&self.app.domain, None, Holder::Owner, &Scopes::parse(scopes).unwrap()).unwrap().secret
    }

    /// The cookie and the form token of a new session.
    pub fn session(&self) -> (String, String) {
        let (cookie, session) = login::start_session(&self.app.domain, "test").unwrap();
        (format!("dassie={cookie}"), session.csrf)
    }

    pub fn api(&self, method: &str, path: &str, fields: Value) -> Response {
        let request = Request::new(method, path).bearer(&self.token);
        let request = if fields.is_null() { request } else { request.body("application/json", fields.to_string()) };
        self.send(&request)
    }

    pub fn get(&self, path: &str) -> Value {
        self.api("GET", path, Value::Null).expect(200).json()
    }

    pub fn post(&self, path: &str, fields: Value) -> Value {
        self.api("POST", path, fields).expect(200).json()
    }

    /// Posts, and returns the entity.
    pub fn posts(&self, text: &str, visibility: &str) -> Value {
        self.post("/api/v1/statuses", json!({"status": text, "visibility": visibility}))
    }

    /// Our id for another server's owner, fetched if need be.
    pub fn finds(&self, other: &TestServer) -> String {
        let query: String = url::form_urlencoded::byte_serialize(other.actor().as_bytes()).collect();
        let found = self.get(&format!("/api/v2/search?resolve=true&q={query}"));
        found["accounts"][0]["id"].as_str().unwrap_or_else(|| panic!("no account found: {found}")).to_owned()
    }

    /// Follows another server's owner and waits until that is accepted.
    pub fn follows(&self, other: &TestServer) {
        let id = self.finds(other);
        self.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
        super::eventually("a follow is accepted", || {
            self.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
        });
    }

    /// Follows an actor of a peer, as if it had accepted. Returns our id for it.
    pub fn follows_actor(&self, peer: &Peer, name: &str) -> String {
        let uri = peer.actor(name);
        let query: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        let found = self.get(&format!("/api/v2/search?resolve=true&q={query}"));
        let id = found["accounts"][0]["id"].as_str().unwrap_or_else(|| panic!("not found: {found}")).to_owned();
        let domain = self.app.domain.clone();
        let (owner, target, number) = (domain.owner().unwrap().id, id.parse().unwrap(), domain.next_id());
        let accept = move |c: &dassie::store::Conn| {
            let uri = format!("{}/follows/{number}", domain.site.base());
            follows::insert(c, FollowId(number), &uri, owner, target, true, domain.now())
        };
        self.app.domain.store.write(accept).unwrap();
        id
    }

    pub fn home(&self) -> Vec<Value> {
        self.get("/api/v1/timelines/home?limit=40").as_array().unwrap().clone()
    }

    /// What of the home timeline has this text.
    pub fn sees(&self, text: &str) -> Option<Value> {
        self.home().into_iter().find(|s| s["content"].as_str().unwrap().contains(text))
    }

    pub fn notifications(&self) -> Vec<String> {
        let list = self.get("/api/v1/notifications");
        list.as_array().unwrap().iter().map(|n| n["type"].as_str().unwrap().to_owned()).collect()
    }

    /// True if no incoming or outgoing jobs are left.
    pub fn is_settled(&self) -> bool {
        use dassie::store::queues::{deliveries, jobs};
        self.app
            .domain
            .store
            .read(|c| {
                let out = deliveries::count(c)? == 0 && !deliveries::needs_expanding(c)?;
                // A deferred activity has its reason as error.
                let sql = "SELECT count(*) FROM inbox_queue WHERE parked = 0 AND error IS NULL";
                let waiting: i64 = c.query_row(sql, [], |r| r.get(0))?;
                Ok(out && waiting == 0 && jobs::count(c)? == 0)
            })
            .unwrap()
    }

    /// As [`TestServer::is_settled`], though the end of a poll is still to come.
    pub fn is_settled_but_for_polls(&self) -> bool {
        use dassie::store::queues::{deliveries, inbox_queue};
        let waits = |c: &dassie::store::Conn| Ok(inbox_queue::counts(c)?.0 == 0 && deliveries::count(c)? == 0);
        self.app.domain.store.read(waits).unwrap()
    }

    /// How many rows each table has that an incoming activity could change.
    pub fn rows(&self) -> Vec<i64> {
        use dassie::store::peers::hosts;
        use dassie::store::{notifications, statuses};
        self.app
            .domain
            .store
            .read(|c| {
                let owner = self.app.domain.owner()?.id;
                let actor = dassie::store::actors::get(c, owner)?.unwrap();
                Ok(vec![
                    statuses::count_local(c)?,
                    actor.followers_count,
                    actor.following_count,
                    notifications::count_after(c, 0, 1_000, &notifications::Selection::all())?,
                    hosts::count(c)?,
                ])
            })
            .unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        super::plans::check();
    }
}
