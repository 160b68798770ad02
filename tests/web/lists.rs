//! Lists: made, filled, read, changed and deleted with forms.

use super::browser::{Browser, values};
use crate::federation::world::PUBLIC;
use crate::support::{Peer, eventually};

#[test]
fn a_list_is_created_filled_read_and_deleted() {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    peer.add_actor("ben");
    b.alice.follows_actor(&peer, "ana");
    b.alice.follows_actor(&peer, "ben");
    assert!(b.page("/lists").contains("Make the first one"));
    let rejected = b.tries("/lists", &[("title", " "), ("replies_policy", "none")]).expect(422).text();
    assert!(
        rejected.contains("Title can&#x27;t be blank")
            || rejected.contains("can't be blank")
            || rejected.contains("blank"),
        "{rejected}"
    );
    assert!(rejected.contains("value=\"none\" selected"), "what was entered is kept");
    let edit = b.submits("/lists", &[("title", "Rocks & <moss>"), ("replies_policy", "none")]);
    let page = b.page(&edit);
    assert!(page.contains("Rocks &amp; &lt;moss&gt;") && page.contains("No members yet"), "{page}");
    let list = edit.split('/').nth(2).unwrap().to_owned();
    let candidates = values(&page, "name=\"account_ids[]\" value=\"");
    assert_eq!(candidates.len(), 2, "both followed accounts can be added");
    let found = b.page(&format!("/lists/{list}/edit?q=ana"));
    let ana = values(&found, "name=\"account_ids[]\" value=\"");
    assert_eq!(ana.len(), 1, "the search finds one");
    let location = b.submits(&format!("/lists/{list}/add"), &[("account_ids[]", ana[0])]);
    assert!(b.page(location.split('#').next().unwrap()).contains("Remove selected"));
    for (name, text) in [("ana", "from ana"), ("ben", "from ben")] {
        let note = peer.note(name, name, text, &[PUBLIC, &format!("{}/followers", peer.actor(name))]);
        peer.delivers(&b.alice, name, &note).expect(202);
    }
    eventually("both are at home", || b.page("/home").contains("from ben") && b.page("/home").contains("from ana"));
    let timeline = b.page(&format!("/lists/{list}"));
    assert!(timeline.contains("from ana") && !timeline.contains("from ben"), "{timeline}");
    // An exclusive list takes its posts from home.
    b.submits(&format!("/lists/{list}/edit"), &[("title", "Rocks"), ("exclusive", "true")]);
    assert!(!b.page("/home").contains("from ana") && b.page("/lists").contains("not at home"));
    b.submits(&format!("/lists/{list}/remove"), &[("account_ids[]", ana[0])]);
    assert!(b.page("/home").contains("from ana"));
    assert!(b.page(&b.submits(&format!("/lists/{list}/delete"), &[])).contains("The list was deleted"));
    b.opens(&format!("/lists/{list}")).expect(404);
}

#[test]
fn the_lists_of_an_account_are_chosen_on_one_page() {
    let (b, peer) = (Browser::new(), Peer::start());
    peer.add_actor("ana");
    let ana = b.alice.follows_actor(&peer, "ana");
    let path = format!("/accounts/{ana}/lists");
    let profile = b.page(&format!("/u/ana@{}", peer.base.trim_start_matches("http://")));
    assert!(profile.contains(&format!("href=\"{path}\"")), "{profile}");
    assert!(b.page(&path).contains("You have no lists yet"));
    let make = |title: &str| b.submits("/lists", &[("title", title)]).split('/').nth(2).unwrap().to_owned();
    let (one, two) = (make("one"), make("two"));
    let lists = || b.alice.get(&format!("/api/v1/accounts/{ana}/lists"));
    b.submits(&path, &[("list_ids[]", &one)]);
    assert_eq!(lists().as_array().unwrap().len(), 1);
    assert!(b.page(&path).contains(&format!("value=\"{one}\" checked")));
    b.submits(&path, &[("list_ids[]", &two)]);
    assert_eq!(lists()[0]["title"], "two");
    b.submits(&path, &[]);
    assert_eq!(lists().as_array().unwrap().len(), 0);
}
