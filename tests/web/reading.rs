//! Posts of other systems as shown on the pages.

use serde_json::{Value, json};

use crate::federation::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// Alice's server, read in a browser, and a peer whose actor Ana writes to her.
struct Reader {
    alice: TestServer,
    peer: Peer,
    cookie: String,
}

impl Reader {
    fn new() -> Self {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        peer.add_actor("ana");
        let cookie = alice.session().0;
        Self { alice, peer, cookie }
    }

    /// Delivers a post by Ana with these additional members to Alice. Returns its local id.
    fn receives(&self, id: &str, more: Value) -> String {
        let mut create = self.peer.note("ana", id, "<p>hello</p>", &[PUBLIC, &self.alice.actor()]);
        let object = create["object"].as_object_mut().unwrap();
        object.extend(more.as_object().unwrap().clone());
        self.delivers(&create);
        let uri: String =
            url::form_urlencoded::byte_serialize(create["object"]["id"].as_str().unwrap().as_bytes()).collect();
        let found = self.alice.get(&format!("/api/v2/search?q={uri}"));
        found["statuses"][0]["id"].as_str().unwrap_or_else(|| panic!("{id} is not here: {found}")).to_owned()
    }

    fn delivers(&self, activity: &Value) {
        self.peer.delivers(&self.alice, "ana", activity).expect(202);
        eventually("it is processed", || self.alice.is_settled());
    }

    /// A page as the owner sees it.
    fn page(&self, path: &str) -> String {
        self.alice.send(&Request::get(path).header("cookie", &self.cookie)).expect(200).text()
    }
}

#[test]
fn a_running_poll_of_pleroma_can_be_voted_in() {
    let r = Reader::new();
    let poll =
        json!({"type": "Question", "oneOf": [{"name": "tea"}, {"name": "coffee"}], "closed": "2099-01-01T00:00:00Z"});
    let running = r.page(&format!("/t/{}", r.receives("1", poll)));
    assert!(running.contains("Choose one") && running.contains("ends <time datetime=\"2099-01-01"), "{running}");
    let over =
        json!({"type": "Question", "oneOf": [{"name": "tea"}, {"name": "coffee"}], "closed": "2020-01-01T00:00:00Z"});
    let over = r.page(&format!("/t/{}", r.receives("2", over)));
    assert!(over.contains("· closed") && !over.contains("Choose one"), "{over}");
}

#[test]
fn a_quoted_poll_names_its_options() {
    let r = Reader::new();
    let quoted = format!("{}/notes/quoted", r.peer.base);
    r.receives("quoted", json!({"type": "Question", "oneOf": [{"name": "tea"}, {"name": "<b>coffee"}]}));
    let page = r.page(&format!("/t/{}", r.receives("quoting", json!({"quoteUrl": quoted}))));
    assert!(page.contains("Poll: tea · &lt;b&gt;coffee"), "{page}");
}

#[test]
fn sensitive_pictures_are_veiled_in_a_quote_too() {
    let r = Reader::new();
    let picture = json!([{"type": "Image", "mediaType": "image/png", "url": format!("{}/1.png", r.peer.base)}]);
    let quoted = format!("{}/notes/quoted", r.peer.base);
    r.receives("quoted", json!({"attachment": picture, "sensitive": true}));
    let page = r.page(&format!("/t/{}", r.receives("quoting", json!({"quoteUrl": quoted}))));
    let quote = page.split("<blockquote class=\"quoted ").nth(1).unwrap();
    let veil = quote.find("<details class=\"veil\">").expect("a veil");
    assert!(veil < quote.find("/proxy/").unwrap(), "{quote}");
}

