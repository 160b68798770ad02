use std::collections::BTreeSet;

use super::delivery::TABLE;
use super::fetched;
use super::scene::Scene;

/// `FEDERATION.md` tells how many documents are read and how many of them are delivered.
#[test]
fn the_number_of_replayed_documents_is_as_documented() {
    let (mut read, mut delivered) = (BTreeSet::new(), BTreeSet::new());
    for row in TABLE.lines().filter(|l| !l.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let file = columns[0].split('#').next().unwrap();
        read.insert(file);
        if columns[2] == "202" && !fetched::is_fetched(&Scene::new(columns[1])) {
            delivered.insert(file);
        }
    }
    let stated = include_str!("../../FEDERATION.md").lines().filter_map(|line| {
        let (read, delivered) = line.strip_prefix("| ")?.split(" | ").nth(1)?.split_once(" / ")?;
        Some((read.parse::<usize>().ok()?, delivered.parse::<usize>().ok()?))
    });
    let stated = stated.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    assert_eq!(stated, (read.len(), delivered.len()));
}
