//! Any header: reading a signature (RFC 9421) never panics, and a forged signature never verifies.
#![no_main]

use dassie::protocol::signature::{self, ProofKey, PublicKey, RequestParts};
use dassie::protocol::time::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let headers = [
        ("host".to_owned(), "dassie.example".to_owned()),
        ("date".to_owned(), "Sat, 21 Nov 2026 04:39:09 GMT".to_owned()),
        ("digest".to_owned(), "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".to_owned()),
        ("content-digest".to_owned(), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:".to_owned()),
        ("signature-input".to_owned(), text.split_once('\n').map_or(text, |(_, input)| input).to_owned()),
        ("signature".to_owned(), text.split_once('\n').map_or(text, |(signature, _)| signature).to_owned()),
    ];
    let parts = RequestParts {
        method: "POST",
        scheme: "https",
        authority: "dassie.example",
        target: "/inbox",
        headers: &headers,
        body: Some(b""),
    };
    if let Ok(presented) = signature::parse(&parts, Timestamp::from_millis(1_795_235_949_000)) {
        let key = ProofKey::from_base64("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("thirty-two bytes");
        let key = PublicKey::from_multibase(&key.public_multibase()).expect("our own key");
        assert!(presented.verify(&key).is_err());
    }
});