#[test]
fn custom_emoji_appear_in_warnings_and_labels_of_fields() {
    let r = Reader::new();
    let emoji = json!([{"type": "Emoji", "name": ":cat:", "icon": {"type": "Image", "url": format!("{}/cat.png", r.peer.base)}}]);
    let warned = r.page(&format!("/t/{}", r.receives("1", json!({"summary": "a :cat: & more", "tag": emoji}))));
    let summary = warned.split("p-summary\"").nth(1).unwrap().split("</summary>").next().unwrap();
    assert!(summary.contains("alt=\":cat:\"") && summary.contains("&amp; more"), "{summary}");
    let mut ana = r.peer.document("/users/ana");
    ana["tag"] = emoji;
    ana["attachment"] = json!([{"type": "PropertyValue", "name": ":cat: <b>", "value": "x"}]);
    ana["proxyOf"] = json!([{"type": "ProxyOf", "protocol": "https://github.com/nostr-protocol/nostr", "proxied": "npub1abc", "authoritative": true}]);
    r.delivers(&json!({"id": format!("{}/u", r.peer.base), "type": "Update", "actor": r.peer.actor("ana"), "object": ana, "to": [PUBLIC]}));
    let profile = r.page(&format!("/u/ana@{}", r.peer.base.trim_start_matches("http://")));
    let label = profile.split("<dt dir=\"auto\">").nth(1).unwrap().split("</dt>").next().unwrap();
    assert!(label.contains("alt=\":cat:\"") && label.contains("&lt;b&gt;"), "{label}");
    assert!(profile.contains("Original account: npub1abc") && profile.contains("bridged from Nostr"), "{profile}");
}

#[test]
fn an_edited_post_shows_all_its_versions() {
    let r = Reader::new();
    let id = r.receives("1", json!({"published": "2026-01-01T10:00:00Z"}));
    assert!(!r.page(&format!("/t/{id}")).contains(">edited</a>"));
    let mut update = r.peer.note("ana", "1", "<p>hello again</p>", &[PUBLIC, &r.alice.actor()]);
    update["type"] = json!("Update");
    update["object"]["updated"] = json!("2026-01-02T10:00:00Z");
    update["object"]["summary"] = json!("a greeting");
    r.delivers(&update);
    let page = r.page(&format!("/t/{id}"));
    assert!(page.contains(&format!("href=\"/t/{id}/history\"")), "{page}");
    let history = r.page(&format!("/t/{id}/history"));
    let (now, then) = (history.find("hello again").unwrap(), history.find("<p>hello</p>").unwrap());
    assert!(now < then && history.contains("Content warning: a greeting"), "{history}");
    assert!(history.contains("1 Jan 2026, 10:00 UTC") && history.contains("2 Jan 2026, 10:00 UTC"), "{history}");
    let anonymous = r.alice.send(&Request::get(&format!("/t/{id}/history"))).expect(303);
    assert!(anonymous.header("location").unwrap().starts_with("/login"));
    r.alice.send(&Request::get(&format!("/@alice/{id}/history"))).expect(404);
}

#[test]
fn edits_by_the_owner_are_visible_to_the_audience_of_the_post() {
    let alice = TestServer::start("alice");
    for (visibility, status) in [("public", 200), ("private", 404)] {
        let id = alice.posts("as it was", visibility)["id"].as_str().unwrap().to_owned();
        alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "as it is"})).expect(200);
        let response = alice.send(&Request::get(&format!("/@alice/{id}/history"))).expect(status).text();
        assert_eq!(response.contains("as it was") && response.contains("as it is"), status == 200, "{response}");
        alice.send(&Request::get(&format!("/@bob/{id}/history"))).expect(404);
    }
}

/// The text of every line of the reading on a page of `/x/ID`, by its label.
fn reading(page: &str) -> Vec<(String, String)> {
    let rows = page.split("<dt>").skip(1).map(|row| row.split("</dd>").next().unwrap());
    let row = |row: &str| row.split_once("</dt><dd>").map(|(label, text)| (label.to_owned(), text.to_owned())).unwrap();
    rows.map(row).collect()
}

