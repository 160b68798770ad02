use std::collections::BTreeSet;
use std::net::TcpListener;

use dassie::config::Config;
use dassie::demo;
use dassie::domain::urls::Site;
use dassie::jobs::WorkerContext;
use dassie::server::Server;

/// A demo in a temporary directory.
fn filled() -> (tempfile::TempDir, WorkerContext) {
    let dir = tempfile::tempdir().unwrap();
    let config = demo::prepare(dir.path(), Config::default()).unwrap();
    let server = Server::open(&dir.path().join("data"), config, Site::new("localhost:9", None).unwrap()).unwrap();
    demo::fill(server.workers()).unwrap();
    let workers = server.workers().clone();
    (dir, workers)
}

#[test]
fn the_demo_has_notifications_of_every_common_kind_and_reaches_no_server() {
    let (_dir, demo) = filled();
    let of_kind = |c: &dassie::store::Conn| {
        let mut rows = c.prepare("SELECT kind FROM notifications GROUP BY kind").unwrap();
        let kinds: BTreeSet<i64> = rows.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
        Ok(kinds.len())
    };
    assert_eq!(demo.domain.store.read(of_kind).unwrap(), 12, "all but ended follows");

    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    peer.set_nonblocking(true).unwrap();
    let url = format!("http://{}/users/mallory", peer.local_addr().unwrap());
    assert!(demo.fetcher.actor(&url).unwrap_err().to_string().contains("demo"));
    assert!(demo.http_client.url("https://moss.example/inbox").unwrap_err().to_string().contains("demo"));
    assert_eq!(peer.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
