//! Forms of the pages: nothing that was entered is lost, and every action is confirmed.

use serde_json::{Value, json};

use super::browser::{Browser, png, values};
use crate::federation::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

#[test]
fn a_rejected_post_form_retains_all_fields() {
    let b = Browser::new();
    let fields = [
        ("text", "hello"),
        ("warning", "rocks"),
        ("visibility", "private"),
        ("option[]", "one"),
        ("option[]", "two"),
        ("poll_seconds", "604800"),
        ("poll_multiple", "true"),
        ("alt", "a warm stone"),
        ("language", "de"),
    ];
    let page = b.sends("/posts", &fields, &[&png(1)]).expect(422).text();
    assert!(page.contains("A poll cannot have media"), "{page}");
    for kept in [
        ">hello</textarea>",
        "value=\"rocks\"",
        "value=\"one\"",
        "value=\"two\"",
        "value=\"604800\" selected",
        "value=\"true\" checked",
        ">a warm stone</textarea>",
        "value=\"de\"",
        "value=\"private\" selected",
    ] {
        assert!(page.contains(kept), "{kept} is lost: {page}");
    }
    let ids = values(&page, "name=\"media_ids[]\" value=\"");
    assert_eq!(ids.len(), 1, "the picture stays attached");
    // Sent again without the poll, it is published with the picture and its description.
    let description = format!("description-{}", ids[0]);
    let again = [("text", "hello"), ("media_ids[]", ids[0]), (&description, "a warm stone"), ("visibility", "public")];
    b.sends("/posts", &again, &[]).expect(303);
    let media = &b.alice.home()[0]["media_attachments"];
    assert_eq!((media.as_array().unwrap().len(), &media[0]["description"]), (1, &"a warm stone".into()));
}

#[test]
fn pictures_are_attached_described_and_removed_before_the_post_is_published() {
    let b = Browser::new();
    let page = b.sends("/posts", &[("text", "four"), ("attach", "true")], &[&png(1), &png(2)]).expect(200).text();
    assert!(b.alice.home().is_empty(), "nothing is published yet");
    let ids = values(&page, "name=\"media_ids[]\" value=\"");
    assert_eq!(ids.len(), 2);
    let removed = [("text", "four"), ("media_ids[]", ids[0]), ("media_ids[]", ids[1]), ("remove", ids[0])];
    let page = b.sends("/posts", &removed, &[]).expect(200).text();
    assert_eq!(values(&page, "name=\"media_ids[]\" value=\""), [ids[1]]);
    let files: Vec<Vec<u8>> = (3..6).map(png).collect();
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let description = format!("description-{}", ids[1]);
    let fields = [("text", "four"), ("media_ids[]", ids[1]), (&description, "the second")];
    b.sends("/posts", &fields, &files).expect(303);
    let home = b.alice.home();
    let media = home[0]["media_attachments"].as_array().unwrap();
    assert_eq!((media.len(), &media[0]["description"]), (4, &"the second".into()));
    let five: Vec<&[u8]> = vec![files[0]; 5];
    let page = b.sends("/posts", &[("text", "five")], &five).expect(422).text();
    assert!(page.contains("Cannot attach more than 4 pictures") && page.contains(">five</textarea>"), "{page}");
}

#[test]
fn an_edit_retains_its_pictures_and_a_rejected_edit_its_text() {
    let b = Browser::new();
    b.sends("/posts", &[("text", "before"), ("alt", "old words")], &[&png(1)]).expect(303);
    let id = b.alice.home()[0]["id"].as_str().unwrap().to_owned();
    let edit = format!("/posts/{id}/edit");
    let page = b.opens(&edit).expect(200).text();
    let media = values(&page, "name=\"media_ids[]\" value=\"")[0].to_owned();
    assert!(page.contains(">old words</textarea>"), "{page}");
    let description = format!("description-{media}");
    let long = "x".repeat(6_000);
    let page = b.sends(&edit, &[("text", &long), ("media_ids[]", &media), (&description, "new words")], &[]);
    let page = page.expect(422).text();
    assert!(page.contains(&long) && page.contains(">new words</textarea>"), "the edit is shown again");
    let fields = [("text", "after"), ("media_ids[]", media.as_str()), (&description, "new words")];
    b.sends(&edit, &fields, &[]).expect(303);
    let status = b.alice.get(&format!("/api/v1/statuses/{id}"));
    assert_eq!(status["media_attachments"][0]["description"], "new words");
    assert!(status["content"].as_str().unwrap().contains("after"));
}

