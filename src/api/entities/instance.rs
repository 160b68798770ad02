//! Instance, in both versions. The numbers come from `limits.rs`, so that apps receive the limits in effect.

use serde_json::{Value, json};

use super::Context;
use super::account::account;
use crate::app::App;
use crate::domain::instance::Rule;
use crate::domain::queries::translation;
use crate::limits;
use crate::media::MEDIA_TYPES;
use crate::store::actors::Actor;

/// The version of the API of Mastodon that is served (`api_versions`): 2 promises grouped notifications, 3 PKCE, 4 push by
/// the standard, 6 endorsements, 7 quotes, and 8 the endpoints of the own profile. Apps show what it promises.
const API_VERSION: u32 = 8;

/// The version of Mastodon with the same features, in the format that apps parse: Ice Cubes reads the first three characters
/// as a number.
pub fn version() -> String {
    format!("4.5.0 (compatible; Dassie {})", env!("CARGO_PKG_VERSION"))
}

fn limits_for_apps() -> Value {
    json!({
        "accounts": {
            "max_featured_tags": limits::FEATURED_TAGS,
            "max_pinned_statuses": limits::PINS,
            "max_display_name_length": limits::OWNER_NAME_CHARS,
            "max_note_length": limits::OWNER_NOTE_CHARS,
            "max_avatar_description_length": limits::ALT_CHARS,
            "max_header_description_length": limits::ALT_CHARS,
            "max_profile_fields": limits::OWNER_FIELDS,
            "profile_field_name_limit": limits::ACTOR_FIELD_NAME_CHARS,
            "profile_field_value_limit": limits::ACTOR_FIELD_VALUE_CHARS,
        },
        "statuses": {
            "max_characters": limits::POST_CHARS,
            "max_media_attachments": limits::POST_MEDIA,
            "characters_reserved_per_url": limits::POST_CHARS_PER_URL,
            "supported_mime_types": ["text/plain", "text/markdown"],
        },
        "media_attachments": {
            "supported_mime_types": MEDIA_TYPES,
            "description_limit": limits::ALT_CHARS,
            "image_size_limit": limits::IMAGE_BYTES,
            "image_matrix_limit": limits::IMAGE_PIXELS,
            "video_size_limit": limits::VIDEO_BYTES,
            "video_frame_rate_limit": limits::VIDEO_FRAME_RATE,
            "video_matrix_limit": limits::VIDEO_PIXELS,
        },
        "polls": {
            "max_options": limits::POST_POLL_OPTIONS,
            "max_characters_per_option": limits::POLL_OPTION_CHARS,
            "min_expiration": limits::POLL_SECONDS.start(),
            "max_expiration": limits::POLL_SECONDS.end(),
        },
    })
}

fn streaming_url(ctx: Context<'_>) -> String {
    ctx.site.base().replacen("http", "ws", 1)
}

/// What an Instance tells besides the configuration.
pub struct Facts {
    /// The owner.
    pub owner: Actor,
    /// The languages of the owner's posts.
    pub languages: Vec<String>,
    /// The account was used in the last month.
    pub is_active: bool,
    /// The rules.
    pub rules: Vec<Rule>,
    /// There is a privacy policy.
    pub has_privacy_policy: bool,
    /// There are terms of service.
    pub has_terms: bool,
    /// Width and height of the icon, if known.
    pub icon: Option<(u32, u32)>,
}

/// Rules as the API shows them.
pub fn rules(rules: &[Rule]) -> Vec<Value> {
    rules
        .iter()
        .map(|rule| json!({"id": rule.id.to_string(), "text": rule.text, "hint": "", "translations": {}}))
        .collect()
}

/// Instance of `/api/v2/instance`.
pub fn v2(app: &App, ctx: Context<'_>, facts: &Facts) -> Value {
    let owner = &facts.owner;
    let about = |section: &str, exists: bool| exists.then(|| ctx.site.url(&format!("/about#{section}")));
    let mut configuration = limits_for_apps();
    configuration["urls"] = json!({
        "streaming": streaming_url(ctx),
        "status": null,
        "about": ctx.site.url("/about"),
        "privacy_policy": about("privacy", facts.has_privacy_policy),
        "terms_of_service": about("terms", facts.has_terms),
    });
    configuration["translation"] = json!({"enabled": translation::service(&app.config.translation).is_some()});
    configuration["limited_federation"] = json!(app.config.federation.allow_list);
    // Visitors see the owner's posts only.
    let access = json!({"local": "public", "remote": "authenticated"});
    configuration["timelines_access"] =
        json!({"live_feeds": access, "hashtag_feeds": access, "trending_link_feeds": access});
    let thumbnail = super::account::avatar_url(ctx, owner);
    let icon = facts.icon.map(|(width, height)| json!({"src": thumbnail, "size": format!("{width}x{height}")}));
    let icon: Vec<Value> = icon.into_iter().collect();
    json!({
        "domain": ctx.site.handle_domain(),
        "title": app.title(),
        "version": version(),
        "api_versions": {"mastodon": API_VERSION},
        "source_url": env!("CARGO_PKG_REPOSITORY"),
        "description": app.config.description,
        "usage": {"users": {"active_month": i64::from(facts.is_active)}},
        "thumbnail": {"url": thumbnail, "blurhash": null, "versions": {}, "description": ""},
        "icon": icon,
        "languages": facts.languages,
        "configuration": configuration,
        "registrations": {
            "enabled": false,
            "approval_required": false,
            "reason_required": false,
            "message": null,
            "min_age": null,
            "url": null,
        },
        "contact": {"email": app.config.contact_email, "account": account(ctx, owner)},
        "rules": rules(&facts.rules),
    })
}

/// Instance of `/api/v1/instance`.
pub fn v1(app: &App, ctx: Context<'_>, facts: &Facts, hosts: i64) -> Value {
    let owner = &facts.owner;
    json!({
        "uri": ctx.site.handle_domain(),
        "title": app.title(),
        "short_description": app.config.description,
        "description": app.config.description,
        "email": app.config.contact_email,
        "version": version(),
        "urls": {"streaming_api": streaming_url(ctx)},
        "stats": {"user_count": 1, "status_count": owner.statuses_count, "domain_count": hosts},
        "thumbnail": super::account::avatar_url(ctx, owner),
        "languages": facts.languages,
        "registrations": false,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": limits_for_apps(),
        "contact_account": account(ctx, owner),
        "rules": rules(&facts.rules),
        "max_toot_chars": limits::POST_CHARS,
    })
}
