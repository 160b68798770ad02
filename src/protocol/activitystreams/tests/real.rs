//! Real documents of other systems, when they lie beside the project.

use serde_json::Value;

use super::limits_hold::read_all;
use super::*;

/// Real documents that no reader can use, each with what it lacks: examples cut short by their authors.
const UNREADABLE: [&str; 6] = [
    "fedbox/question-anyof.json: Question: the member `id`",
    "fedify/cross-origin-actor.json: Create: the member `object`",
    "ktistec/question.json: Question: the member `attributedTo`",
    "mastodon/actor-suspended.json: Person: the member `inbox`",
    "mastodon/note-focalpoint.json: Note: the member `attributedTo`",
    "mastodon/question-multiple.json: Question: the member `attributedTo`",
];

#[test]
fn real_documents_are_read() {
    let Some(root) = crate::protocol::real_documents::folder() else { return };
    let systems = std::fs::read_dir(&root).expect("a readable folder");
    let (mut read, mut failures) = (0, Vec::new());
    for file in systems.flatten().filter_map(|dir| std::fs::read_dir(dir.path()).ok()).flatten().flatten() {
        let path = file.path();
        let name = path.strip_prefix(&root).expect("below the root").display().to_string();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a readable file");
        // Placeholders of their recorders.
        let text = text.replace("SCRUBBED_ID", "https://kbin.test/x").replace("{{ .ID }}", "https://fedbox.test/x");
        let doc = match crate::protocol::json::parse(text.as_bytes()) {
            Ok(doc) => doc,
            Err(e) => {
                failures.push(format!("{name}: {e}"));
                continue;
            }
        };
        read_all(&doc);
        read += 1;
        if let Err(why) = read_by_type(&doc) {
            failures.push(format!("{name}: {why}"));
        }
    }
    failures.sort();
    println!("{read} documents read, {} refused:\n{}", failures.len(), failures.join("\n"));
    let unexpected: Vec<_> = failures.iter().filter(|f| !UNREADABLE.iter().any(|known| f.starts_with(known))).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let unheard: Vec<_> = UNREADABLE.iter().filter(|known| !failures.iter().any(|f| f.starts_with(*known))).collect();
    assert!(unheard.is_empty(), "readable by now: {unheard:?}");
    // So many files the index counts.
    assert_eq!(read, 382);
}

/// Reads a document, and documents embedded in it, by the reader for its type.
fn read_by_type(doc: &Value) -> Result<(), String> {
    let fail = |what: &str, e: ReadError| format!("{what}: {e}");
    let Some(kind) = kind_of(doc) else { return Ok(()) };
    match kind.as_str() {
        "Person" | "Service" | "Group" | "Organization" | "Application" => {
            read_actor(doc).map(drop).map_err(|e| fail(&kind, e))
        }
        "Note" | "Question" | "Article" | "Page" | "Video" | "Audio" | "Event" | "ChatMessage" => {
            read_object(doc).map(drop).map_err(|e| fail(&kind, e))
        }
        "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage" => {
            read_collection(doc).map(drop).map_err(|e| fail(&kind, e))
        }
        "Create" | "Update" | "Announce" => {
            let activity = read_activity(doc).map_err(|e| fail(&kind, e))?;
            activity
                .objects
                .iter()
                .try_for_each(|item| if let Item::Embedded(inner) = item { read_by_type(inner) } else { Ok(()) })
        }
        "Follow" | "Accept" | "Reject" | "Undo" | "Like" | "Delete" | "Block" | "Flag" | "Add" | "Remove" | "Move"
        | "EmojiReact" | "Dislike" => read_activity(doc).map(drop).map_err(|e| fail(&kind, e)),
        _ => Ok(()),
    }
}