#[test]
fn a_text_survives_the_end_of_its_session() {
    let mut b = Browser::new();
    let login = [("username", "alice"), ("password", "correct horse")];
    let signed_in = b.alice.send(&Request::new("POST", "/login").form(&login)).expect(303);
    let cookies = signed_in.headers.iter().filter(|(name, _)| name == "set-cookie");
    let device = cookies.map(|(_, c)| c.split(';').next().unwrap()).find(|c| c.starts_with("dassie-device=")).unwrap();
    b.alice.send(&Request::new("POST", "/logout").header("cookie", &b.cookie).form(&[("csrf", &b.csrf)])).expect(303);
    b.sends("/posts", &[("text", "from an unknown browser")], &[]).expect(303);
    b.cookie = device.to_owned();
    let page = b.sends("/posts", &[("text", "do not lose <me>"), ("warning", "rocks")], &[&png(1)]).expect(403).text();
    assert!(page.contains("Pictures must be chosen again"), "{page}");
    assert!(page.contains("name=\"held-text\" value=\"do not lose &lt;me&gt;\""), "{page}");
    assert!(b.alice.home().is_empty());
    let wrong = [("held-text", "do not lose <me>"), ("next", "/posts"), ("username", "alice"), ("password", "wrong")];
    let page = b.alice.send(&Request::new("POST", "/login").form(&wrong)).expect(422).text();
    assert!(page.contains("name=\"held-text\" value=\"do not lose &lt;me&gt;\""), "{page}");
    let right = wrong.map(|(k, v)| (k, if k == "password" { "correct horse" } else { v }));
    let response = b.alice.send(&Request::new("POST", "/login").form(&right)).expect(200);
    assert!(response.header("set-cookie").is_some() && response.text().contains(">do not lose &lt;me&gt;</textarea>"));
    assert!(b.alice.home().is_empty(), "it is published when the owner sends it again");
}

#[test]
fn a_rejected_profile_form_retains_all_fields() {
    let b = Browser::new();
    let long = "x".repeat(40_000);
    let fields = [
        ("display_name", "Wren"),
        ("note", long.as_str()),
        ("fields_attributes[0][name]", "Home"),
        ("fields_attributes[0][value]", "https://example.org"),
        ("header_alt", "Warm rocks"),
        ("bot", "true"),
    ];
    let page = b.sends("/settings/profile", &fields, &[]).expect(422).text();
    for kept in ["value=\"Wren\"", &long, "value=\"Home\"", "value=\"https://example.org\"", "value=\"Warm rocks\""] {
        assert!(page.contains(kept), "{kept} is lost");
    }
    assert!(page.contains("name=\"bot\" value=\"true\" checked") && page.contains("Note is too long"));
    let fields = fields.map(|(k, v)| (k, if k == "note" { "short" } else { v }));
    let saved = b.sends("/settings/profile", &fields, &[]).expect(303);
    assert!(b.opens(saved.header("location").unwrap()).text().contains("Saved."));
    assert_eq!(b.alice.get("/api/v1/accounts/verify_credentials")["display_name"], "Wren");
}

#[test]
fn a_text_survives_an_outdated_form() {
    let b = Browser::new();
    let fields = [("text", "still here"), ("csrf", "of an earlier session")];
    let request = Request::new("POST", "/posts").header("cookie", &b.cookie).form(&fields);
    let page = b.alice.send(&request).expect(403).text();
    assert!(page.contains(">still here</textarea>") && page.contains(&b.csrf), "{page}");
    assert!(b.alice.home().is_empty());
}

