//! Replaces page URLs by ids. Some servers refer to posts and actors by the URL of their page; a document is rewritten once,
//! before it is read.

use serde_json::Value;

use super::Domain;
use crate::error::Result;
use crate::protocol::activitystreams::is_id;
use crate::store::{Conn, actors, statuses};

/// Members that refer to objects or actors.
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

/// Members of a JSON-LD list with its items.
const LISTS: [&str; 2] = ["@list", "@set"];

/// The id of the post or actor whose page has this URL; `None` if it is an id already, or the page is unknown.
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
    // Pages are stored only if they have the origin of their id, so no server can claim the pages of another.
    match statuses::uri_by_page(conn, address)? {
        Some(uri) => Ok(Some(uri)),
        None => actors::uri_by_page(conn, address),
    }
}

/// The id of a page on this server.
fn own_id(domain: &Domain, address: &str) -> Option<String> {
    domain.owner().ok().and_then(|owner| domain.site.id_of(address, &owner.username))
}

/// Where a URL was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// In a reference.
    Reference,
    /// As the id of an embedded object, which only its own server spells differently.
    EmbeddedId,
}

/// Replaces every reference in a remote document by the id of its page.
pub fn resolve(conn: &Conn, domain: &Domain, document: &mut Value) -> Result<()> {
    rewrite(document, &mut |found, address| match found {
        Found::Reference => id_of(conn, domain, address),
        Found::EmbeddedId => Ok(own_id(domain, address)),
    })
}

/// Replaces one URL in a document by the id that its server has stated.
pub fn replace(document: &mut Value, address: &str, id: &str) {
    // This lookup cannot fail.
    let _ = rewrite(document, &mut |_, text| Ok((text == address).then(|| id.to_owned())));
}

type Lookup<'a> = dyn FnMut(Found, &str) -> Result<Option<String>> + 'a;

fn rewrite(document: &mut Value, lookup: &mut Lookup<'_>) -> Result<()> {
    let Some(members) = document.as_object_mut() else { return Ok(()) };
    for (name, value) in members.iter_mut() {
        if REFERENCES.contains(&name.as_str()) {
            refer(value, lookup)?;
        } else if name == "tag" {
            refer_in_tags(value, lookup)?;
        }
    }
    Ok(())
}

/// The targets of a tag, or of a list of tags.
fn refer_in_tags(value: &mut Value, lookup: &mut Lookup<'_>) -> Result<()> {
    match value {
        Value::Array(tags) => tags.iter_mut().try_for_each(|tag| refer_in_tags(tag, lookup)),
        Value::Object(members) => {
            if let Some(href) = members.get_mut("href") {
                refer(href, lookup)?;
            }
            LISTS.iter().filter_map(|list| Some(refer_in_tags(members.get_mut(*list)?, lookup))).collect()
        }
        _ => Ok(()),
    }
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
            // The target of a Link, the actors of an embedded document, and the items of a list.
            for name in ["href", "actor", "attributedTo"].iter().chain(&LISTS) {
                if let Some(inner) = members.get_mut(*name) {
                    refer(inner, lookup)?;
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
                "id": page, "type": "Create", "actor": page, "object": {
                    "inReplyTo": {"id": page}, "content": page, "to": [page, "other"],
                    "tag": [{"type": "Mention", "href": page}], "attachment": [{"href": page}], "url": page,
                },
            },
        });
        replace(&mut document, page, "ID");
        let expected = json!({
            "id": page, "type": "Undo", "actor": page, "object": {
                "id": "ID", "type": "Create", "actor": "ID", "object": {
                    "inReplyTo": {"id": "ID"}, "content": page, "to": ["ID", "other"],
                    "tag": [{"type": "Mention", "href": "ID"}], "attachment": [{"href": page}], "url": page,
                },
            },
        });
        assert_eq!(document, expected);
    }
}
