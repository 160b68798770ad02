//! The languages of the pages, and the catalogues of their messages.

use super::browser::Browser;
use crate::support::{Request, TestServer};

#[test]
fn pages_are_in_the_language_of_the_visitor_and_vary_by_it() {
    let alice = TestServer::start("alice");
    alice.post("/api/v1/statuses", serde_json::json!({"status": "Hello"}));
    let page = |accepted: &str| alice.send(&Request::get("/@alice").header("accept-language", accepted)).expect(200);
    for _ in 0..2 {
        for (accepted, code, skip) in [
            ("de-AT,de;q=0.9", "de", "Zum Inhalt springen"),
            ("es", "es", "Saltar al contenido"),
            ("en", "en", "Skip to content"),
            ("tlh", "en", "Skip to content"),
        ] {
            let response = page(accepted);
            assert!(response.header("vary").unwrap().contains("Accept-Language"));
            let text = response.text();
            assert!(text.contains(&format!("<html lang=\"{code}\" dir=\"ltr\"")) && text.contains(skip), "{accepted}");
        }
    }
    assert_ne!(page("de").header("etag"), page("es").header("etag"));
}

#[test]
fn the_owner_chooses_a_language() {
    let b = Browser::new();
    assert!(b.page("/drafts").contains("No drafts."));
    b.submits("/settings/appearance", &[("interface_language", "de")]);
    let page = b.page("/drafts");
    assert!(page.contains("<html lang=\"de\"") && page.contains("Keine Entwürfe."), "{page}");
    assert!(b.page("/settings/appearance").contains("<option value=\"de\" lang=\"de\" selected>Deutsch</option>"));
    let visited = b.alice.send(&Request::get("/@alice")).expect(200).text();
    assert!(visited.contains("<html lang=\"en\""), "the choice is not for visitors");
    b.tries("/settings/appearance", &[("interface_language", "tlh")]).expect(422);
    b.submits("/settings/appearance", &[("interface_language", "auto")]);
    assert!(b.page("/drafts").contains("No drafts."));
}
