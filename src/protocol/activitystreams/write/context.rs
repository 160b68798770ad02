//! The JSON-LD context of our documents.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

/// The terms that we use beyond the standard contexts, with what they mean; `@` before it says that the value is an id.
/// `schema` looks wrong with http and `#`, but is what Mastodon expects.
const TERMS: [(&str, &str); 49] = [
    ("manuallyApprovesFollowers", "as:manuallyApprovesFollowers"),
    ("sensitive", "as:sensitive"),
    ("Hashtag", "as:Hashtag"),
    ("movedTo", "@as:movedTo"),
    ("alsoKnownAs", "@as:alsoKnownAs"),
    ("toot", "http://joinmastodon.org/ns#"),
    ("Emoji", "toot:Emoji"),
    ("featured", "@toot:featured"),
    ("featuredTags", "@toot:featuredTags"),
    ("discoverable", "toot:discoverable"),
    ("indexable", "toot:indexable"),
    ("showMedia", "toot:showMedia"),
    ("showRepliesInMedia", "toot:showRepliesInMedia"),
    ("showFeatured", "toot:showFeatured"),
    ("attributionDomains", "@toot:attributionDomains"),
    ("blurhash", "toot:blurhash"),
    ("votersCount", "toot:votersCount"),
    ("schema", "http://schema.org#"),
    ("PropertyValue", "schema:PropertyValue"),
    ("value", "schema:value"),
    ("quoteUrl", "as:quoteUrl"),
    ("misskey", "https://misskey-hub.net/ns#"),
    ("_misskey_quote", "misskey:_misskey_quote"),
    ("_misskey_reaction", "misskey:_misskey_reaction"),
    ("_misskey_content", "misskey:_misskey_content"),
    ("fedibird", "http://fedibird.com/ns#"),
    ("quoteUri", "fedibird:quoteUri"),
    ("quote", "@https://w3id.org/fep/044f#quote"),
    ("quoteAuthorization", "@https://w3id.org/fep/044f#quoteAuthorization"),
    ("QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest"),
    ("QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization"),
    ("gts", "https://gotosocial.org/ns#"),
    ("interactionPolicy", "@gts:interactionPolicy"),
    ("canQuote", "@gts:canQuote"),
    ("canReply", "@gts:canReply"),
    ("canLike", "@gts:canLike"),
    ("canAnnounce", "@gts:canAnnounce"),
    ("automaticApproval", "@gts:automaticApproval"),
    ("manualApproval", "@gts:manualApproval"),
    ("interactingObject", "@gts:interactingObject"),
    ("interactionTarget", "@gts:interactionTarget"),
    ("approvedBy", "@gts:approvedBy"),
    ("replyAuthorization", "@gts:replyAuthorization"),
    ("ReplyRequest", "gts:ReplyRequest"),
    ("LikeAuthorization", "gts:LikeAuthorization"),
    ("ReplyAuthorization", "gts:ReplyAuthorization"),
    ("AnnounceAuthorization", "gts:AnnounceAuthorization"),
    ("litepub", "http://litepub.social/ns#"),
    ("ChatMessage", "litepub:ChatMessage"),
];

/// The JSON-LD context of a document: the standard ones, and those of [`TERMS`] that it uses.
fn context(document: &Value) -> Value {
    let mut used = HashSet::new();
    words(document, &mut used);
    let mut terms = Map::new();
    for (term, meaning) in TERMS.iter().filter(|(term, _)| used.contains(term)) {
        let (iri, value) = match meaning.strip_prefix('@') {
            Some(id) => (id, json!({"@id": id, "@type": "@id"})),
            None => (*meaning, json!(meaning)),
        };
        terms.insert((*term).to_owned(), value);
        let prefix = iri.split(':').next().unwrap_or_default();
        if let Some((prefix, meaning)) = TERMS.iter().find(|(t, _)| *t == prefix) {
            terms.insert((*prefix).to_owned(), json!(meaning));
        }
    }
    if used.contains("focalPoint") {
        terms.insert("toot".into(), json!("http://joinmastodon.org/ns#"));
        terms.insert("focalPoint".into(), json!({"@container": "@list", "@id": "toot:focalPoint"}));
    }
    let mut context = vec![json!("https://www.w3.org/ns/activitystreams"), json!("https://w3id.org/security/v1")];
    if used.contains("assertionMethod") {
        context.push(json!("https://www.w3.org/ns/did/v1"));
        context.push(json!("https://w3id.org/security/multikey/v1"));
    }
    if !terms.is_empty() {
        context.push(Value::Object(terms));
    }
    Value::Array(context)
}

/// Every member and type that a document uses.
fn words<'a>(value: &'a Value, found: &mut HashSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::Object(members) => {
            for (name, value) in members {
                found.insert(name);
                if let ("type", Value::String(kind)) = (name.as_str(), value) {
                    found.insert(kind);
                }
                words(value, found);
            }
        }
        _ => {}
    }
}

/// Puts the context in front of a document.
pub fn with_context(document: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("@context".into(), context(&document));
    if let Value::Object(members) = document {
        whole.extend(members);
    }
    Value::Object(whole)
}
