//! Links of the profile that link back.

use super::browser::Browser;
use crate::support::{Peer, Request, eventually};

#[test]
fn a_link_is_verified_while_its_page_links_back() {
    let (b, peer) = (Browser::new(), Peer::start());
    let page = |rel: &str| format!("<html><a {rel} href='{}'>me</a></html>", b.alice.url("/@alice"));
    peer.serve_as("/home", "text/html", serde_json::json!(page("rel='me'")));
    peer.serve_as("/other", "text/html", serde_json::json!(page("rel='home'")));
    let (home, other) = (format!("{}/home", peer.base), format!("{}/other", peer.base));
    let fields = [
        ("fields_attributes[0][name]", "Home"),
        ("fields_attributes[0][value]", home.as_str()),
        ("fields_attributes[1][name]", "Other"),
        ("fields_attributes[1][value]", other.as_str()),
        ("fields_attributes[2][name]", "Mood"),
        ("fields_attributes[2][value]", "warm"),
    ];
    b.sends("/settings/profile", &fields, &[]).expect(303);
    let verified = || {
        let fields = b.alice.get("/api/v1/accounts/verify_credentials")["fields"].clone();
        [0, 1, 2].map(|n| fields[n]["verified_at"].is_string())
    };
    eventually("the page is checked", || verified() == [true, false, false] && peer.requests_for("/other") > 0);
    let profile = b.alice.send(&Request::get("/@alice")).expect(200).text();
    assert_eq!(profile.matches("class=\"verified\"").count(), 1, "{profile}");
    // It stays verified while the profile is saved again, and not when the page no longer links back.
    b.sends("/settings/profile", &fields, &[]).expect(303);
    assert_eq!(verified(), [true, false, false]);
    peer.serve_as("/home", "text/html", serde_json::json!(page("rel='friend'")));
    b.sends("/settings/profile", &fields, &[]).expect(303);
    eventually("the page is checked again", || verified() == [false, false, false]);
}
