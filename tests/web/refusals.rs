//! Error messages of pages in the language of the page, and the same errors in English for apps.

use std::time::Duration;

use dassie::domain::posts::scheduled;
use dassie::protocol::ids::ScheduledId;
use dassie::store::account::scheduled_statuses;
use serde_json::{Value, json};

use super::browser::Browser;
use crate::support::{Peer, Request};

fn reads_german() -> Browser {
    let b = Browser::new();
    b.submits("/settings/appearance", &[("interface_language", "de")]);
    b
}

/// The error in the API response.
fn english(b: &Browser, path: &str, fields: Value) -> Value {
    b.alice.api("POST", path, fields).expect(422).json()["error"].clone()
}

#[test]
fn forms_are_refused_in_german_and_apps_in_english() {
    let b = reads_german();
    let endless = "x".repeat(300);
    for (path, fields, german) in [
        ("/posts", vec![("text", " ")], "Der Text darf nicht leer sein"),
        ("/posts", vec![("text", "x"), ("language", "klingon!")], "„klingon!“ ist nicht der Code einer Sprache"),
        ("/posts", vec![("text", "x"), ("scheduled_at", "2001-01-01T10:00")], "mindestens 5 Minuten in der Zukunft"),
        ("/lists", vec![("title", " ")], "Der Titel darf nicht leer sein"),
        ("/lists", vec![("title", endless.as_str())], "Der Titel ist zu lang (höchstens 256 Zeichen)"),
        ("/filters", vec![("title", "x"), ("expiry", "never")], "Wähle, wo der Filter gilt"),
        ("/settings/appearance", vec![("accent", "pink")], "„pink“ ist keine Farbe"),
        ("/settings/move/aliases", vec![("account", "nobody")], "„nobody“ ist weder ein Profilname"),
        ("/settings/emoji/copy", vec![("remote", "x")], "Schreib das Emoji wie :name:@example.org"),
    ] {
        let page = b.tries(path, &fields).expect(422).text();
        assert!(page.contains(german) && page.contains("<html lang=\"de\""), "{path} {fields:?}: {page}");
    }
    let css = "/* */".repeat(20_000);
    let page = b.tries("/settings/appearance/css", &[("css", &css)]).expect(422).text();
    assert!(page.contains("Die CSS-Regeln sind länger als 64 KiB"), "{page}");
    let page = b.sends("/settings/appearance", &[], &[b"%PDF-1.7"]).expect(422).text();
    let german = "Die Datei ist ein PDF-Dokument; möglich sind Bilder in JPEG, PNG, GIF und WebP";
    assert!(page.contains(german), "{page}");
    for (path, fields, text) in [
        ("/api/v1/statuses", json!({"status": " "}), "Validation failed: Text can't be blank"),
        (
            "/api/v1/lists",
            json!({"title": endless}),
            "Validation failed: Title is too long (maximum is 256 characters)",
        ),
        ("/api/v2/filters", json!({"title": "x"}), "Validation failed: Context can't be blank"),
    ] {
        assert_eq!(english(&b, path, fields), text);
    }
    let poll = json!({"status": "x", "poll": {"options": ["a", "a"], "expires_in": 3600}});
    assert_eq!(english(&b, "/api/v1/statuses", poll), "Validation failed: The options of a poll must differ");
}

#[test]
fn a_subscription_that_is_refused_names_the_push_service() {
    let b = reads_german();
    let fields = [("endpoint", "ftp://push.example/x"), ("p256dh", "x"), ("auth", "x")];
    let page = b.tries("/settings/notifications/browser/on", &fields).expect(422).text();
    assert!(page.contains("verbindet sich nicht mit dem Push-Dienst dieses Browsers"), "{page}");
}

#[test]
fn an_account_that_another_server_lacks_is_reported_in_german() {
    let (b, peer) = (reads_german(), Peer::start());
    let host = peer.base.trim_start_matches("http://").to_owned();
    let handle = format!("nobody@{host}");
    let page = b.page(&format!("/search?q={handle}"));
    assert!(page.contains(&format!("Auf {host} gibt es dieses Konto nicht")), "{page}");
    let found = b.alice.get(&format!("/api/v2/search?q={handle}&resolve=true"));
    assert_eq!(found["notice"], format!("There is no such account on {host}"));
}

#[test]
fn a_scheduled_post_stores_the_reason_why_it_was_not_published() {
    let b = reads_german();
    let first = b.alice.posts("first", "public");
    let (now, domain) = (b.alice.app.domain.now(), &b.alice.app.domain);
    let due = now.plus(Duration::from_secs(3_600)).to_api();
    let reply = json!({"status": "reply", "in_reply_to_id": first["id"], "scheduled_at": due});
    let scheduled = b.alice.post("/api/v1/statuses", reply);
    let id: ScheduledId = scheduled["id"].as_str().unwrap().parse().unwrap();
    b.alice.api("DELETE", &format!("/api/v1/statuses/{}", first["id"].as_str().unwrap()), json!({})).expect(200);
    domain.store.write(move |c| scheduled_statuses::set_due(c, id, now)).unwrap();
    assert_eq!(scheduled::publish(domain, id).unwrap(), None);
    let page = b.page("/scheduled");
    assert!(page.contains("Ein Beitrag oder Bild, auf den sich dieser bezieht, wurde gelöscht"), "{page}");
    b.submits("/settings/appearance", &[("interface_language", "es")]);
    let page = b.page("/scheduled");
    assert!(page.contains("Se eliminó una publicación o imagen a la que esta se refiere"), "{page}");
}

#[test]
fn a_visitor_reads_refusals_in_the_accepted_language() {
    let b = Browser::new();
    let wrong = [("username", "alice"), ("password", "wrong")];
    let request = Request::new("POST", "/login").header("accept-language", "es").form(&wrong);
    let page = b.alice.send(&request).expect(422).text();
    assert!(page.contains("<html lang=\"es\"") && !page.contains("is wrong"), "{page}");
    let elsewhere = Request::new("POST", "/interact").header("accept-language", "de");
    let page = b.alice.send(&elsewhere.form(&[("uri", "https://else.example/1")])).expect(422).text();
    assert!(page.contains("Die Adresse gehört nicht zu diesem Server"), "{page}");
}
