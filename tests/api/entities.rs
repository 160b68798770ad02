//! The required-field matrix: a missing or null value makes an app lose a whole page.

use serde_json::{Value, json};

use crate::support::TestServer;

fn has(value: &Value, fields: &str) {
    for field in fields.split_whitespace() {
        let mut at = value;
        for part in field.split('.') {
            at = &at[part];
        }
        assert!(!at.is_null(), "{field} is missing in {value}");
    }
}

/// Keys that must be there and may be null.
fn knows(value: &Value, fields: &str) {
    for field in fields.split_whitespace() {
        assert!(value.as_object().unwrap().contains_key(field), "{field} is not a key of {value}");
    }
}

const ACCOUNT: &str = "id username acct url uri display_name note avatar avatar_static header header_static created_at locked bot \
     group emojis fields followers_count following_count statuses_count discoverable roles";
const STATUS: &str = "id uri url created_at account content visibility sensitive spoiler_text media_attachments mentions tags \
     emojis reblogs_count favourites_count replies_count favourited reblogged bookmarked muted filtered";
const STATUS_NULLABLE: &str = "edited_at in_reply_to_id in_reply_to_account_id reblog poll card language quote";

#[test]
fn entities_are_complete() {
    let alice = TestServer::start("alice");
    let post = alice.posts("hello @alice #tag", "public");
    has(&post, STATUS);
    knows(&post, STATUS_NULLABLE);
    has(&post["account"], ACCOUNT);
    knows(&post["account"], "last_status_at");
    has(&post["mentions"][0], "id username url acct");
    has(&post["tags"][0], "name url");
    assert!(post["created_at"].as_str().unwrap().ends_with('Z') && post["created_at"].as_str().unwrap().len() == 24);
    assert_eq!(
        alice.get(&format!("/api/v1/accounts/{}", post["account"]["id"].as_str().unwrap()))["last_status_at"]
            .as_str()
            .unwrap()
            .len(),
        10
    );

    let me = alice.get("/api/v1/accounts/verify_credentials");
    has(&me, ACCOUNT);
    has(
        &me,
        "source.note source.fields source.privacy source.sensitive source.language source.follow_requests_count \
              role.id role.name role.color role.permissions role.highlighted",
    );
    let v2 = alice.get("/api/v2/instance");
    has(
        &v2,
        "domain title version api_versions.mastodon source_url description usage.users.active_month thumbnail.url languages contact.email \
              contact.account registrations.enabled registrations.approval_required rules configuration.urls.streaming \
              configuration.statuses.max_characters configuration.statuses.max_media_attachments \
              configuration.statuses.characters_reserved_per_url configuration.media_attachments.supported_mime_types \
              configuration.media_attachments.image_size_limit configuration.media_attachments.image_matrix_limit \
              configuration.polls.max_options configuration.polls.min_expiration configuration.polls.max_expiration \
              configuration.translation.enabled configuration.accounts.max_pinned_statuses",
    );
    assert!(v2["version"].as_str().unwrap()[..3].parse::<f32>().is_ok());
    let v1 = alice.get("/api/v1/instance");
    has(
        &v1,
        "uri title short_description description email version urls.streaming_api stats.user_count languages \
              contact_account rules configuration max_toot_chars",
    );
    let relation = &alice.get(&format!("/api/v1/accounts/relationships?id={}", me["id"].as_str().unwrap()))[0];
    has(
        relation,
        "id following showing_reblogs notifying followed_by blocking blocked_by muting muting_notifications \
                   requested requested_by domain_blocking endorsed note",
    );
    let app = alice
        .post("/api/v1/apps", json!({"client_name": "My App", "redirect_uris": ["app://x"], "scopes": "read write"}));
    has(&app, "id name redirect_uri redirect_uris client_id client_secret scopes vapid_key client_secret_expires_at");
    knows(&app, "website");
    let search = alice.get("/api/v2/search?q=tag");
    has(&search, "accounts statuses hashtags");
}

#[test]
fn every_list_that_apps_request_at_startup_is_served() {
    let alice = TestServer::start("alice");
    for path in [
        "/api/v1/custom_emojis",
        "/api/v1/filters",
        "/api/v2/filters",
        "/api/v1/lists",
        "/api/v1/announcements",
        "/api/v1/blocks",
        "/api/v1/mutes",
        "/api/v1/domain_blocks",
        "/api/v1/follow_requests",
        "/api/v1/conversations",
        "/api/v1/followed_tags",
        "/api/v1/scheduled_statuses",
        "/api/v1/trends/tags",
        "/api/v2/suggestions",
        "/api/v1/notifications",
        "/api/v1/bookmarks",
        "/api/v1/favourites",
        "/api/v1/instance/rules",
    ] {
        assert_eq!(alice.get(path), json!([]), "{path}");
    }
    assert_eq!(alice.get("/api/v1/markers?timeline[]=home"), json!({}));
}