#[test]
fn every_action_returns_to_its_post_or_confirms_its_result() {
    let b = Browser::new();
    let id = b.alice.posts("hello", "public")["id"].as_str().unwrap().to_owned();
    let page = format!("{}/home?before=9&done=posted", b.alice.url(""));
    let act = |path: &str| {
        let request = Request::new("POST", path).header("cookie", &b.cookie).header("referer", &page);
        b.alice.send(&request.form(&[("csrf", &b.csrf)])).expect(303).header("location").unwrap().to_owned()
    };
    for action in ["favourite", "unfavourite", "boost", "bookmark"] {
        assert_eq!(act(&format!("/posts/{id}/{action}")), format!("/home?before=9#p-{id}"), "{action}");
    }
    let bob = TestServer::start("bob");
    let account = b.alice.finds(&bob);
    let location = act(&format!("/accounts/{account}/block"));
    assert_eq!(location, "/home?before=9&done=blocked");
    assert!(b.opens(&location).expect(200).text().contains("This account is blocked"));
    assert_eq!(act(&format!("/posts/{id}/delete")), "/home?done=deleted");
}

#[test]
fn an_error_page_of_the_owner_has_the_owners_navigation() {
    let b = Browser::new();
    for path in ["/@alice/1", "/t/1", "/no/such/page"] {
        let page = b.opens(path).expect(404).text();
        assert!(page.contains("aria-label=\"Main\"") && !page.contains(">Sign in<"), "{path}: {page}");
        let page = b.alice.send(&Request::get(path));
        assert!(page.status == 303 || page.text().contains("Sign in"), "{path}");
    }
}

#[test]
fn a_visitor_continues_on_the_own_server() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    let authority = bob.url("").replace("http://", "");
    let handle = format!("@bob@{authority}");
    let response = alice.send(&Request::new("POST", "/follow").form(&[("handle", &handle)])).expect(200);
    let uri: String = url::form_urlencoded::byte_serialize(alice.actor().as_bytes()).collect();
    let target = format!("{}/authorize_interaction?uri={uri}", bob.url(""));
    let page = response.text();
    assert!(page.contains(&format!("<a class=\"button main\" href=\"{target}\"")), "{page}");
    assert!(page.contains(&format!("content=\"0; url={target}\"")), "{page}");
    let cookie = response.header("set-cookie").unwrap();
    assert!(cookie.contains("Path=/interact;"), "{cookie}");
    // The handle is remembered for the next time.
    let value = cookie.split(';').next().unwrap();
    let post = alice.posts("hello", "public")["uri"].as_str().unwrap().to_owned();
    let page = alice.send(&Request::get(&format!("/interact?uri={post}")).header("cookie", value)).expect(200).text();
    assert!(page.contains(&format!("value=\"bob@{authority}\"")), "{page}");
    for (bad, why) in [
        ("nonsense", "not valid"),
        ("nobody@127.0.0.1:9", "did not respond"),
        (&format!("nobody@{authority}"), "has no account"),
        (&format!("alice@{}", alice.url("").replace("http://", "")), "a handle of this server"),
    ] {
        let page = alice.send(&Request::new("POST", "/follow").form(&[("handle", bad)])).expect(422).text();
        assert!(page.contains(why) && page.contains(&format!("value=\"{bad}\"")), "{bad}: {page}");
    }
}

#[test]
fn a_visitor_replies_on_the_own_server() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    let post = alice.posts("what do you think?", "public");
    let page = alice.send(&Request::get(&format!("/@alice/{}", post["id"].as_str().unwrap()))).expect(200).text();
    let encoded = values(&page, "<a class=\"act reply\" href=\"/interact?uri=")[0];
    let page = alice.send(&Request::get(&format!("/interact?uri={encoded}"))).expect(200).text();
    let uri = values(&page, "name=\"uri\" value=\"")[0];
    assert!(page.contains("action=\"/interact\"") && uri == post["url"], "{page}");
    let handle = format!("@bob@{}", bob.authority);
    let response =
        alice.send(&Request::new("POST", "/interact").form(&[("uri", uri), ("handle", &handle)])).expect(200);
    let encoded: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let target = format!("{}/authorize_interaction?uri={encoded}", bob.url(""));
    assert!(response.text().contains(&format!("<a class=\"button main\" href=\"{target}\"")), "{}", response.text());
    // There the owner finds the post and replies.
    let cookie = bob.session().0;
    let open = |path: &str| {
        let response = bob.send(&Request::get(path).header("cookie", &cookie));
        (response.status, response.header("location").unwrap_or_default().to_owned(), response.text())
    };
    let (status, location, _) = open(&target.replace(&bob.url(""), ""));
    assert_eq!(status, 303);
    let (_, _, page) = open(&location);
    assert!(page.contains("what do you think?"), "{page}");
}

