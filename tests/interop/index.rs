use std::path::PathBuf;

use serde_json::Value;

/// A document with what is expected of it.
pub struct Entry {
    /// `mastodon/create-note`.
    pub name: String,
    pub document: Value,
    /// A mechanical reading of the document.
    pub said: String,
}

fn folder() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../shared/interop", "../../shared/interop"].iter().map(|p| root.join(p)).find(|p| p.join("README.md").exists())
}

/// Every document of the index; none where the folder is not there.
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
        let [file, _, _, said] = columns[..] else { continue };
        let path = folder.join(&system).join(file);
        if !file.ends_with(".json") || !path.exists() {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let filled = text
            .replace("{{DOMAIN}}", "placeholder.example")
            .replace("{{domain}}", "placeholder.example")
            .replace("{{nickname}}", "someone")
            .replace("{{ap_id}}", "https://placeholder.example/users/someone");
        let document = serde_json::from_str(&filled).unwrap_or_else(|e| panic!("{system}/{file}: {e}"));
        let name = format!("{system}/{}", file.trim_end_matches(".json"));
        entries.push(Entry {
            name,
            document,
            said: said.split(" — **").next().unwrap().replace("{{DOMAIN}}", "placeholder.example"),
        });
    }
    entries
}
