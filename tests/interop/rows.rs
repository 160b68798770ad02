//! A summary of the rows in the owner's database, and of the rows added and removed by an activity.

use std::collections::BTreeMap;

use dassie::store::Conn;
use rusqlite::Row;

use super::wrap::PASTURE_HOSTS;
use crate::support::TestServer;

/// Everything that an activity can change: by the thing's own id, in words.
pub struct Rows(BTreeMap<String, String>);

type Described = rusqlite::Result<(String, String)>;

/// A query and how to say what a row of it is.
type Source = (&'static str, fn(&Row<'_>) -> Described);

/// Statuses with everything that hangs on them.
const STATUSES: &str = "SELECT s.*, of.local AS boosts_ours, g.uri AS community,
   EXISTS (SELECT 1 FROM timelines t WHERE t.status_id = s.id) AS home,
   (SELECT group_concat(line, ',') FROM (
     SELECT CASE m.kind WHEN 0 THEN 'image' WHEN 1 THEN 'gifv' WHEN 2 THEN 'video' WHEN 3 THEN 'audio' ELSE 'file' END
       || iif(m.description IS NULL, '', '+alt') || iif(m.focus_x IS NULL, '', '+focus')
       || iif(m.blurhash IS NULL, '', '+blur') AS line
     FROM media m WHERE m.status_id = s.id ORDER BY m.position)) AS media,
   (SELECT count(*) FROM mentions n JOIN actors o ON o.id = n.actor_id
     WHERE n.status_id = s.id AND NOT n.silent AND o.local) AS named,
   (SELECT count(*) FROM mentions n JOIN actors o ON o.id = n.actor_id
     WHERE n.status_id = s.id AND NOT n.silent AND NOT o.local) AS others,
   (SELECT group_concat(tag, ',') FROM (
     SELECT tag FROM status_tags t WHERE t.status_id = s.id ORDER BY tag)) AS tags,
   (SELECT iif(p.multiple, 'any', 'one') || iif(p.closed, ' closed', '') || iif(p.ends_at IS NULL, ' endless', '')
     FROM polls p WHERE p.status_id = s.id) AS poll,
   (SELECT group_concat(votes, '/') FROM (
     SELECT votes FROM poll_options o WHERE o.status_id = s.id ORDER BY position)) AS votes
 FROM statuses s LEFT JOIN statuses of ON of.id = s.boost_of_id LEFT JOIN actors g ON g.id = s.group_id";

const SOURCES: &[Source] = &[
    (STATUSES, status),
    ("SELECT uri FROM tombstones", |r| Ok((r.get::<_, String>(0)?, "tombstone".into()))),
    ("SELECT f.id, o.local, f.accepted FROM follows f JOIN actors o ON o.id = f.follower_id", |r| {
        let what = match (r.get(1)?, r.get(2)?) {
            (true, true) => "following",
            (true, false) => "asked to follow",
            (false, true) => "follower",
            (false, false) => "follow request",
        };
        Ok((r.get::<_, i64>(0)?.to_string(), what.into()))
    }),
    ("SELECT id FROM blocks", |r| Ok((r.get::<_, i64>(0)?.to_string(), "block".into()))),
    ("SELECT id FROM favourites", |r| Ok((r.get::<_, i64>(0)?.to_string(), "like".into()))),
    ("SELECT id, emoji, url IS NOT NULL FROM reactions", |r| {
        let picture = if r.get(2)? { " with its picture" } else { "" };
        Ok((r.get::<_, i64>(0)?.to_string(), format!("reaction {}{picture}", r.get::<_, String>(1)?)))
    }),
    ("SELECT id, json_array_length(objects), comment <> '' FROM reports", |r| {
        let comment = if r.get(2)? { " with a comment" } else { "" };
        Ok((r.get::<_, i64>(0)?.to_string(), format!("report of {} posts{comment}", r.get::<_, i64>(1)?)))
    }),
    ("SELECT actor_id || ' ' || position, position + 1 FROM poll_votes", |r| {
        Ok((r.get(0)?, format!("vote for option {}", r.get::<_, i64>(1)?)))
    }),
    ("SELECT id, kind FROM approvals WHERE revoked_at IS NULL", |r| {
        let kind = ["like", "reply", "announce", "quote"][usize::from(r.get::<_, u8>(1)?)];
        Ok((r.get::<_, i64>(0)?.to_string(), format!("consent to a {kind}")))
    }),
    ("SELECT id, kind FROM notifications", |r| {
        let kind = [
            "mention",
            "boost",
            "like",
            "follow",
            "follow request",
            "poll",
            "edit",
            "status",
            "reaction",
            "quote",
            "report",
        ][usize::from(r.get::<_, u8>(1)?)];
        Ok((r.get::<_, i64>(0)?.to_string(), format!("told of a {kind}")))
    }),
    ("SELECT id, accepted FROM relays", |r| {
        Ok((r.get::<_, i64>(0)?.to_string(), if r.get(1)? { "relay" } else { "relay asked" }.into()))
    }),
    ("SELECT * FROM actors WHERE NOT local", actor),
    (
        "SELECT uri, remote_statuses, remote_followers, remote_following FROM actors \
         WHERE NOT local AND coalesce(remote_statuses, remote_followers, remote_following) IS NOT NULL",
        |r| {
            let mut words = String::from("counts");
            for (n, name) in ["posts", "followers", "following"].iter().enumerate() {
                if let Some(count) = r.get::<_, Option<i64>>(n + 1)? {
                    words.push_str(&format!(" {name}={count}"));
                }
            }
            Ok((r.get(0)?, words))
        },
    ),
];

