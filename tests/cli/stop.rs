//! Shutdown: the process ends in time, whatever it is doing.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use dassie::limits;

use super::{INIT, dassie};
use crate::support::eventually;

/// When the process must have ended.
const LAST: Duration = limits::SHUTDOWN_TOTAL.saturating_add(Duration::from_secs(3));

/// A server in a separate process, and its address.
struct Process {
    child: Child,
    authority: String,
}

impl Process {
    /// Starts a server whose log is written to a file.
    fn start(data: &Path, log: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dassie"))
            .args(["--data", data.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(File::create(log).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|l| l.contains("127.0.0.1:")).unwrap();
        let port: String = line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
        Self { child, authority: format!("127.0.0.1:{port}") }
    }

    /// Sends SIGTERM. Returns the exit status, or `None` if the process still runs after the deadline.
    fn terminate(&mut self) -> Option<ExitStatus> {
        let began = Instant::now();
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return Some(status),
                None if began.elapsed() > LAST => return None,
                None => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Sends a request and does not wait for its response.
    fn sends(&self, method: &str, path: &str, token: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: example.org\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        stream
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already unless a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn token(data: &Path) -> String {
    let output = dassie(data, &["token", "create", "--scope", "read write"], "");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Makes reads of markers and writes of statuses run without end.
const ENDLESS: &str = "
    CREATE VIEW endless (n) AS
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT n FROM numbers WHERE n < 0;
    CREATE TRIGGER endless_write AFTER INSERT ON statuses BEGIN SELECT count(*) FROM endless; END;
    ALTER TABLE markers RENAME TO former_markers;
    CREATE VIEW markers AS SELECT m.* FROM endless CROSS JOIN former_markers m;";

#[test]
fn endless_requests_do_not_prevent_shutdown() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    let token = token(&data);
    let mut server = Process::start(&data, &dir.path().join("log"));
    let database = rusqlite::Connection::open(data.join("dassie.db")).unwrap();
    database.execute_batch(ENDLESS).unwrap();
    let _read = server.sends("GET", "/api/v1/markers?timeline[]=home", &token, "");
    let _write = server.sends("POST", "/api/v1/statuses", &token, r#"{"status": "without end"}"#);
    database.busy_timeout(Duration::ZERO).unwrap();
    eventually("the write runs", || database.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_err());
    let began = Instant::now();
    let ended = server.terminate();
    assert!(ended.is_some_and(|status| status.success()), "still running after {LAST:?}, or failed: {ended:?}");
    assert!(began.elapsed() > Duration::from_secs(1), "the requests did not run");
}

#[test]
fn after_shutdown_the_database_file_alone_contains_everything() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("d"), dir.path().join("copy.db"));
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    let token = token(&data);
    let mut server = Process::start(&data, &dir.path().join("log"));
    let mut posted = server.sends("POST", "/api/v1/statuses", &token, r#"{"status": "the last one"}"#);
    assert_eq!(crate::limits::status(&mut posted), 200);
    assert!(server.terminate().is_some_and(|status| status.success()));
    std::fs::copy(data.join("dassie.db"), &copy).unwrap();
    let database = rusqlite::Connection::open(copy).unwrap();
    let found: String = database.query_row("SELECT content FROM statuses", [], |row| row.get(0)).unwrap();
    assert!(found.contains("the last one"), "{found}");
}

#[test]
fn the_log_reports_that_another_process_locks_the_database() {
    let dir = tempfile::tempdir().unwrap();
    let (data, log) = (dir.path().join("d"), dir.path().join("log"));
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    let token = token(&data);
    let server = Process::start(&data, &log);
    let mut other = rusqlite::Connection::open(data.join("dassie.db")).unwrap();
    let lock = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let mut refused = server.sends("POST", "/api/v1/statuses", &token, r#"{"status": "one"}"#);
    assert_eq!(crate::limits::status(&mut refused), 503);
    drop(lock);
    let mut taken = server.sends("POST", "/api/v1/statuses", &token, r#"{"status": "two"}"#);
    assert_eq!(crate::limits::status(&mut taken), 200);
    let text = std::fs::read_to_string(log).unwrap();
    assert!(text.contains("the database is locked by another process"), "{text}");
    assert!(text.contains("Stop the other process"), "{text}");
    assert!(!text.contains("writer has stopped"), "{text}");
}
