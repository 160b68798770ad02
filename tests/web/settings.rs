//! The settings: each group has a page that stores the values of its form.

use super::browser::Browser;

#[test]
fn the_index_links_to_every_group() {
    let b = Browser::new();
    let page = b.page("/settings");
    for path in ["profile", "appearance", "posting", "privacy", "notifications", "security", "apps", "server"] {
        let path = format!("/settings/{path}");
        assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
        assert!(b.page(&path).contains("<a href=\"/settings\">Settings</a>"), "{path}");
    }
    assert!(page.contains("action=\"/logout\""));
}

#[test]
fn posting_defaults_apply_to_new_posts() {
    let b = Browser::new();
    let fields =
        [("visibility", "private"), ("language", "pt_BR"), ("sensitive", "true"), ("quote_policy", "followers")];
    let location = b.submits("/settings/posting", &fields);
    let page = b.page(&location);
    for kept in
        ["value=\"private\" selected", "value=\"pt-BR\"", "value=\"true\" checked", "value=\"followers\" selected"]
    {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    let source = b.alice.get("/api/v1/accounts/verify_credentials")["source"].clone();
    assert_eq!((&source["privacy"], &source["quote_policy"]), (&"private".into(), &"followers".into()));
    assert!(b.page("/compose").contains("value=\"private\" selected"));
    let wrong = b.tries("/settings/posting", &[("visibility", "direct"), ("language", "klingon")]).expect(422).text();
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("value=\"klingon\""), "{wrong}");
    assert!(wrong.contains("value=\"direct\" selected"), "what was entered is kept");
}

#[test]
fn the_chosen_colours_are_for_the_owner_only() {
    let b = Browser::new();
    assert!(!b.page("/home").contains("data-scheme"));
    b.submits("/settings/appearance", &[("scheme", "dark")]);
    assert!(b.page("/@alice").contains("<html lang=\"en\" dir=\"ltr\" data-scheme=\"dark\">"));
    let visited = b.alice.send(&crate::support::Request::get("/@alice")).expect(200).text();
    assert!(visited.contains("<html lang=\"en\" dir=\"ltr\">"), "{visited}");
    b.tries("/settings/appearance", &[("scheme", "<b>")]).expect(422);
    b.submits("/settings/appearance", &[("scheme", "auto")]);
    assert!(!b.page("/home").contains("data-scheme"));
}

#[test]
fn privacy_and_notification_choices_are_stored() {
    let b = Browser::new();
    b.submits("/settings/privacy", &[("locked", "true"), ("indexable", "true")]);
    let me = b.alice.get("/api/v1/accounts/verify_credentials");
    assert_eq!((&me["locked"], &me["discoverable"], &me["indexable"]), (&true.into(), &false.into(), &true.into()));
    b.submits("/settings/notifications", &[("not_following", "filter"), ("new_accounts", "drop")]);
    let policy = b.alice.get("/api/v2/notifications/policy");
    assert_eq!((&policy["for_not_following"], &policy["for_new_accounts"]), (&"filter".into(), &"drop".into()));
    assert_eq!(policy["for_not_followers"], "accept", "what the form does not name stays");
    b.tries("/settings/notifications", &[("not_following", "burn")]).expect(422);
}
