//! The tabs of profiles, and hashtags on them.

use serde_json::json;

use super::browser::{Browser, png};
use crate::federation::world::PUBLIC;
use crate::support::{Peer, Request, eventually};

#[test]
fn each_tab_of_the_owners_profile_shows_its_posts_to_everyone() {
    let b = Browser::new();
    let first = b.alice.posts("a plain stone", "public");
    b.alice.post("/api/v1/statuses", json!({"status": "a pinned stone #rocks", "visibility": "public"}));
    let pinned = b.alice.home()[0]["id"].as_str().unwrap().to_owned();
    b.alice.post(&format!("/api/v1/statuses/{pinned}/pin"), json!({}));
    b.sends("/posts", &[("text", "a pictured stone"), ("visibility", "public")], &[&png(1)]).expect(303);
    let hidden = b.alice.posts("a secret stone #rocks", "private")["id"].as_str().unwrap().to_owned();
    b.alice.post(&format!("/api/v1/statuses/{hidden}/pin"), json!({}));
    let _ = first;
    b.submits("/hashtags/feature", &[("name", "Rocks")]);
    let visit = |path: &str| b.alice.send(&Request::get(path)).expect(200).text();
    let shows = |page: &str| {
        ["a plain stone", "a pinned stone", "a pictured stone", "a secret stone"].map(|text| page.contains(text))
    };
    assert_eq!(shows(&visit("/@alice/pinned")), [false, true, false, false]);
    let media = visit("/@alice/media");
    assert_eq!((shows(&media), media.matches("<li><a href=").count()), ([false; 4], 1), "pictures without texts");
    let tagged = visit("/@alice/tagged/rocks");
    assert_eq!(shows(&tagged), [false, true, false, false]);
    assert!(tagged.contains("Posts with #rocks") && tagged.contains("href=\"/@alice/tagged/Rocks\" aria-current"));
    assert!(visit("/@alice").contains("href=\"/@alice/pinned\""));
    assert_eq!(shows(&b.page("/@alice/pinned")), [false, true, false, true], "the owner sees all of them");
    b.alice.send(&Request::get("/@alice/nonsense")).expect(404);
}

#[test]
fn a_profile_has_the_tabs_that_its_owner_chose() {
    let (b, peer) = (Browser::new(), Peer::start());
    let first = b.alice.posts("a stone", "public");
    let other = b.alice.follows_actor(&peer, "mallory");
    peer.delivers(&b.alice, "mallory", &peer.note("mallory", "1", "whose stone?", &[PUBLIC])).expect(202);
    eventually("it arrives", || b.alice.is_settled());
    let parent = b.alice.get(&format!("/api/v1/accounts/{other}/statuses"))[0]["id"].as_str().unwrap().to_owned();
    b.sends("/posts", &[("text", "a picture"), ("visibility", "public")], &[&png(1)]).expect(303);
    b.sends("/posts", &[("text", "mine"), ("visibility", "public"), ("in_reply_to", &parent)], &[&png(2)]).expect(303);
    b.alice.post(&format!("/api/v1/statuses/{}/pin", first["id"].as_str().unwrap()), json!({}));
    b.submits("/hashtags/feature", &[("name", "Rocks")]);
    let visit = |path: &str| b.alice.send(&Request::get(path));
    let pictures = || visit("/@alice/media").expect(200).text().matches("<li><a href=").count();
    assert_eq!(pictures(), 2);
    let choose = |chosen: &[&str]| {
        let fields: Vec<_> = chosen.iter().map(|name| (*name, "true")).collect();
        b.sends("/settings/profile", &fields, &[]).expect(303);
        let form = b.page("/settings/profile");
        for name in ["show_media", "show_media_replies", "show_featured"] {
            let ticked = form.contains(&format!("name=\"{name}\" value=\"true\" checked"));
            assert_eq!(ticked, chosen.contains(&name), "{name}");
        }
    };
    choose(&["show_media", "show_featured"]);
    assert_eq!(pictures(), 1, "without those of replies");
    choose(&["show_media_replies"]);
    let page = visit("/@alice").expect(200).text();
    for gone in ["/@alice/media", "/@alice/pinned", "/@alice/tagged/Rocks"] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    visit("/@alice/media").expect(404);
    visit("/@alice/pinned").expect(404);
    let account = b.alice.get("/api/v1/accounts/verify_credentials");
    assert_eq!(
        [&account["show_media"], &account["show_media_replies"], &account["show_featured"]],
        [false, true, false]
    );
    let actor = b.alice.send(&Request::get("/users/alice").activity()).expect(200).json();
    assert_eq!([&actor["showMedia"], &actor["showRepliesInMedia"], &actor["showFeatured"]], [false, true, false]);
    let shown = b.alice.get(&format!("/api/v1/accounts/{}/statuses?only_media=true", account["id"].as_str().unwrap()));
    assert_eq!(shown.as_array().unwrap().len(), 2, "as in Mastodon, apps decide themselves");
}

