//! Lists of accounts, and the owner's actions on the page of an account.

use crate::support::{Request, TestServer, eventually};

#[test]
fn each_state_of_a_relationship_has_its_list_and_its_button() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    let (cookie, csrf) = alice.session();
    let page = |path: &str| alice.send(&Request::get(path).header("cookie", &cookie)).expect(200).text();
    let id = alice.finds(&bob);
    let act = |action: &str, fields: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let request = Request::new("POST", &format!("/accounts/{id}/{action}")).header("cookie", &cookie).form(&fields);
        let location = alice.send(&request).expect(303).header("location").unwrap().to_owned();
        assert!(location.contains("?done="), "{action}: {location}");
        page(&location)
    };
    let relation = |member: &str| alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0][member].clone();
    let authority = bob.url("").replace("http://", "");
    let profile = || page(&format!("/u/bob@{authority}"));
    assert!(
        profile().contains(&format!("formaction=\"/accounts/{id}/follow\" name=\"action\" value=\"follow\">Follow<"))
    );

    act("follow", &[]);
    eventually("the follow is accepted", || relation("following") == true);
    assert!(page("/people/following").contains("@bob@") && !page("/people/followers").contains("@bob@"));
    assert!(profile().contains("<summary class=\"button\">Following</summary>"));
    for (action, member, value) in [
        ("notify", "notifying", true),
        ("hide-boosts", "showing_reblogs", false),
        ("show-boosts", "showing_reblogs", true),
    ] {
        act(action, &[]);
        assert_eq!(relation(member), value, "{action}");
    }
    bob.follows(&alice);
    assert!(page("/people/followers").contains("@bob@") && profile().contains("follows you"));

    assert!(act("mute", &[("duration", "3600")]).contains("This account is muted"));
    assert!(relation("muting") == true && !relation("muting_expires_at").is_null());
    assert!(page("/people/muted").contains("muted until") && profile().contains("Unmute"));
    act("unmute", &[]);
    assert!(!page("/people/muted").contains("@bob@"));

    act("note", &[("comment", "met at the <rocks>")]);
    assert!(profile().contains(">met at the &lt;rocks&gt;</textarea>"));

    act("unfollow", &[]);
    assert!(profile().contains(">Follow back<"));
    act("reject", &[]);
    assert!(!page("/people/followers").contains("@bob@"), "removed from the followers");
    act("block", &[]);
    assert!(page("/people/blocked").contains("@bob@") && profile().contains(">Unblock<"));
    act("unblock", &[]);
    assert!(!page("/people/blocked").contains("@bob@"));
    let request = Request::new("POST", &format!("/accounts/{id}/nonsense")).header("cookie", &cookie);
    alice.send(&request.form(&[("csrf", &csrf)])).expect(404);
}

#[test]
fn a_follow_request_is_accepted_or_rejected_in_its_list() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.api("PATCH", "/api/v1/accounts/update_credentials", serde_json::json!({"locked": true})).expect(200);
    let (cookie, csrf) = alice.session();
    let page = |path: &str| alice.send(&Request::get(path).header("cookie", &cookie)).expect(200).text();
    let there = bob.finds(&alice);
    bob.post(&format!("/api/v1/accounts/{there}/follow"), serde_json::json!({}));
    eventually("the request arrives", || page("/people/requests").contains("@bob@"));
    let id = alice.finds(&bob);
    assert!(
        page("/people/requests")
            .contains(&format!("formaction=\"/accounts/{id}/accept\" name=\"action\" value=\"accept\">Accept<"))
    );
    let request = Request::new("POST", &format!("/accounts/{id}/accept")).header("cookie", &cookie);
    alice.send(&request.form(&[("csrf", &csrf)])).expect(303);
    assert!(page("/people/followers").contains("@bob@") && !page("/people/requests").contains("@bob@"));
}