impl Rows {
    pub fn of(server: &TestServer) -> Self {
        let read = |c: &Conn| {
            let mut rows = BTreeMap::new();
            for (n, (sql, describe)) in SOURCES.iter().enumerate() {
                let mut query = c.prepare_cached(sql)?;
                for row in query.query_map([], *describe)? {
                    let (key, words) = row?;
                    rows.insert(format!("{n} {key}"), words);
                }
            }
            Ok(rows)
        };
        Self(server.app.domain.store.read(read).unwrap())
    }

    /// Rows that were added (`+`), removed (`-`) and changed (`~`) up to a later time, in alphabetical order. New
    /// actors are left out.
    pub fn changes(&self, later: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, words) in &later.0 {
            match self.0.get(key) {
                None if words.starts_with("actor") => {}
                None => found.push(format!("+{words}")),
                Some(before) if before != words => found.push(format!("~{words}")),
                Some(_) => {}
            }
        }
        found.extend(self.0.iter().filter(|(key, _)| !later.0.contains_key(*key)).map(|(_, words)| {
            let what = if words.starts_with("post") { "post" } else { words };
            let what = if words.starts_with("actor") { "actor" } else { what };
            format!("-{what}")
        }));
        found.sort();
        found
    }
}

/// Words with their values, those that have one.
#[derive(Default)]
struct Words(String);

impl Words {
    fn when(&mut self, holds: bool, word: &str) {
        if holds {
            self.0.push_str(&format!(" {word}"));
        }
    }

    fn value(&mut self, word: &str, value: Option<String>) {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            self.0.push_str(&format!(" {word}={value}"));
        }
    }
}

