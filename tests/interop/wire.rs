use serde_json::Value;

use super::reading::read;
use crate::support::TestServer;

/// One document of each family of shapes, with what must be read of it.
#[test]
fn every_family_of_shapes_is_parsed_as_expected() {
    let server = TestServer::start("alice");
    let cases: Value = serde_json::from_str(include_str!("../fixtures/wire.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 30);
    let mut wrong = Vec::new();
    for case in cases {
        let found = serde_json::to_value(read(&server.app.domain, &case["document"])).unwrap();
        for (member, wanted) in case["reads"].as_object().unwrap() {
            if found[member] != *wanted {
                wrong.push(format!("{}: {member} is {} and not {wanted}", case["name"], found[member]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
