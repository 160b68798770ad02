//! The media cache never exceeds its size limit.

use std::path::Path;

use dassie::config::{ByteSize, Config, Storage};
use dassie::store::Conn;
use dassie::store::remote_files::size;

use super::{for_owner, for_visitors, load, png};
use crate::support::{Origin, OriginFile, TestServer};

const BUDGET: u64 = 1_000_000;
const FILE: usize = 100_000;

fn small() -> TestServer {
    TestServer::start_with("alice", Config { storage: Storage { budget: ByteSize(BUDGET) }, ..Config::default() })
}

fn bytes_below(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
    // A file may be evicted meanwhile.
    entries.map(|e| if e.path().is_dir() { bytes_below(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

fn file(origin: &Origin, n: usize) -> String {
    origin.serve(&format!("/{n}.png"), OriginFile::new(png(FILE)))
}

#[test]
fn many_files_are_served_with_a_small_budget() {
    let (alice, origin) = (small(), Origin::start());
    let own = alice.dir().join("media/ba/78");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("ba7816bf8f01cfea414140de5dae2223.png"), png(FILE)).unwrap();
    for n in 0..40 {
        let url = file(&origin, n);
        let path = if n % 2 == 0 { for_owner(&alice, &url) } else { for_visitors(&alice, &url) };
        assert_eq!(load(&alice, &path).expect(200).body.len(), FILE);
        let used = bytes_below(&alice.dir().join("cache"));
        assert!(used <= BUDGET, "{used} bytes after {n} files");
    }
    let stored = alice.app.domain.store.read(size).unwrap();
    assert!(stored.files >= 5 && stored.bytes == bytes_below(&alice.dir().join("cache")), "{stored:?}");
    assert_eq!(bytes_below(&own), FILE as u64, "own media are not touched");
    load(&alice, &for_owner(&alice, &format!("{}/0.png", origin.base))).expect(200);
    assert_eq!(origin.requests_for("/0.png"), 2, "an evicted file is fetched again");
}

#[test]
fn visitors_do_not_evict_files_of_the_owners_half() {
    let (alice, origin) = (small(), Origin::start());
    let of_owner: Vec<String> = (0..4).map(|n| for_owner(&alice, &file(&origin, n))).collect();
    of_owner.iter().for_each(|path| drop(load(&alice, path).expect(200)));
    for n in 10..40 {
        load(&alice, &for_visitors(&alice, &file(&origin, n))).expect(200);
    }
    of_owner.iter().for_each(|path| drop(load(&alice, path).expect(200)));
    assert!((0..4).all(|n| origin.requests_for(&format!("/{n}.png")) == 1), "they are still in the cache");
    let stored = alice.app.domain.store.read(size).unwrap();
    assert!(stored.visitor_bytes <= BUDGET / 2, "{stored:?}");
}

#[test]
fn a_file_that_was_shown_recently_outlives_older_ones() {
    let (alice, origin) = (small(), Origin::start());
    let paths: Vec<String> = (0..9).map(|n| for_owner(&alice, &file(&origin, n))).collect();
    paths.iter().for_each(|path| drop(load(&alice, path).expect(200)));
    let age = |c: &Conn| Ok(c.execute("UPDATE remote_files SET shown_at = shown_at - 86400000", [])?);
    alice.app.domain.store.write(age).unwrap();
    load(&alice, &paths[0]).expect(200);
    for n in 20..26 {
        load(&alice, &for_owner(&alice, &file(&origin, n))).expect(200);
    }
    load(&alice, &paths[0]).expect(200);
    load(&alice, &paths[1]).expect(200);
    assert_eq!((origin.requests_for("/0.png"), origin.requests_for("/1.png")), (1, 2));
}

#[test]
fn a_file_that_is_larger_than_the_space_is_refused() {
    let (alice, origin) = (small(), Origin::start());
    let (stated, unstated) = (OriginFile::new(png(2_000_000)), OriginFile::new(png(2_100_000)));
    let unstated = OriginFile { states_length: false, ..unstated };
    for (path, file) in [("/stated", stated), ("/unstated", unstated)] {
        let refused = load(&alice, &for_owner(&alice, &origin.serve(path, file))).expect(502);
        assert!(refused.text().contains("larger than the space"), "{}", refused.text());
    }
    assert_eq!(bytes_below(&alice.dir().join("cache")), 0);
    let half = origin.serve("/half", OriginFile::new(png(600_000)));
    load(&alice, &for_visitors(&alice, &half)).expect(502);
}
