//! Actors, their keys, and collections.

use serde_json::json;

use super::*;

#[test]
fn actors_of_many_shapes() {
    let read = person(json!({
        "name": "A\u{202e}lice  A", "summary": "<p>bio<script>x</script></p>", "webfinger": "acct:alice@social.example",
        "endpoints": { "sharedInbox": "https://a.example/shared" }, "icon": [{ "type": "Image", "url": "https://a.example/a.png" }], "image": "https://a.example/h.png",
        "followers": { "type": "Collection", "id": "https://a.example/f" }, "alsoKnownAs": "https://old.example/u/1", "movedTo": "https://new.example/u/1",
        "manuallyApprovesFollowers": true, "discoverable": true, "indexable": "true", "url": ["https://a.example/@alice"],
        "attachment": [{ "type": "PropertyValue", "name": "Site", "value": "<a href=\"https://x.example/\" onclick=x>x</a>" }, { "type": "Note", "name": "Pronouns", "content": "she" },
            { "type": "Link", "name": "Code", "href": "https://code.example/" }, { "type": "IdentityProof", "name": "no" }, 3],
        "generator": { "type": "Application", "implements": [{ "href": "https://datatracker.ietf.org/doc/html/rfc9421" }] },
    }));
    assert_eq!((read.name.as_str(), read.note.as_str()), ("Alice A", "<p>bio</p>"));
    assert_eq!(read.webfinger.as_deref(), Some("alice@social.example"));
    assert_eq!(read.shared_inbox.as_deref(), Some("https://a.example/shared"));
    assert_eq!(
        (read.icon.as_deref(), read.image.as_deref()),
        (Some("https://a.example/a.png"), Some("https://a.example/h.png"))
    );
    assert_eq!(
        (read.followers.as_deref(), read.url.as_deref()),
        (Some("https://a.example/f"), Some("https://a.example/@alice"))
    );
    assert_eq!(
        (read.also_known_as, read.moved_to.as_deref()),
        (vec!["https://old.example/u/1".to_owned()], Some("https://new.example/u/1"))
    );
    assert!(read.locked && read.discoverable && !read.indexable && read.speaks_rfc9421);
    assert_eq!(read.fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["Site", "Pronouns", "Code"]);
    assert!(!read.fields[0].value.contains("onclick") && read.fields[2].value.contains("https://code.example/"));
    let twice = person(json!({ "attachment": [
        { "type": "Note", "name": "Place", "content": "Ghent" }, { "type": "PropertyValue", "name": "Place", "value": "Ghent" },
        { "type": "PropertyValue", "name": "Place", "value": "Lyon" }] }));
    assert_eq!(twice.fields.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["Ghent", "Lyon"]);
    assert_eq!(read_actor(&json!({ "type": "Person", "id": ALICE })), Err(ReadError::Missing("inbox")));
    assert!(matches!(read_actor(&note(json!({}))), Err(ReadError::WrongType { .. })));
    for (name, expected) in [
        ("a.b-c_d", true),
        ("ünï", true),
        ("a@b", false),
        ("a b", false),
        ("", false),
        ("a/b", false),
        ("a\u{202e}b", false),
    ] {
        assert_eq!(person(json!({ "preferredUsername": name })).username.is_some(), expected, "{name}");
    }
}

#[test]
fn keys_only_of_the_actors_own_origin() {
    let pem = |id: &str, owner: Value| json!({ "id": id, "owner": owner, "publicKeyPem": "PEM" });
    let own = format!("{ALICE}#main-key");
    assert_eq!(
        person(json!({ "publicKey": [pem(&own, json!(ALICE))] })).keys,
        [ActorKey { id: own.clone(), owner: ALICE.into(), material: KeyMaterial::Pem("PEM".into()) }]
    );
    let multikey =
        json!({ "type": "Multikey", "id": format!("{ALICE}#ed"), "controller": ALICE, "publicKeyMultibase": "z6Mk" });
    let both = person(json!({ "publicKey": pem(&own, json!({ "id": ALICE })), "assertionMethod": multikey }));
    assert_eq!(both.keys.len(), 2);
    assert_eq!(both.keys[1].material, KeyMaterial::Multibase("z6Mk".into()));
    for foreign in [
        pem("https://evil.example/k", json!(ALICE)),
        pem(&own, json!("https://evil.example/u")),
        pem("nonsense", json!(ALICE)),
        pem(&own, json!(3)),
        json!(own),
        json!({ "id": own, "owner": ALICE }),
    ] {
        assert!(person(json!({ "publicKey": foreign })).keys.is_empty(), "{foreign}");
    }
}

#[test]
fn collections_of_many_shapes() {
    let read = |doc: Value| read_collection(&doc).expect("a collection");
    let page = read(
        json!({ "type": "OrderedCollectionPage", "id": "https://a.example/p", "orderedItems": "https://a.example/1", "next": { "id": "https://a.example/p2" }, "totalItems": 9 }),
    );
    assert_eq!(
        (page.items, page.next.as_deref(), page.total),
        (vec![Item::Id("https://a.example/1".into())], Some("https://a.example/p2"), Some(9))
    );
    assert!(matches!(
        read(json!({ "type": "Collection", "first": { "type": "CollectionPage", "items": [] } })).first,
        Some(Item::Embedded(_))
    ));
    assert_eq!(
        read(json!({ "type": "Collection", "orderedItems": [], "items": ["https://a.example/1", 3, {}] })).items.len(),
        2
    );
    assert_eq!(read(json!(["https://a.example/1"])).items.len(), 1);
    assert_eq!(read(json!({ "items": [] })).total, None);
    for not in [json!({}), json!("x"), json!({ "type": "Note", "items": [] })] {
        assert!(read_collection(&not).is_err(), "{not}");
    }
}

/// Takahē writes `toot:discoverable`, because its context does not define the short name.
#[test]
fn names_with_a_known_prefix_mean_the_same() {
    let read = |value| person(json!({ "toot:discoverable": value, "toot:memorial": true }));
    assert!(read(json!(true)).discoverable && !read(json!(false)).discoverable && read(json!(true)).memorial);
    assert!(!person(json!({ "toot:discoverable": true, "discoverable": false })).discoverable, "the plain name counts");
    let object = read_object(&note(json!({ "as:sensitive": true }))).unwrap();
    assert!(object.sensitive);
}
