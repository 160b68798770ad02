use std::path::PathBuf;

use serde_json::Value;

/// A document with what is expected of it.
pub struct Entry {
    /// `mastodon/create-note`.
    pub name: String,
    pub document: Value,
    /// A mechanical reading of the document.
    pub stated: String,
    /// The required result, if the index states one.
    pub outcome: String,
}

fn folder() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../shared/interop", "../../shared/interop"].iter().map(|p| root.join(p)).find(|p| p.join("README.md").exists())
}

/// Every document of the index but the signatures, which `src/protocol` verifies; none where the folder is not there.
pub fn entries() -> Vec<Entry> {
    let Some(folder) = folder() else {
        println!("the folder of real documents is not here; nothing is replayed");
        return Vec::new();
    };
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let (mut system, mut entries) = (String::new(), Vec::new());
    for line in readme.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            system = heading.trim().to_owned();
        }
        let columns: Vec<&str> = line.trim_matches('|').splitn(4, " | ").map(str::trim).collect();
        let [file, _, _, stated] = columns[..] else { continue };
        if !file.ends_with(".json") || system == "signatures" {
            continue;
        }
        let text = std::fs::read_to_string(folder.join(&system).join(file)).unwrap();
        let document = serde_json::from_str(&filled(&text)).unwrap_or_else(|e| panic!("{system}/{file}: {e}"));
        let name = format!("{system}/{}", file.trim_end_matches(".json"));
        let (stated, outcome) = stated.split_once(" — **").unwrap_or((stated, ""));
        let (stated, outcome) = (filled(stated), outcome.trim_end_matches('*').to_owned());
        entries.push(Entry { name, document: unscrubbed(document, String::new()), stated, outcome });
    }
    let files = |dir: PathBuf| std::fs::read_dir(dir).unwrap().flatten().filter(|f| f.file_name() != "README.md");
    let systems = files(folder).filter(|s| s.file_name() != "signatures");
    let there: usize = systems.map(|system| files(system.path()).count()).sum();
    assert_eq!(entries.len(), there, "the index does not name every file");
    entries
}

/// A text with something in the places that its recorders left blank.
fn filled(text: &str) -> String {
    text.replace("{{DOMAIN}}", "placeholder.example")
        .replace("{{domain}}", "placeholder.example")
        .replace("{{nickname}}", "someone")
        .replace("{{ap_id}}", "https://placeholder.example/users/someone")
        .replace("{{activity_id}}", "https://placeholder.example/follows/1")
        .replace("{{ .ID }}", "https://placeholder.example/users/someone")
        .replace("{{ .ActorID }}", "https://placeholder.example/users/someone")
}

/// Mbin's recorder redacts ids and dates. Each gets a unique value again.
fn unscrubbed(value: Value, at: String) -> Value {
    match value {
        Value::String(s) if s == "SCRUBBED_ID" => Value::String(format!("https://kbin.test{at}")),
        Value::String(s) if s == "SCRUBBED_DATE" => Value::String("2025-01-01T00:00:00Z".into()),
        Value::Array(list) => {
            list.into_iter().enumerate().map(|(n, v)| unscrubbed(v, format!("{at}/{n}"))).collect::<Vec<_>>().into()
        }
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(k, v)| (k.clone(), unscrubbed(v, format!("{at}/{k}")))).collect())
        }
        other => other,
    }
}