#[test]
fn the_tabs_that_another_server_states_are_those_of_its_account() {
    let (b, peer) = (Browser::new(), Peer::start());
    let mut ana = peer.person("ana", &peer.key());
    (ana["showMedia"], ana["showRepliesInMedia"], ana["showFeatured"]) =
        (json!(false), json!("false"), json!("perhaps"));
    peer.serve("/users/ana", ana);
    let id = b.alice.follows_actor(&peer, "ana");
    let account = b.alice.get(&format!("/api/v1/accounts/{id}"));
    assert_eq!(
        [&account["show_media"], &account["show_media_replies"], &account["show_featured"]],
        [false, false, true]
    );
    let base = format!("/u/ana@{}", peer.base.trim_start_matches("http://"));
    assert!(!b.page(&base).contains(&format!("{base}/media")));
    b.opens(&format!("{base}/media")).expect(404);
}

#[test]
fn the_profile_of_another_account_has_tabs_too() {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    b.alice.follows_actor(&peer, "ana");
    let to = [PUBLIC, &format!("{}/followers", peer.actor("ana"))];
    let mut reply = peer.note("ana", "2", "a reply to others", &to);
    reply["object"]["inReplyTo"] = json!(format!("{}/elsewhere/1", peer.base));
    let mut pictured = peer.note("ana", "3", "a picture", &to);
    pictured["object"]["attachment"] =
        json!([{"type": "Image", "mediaType": "image/png", "url": format!("{}/1.png", peer.base)}]);
    for activity in [peer.note("ana", "1", "a post", &to), reply, pictured] {
        peer.delivers(&b.alice, "ana", &activity).expect(202);
    }
    let base = format!("/u/ana@{}", peer.base.trim_start_matches("http://"));
    eventually("all arrive", || b.page(&format!("{base}/with_replies")).contains("a picture"));
    let shows = |path: &str| {
        let page = b.page(&format!("{base}{path}"));
        ["a post", "a reply to others", "a picture"]
            .map(|text| page.contains(&format!("<p>{text}</p>")) || page.contains(&format!(">{text}<")))
    };
    eventually("replies are in their tab", || shows("/with_replies") == [true, true, true]);
    assert_eq!(shows(""), [true, false, true]);
    assert_eq!(b.page(&format!("{base}/media")).matches("<li><a href=").count(), 1);
    assert_eq!(shows("/pinned"), [false, false, false]);
    b.opens(&format!("{base}/nonsense")).expect(404);
}

#[test]
fn a_hashtag_is_followed_on_its_page_by_the_owner_only() {
    let b = Browser::new();
    assert!(b.page("/tags/Rocks").contains("action=\"/hashtags/follow\""));
    b.submits("/hashtags/follow", &[("name", "Rocks")]);
    assert!(b.page("/tags/rocks").contains("action=\"/hashtags/unfollow\""));
    assert!(!b.alice.send(&Request::get("/tags/rocks")).expect(200).text().contains("/hashtags/"));
}
