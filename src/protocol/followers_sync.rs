//! Followers synchronisation (FEP-8fcf): deliveries to followers carry a digest of the followers on the receiving server, so
//! that both servers notice when their lists differ.

use ring::digest::{SHA256, digest as sha256};

use super::secret::hex;

/// The name of the header.
pub const HEADER: &str = "collection-synchronization";

/// The content of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synchronization {
    /// The id of the followers collection.
    pub collection: String,
    /// The URL of the partial collection for the receiving server.
    pub url: String,
    /// The digest of the partial collection, in hex.
    pub digest: String,
}

/// Returns the XOR of the SHA-256 hashes of all ids, in hex; it does not depend on the order.
pub fn digest<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut sum = [0_u8; 32];
    for id in ids {
        for (byte, of_id) in sum.iter_mut().zip(sha256(&SHA256, id.as_bytes()).as_ref()) {
            *byte ^= of_id;
        }
    }
    hex(&sum)
}

/// Parses the header. Returns `None` if a part is missing.
pub fn parse(header: &str) -> Option<Synchronization> {
    let param = |name: &str| {
        header.split(',').find_map(|part| {
            let (key, value) = part.trim().split_once('=')?;
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            (key.trim() == name).then(|| value.to_owned())
        })
    };
    Some(Synchronization { collection: param("collectionId")?, url: param("url")?, digest: param("digest")? })
}

/// Formats the header.
pub fn write(s: &Synchronization) -> String {
    format!("collectionId=\"{}\", url=\"{}\", digest=\"{}\"", s.collection, s.url, s.digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_ignores_order_and_header_round_trips() {
        let (a, b) = ("https://a.example/u/1", "https://a.example/u/2");
        assert_eq!(digest([a, b]), digest([b, a]));
        assert_eq!(digest([]), "0".repeat(64));
        assert_eq!(digest([a, a]), digest([]));
        let s = Synchronization { collection: a.into(), url: b.into(), digest: digest([a]) };
        assert_eq!(parse(&write(&s)), Some(s));
        assert_eq!(parse("collectionId=\"x\", digest=\"y\""), None);
    }

    #[test]
    fn digest_matches_the_fep_vector() {
        let Some(folder) = crate::protocol::real_documents::folder() else { return };
        let text = std::fs::read_to_string(folder.join("signatures/fep-8fcf-digest-vector.json")).unwrap();
        let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
        let ids: Vec<&str> = vector["partial"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
        assert_eq!(digest(ids), vector["digest"].as_str().unwrap());
    }
}
