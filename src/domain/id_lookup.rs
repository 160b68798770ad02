//! Addresses for people where an id is expected: a document that comes in is rewritten to the ids that they stand for,
//! once, before anything reads it.

use serde_json::Value;

use super::Domain;
use crate::error::Result;
use crate::protocol::activitystreams::is_id;
use crate::store::{Conn, actors, statuses};

/// Members that refer to an object or an actor.
const REFERENCES: [&str; 19] = [
    "object",
    "target",
    "origin",
    "instrument",
    "result",
    "inReplyTo",
    "to",
    "cc",
    "bto",
    "bcc",
    "audience",
    "quote",
    "quoteUri",
    "quoteUrl",
    "_misskey_quote",
    "interactingObject",
    "interactionTarget",
    "movedTo",
    "alsoKnownAs",
];

/// The id of the post or actor that an address stands for; `None` if it is an id already, or leads to nothing known.
///
/// # Errors
/// When the database cannot be read.
pub fn id_of(conn: &Conn, domain: &Domain, address: &str) -> Result<Option<String>> {
    if !is_id(address) {
        return Ok(None);
    }
    if let Some(id) = own_id(domain, address) {
        return Ok(Some(id));
    }
    if domain.site.owns(address) || statuses::is_known(conn, address)? || actors::id_by_uri(conn, address)?.is_some() {
        return Ok(None);
    }
    // A page is on the origin of its id, so nobody claims the pages of another server.
    match statuses::uri_by_page(conn, address)? {
        Some(uri) => Ok(Some(uri)),
        None => actors::uri_by_page(conn, address),
    }
}

/// The id that an address of ours stands for.
fn own_id(domain: &Domain, address: &str) -> Option<String> {
    domain.owner().ok().and_then(|owner| domain.site.id_of(address, &owner.username))
}

/// Where an address is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It refers to something.
    Reference,
    /// It is the id of what is embedded, which only its own server spells.
    EmbeddedId,
}

/// Rewrites every reference in a document from another server to the id that it stands for.
///
/// # Errors
/// When the database cannot be read.
pub fn resolve(conn: &Conn, domain: &Domain, document: &mut Value) -> Result<()> {
    rewrite(document, &mut |found, address| match found {
        Found::Reference => id_of(conn, domain, address),
        Found::EmbeddedId => Ok(own_id(domain, address)),
    })
}

/// Rewrites one address in a document to the id that its server has told.
pub fn replace(document: &mut Value, address: &str, id: &str) {
    // Nothing in this look-up can fail.
    let _ = rewrite(document, &mut |_, text| Ok((text == address).then(|| id.to_owned())));
}

type Lookup<'a> = dyn FnMut(Found, &str) -> Result<Option<String>> + 'a;

fn rewrite(document: &mut Value, lookup: &mut Lookup<'_>) -> Result<()> {
    let Some(members) = document.as_object_mut() else { return Ok(()) };
    for (name, value) in members.iter_mut() {
        if REFERENCES.contains(&name.as_str()) {
            refer(value, lookup)?;
        } else if name == "tag" {
            let tags = match value {
                Value::Array(tags) => tags.as_mut_slice(),
                tag => std::slice::from_mut(tag),
            };
            for href in tags.iter_mut().filter_map(|tag| tag.get_mut("href")) {
                refer(href, lookup)?;
            }
        }
    }
    Ok(())
}

fn refer(value: &mut Value, lookup: &mut Lookup<'_>) -> Result<()> {
    match value {
        Value::String(text) => {
            if let Some(id) = lookup(Found::Reference, text)? {
                *text = id;
            }
        }
        Value::Array(items) => {
            for item in items {
                refer(item, lookup)?;
            }
        }
        Value::Object(members) => {
            for name in ["id", "@id"] {
                if let Some(Value::String(text)) = members.get_mut(name)
                    && let Some(id) = lookup(Found::EmbeddedId, text)?
                {
                    *text = id;
                }
            }
            rewrite(value, lookup)?;
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_rewritten_at_any_depth_and_text_is_not() {
        let page = "https://a.example/@robin/1";
        let mut document = json!({
            "id": page, "type": "Undo", "actor": page, "object": {
                "id": page, "type": "Create", "object": {
                    "inReplyTo": {"id": page}, "content": page, "to": [page, "other"],
                    "tag": [{"type": "Mention", "href": page}], "attachment": [{"href": page}], "url": page,
                },
            },
        });
        replace(&mut document, page, "ID");
        let expected = json!({
            "id": page, "type": "Undo", "actor": page, "object": {
                "id": "ID", "type": "Create", "object": {
                    "inReplyTo": {"id": "ID"}, "content": page, "to": ["ID", "other"],
                    "tag": [{"type": "Mention", "href": "ID"}], "attachment": [{"href": page}], "url": page,
                },
            },
        });
        assert_eq!(document, expected);
    }
}