#[test]
fn pages_of_own_and_remote_posts_have_the_same_structure() {
    let r = Reader::new();
    let note = json!({
        "content": "<p>hello #Cats</p>", "summary": "a warning", "sensitive": true, "contentMap": {"de": "<p>hello #Cats</p>"},
        "tag": [{"type": "Mention", "href": r.alice.actor()}, {"type": "Hashtag", "name": "#Cats"}],
    });
    let id = r.receives("1", note.clone());
    let mut served = r.peer.note("ana", "1", "", &[PUBLIC, &r.alice.actor()])["object"].clone();
    served.as_object_mut().unwrap().extend(note.as_object().unwrap().clone());
    r.peer.serve("/notes/1", served);
    let theirs = r.page(&format!("/x/{id}"));
    let mine = json!({"status": "hello #Cats", "spoiler_text": "a warning", "sensitive": true, "language": "de", "visibility": "public"});
    let own = r.page(&format!("/x/{}", r.alice.post("/api/v1/statuses", mine)["id"].as_str().unwrap()));
    for (page, whose) in [(&theirs, "theirs"), (&own, "own")] {
        let lines = reading(page);
        for (label, wanted) in [
            ("kind", "post (Note)"),
            ("text", "hello #Cats"),
            ("visibility", "public"),
            ("content warning", "a warning"),
            ("sensitive", "yes"),
            ("language", "de"),
            ("hashtags", "#cats"),
        ] {
            assert!(lines.contains(&(label.into(), wanted.into())), "{whose}: {label} in {lines:?}");
        }
        assert!(page.contains("<p class=\"verdict\"><b>stored</b>"), "{whose}: {page}");
        let raw = page.split("<pre class=\"raw\"").nth(1).unwrap();
        let at = |name: &str| raw.find(&format!("&quot;{name}&quot;")).unwrap();
        assert!(
            at("id") < at("type") && at("type") < at("attributedTo") && at("attributedTo") < at("content"),
            "{raw}"
        );
    }
    assert!(theirs.contains("<dt>passed</dt><dd>the document states the id") && theirs.contains("<dt>mention</dt>"));
    assert!(own.contains("<h2>Delivery</h2>"));
    assert!(reading(&own).contains(&("policy".into(), "quote: everyone; on request: no one".into())), "{own}");
    r.peer.serve_as("/notes/1", "text/html", json!("gone"));
    let failing = r.page(&format!("/x/{id}"));
    assert!(failing.contains("<dt>failed</dt><dd>it is an ActivityPub document"), "{failing}");
}

#[test]
fn the_page_of_a_community_shows_what_was_posted_into_it() {
    let r = Reader::new();
    let mut group = r.peer.document("/users/ana");
    let uri = r.peer.actor("rocks");
    for (member, value) in [("id", uri.clone()), ("type", "Group".into()), ("preferredUsername", "rocks".into())] {
        group[member] = json!(value);
    }
    group["publicKey"]["id"] = json!(format!("{uri}#main-key"));
    group["publicKey"]["owner"] = json!(uri);
    r.peer.serve("/users/rocks", group);
    let query: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    r.alice.get(&format!("/api/v2/search?resolve=true&q={query}"));
    let path = format!("/u/rocks@{}", r.peer.base.trim_start_matches("http://"));
    assert!(r.page(&path).contains("Posts are being fetched from"));
    r.receives("1", json!({"name": "Which hammer?", "audience": uri}));
    r.receives(
        "2",
        json!({"content": "<p>the small one</p>", "audience": uri, "inReplyTo": format!("{}/notes/1", r.peer.base)}),
    );
    r.receives("3", json!({"content": "<p>elsewhere</p>"}));
    let page = r.page(&path);
    assert!(page.contains("<strong>Which hammer?</strong>"), "{page}");
    assert!(!page.contains("the small one") && !page.contains("elsewhere"), "{page}");
}

#[test]
fn a_post_states_which_interactions_its_author_does_not_permit() {
    let r = Reader::new();
    let ana = r.peer.actor("ana");
    let policy = json!({"canReply": {"automaticApproval": [ana]}, "canQuote": {"automaticApproval": [ana], "manualApproval": [PUBLIC]}});
    let id = r.receives("1", json!({"interactionPolicy": policy, "to": [PUBLIC], "tag": []}));
    let page = r.page(&format!("/t/{id}"));
    assert!(page.contains("The author must approve quotes from you."), "{page}");
    assert!(page.contains("The author does not accept replies from you.") != page.contains("reply_to="), "{page}");
}

