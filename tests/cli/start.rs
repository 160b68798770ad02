//! Failures at start: each names the file, the cause and a remedy.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::{INIT, dassie, printed};

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

fn set_up() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    (dir, data)
}

/// Every command that opens the server fails with all these words.
fn fails_with(data: &Path, words: &[&str]) {
    for args in [&["status"][..], &INIT, &SERVE] {
        let output = dassie(data, args, "correct horse");
        let text = printed(&output);
        assert!(!output.status.success(), "{args:?} succeeds: {text}");
        assert!(words.iter().all(|w| text.contains(w)), "{args:?}: {words:?} in {text}");
    }
}

#[test]
fn a_damaged_or_foreign_database_is_named() {
    let (_dir, data) = set_up();
    let file = data.join("dassie.db");
    let path = file.to_str().unwrap();
    let folded = rusqlite::Connection::open(&file).unwrap();
    folded.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    folded.close().unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    fails_with(&data, &[path, "truncated or damaged", "backup"]);
    fs::write(&file, b"not a database at all, but long enough to be read as one: ".repeat(40)).unwrap();
    fails_with(&data, &[path, "not a database of Dassie", "--data"]);
    assert!(fs::read(&file).unwrap().starts_with(b"not a database"), "the file is left alone");
    for version in [0, 2] {
        fs::remove_file(&file).unwrap();
        let foreign = rusqlite::Connection::open(&file).unwrap();
        foreign.execute_batch("CREATE TABLE accounts (id)").unwrap();
        foreign.pragma_update(None, "user_version", version).unwrap();
        foreign.close().unwrap();
        fails_with(&data, &[path, "another program", "--data"]);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    fails_with(&data, &[path, "directory"]);
}

#[test]
fn a_missing_database_next_to_media_refuses_to_start() {
    let (_dir, data) = set_up();
    let (file, media) = (data.join("dassie.db"), data.join("media/ab/cd"));
    fs::create_dir_all(&media).unwrap();
    fs::write(media.join("x.png"), "x").unwrap();
    for leave_empty in [false, true] {
        fs::remove_file(&file).unwrap();
        if leave_empty {
            fs::write(&file, "").unwrap();
        }
        fails_with(&data, &[file.to_str().unwrap(), "does not exist", "media", "mount"]);
        assert_eq!(file.exists(), leave_empty, "no new database is made");
        fs::write(&file, "").unwrap();
    }
    fs::remove_dir_all(data.join("media")).unwrap();
    fs::write(data.join("dassie.db-wal"), "x").unwrap();
    fails_with(&data, &["dassie.db-wal", "latest changes"]);
    fs::remove_file(data.join("dassie.db-wal")).unwrap();
    assert!(dassie(&data, &INIT, "correct horse").status.success(), "an empty directory is a new server");
}

#[test]
fn a_path_that_is_not_a_directory_is_named() {
    let (dir, data) = set_up();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    fails_with(&file, &[file.to_str().unwrap(), "not a directory", "--data"]);
    fails_with(&file.join("below"), &["below", "not a directory", "--data"]);
    fs::remove_dir_all(data.join("media")).unwrap();
    fs::write(data.join("media"), "x").unwrap();
    fails_with(&data, &[data.join("media").to_str().unwrap(), "not a directory"]);
}

#[test]
fn files_of_another_user_are_named() {
    let (dir, data) = set_up();
    // The superuser may read everything, so another user tries.
    let binary = dir.path().join("dassie");
    // By another process: a child that a parallel test starts would inherit the open file, which then cannot be executed.
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_dassie")).arg(&binary).status().unwrap().success());
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0;
    let run = |args: &[&str]| {
        let mut command = Command::new(&binary);
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        printed(&command.arg("--data").arg(&data).args(args).current_dir("/").output().unwrap())
    };
    let media = data.join("media");
    let expect = |path: &Path| {
        for args in [&SERVE[..], &["status"]] {
            let text = run(args);
            assert!(text.contains(path.to_str().unwrap()), "{args:?}: {path:?} in {text}");
            assert!(text.contains("ermission denied") && text.contains("chown"), "{args:?}: {text}");
        }
    };
    if is_root {
        expect(&data);
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(data.join("dassie.db"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(data.join("dassie.lock"), fs::Permissions::from_mode(0o666)).unwrap_or(());
    let text = run(&["status"]);
    assert!(text.contains("dassie.db") && text.contains("chown"), "{text}");
    fs::set_permissions(data.join("dassie.db"), fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(&media, fs::Permissions::from_mode(0o500)).unwrap();
    let text = run(&["status"]);
    assert!(text.contains("chown") || text.contains("not permitted"), "{text}");
    fs::write(data.join("config.toml"), "").unwrap();
    fs::set_permissions(data.join("config.toml"), fs::Permissions::from_mode(0o000)).unwrap();
    let text = run(&["status"]);
    assert!(text.contains("config.toml") && text.contains("chown"), "{text}");
}

#[test]
fn a_wrong_configuration_names_file_and_remedy() {
    let (dir, data) = set_up();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let missing = dir.path().join("missing");
    for (variable, value, words) in [
        ("DASSIE_LISTN", "127.0.0.1:1", ["DASSIE_LISTN", "DASSIE_LISTEN"]),
        ("DASSIE_CONFIG", missing.to_str().unwrap(), ["missing", "does not exist"]),
        ("DASSIE_OVERRIDE_DIR", missing.to_str().unwrap(), ["missing", "does not exist"]),
        ("DASSIE_FEDERATION_CA_FILE", missing.to_str().unwrap(), ["missing", "ca_file"]),
        ("DASSIE_LISTEN", &address, [&address, "--listen"]),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
        let output = command.arg("--data").arg(&data).arg("serve").env(variable, value).output().unwrap();
        let text = printed(&output);
        assert!(!output.status.success() && words.iter().all(|w| text.contains(w)), "{variable}: {text}");
    }
}

#[test]
fn status_counts_in_words() {
    let (_dir, data) = set_up();
    assert!(dassie(&data, &["post", "hello"], "").status.success());
    let text = printed(&dassie(&data, &["status"], ""));
    assert!(text.contains("1 post,") && text.contains("0 followers"), "{text}");
    assert!(dassie(&data, &["post", "hello"], "").status.success());
    assert!(printed(&dassie(&data, &["status"], "")).contains("2 posts"));
}
