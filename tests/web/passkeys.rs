//! Passkeys, with an authenticator in software.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dassie::domain::account::passkeys;
use dassie::error::Error;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use super::browser::{Browser, values};
use crate::support::{Request, eventually};

const P256_HEAD: [u8; 26] =
    *b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// An authenticator with one key.
struct Authenticator {
    key: EcdsaKeyPair,
    count: u32,
}

/// The fields of a form.
type Fields = Vec<(&'static str, String)>;

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The options that a page has for the script.
fn options(page: &str) -> Value {
    let text = values(page, "data-passkey=\"").first().map(|text| html_escape::decode_html_entities(text).into_owned());
    serde_json::from_str(&text.unwrap_or_else(|| panic!("no options in {page}"))).unwrap()
}

impl Authenticator {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self { key, count: 0 }
    }

    fn data(&mut self, domain: &Value, flags: u8, rest: &[u8]) -> Vec<u8> {
        self.count += 1;
        let domain = digest(&SHA256, domain.as_str().unwrap().as_bytes());
        [domain.as_ref(), &[flags], &self.count.to_be_bytes(), rest].concat()
    }

    /// A new passkey.
    fn creates(&mut self, b: &Browser, options: &Value) -> Fields {
        let included = [&[0; 16][..], &[0, 4], b"key1", b"(COSE)"].concat();
        let data = self.data(&options["rp"]["id"], 0x45, &included);
        let proof = [&P256_HEAD[..], self.key.public_key().as_ref()].concat();
        fields("webauthn.create", b, options, &data, |_| proof)
    }

    /// A sign-in.
    fn signs(&mut self, b: &Browser, options: &Value) -> Fields {
        let data = self.data(&options["rpId"], 5, b"");
        fields("webauthn.get", b, options, &data, |signed| {
            self.key.sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec()
        })
    }
}