/// The start tags of this element.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!("<{name} ")).skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap())
}

#[test]
fn every_action_works_in_browsers_without_formaction() {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    b.alice.follows_actor(&peer, "ana");
    peer.delivers(&b.alice, "ana", &peer.note("ana", "1", "a warm stone", &[PUBLIC])).expect(202);
    eventually("it arrives", || b.alice.sees("a warm stone").is_some());
    let (post, own) = (b.alice.sees("a warm stone").unwrap(), b.alice.posts("my own", "public"));
    let mut buttons = 0;
    for path in ["/home", "/people/following"] {
        for form in b.page(path).split("<form ").skip(1).map(|form| form.split("</form>").next().unwrap()) {
            for button in tags(form, "button").into_iter().filter(|tag| tag.contains("formaction=")) {
                let (base, action) = attribute(button, "formaction").unwrap().rsplit_once('/').unwrap();
                let value =
                    button.split(" name=\"action\" value=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
                let plain = attribute(form, "action");
                let same = plain == Some(base) && value.is_some_and(|value| value.starts_with(action));
                assert!(same || value == Some("block-author"), "{path}: {button}");
                buttons += 1;
            }
        }
    }
    assert!(buttons > 12, "{buttons}");
    let at = |post: &Value| format!("/posts/{}", post["id"].as_str().unwrap());
    b.submits(&at(&post), &[("action", "boost")]);
    b.submits(&at(&post), &[("action", "favourite")]);
    b.submits(&at(&own), &[("action", "pin")]);
    let state = |post: &Value| b.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!((&state(&post)["reblogged"], &state(&post)["favourited"]), (&json!(true), &json!(true)));
    assert_eq!(state(&own)["pinned"], true);
    b.tries(&at(&post), &[]).expect(400);
    b.tries(&at(&post), &[("action", "nonsense")]).expect(404);
    let author = post["account"]["id"].as_str().unwrap();
    let relation = || b.alice.get(&format!("/api/v1/accounts/relationships?id[]={author}"))[0].clone();
    b.submits(&format!("/accounts/{author}"), &[("action", "mute-3600")]);
    assert!(relation()["muting_expires_at"].is_string(), "{}", relation());
    b.submits(&at(&post), &[("action", "block-author")]);
    assert_eq!(relation()["blocking"], true);
}

#[test]
fn a_choice_that_does_not_exist_is_not_replaced_by_the_default() {
    let b = Browser::new();
    for (field, value) in [
        ("visibility", "followers"),
        ("quote_policy", "zz"),
        ("format", "text/x-zz"),
        ("zone", "Mars/Base"),
        ("in_reply_to", "zz"),
        ("quote", "zz"),
        ("poll_seconds", "zz"),
        ("media_ids[]", "zz"),
    ] {
        let page = b.sends("/posts", &[("text", "not for everyone"), (field, value)], &[]).expect(422).text();
        assert!(page.contains("not for everyone"), "{field}: the text stays in the form");
    }
    assert_eq!(b.alice.home(), Vec::<Value>::new());
    for field in ["visibility", "quote_policy", "format"] {
        b.tries("/settings/posting", &[(field, "zz")]).expect(422);
    }
    let stored = b.alice.get("/api/v1/preferences");
    assert_eq!(stored["posting:default:visibility"], "public", "{stored}");
    b.sends("/settings/appearance", &[("icon", "zz")], &[]).expect(422);
}
