use proptest::prelude::*;
use url::Url;

use super::*;
use crate::protocol::real_documents;

const NOW: Timestamp = Timestamp::from_millis(1_795_216_793_000);
const AUTHORITY: &str = "me.example";

fn key() -> &'static SigningKey {
    static KEY: std::sync::OnceLock<SigningKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate_rsa().unwrap())
}

fn public() -> PublicKey {
    PublicKey::from_pem(&key().public_pem()).unwrap()
}

struct Received {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Received {
    /// A request signed by us, as the other side receives it.
    fn signed(form: SignatureScheme, method: &'static str, target: &str, body: Option<&[u8]>) -> Self {
        let url = Url::parse(&format!("https://{AUTHORITY}{target}")).unwrap();
        let content_type = body.map(|_| "application/activity+json");
        let outgoing = RequestToSign { method, url: &url, body, content_type };
        let mut headers: Vec<(String, String)> =
            sign(form, &outgoing, "https://peer.example/users/p#main-key", key(), NOW)
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v))
                .collect();
        headers.push(("host".into(), AUTHORITY.into()));
        if let Some(t) = content_type {
            headers.push(("content-type".into(), t.into()));
        }
        Self { method, target: target.into(), headers, body: body.map(<[u8]>::to_vec) }
    }

    fn set(mut self, name: &str, value: impl FnOnce(&str) -> String) -> Self {
        let header = self.headers.iter_mut().find(|(n, _)| n == name).unwrap();
        header.1 = value(&header.1);
        self
    }

    fn check_at(&self, now: Timestamp) -> Result<(), Refusal> {
        let parts = RequestParts {
            method: self.method,
            scheme: "https",
            authority: AUTHORITY,
            target: &self.target,
            headers: &self.headers,
            body: self.body.as_deref(),
        };
        parse(&parts, now)?.verify(&public())
    }

    fn check(&self) -> Result<(), Refusal> {
        self.check_at(NOW)
    }
}

fn post(form: SignatureScheme) -> Received {
    Received::signed(form, "POST", "/inbox", Some(b"{\"a\": 1}"))
}

#[test]
fn own_signatures_verify_in_both_schemes() {
    for form in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
        assert_eq!(post(form).check(), Ok(()), "{form:?}");
        assert_eq!(Received::signed(form, "GET", "/users/a?page=1", None).check(), Ok(()), "{form:?}");
    }
}

#[test]
fn a_signature_without_the_query_is_accepted() {
    let mut request = Received::signed(SignatureScheme::Cavage, "GET", "/users/a", None);
    request.target = "/users/a?page=1".into();
    assert_eq!(request.check(), Ok(()));
}

#[test]
fn any_change_of_the_request_invalidates_the_signature() {
    for form in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
        let mut body = post(form);
        body.body = Some(b"{\"a\": 2}".to_vec());
        assert_eq!(body.check(), Err(Refusal::DigestMismatch), "{form:?}");
        let mut target = post(form);
        target.target = "/users/a/inbox".into();
        assert_eq!(target.check(), Err(Refusal::Invalid), "{form:?}");
        let host = post(form).set("host", |_| "other.example".into());
        assert_eq!(host.check(), Err(Refusal::WrongHost), "{form:?}");
        let mut method = Received::signed(form, "GET", "/users/a", None);
        method.method = "DELETE";
        assert_eq!(method.check(), Err(Refusal::Invalid), "{form:?}");
    }
}

#[test]
fn every_required_component_must_be_signed() {
    for (part, with) in
        [("(request-target) ", "(request-target)"), ("host ", "host"), ("date ", "date"), ("digest ", "digest")]
    {
        let request = post(SignatureScheme::Cavage).set("signature", |s| s.replacen(part, "", 1));
        assert_eq!(request.check(), Err(Refusal::MissingComponent(with)), "{part}");
    }
    for (part, with) in [
        ("\"@method\" ", "@method"),
        ("\"@target-uri\" ", "@target-uri"),
        (" \"content-digest\"", "content-digest"),
        (";created=1795216793", "created"),
    ] {
        let request = post(SignatureScheme::Rfc9421).set("signature-input", |s| s.replacen(part, "", 1));
        assert_eq!(request.check(), Err(Refusal::MissingComponent(with)), "{part}");
    }
}

#[test]
fn repeated_parameters_are_refused() {
    for (form, name) in [
        (SignatureScheme::Cavage, "signature"),
        (SignatureScheme::Cavage, "digest"),
        (SignatureScheme::Cavage, "host"),
        (SignatureScheme::Cavage, "date"),
        (SignatureScheme::Rfc9421, "signature-input"),
        (SignatureScheme::Rfc9421, "content-digest"),
    ] {
        let mut request = post(form);
        let again = request.headers.iter().find(|(n, _)| n == name).unwrap().clone();
        request.headers.push(again);
        assert_eq!(request.check(), Err(Refusal::Repeated(name.into())), "{name}");
    }
    let key = post(SignatureScheme::Cavage).set("signature", |s| format!("{s},keyId=\"https://evil.example/k\""));
    assert_eq!(key.check(), Err(Refusal::Repeated("keyId".into())));
    let two = post(SignatureScheme::Rfc9421).set("signature-input", |s| format!("{s}, sig2=(\"@method\");created=1"));
    assert!(matches!(two.check(), Err(Refusal::Malformed(_))));
}

