//! Actors.

use serde_json::Value;

use crate::limits;
use crate::protocol::characters::{cut_bytes, is_hidden, without_ignorable};
use crate::protocol::html;
use crate::protocol::text::clean_name;
use crate::write_guard;

use super::content::with_breaks;
use super::tags::tags;
use super::values::{
    boolean, first_id, id_of, ids, is_kind, kind_of, kinds, line, links, list, page, permits, picture, plain_names,
    reference, restricts, text, when,
};
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::literal::{plain, string};
use crate::protocol::activitystreams::origin::is_id;
use crate::protocol::activitystreams::origin::same_origin;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKey, ActorKind, Field, KeyMaterial, ProfileTabs};

/// Reads an actor. Name, biography and fields are cut to their limits. Dropped are fields, aliases, keys and emoji beyond their
/// limits, a user name that is too long or invalid in a handle, and keys whose id or owner is on another origin.
///
/// # Errors
/// [`ReadError`] for another type and without `id` or `inbox` (a stub, as in GoToSocial's key documents).
pub fn read_actor(doc: &Value) -> Result<ActorDoc, ReadError> {
    write_guard::assert_outside("an actor is parsed");
    if !doc.is_object() {
        return Err(ReadError::NotAnObject);
    }
    let doc = &*plain_names(doc);
    let kind = kinds(doc).find_map(ActorKind::parse);
    let wrong = || ReadError::WrongType { wanted: "an actor", found: kind_of(doc).unwrap_or_default() };
    let kind = kind.ok_or_else(wrong)?;
    let id = id_of(doc).filter(|id| is_id(id)).ok_or(ReadError::Missing("id"))?.to_owned();
    let inbox = first_id(doc.get("inbox")).ok_or(ReadError::Missing("inbox"))?;
    let shared = plain(doc.get("endpoints")).and_then(|e| e.get("sharedInbox")).or_else(|| doc.get("sharedInbox"));
    Ok(ActorDoc {
        kind,
        inbox,
        // Misskey repeats it at the top level.
        shared_inbox: first_id(shared),
        username: username(doc),
        webfinger: webfinger(doc),
        name: text(doc, "name").map(|name| clean_name(&name, limits::ACTOR_NAME_CHARS)).unwrap_or_default(),
        note: html::clean_within(&note(doc), limits::ACTOR_NOTE, str::len),
        url: page(doc, &id, |_| false),
        outbox: first_id(doc.get("outbox")),
        followers: first_id(doc.get("followers")),
        following: first_id(doc.get("following")),
        featured: first_id(doc.get("featured")),
        icon: picture(doc.get("icon")),
        image: picture(doc.get("image")),
        fields: fields(doc),
        emoji: tags(doc).emoji,
        locked: restricts(doc, "manuallyApprovesFollowers"),
        discoverable: permits(doc, "discoverable"),
        indexable: permits(doc, "indexable"),
        tabs: ProfileTabs {
            media: boolean(doc.get("showMedia")).unwrap_or(true),
            media_replies: boolean(doc.get("showRepliesInMedia")).unwrap_or(true),
            featured: boolean(doc.get("showFeatured")).unwrap_or(true),
        },
        memorial: permits(doc, "memorial"),
        suspended: restricts(doc, "suspended"),
        moved_to: first_id(doc.get("movedTo")),
        also_known_as: ids(doc.get("alsoKnownAs"), limits::ACTOR_ALIASES),
        published: when(doc, "published"),
        keys: keys(doc, &id),
        proxy_of: proxy_of(doc),
        attribution_domains: attribution_domains(doc),
        speaks_rfc9421: speaks_rfc9421(doc),
        id,
    })
}

/// The biography; line breaks of plain text become `br`.
fn note(doc: &Value) -> String {
    let written = text(doc, "summary").unwrap_or_default();
    with_breaks(cut_bytes(&written, limits::REMOTE_HTML))
}

/// Reads a user name that is valid in a handle. WebFinger decides whether the handle is the actor's.
fn username(doc: &Value) -> Option<String> {
    let written = string(doc.get("preferredUsername"))?;
    let name = without_ignorable(&written);
    let name = name.trim();
    let forbidden = |c: char| c.is_whitespace() || is_hidden(c) || "@/\\?#%&<>\"'`{}|^".contains(c);
    let fits = !name.is_empty()
        && name.chars().count() <= limits::ACTOR_USERNAME_CHARS
        && !name.contains(forbidden)
        && !written.contains(is_hidden);
    fits.then(|| name.to_owned())
}

/// `user@host` of FEP-2c59 (WordPress), also with `acct:` or `@` before it.
fn webfinger(doc: &Value) -> Option<String> {
    let written = string(doc.get("webfinger"))?;
    let written = without_ignorable(&written);
    let handle = written.strip_prefix("acct:").unwrap_or(&written).trim_start_matches('@');
    let (user, host) = handle.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c == '@' || c == '/' || c.is_whitespace() || is_hidden(c))
    };
    (plain(user) && plain(host) && handle.len() <= limits::ACTOR_USERNAME_CHARS + 256).then(|| handle.to_owned())
}