fn fields(kind: &str, b: &Browser, options: &Value, data: &[u8], proof: impl FnOnce(&[u8]) -> Vec<u8>) -> Fields {
    let client = json!({"type": kind, "challenge": options["challenge"], "origin": b.alice.url("")}).to_string();
    let signed = [data, digest(&SHA256, client.as_bytes()).as_ref()].concat();
    vec![
        ("credential", encoded(b"key1")),
        ("client_data", encoded(client.as_bytes())),
        ("authenticator_data", encoded(data)),
        ("proof", encoded(&proof(&signed))),
    ]
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The options of the sign-in page, of a later time than any before.
fn sign_in_options(b: &Browser) -> Value {
    let before = b.alice.app.domain.now();
    eventually("time passes", || b.alice.app.domain.now() > before);
    options(&b.alice.send(&Request::get("/login")).text())
}

fn signs_in(b: &Browser, fields: &Fields) -> u16 {
    b.alice.send(&Request::new("POST", "/login/passkey").form(&borrowed(fields))).status
}

/// Adds a passkey with this authenticator.
fn added(b: &Browser, authenticator: &mut Authenticator) {
    let page = b.tries("/settings/passkeys/new", &[("password", "correct horse")]).expect(200).text();
    let mut fields = authenticator.creates(b, &options(&page));
    fields.push(("name", "My <phone>".into()));
    assert_eq!(b.submits("/settings/passkeys", &borrowed(&fields)), "/settings/security?done=passkey-added");
}

#[test]
fn a_passkey_signs_in_until_it_is_removed() {
    let (b, mut authenticator) = (Browser::new(), Authenticator::new());
    assert!(!b.alice.send(&Request::get("/login")).text().contains("passkey"));
    added(&b, &mut authenticator);
    let page = b.page("/settings/security");
    assert!(page.contains("My &lt;phone&gt;") && page.contains("not used yet"), "{page}");

    let fields = authenticator.signs(&b, &sign_in_options(&b));
    let form = [&borrowed(&fields)[..], &[("next", "/bookmarks")]].concat();
    let response = b.alice.send(&Request::new("POST", "/login/passkey").form(&form)).expect(303);
    assert_eq!(response.header("location"), Some("/bookmarks"));
    let cookie = response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    b.alice.send(&Request::get("/home").header("cookie", &cookie)).expect(200);
    assert!(b.page("/settings/security").contains("last used"));

    let id = values(&b.page("/settings/security"), "action=\"/settings/passkeys/")[0].to_owned();
    b.submits(&format!("/settings/passkeys/{id}"), &[]);
    assert!(!b.alice.send(&Request::get("/login")).text().contains("passkey"));
}

#[test]
fn a_sign_in_works_once_and_a_copy_of_the_key_is_refused() {
    let (b, mut authenticator) = (Browser::new(), Authenticator::new());
    added(&b, &mut authenticator);
    let fields = authenticator.signs(&b, &sign_in_options(&b));
    assert_eq!(signs_in(&b, &fields), 303);
    assert_eq!(signs_in(&b, &fields), 422, "it was used");
    authenticator.count -= 1;
    let copied = authenticator.signs(&b, &sign_in_options(&b));
    assert_eq!(signs_in(&b, &copied), 422, "its counter did not grow");
    let fields = authenticator.signs(&b, &sign_in_options(&b));
    assert_eq!(signs_in(&b, &fields), 303);
}

#[test]
fn a_signature_for_another_sign_in_is_refused() {
    let (b, mut authenticator) = (Browser::new(), Authenticator::new());
    added(&b, &mut authenticator);
    let with = |mut fields: Fields, name: &str, value: &str| {
        fields.iter_mut().find(|(n, _)| *n == name).unwrap().1 = value.into();
        fields
    };
    // The challenge of a page that creates passkeys does not sign in.
    let page = b.tries("/settings/passkeys/new", &[("password", "correct horse")]).expect(200).text();
    let mut foreign = sign_in_options(&b);
    foreign["challenge"] = options(&page)["challenge"].clone();
    assert_eq!(signs_in(&b, &authenticator.signs(&b, &foreign)), 422);
    let mut foreign = sign_in_options(&b);
    foreign["rpId"] = json!("evil.example");
    assert_eq!(signs_in(&b, &authenticator.signs(&b, &foreign)), 422);
    let other = Authenticator::new().signs(&b, &sign_in_options(&b));
    assert_eq!(signs_in(&b, &other), 422, "the key of another authenticator");
    let fields = authenticator.signs(&b, &sign_in_options(&b));
    assert_eq!(signs_in(&b, &with(fields.clone(), "credential", &encoded(b"key2"))), 422);
    let checked = |fields: &Fields| {
        let field = |n: usize| fields[n].1.as_str();
        let response = passkeys::Response {
            credential: field(0),
            client_data: field(1),
            authenticator_data: field(2),
            proof: field(3),
        };
        passkeys::check(&b.alice.app.domain, response)
    };
    for (name, _) in &fields {
        for value in ["", "!", "AAAA", &"A".repeat(20_000)] {
            let refused = checked(&with(fields.clone(), name, value));
            assert!(matches!(refused, Err(Error::Unauthorized(_))), "{name} {value:.9} {refused:?}");
        }
    }
    assert_eq!(signs_in(&b, &fields), 303, "wrong attempts have not used it up");
}

#[test]
fn adding_a_passkey_requires_the_password() {
    let (b, mut authenticator) = (Browser::new(), Authenticator::new());
    let wrong = b.tries("/settings/passkeys/new", &[("password", "nonsense")]).expect(422).text();
    assert!(wrong.contains("The password is wrong") && !wrong.contains("data-passkey"), "{wrong}");
    added(&b, &mut authenticator);
    // The challenge of the public sign-in page cannot be used to add a passkey.
    let mut open = sign_in_options(&b);
    open["rp"] = json!({"id": open["rpId"]});
    let fields = authenticator.creates(&b, &open);
    let page = b.tries("/settings/passkeys", &borrowed(&fields)).expect(422).text();
    assert!(page.contains("load it again"), "{page}");
    let page = b.tries("/settings/passkeys/new", &[("password", "correct horse")]).expect(200).text();
    let again = authenticator.creates(&b, &options(&page));
    let page = b.tries("/settings/passkeys", &borrowed(&again)).expect(422).text();
    assert!(page.contains("stored already"), "{page}");
}