fn status(r: &Row<'_>) -> Described {
    let text = |column: &str| r.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
    let filled = |column: &str| r.get::<_, Option<String>>(column).map(|v| v.is_some_and(|v| !v.is_empty()));
    let uri: String = r.get("uri")?;
    let mut words = Words::default();
    let visibility = ["public", "unlisted", "private", "direct"][usize::from(r.get::<_, u8>("visibility")?)];
    if r.get::<_, Option<i64>>("boost_of_id")?.is_some() {
        let ours = r.get::<_, Option<bool>>("boosts_ours")? == Some(true);
        words.when(ours, "of ours");
        words.when(r.get("home")?, "home");
        return Ok((uri, format!("boost {visibility}{}", words.0)));
    }
    let kind = text("kind")?;
    words.when(kind != "Note", &kind);
    words.when(filled("title")?, "title");
    words.when(filled("summary")?, "cw");
    words.when(r.get("sensitive")?, "sensitive");
    words.value("lang", r.get("language")?);
    words.value("media", r.get("media")?);
    words.when(r.get::<_, i64>("named")? > 0, "names-alice");
    words.value("names", r.get::<_, i64>("others").map(|n| (n > 0).then(|| n.to_string()))?);
    words.value("tags", r.get("tags")?);
    let emoji = text("emoji")?.matches("shortcode").count();
    words.value("emoji", (emoji > 0).then(|| emoji.to_string()));
    if let Some(poll) = r.get::<_, Option<String>>("poll")? {
        words.when(true, &format!("poll({poll} {})", text("votes")?));
    }
    let is_reply = r.get::<_, Option<i64>>("in_reply_to_id")?.is_some();
    words.when(is_reply, "reply");
    words.when(!is_reply && filled("in_reply_to_uri")?, "reply-to-elsewhere");
    let quote = usize::from(r.get::<_, Option<u8>>("quote_state")?.unwrap_or(0));
    let here = if r.get::<_, Option<i64>>("quote_id")?.is_some() { "+here" } else { "" };
    words.when(quote > 0, &format!("quote={}{here}", ["", "pending", "accepted", "rejected", "revoked"][quote]));
    words.when(filled("community")?, "group");
    words.value("url", link(&uri, &text("url")?));
    details(&mut words, &text("details")?);
    words.when(filled("policy")?, "policy");
    words.when(r.get::<_, Option<i64>>("edited_at")?.is_some(), "edited");
    words.when(r.get::<_, Option<i64>>("pinned_at")?.is_some(), "pinned");
    words.when(filled("reply_approval")?, "approved-reply");
    words.when(text("content")?.contains("in the words of its own server"), "as-served");
    words.when(r.get("home")?, "home");
    Ok((uri, format!("post {visibility}{}", words.0)))
}

/// Where a post's page for people is: at its `id`, elsewhere on its `own` server, or on another host.
fn link(uri: &str, url: &str) -> Option<String> {
    let host = |address: &str| url::Url::parse(address).ok().map(|u| u.authority().to_owned());
    match host(url)? {
        _ if url == uri => Some("id".into()),
        other if Some(&other) == host(uri).as_ref() => {
            let folder = url.split('/').nth(3).filter(|folder| PASTURE_HOSTS.contains(folder));
            Some(folder.map_or("own".into(), |folder| format!("own/{folder}")))
        }
        other => Some(other),
    }
}

fn details(words: &mut Words, json: &str) {
    let details: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    for member in ["starts_at", "ends_at", "place", "seconds", "rating"] {
        words.when(details.get(member).is_some_and(|v| !v.is_null()), member.split('_').next().unwrap());
    }
}

fn actor(r: &Row<'_>) -> Described {
    let filled = |column: &str| r.get::<_, Option<String>>(column).map(|v| v.is_some_and(|v| !v.is_empty()));
    let count = |column: &str, what: &str| -> rusqlite::Result<Option<String>> {
        let n = r.get::<_, String>(column)?.matches(what).count();
        Ok((n > 0).then(|| n.to_string()))
    };
    let kind = ["person", "service", "group", "organization", "application"][usize::from(r.get::<_, u8>("kind")?)];
    let mut words = Words::default();
    words.when(filled("display_name")?, "name");
    words.when(filled("note")?, "bio");
    words.value("fields", count("fields", "\"name\":")?);
    words.value("emoji", count("emoji", "shortcode")?);
    words.when(filled("avatar")?, "avatar");
    words.when(filled("header")?, "header");
    words.when(filled("featured_uri")?, "pins");
    words.when(r.get("locked")?, "locked");
    words.when(r.get("suspended")?, "suspended");
    words.when(filled("moved_to")?, "moved");
    words.value("aka", count("also_known_as", "http")?);
    words.when(filled("proxy_of")?, "bridge");
    words.when(r.get::<_, Option<i64>>("gone_at")?.is_some(), "gone");
    Ok((r.get("uri")?, format!("actor {kind}{}", words.0)))
}
