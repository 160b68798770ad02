//! Tests of the program as a child process.

mod deletion;
mod demo;
mod emoji;
mod init;
mod media;
mod moving;
mod start;
mod stop;
mod xray;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn dassie(data: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dassie"))
        .arg("--data")
        .arg(data)
        .args(args)
        .env("RUST_LOG", "warn")
        .env_remove("DASSIE_BLESS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails early does not read what it is given.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const INIT: [&str; 7] = ["init", "--yes", "--user", "alice", "--domain", "example.org", "--password-stdin"];

#[test]
fn unattended_setup_is_idempotent() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    assert!(dassie(&data, &INIT, "correct horse\n").status.success());
    let again = dassie(&data, &INIT, "");
    assert!(again.status.success() && printed(&again).contains("set up"), "{}", printed(&again));
    let other = dassie(&data, &["init", "--yes", "--user", "bob"], "");
    assert!(!other.status.success() && printed(&other).contains("permanent"), "{}", printed(&other));
    let wrong = dassie(&data, &["serve", "other.example", "--listen", "127.0.0.1:0"], "");
    assert!(!wrong.status.success() && printed(&wrong).contains("example.org"), "{}", printed(&wrong));
    let token = dassie(&data, &["token", "create", "--scope", "read write"], "");
    assert_eq!(String::from_utf8_lossy(&token.stdout).trim().len(), 43);
    let posted = dassie(&data, &["post", "-"], "hello from a pipe");
    assert!(printed(&posted).starts_with("https://example.org/@alice/"), "{}", printed(&posted));
    let status: serde_json::Value = serde_json::from_slice(&dassie(&data, &["status", "--json"], "").stdout).unwrap();
    assert_eq!((status["posts"].as_i64(), status["handle"].as_str()), (Some(1), Some("@alice@example.org")));
    assert!(dassie(&data, &["owner", "passwd", "--password-stdin"], "another horse\n").status.success());
}

#[test]
fn mistakes_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    for (args, stdin, wanted) in [
        (&["status"][..], "", "dassie init"),
        (&["init", "--yes", "--domain", "example.org", "--password-stdin"][..], "x", "--user"),
        (
            &["init", "--yes", "--user", "alice", "--domain", "https://example.org", "--password-stdin"][..],
            "x",
            "bare host name",
        ),
        (
            &["init", "--yes", "--user", "Al ice", "--domain", "example.org", "--password-stdin"][..],
            "correct horse",
            "lowercase letters",
        ),
        (&["init", "--yes", "--user", "alice", "--domain", "example.org", "--password-stdin"][..], "short", "8 to 256"),
    ] {
        let output = dassie(&data, args, stdin);
        assert!(!output.status.success() && printed(&output).contains(wanted), "{args:?}: {}", printed(&output));
    }
    assert!(!data.exists(), "nothing is saved by what was refused");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("config.toml"), "lisen = \"x\"").unwrap();
    let output = dassie(&data, &["status"], "");
    assert!(printed(&output).contains("did you mean `listen`"), "{}", printed(&output));
    std::fs::remove_file(data.join("config.toml")).unwrap();
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    let scope = dassie(&data, &["token", "create", "--scope", "reed"], "");
    assert!(printed(&scope).contains("unknown scope `reed`"), "{}", printed(&scope));
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_a_stop_is_graceful() {
    use std::io::{BufRead, BufReader};
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    let mut first = Command::new(env!("CARGO_BIN_EXE_dassie"))
        .args(["--data", data.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(first.stdout.take().unwrap()).lines();
    let link = lines.by_ref().map(|l| l.unwrap()).find(|l| l.contains("/setup?token=")).unwrap();
    assert!(link.trim().starts_with("http://localhost:"), "{link}");
    let second = dassie(&data, &["serve", "--listen", "127.0.0.1:0"], "");
    assert!(!second.status.success() && printed(&second).contains("another Dassie"), "{}", printed(&second));
    Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap();
    assert!(first.wait().unwrap().success());
}
