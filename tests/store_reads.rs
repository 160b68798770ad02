//! The store functions that read data with restricted visibility without a viewer: each is listed here with the reason
//! why that is safe. A new function either takes a `Viewer` or is added here with a reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Tables whose visible rows depend on the viewer.
const TABLES: [&str; 12] = [
    "statuses",
    "status_edits",
    "status_tags",
    "status_search",
    "mentions",
    "notifications",
    "follows",
    "favourites",
    "reactions",
    "bookmarks",
    "blocks",
    "timelines",
];

/// The reason, and the functions that it holds for, as `file: function function`.
const REASONS: &[(&str, &[&str])] = &[
    (
        "It is a part of a write: nothing of it is shown.",
        &[
            "account/erasure: clear_posts",
            "account/apps: purge_unused",
            "account/followed_hashtags: remove",
            "actors/deletion: delete_some_posts delete",
            "conversations: purge",
            "interactions/favourites: renew",
            "interactions/quotes: replace",
            "interactions/reactions: insert",
            "list_timelines: add_member refill remove_replies return_to_home return_member_to_home take_from_home",
            "peers/domain_policies: clear_from_view remove_media",
            "relationships/follows: end_all",
            "retention: unreferenced surplus_mentions",
            "search/rebuild: begin_rebuild_if_outdated rebuild_some",
            "statuses/hashtags: replace",
            "statuses/insert: insert is_taken free_id",
            "timelines: remove_boosts_of remove_actor",
        ],
    ),
    (
        "It finds by a name that the client has; the rules decide about the result, or `visible` shows it.",
        &[
            "interactions/favourites: uri by_uri",
            "interactions/quotes: by_approval replies_by_approval",
            "interactions/reactions: by_uri",
            "notifications/mod: get",
            "relationships/follows: between by_uri",
            "statuses/arrivals: state_at is_awaited uri_by_page is_known",
            "statuses/find: get by_uri by_url boost_by boosts_after boosts_of_author",
        ],
    ),
    (
        "The rules decide by it who may do or see something.",
        &[
            "quota: is_followed is_exempt",
            "relationships/blocks: exists is_by_local by_local_among",
            "account/followed_hashtags: are_of",
            "media: was_attached",
            "relationships/blocks: among",
            "relationships/follows: is_accepted accepted_among among",
            "statuses/find: any_by has_sent_chat_messages",
            "statuses/pins: count_pinned",
            "statuses/threads: is_rated",
        ],
    ),
    (
        "It decides where activities are sent, or what is requested from other servers.",
        &[
            "actors/inboxes: uris_by_inbox",
            "media: abandoned",
            "peers/domain_policies: followed_or_following",
            "relationships/follows: follower_inboxes following_inboxes followers_on has_remote_followers on_host",
            "statuses/participants: interested",
            "statuses/threads: answers_by_followed",
            "timelines: thread_replies",
        ],
    ),
    (
        "Only the owner sees it: the route or the caller admits no other client.",
        &[
            "account/erasure: holdings",
            "account/featured_hashtags: all suggestions",
            "conversations: participants",
            "interactions/owner_marks: of_statuses",
            "interactions/quotes: local_of",
            "interactions/reactions: of_actor last_of of_notifications",
            "notifications/groups: get sizes actors latest_key",
            "notifications/mod: count_after",
            "notifications/requests: list get count purge dismiss",
            "relationships/blocks: list",
            "relationships/follows: list count_requests familiar",
            "statuses/counts: count_local",
            "statuses/find: own_since",
            "timelines: showing shows_among_newest count_above",
        ],
    ),
    (
        "It reads only public and unlisted posts, by its own condition.",
        &[
            "explore: tags links link_uses directory",
            "instance: activity is_active languages",
            "sitemap: public_posts pages",
            "interactions/quotes: counts",
            "statuses/counts: count_outbox count_open_local",
            "statuses/threads: open_replies count_open_replies",
            "timelines: open_thread",
        ],
    ),
    (
        "It is a part of a status that the viewer may see.",
        &["statuses/edits: history", "statuses/hashtags: of_statuses", "statuses/mentions: of_statuses"],
    ),
];

/// The functions of a file that read one of the tables and take no viewer.
fn without_viewer(file: &str, source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    for function in source.split("\npub fn ").skip(1) {
        let function = function.split("\n}\n").next().unwrap();
        let (signature, body) = function.split_once('{').unwrap();
        let words: Vec<&str> =
            body.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
        let reads = words.contains(&"SELECT")
            && words.windows(2).any(|w| ["FROM", "JOIN"].contains(&w[0]) && TABLES.contains(&w[1]));
        if reads && !signature.contains("Viewer") {
            let name = signature.split(['(', '<']).next().unwrap();
            found.push(format!("{file}: {name}"));
        }
    }
    found
}

fn sources(directory: &Path, root: &Path, all: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, root, all);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let file = path.strip_prefix(root).unwrap().with_extension("").display().to_string();
            all.extend(without_viewer(&file, &fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_read_without_a_viewer_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut found = Vec::new();
    sources(&root, &root, &mut found);
    assert!(found.len() > 40, "{found:?}");
    let allowed: BTreeSet<String> = REASONS
        .iter()
        .flat_map(|(_, files)| files.iter())
        .flat_map(|line| {
            let (file, names) = line.split_once(": ").unwrap();
            names.split(' ').map(move |name| format!("{file}: {name}"))
        })
        .collect();
    let new: Vec<_> = found.iter().filter(|f| !allowed.contains(*f)).collect();
    assert!(new.is_empty(), "take a Viewer, or say in this file why not: {new:?}");
}

#[test]
fn a_read_without_a_viewer_is_noticed() {
    let source = "\npub fn all(conn: &Conn) -> Result<i64> {\n    \"SELECT count(*) FROM statuses s\"\n}\n\
                  \npub fn some(conn: &Conn, viewer: Viewer) -> Result<i64> {\n    \"SELECT 1 FROM statuses\"\n}\n\
                  \npub fn none(conn: &Conn) -> Result<i64> {\n    \"SELECT 1 FROM settings\"\n}\n";
    assert_eq!(without_viewer("x", source), ["x: all"]);
}