#[test]
fn clock_skew_is_limited_to_an_hour() {
    use std::time::Duration;
    for form in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
        let request = post(form);
        for ok in [NOW.plus(Duration::from_secs(3_600)), NOW.minus(Duration::from_secs(3_600))] {
            assert_eq!(request.check_at(ok), Ok(()), "{form:?}");
        }
        for late in [NOW.plus(Duration::from_secs(3_601)), NOW.minus(Duration::from_secs(3_601))] {
            assert_eq!(request.check_at(late), Err(Refusal::Clock), "{form:?}");
        }
    }
    let expired = post(SignatureScheme::Rfc9421).set("signature-input", |s| format!("{s};expires=1795216792"));
    assert_eq!(expired.check(), Err(Refusal::Expired));
}

#[test]
fn the_key_decides_the_algorithm() {
    for wrong in ["hmac-sha256", "ed25519", "none"] {
        let request = post(SignatureScheme::Cavage).set("signature", |s| s.replace("rsa-sha256", wrong));
        assert_eq!(request.check(), Err(Refusal::Algorithm), "{wrong}");
    }
    assert_eq!(post(SignatureScheme::Cavage).set("signature", |s| s.replace("rsa-sha256", "hs2019")).check(), Ok(()));
    let request =
        post(SignatureScheme::Rfc9421).set("signature-input", |s| s.replace("rsa-v1_5-sha256", "hmac-sha256"));
    assert_eq!(request.check(), Err(Refusal::Algorithm));
}

#[test]
fn digests_come_in_many_spellings() {
    let body = b"{}";
    let right = digest::legacy(body);
    let value = right.strip_prefix("SHA-256=").unwrap();
    for ok in
        [right.clone(), format!("sha-256={value}"), format!("MD5=xx,{right}"), format!("{right}, SHA-256={value}")]
    {
        assert_eq!(digest::check_legacy(&ok, body), Ok(()), "{ok}");
    }
    assert_eq!(digest::check_legacy(&right, b"[]"), Err(Refusal::DigestMismatch));
    for bad in ["", "SHA-256", "MD5=xx", "SHA-256=!"] {
        assert!(matches!(digest::check_legacy(bad, body), Err(Refusal::Malformed(_))), "{bad}");
    }
}

#[test]
fn an_unsigned_request_has_its_own_error() {
    let mut request = post(SignatureScheme::Cavage);
    request.headers.retain(|(n, _)| n != "signature");
    assert_eq!(request.check(), Err(Refusal::Missing));
}

/// Captured requests of real peers, replayed at their own time when the folder with them is there.
#[test]
fn captured_requests_verify_and_altered_ones_fail() {
    let Some(folder) = real_documents::folder() else { return };
    let (mut good, mut bad) = (0, 0);
    for file in std::fs::read_dir(folder.join("signatures")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let Some(headers) = value["headers"].as_object().filter(|_| value["publicKeyPem"].is_string()) else {
            continue;
        };
        let headers: Vec<(String, String)> =
            headers.iter().map(|(n, v)| (n.to_lowercase(), v.as_str().unwrap().to_owned())).collect();
        let get = |n: &str| headers.iter().find(|(h, _)| h == n).map(|(_, v)| v.clone()).unwrap_or_default();
        let method = value["method"].as_str().unwrap();
        let parts = RequestParts {
            method,
            scheme: value["scheme"].as_str().unwrap_or("http"),
            authority: &get("host"),
            target: value["target"].as_str().unwrap(),
            headers: &headers,
            body: (method == "POST").then(|| value["body"].as_str().unwrap_or_default().as_bytes()),
        };
        let now = Timestamp::parse_http(&get("date")).unwrap();
        let outcome =
            parse(&parts, now).and_then(|p| p.verify(&PublicKey::from_pem(value["publicKeyPem"].as_str().unwrap())?));
        assert_eq!(outcome.is_err(), name.starts_with("bad-"), "{name}: {outcome:?}");
        *(if name.starts_with("bad-") { &mut bad } else { &mut good }) += 1;
    }
    assert_eq!((good, bad), (7, 3));
}

#[test]
fn multikeys_of_the_proposal_round_trip() {
    let Some(folder) = real_documents::folder() else { return };
    let text = std::fs::read(folder.join("signatures/fep-521a-vector.json")).unwrap();
    let vector: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let cases = vector["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let written = case["multikey"]["publicKeyMultibase"].as_str().unwrap();
        let key = PublicKey::from_multibase(written).unwrap();
        assert_eq!(key.to_multibase(), written);
        // The encoded bytes are a multicodec prefix and the key.
        let bytes = bs58::decode(written.strip_prefix('z').unwrap()).into_vec().unwrap();
        assert!(crate::protocol::secret::hex(&bytes).ends_with(case["keyHex"].as_str().unwrap()));
    }
}

proptest! {
    #[test]
    fn arbitrary_headers_never_panic(signature in "\\PC{0,200}", input in "\\PC{0,200}", two in any::<bool>()) {
        let mut headers = vec![("signature".to_owned(), signature), ("host".to_owned(), AUTHORITY.to_owned())];
        if two {
            headers.push(("signature-input".to_owned(), input));
        }
        let parts = RequestParts { method: "GET", scheme: "https", authority: AUTHORITY, target: "/", headers: &headers, body: None };
        prop_assert!(parse(&parts, NOW).is_err());
    }

    #[test]
    fn damaged_signatures_are_refused_and_never_panic(at in 0usize..300, with in "[\"=,;:() a-z0-9]") {
        for form in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
            let name = if form == SignatureScheme::Cavage { "signature" } else { "signature-input" };
            let damaged = post(form).set(name, |s| {
                let at = at % s.len();
                format!("{}{with}{}", &s[..at], &s[at..])
            });
            // Some damage (a space, an unknown parameter) is harmless; no outcome may be a panic.
            let _ = damaged.check();
        }
    }
}
