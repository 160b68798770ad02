//! Conversations, followed hashtags and the media library.

use super::browser::{Browser, png, values};
use crate::support::{Peer, eventually};

#[test]
fn messages_are_listed_read_and_removed() {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    assert!(b.page("/conversations").contains("No messages yet"));
    peer.delivers(&b.alice, "ana", &peer.note("ana", "1", "psst, alice", &[&b.alice.actor()])).expect(202);
    eventually("it arrives", || b.page("/conversations").contains("psst, alice"));
    let list = b.page("/conversations");
    assert!(list.contains("conversation new") && list.contains("<b dir=\"auto\">ana</b>"), "{list}");
    let thread = values(&list, "<a class=\"brief\" href=\"")[0].to_owned();
    assert!(b.page(&thread).contains("psst, alice"));
    let list = b.page("/conversations");
    assert!(!list.contains("conversation new"), "to open it marks it read: {list}");
    let id = values(&list, "formaction=\"/conversations/")[0].split('/').next().unwrap().to_owned();
    b.submits(&format!("/conversations/{id}/unread"), &[]);
    assert!(b.page("/conversations").contains("conversation new"));
    b.submits(&format!("/conversations/{id}/read"), &[]);
    assert!(!b.page("/conversations").contains("conversation new"));
    b.submits(&format!("/conversations/{id}/delete"), &[]);
    assert!(b.page("/conversations").contains("No messages yet"));
    b.tries(&format!("/conversations/{id}/burn"), &[]).expect(404);
    assert!(b.page("/compose?visibility=direct").contains("value=\"direct\" selected"));
}

#[test]
fn hashtags_are_followed_and_featured_with_forms() {
    let b = Browser::new();
    assert!(b.page("/hashtags").contains("You follow no hashtags"));
    b.submits("/hashtags/follow", &[("name", "#Rocks")]);
    b.submits("/hashtags/feature", &[("name", "moss")]);
    let page = b.page("/hashtags");
    assert!(page.contains("href=\"/tags/rocks\"") && page.contains("/tagged/moss\""), "{page}");
    let wrong = b.tries("/hashtags/follow", &[("name", "not a tag")]).expect(422).text();
    assert!(wrong.contains("value=\"not a tag\"") && wrong.contains("role=\"alert\""), "{wrong}");
    b.submits("/hashtags/unfollow", &[("name", "rocks")]);
    b.submits("/hashtags/unfeature", &[("name", "moss")]);
    let page = b.page("/hashtags");
    assert!(page.contains("You follow no hashtags") && !page.contains("/tagged/moss"), "{page}");
    assert!(b.page("/people/following").contains("href=\"/hashtags\""));
}

#[test]
fn media_without_a_description_are_listed_and_described() {
    let b = Browser::new();
    b.sends("/posts", &[("text", "one"), ("alt", "a warm stone")], &[&png(1)]).expect(303);
    b.sends("/posts", &[("text", "two")], &[&png(2)]).expect(303);
    let id = b.alice.home()[0]["id"].as_str().unwrap().to_owned();
    let all = b.page("/library");
    assert_eq!(values(&all, "action=\"/library/").len(), 2, "{all}");
    assert!(all.contains(">a warm stone</textarea>") && all.contains("Without a description (1)"), "{all}");
    let missing = b.page("/library?show=undescribed");
    let upload = values(&missing, "action=\"/library/");
    assert_eq!(upload.len(), 1);
    assert!(missing.contains(&format!("href=\"/@alice/{id}\"")), "{missing}");
    b.submits(&format!("/library/{}", upload[0]), &[("description", "a cold stone")]);
    let status = b.alice.get(&format!("/api/v1/statuses/{id}"));
    assert_eq!(status["media_attachments"][0]["description"], "a cold stone");
    assert!(!status["edited_at"].is_null(), "the edit is sent");
    assert!(b.page("/library?show=undescribed").contains("All of your media have a description"));
    b.tries("/library/1", &[("description", "x")]).expect(404);
}