#[test]
fn percentages_of_a_multiple_choice_poll_are_of_voters() {
    let r = Reader::new();
    let option = |name: &str, votes: u32| json!({"name": name, "replies": {"totalItems": votes}});
    let poll = json!({"type": "Question", "anyOf": [option("tea", 4), option("coffee", 3)], "votersCount": 4, "closed": "2020-01-01T00:00:00Z"});
    let page = r.page(&format!("/t/{}", r.receives("1", poll)));
    assert!(
        page.contains("<b>100%</b> <span dir=\"auto\">tea") && page.contains("<b>75%</b> <span dir=\"auto\">coffee"),
        "{page}"
    );
    assert!(page.contains("4 people"), "{page}");
}

#[test]
fn a_cancelled_event_is_cancelled_on_its_page_and_in_the_calendar() {
    let r = Reader::new();
    let event =
        json!({"type": "Event", "name": "Party", "startTime": "2026-11-20T21:00:00Z", "ical:status": "CANCELLED"});
    let id = r.receives("1", event);
    assert!(r.page(&format!("/t/{id}")).contains("📅 Cancelled: 2026-11-20 21:00 (UTC)"));
    assert!(r.page(&format!("/t/{id}/event.ics")).contains("\r\nSTATUS:CANCELLED\r\n"));
}

/// Texts in any script have the direction of their own language.
#[test]
fn names_texts_and_biographies_have_their_own_direction() {
    let r = Reader::new();
    let mut ana = r.peer.document("/users/ana");
    ana["name"] = json!("אנה");
    ana["summary"] = json!("<p>ציפורים</p>");
    let update = json!({"id": format!("{}/u", r.peer.base), "type": "Update", "actor": r.peer.actor("ana"),
        "object": ana, "to": [PUBLIC]});
    let id = r.receives("1", json!({"content": "<p>שלום</p>", "summary": "אזהרה"}));
    r.delivers(&update);
    let own = r.alice.posts("שלום", "public")["id"].as_str().unwrap().to_owned();
    let open = |page: &str, text: &str| -> String {
        let page = page.split("</head>").nth(1).unwrap();
        let before = page.split(text).next().unwrap_or_else(|| panic!("{text} is not on {page}"));
        let tags = before.rmatch_indices('<').map(|(at, _)| &before[at..]);
        tags.map(|tag| tag.split('>').next().unwrap())
            .find(|tag| !tag.starts_with("</") && *tag != "<p")
            .unwrap()
            .to_owned()
    };
    let handle = format!("/u/ana@{}", r.peer.base.trim_start_matches("http://"));
    for (path, text) in [
        (format!("/t/{id}"), "שלום"),
        (format!("/t/{id}"), "אזהרה"),
        (format!("/t/{id}"), "אנה"),
        (handle.clone(), "אנה</h1>"),
        (handle, "ציפורים</p></div>"),
        (format!("/@alice/{own}"), "שלום</p>"),
        ("/@alice".into(), "שלום</p>"),
    ] {
        let page = r.page(&path);
        assert!(page.contains(text), "{path}: {text}");
        let tag = open(&page, text);
        assert!(tag.contains("dir=\"auto\""), "{path}: {text} is in {tag}");
    }
}

#[test]
fn posts_that_are_not_for_everyone_are_marked_in_timelines() {
    let alice = TestServer::start("alice");
    let cookie = alice.session().0;
    for (visibility, label) in [
        ("public", None),
        ("unlisted", Some("Unlisted")),
        ("private", Some("Followers only")),
        ("direct", Some("Mentioned people only")),
    ] {
        let id = alice.posts(visibility, visibility)["id"].as_str().unwrap().to_owned();
        let page = alice.send(&Request::get("/home").header("cookie", &cookie)).expect(200).text();
        let post = page.split(&format!("data-id=\"{id}\"")).nth(1).unwrap().split("</article>").next().unwrap();
        let mark = post.split("<span class=\"seen\" title=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
        assert_eq!(mark, label, "{visibility}: {post}");
    }
}

#[test]
fn wide_code_can_be_focused_and_scrolled() {
    let r = Reader::new();
    let line = "x".repeat(2_000);
    let id = r.receives("1", json!({"content": format!("<p>see</p><pre><code>{line}</code></pre>")}));
    for path in [format!("/t/{id}"), "/home".into()] {
        let page = r.page(&path);
        assert!(!page.contains("<pre>"), "{path}");
        assert!(path == "/home" || page.contains("<pre tabindex=\"0\"><code>xxx"), "{path}: {page}");
    }
}