/// Profile fields: `PropertyValue` of Mastodon, `Note` and `Link` of FEP-fb2a; other attachments are not fields.
/// WordPress and NodeBB send each in both ways: the `PropertyValue` is taken.
fn fields(doc: &Value) -> Vec<Field> {
    let written = || list(doc.get("attachment")).iter().take(limits::ACTOR_FIELDS * 4);
    let is_copy = |value: &Value| {
        let mut stated = written().filter(|v| is_kind(v, "PropertyValue"));
        !is_kind(value, "PropertyValue") && stated.any(|v| v.get("name") == value.get("name"))
    };
    let mut room = limits::ACTOR_FIELDS_BYTES;
    let mut fits = |field: &Field| {
        let rest = room.checked_sub(field.name.len() + field.value.len());
        room = rest.unwrap_or(room);
        rest.is_some()
    };
    let fields = written().filter(|value| !is_copy(value)).filter_map(field);
    fields.take(limits::ACTOR_FIELDS).filter(|field| fits(field)).collect()
}

fn field(value: &Value) -> Option<Field> {
    let name = line(value, "name", limits::ACTOR_FIELD_NAME_CHARS);
    let written = if is_kind(value, "PropertyValue") {
        string(value.get("value"))?.into_owned()
    } else if is_kind(value, "Note") {
        text(value, "content")?.into_owned()
    } else if is_kind(value, "Link") {
        crate::protocol::text::link(links(Some(value)).first()?.href)
    } else {
        return None;
    };
    let value = html::clean_within(&written, limits::ACTOR_FIELD_VALUE_CHARS, |html| html.chars().count());
    Some(Field { name: name?, value, verified_at: None })
}

/// The keys of `publicKey` (PEM) and `assertionMethod` (Multikey, FEP-521a). The default owner is the actor.
fn keys(doc: &Value, id: &str) -> Vec<ActorKey> {
    let methods = ["publicKey", "assertionMethod"]
        .into_iter()
        .flat_map(|member| list(doc.get(member)).iter().take(limits::ACTOR_KEYS));
    methods.filter_map(|value| key(value, id)).take(limits::ACTOR_KEYS).collect()
}

fn key(value: &Value, actor: &str) -> Option<ActorKey> {
    let material = |member: &str| string(value.get(member)).filter(|t| t.len() <= limits::KEY_TEXT);
    let material = match (material("publicKeyPem"), material("publicKeyMultibase")) {
        (Some(pem), _) => KeyMaterial::Pem(pem.into_owned()),
        (None, Some(multibase)) => KeyMaterial::Multibase(multibase.into_owned()),
        (None, None) => return None,
    };
    let owner = match value.get("owner").or_else(|| value.get("controller")) {
        Some(owner) => list(Some(owner)).iter().find_map(reference)?,
        None => actor,
    };
    let id = id_of(value).filter(|id| same_origin(id, actor) && same_origin(owner, actor))?;
    Some(ActorKey { id: id.to_owned(), owner: owner.to_owned(), material })
}

/// FEP-fffd: the account that this one mirrors, by its address and protocol (`https://github.com/nostr-protocol/nostr`).
fn proxy_of(doc: &Value) -> Option<(String, String)> {
    let text = |value: &Value, member: &str| {
        let text = string(value.get(member)).map(|t| clean_name(&t, limits::ACTOR_FIELD_NAME_CHARS));
        text.filter(|t| !t.is_empty())
    };
    list(doc.get("proxyOf")).iter().take(4).find_map(|proxy| {
        let address = text(proxy, "proxied").or_else(|| text(proxy, "id"))?;
        Some((address, text(proxy, "protocol").unwrap_or_default()))
    })
}

/// The domains whose pages may name the actor as their author (Mastodon).
fn attribution_domains(doc: &Value) -> Vec<String> {
    let domains = list(doc.get("attributionDomains")).iter().take(limits::ATTRIBUTION_DOMAINS);
    let name = |domain: &Value| {
        let domain = string(Some(domain))?.trim().to_ascii_lowercase();
        let fits = !domain.is_empty() && domain.len() <= limits::DOMAIN_CHARS && !domain.contains(char::is_whitespace);
        fits.then_some(domain)
    };
    domains.filter_map(name).collect()
}

/// FEP-844e: the actor, or the application that `generator` names, implements RFC 9421.
fn speaks_rfc9421(doc: &Value) -> bool {
    let standard = "https://datatracker.ietf.org/doc/html/rfc9421";
    [Some(doc), doc.get("generator")]
        .into_iter()
        .flatten()
        .any(|actor| list(actor.get("implements")).iter().take(32).filter_map(reference).any(|href| href == standard))
}
