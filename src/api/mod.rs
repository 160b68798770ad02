//! The Mastodon client API.

mod accounts;
mod conversations;
mod custom_emojis;
pub mod entities;
mod explore;
mod filters;
mod instance;
mod lists;
pub(crate) mod media;
mod notifications;
mod oauth;
mod oembed;
mod paging;
mod push;
mod reading;
mod search;
mod statuses;
pub(crate) mod streaming;
mod tags;
mod timelines;

use crate::app::{Handler, Route};
use crate::http::{Access, Class, Surface, Verb};
use crate::limits;
use accounts::{blocks, follows, lookup, moving, mutes, profile, reports};
use filters::{v1 as filters_v1, v2 as filters_v2};
use notifications::{groups, policy, requests};
use statuses::{interactions, polls, posts, scheduled, translation};

const fn route(method: Verb, path: &'static str, access: Access, handler: Handler) -> Route {
    Route {
        method,
        path,
        surface: Surface::Api,
        access,
        class: Class::Api,
        body: limits::FORM_BODY,
        quick: false,
        handler,
    }
}

const fn get(path: &'static str, access: Access, handler: Handler) -> Route {
    route(Verb::Get, path, access, handler)
}

/// A read that takes less than a millisecond and fetches nothing.
const fn quick(path: &'static str, access: Access, handler: Handler) -> Route {
    Route { quick: true, ..get(path, access, handler) }
}

const fn post(path: &'static str, scope: &'static str, handler: Handler) -> Route {
    route(Verb::Post, path, Access::Token(scope), handler)
}

const fn upload(method: Verb, path: &'static str, scope: &'static str, handler: Handler) -> Route {
    Route { body: limits::UPLOAD_BODY, ..route(method, path, Access::Token(scope), handler) }
}

const fn empty(path: &'static str, scope: &'static str) -> Route {
    quick(path, Access::Token(scope), instance::empty_list)
}

use Access::{AnyToken, Optional, Public, Token};

/// The routes of the API.
pub const ROUTES: &[Route] = &[
    // Apps and tokens
    Route { class: Class::Apps, ..route(Verb::Post, "/api/v1/apps", Public, oauth::register) },
    get("/api/v1/apps/verify_credentials", AnyToken, oauth::verify_app),
    Route { class: Class::Token, ..route(Verb::Post, "/oauth/token", Public, oauth::token) },
    Route { class: Class::Token, ..route(Verb::Post, "/oauth/revoke", Public, oauth::revoke) },
    get("/oauth/userinfo", Token("profile read:accounts"), oauth::userinfo),
    get("/.well-known/oauth-authorization-server", Public, oauth::metadata),
    // Instance
    get("/api/v1/instance", Public, instance::v1),
    get("/api/v2/instance", Public, instance::v2),
    get("/api/v1/instance/rules", Public, instance::rules),
    get("/api/v1/instance/languages", Public, instance::languages),
    get("/api/v1/instance/peers", Public, instance::peers),
    get("/api/v1/instance/activity", Public, instance::activity),
    get("/api/v1/instance/domain_blocks", Optional("read"), instance::domain_blocks),
    get("/api/v1/instance/extended_description", Public, instance::extended_description),
    get("/api/v1/instance/privacy_policy", Public, instance::privacy_policy),
    get("/api/v1/instance/translation_languages", Optional("read"), translation::languages),
    get("/api/v1/instance/terms_of_service", Public, instance::terms),
    get("/api/v1/instance/terms_of_service/{date}", Public, instance::terms_of_date),
    get("/api/v1/peers/search", Public, instance::empty_list),
    route(Verb::Post, "/api/v1/emails/confirmations", AnyToken, instance::no_email),
    get("/api/v1/custom_emojis", Public, custom_emojis::list),
    // Accounts
    route(Verb::Post, "/api/v1/accounts", Public, instance::no_sign_up),
    get("/api/v1/accounts", Optional("read:accounts"), lookup::get_many),
    quick("/api/v1/accounts/verify_credentials", Token("read:accounts profile"), profile::verify_credentials),
    upload(Verb::Patch, "/api/v1/accounts/update_credentials", "write:accounts", profile::update_credentials),
    get("/api/v1/profile", Token("read:accounts profile"), profile::get),
    upload(Verb::Patch, "/api/v1/profile", "write:accounts", profile::update),
    route(Verb::Delete, "/api/v1/profile/avatar", Token("write:accounts"), profile::remove_avatar),
    route(Verb::Delete, "/api/v1/profile/header", Token("write:accounts"), profile::remove_header),
    get("/api/v1/accounts/lookup", Optional("read:accounts"), lookup::by_handle),
    get("/api/v1/accounts/search", Token("read:accounts"), lookup::search),
    quick("/api/v1/accounts/relationships", Token("read:follows"), follows::relationships),
    quick("/api/v1/accounts/{id}", Optional("read:accounts"), lookup::get),
    quick("/api/v1/accounts/{id}/statuses", Optional("read:statuses"), lookup::statuses),
    get("/api/v1/accounts/{id}/followers", Optional("read:accounts"), follows::followers),
    get("/api/v1/accounts/{id}/following", Optional("read:accounts"), follows::following),
    post("/api/v1/accounts/{id}/follow", "write:follows", follows::follow),
    post("/api/v1/accounts/{id}/unfollow", "write:follows", follows::unfollow),
    post("/api/v1/accounts/{id}/block", "write:blocks", blocks::block),
    post("/api/v1/accounts/{id}/unblock", "write:blocks", blocks::unblock),
    post("/api/v1/accounts/{id}/remove_from_followers", "write:follows", follows::remove_follower),
    post("/api/v1/accounts/{id}/mute", "write:mutes", mutes::mute),
    post("/api/v1/accounts/{id}/unmute", "write:mutes", mutes::unmute),
    post("/api/v1/accounts/{id}/note", "write:accounts", mutes::note),
    post("/api/v1/accounts/{id}/pin", "write:accounts", mutes::endorse),
    post("/api/v1/accounts/{id}/unpin", "write:accounts", mutes::unendorse),
    post("/api/v1/accounts/{id}/endorse", "write:accounts", mutes::endorse),
    post("/api/v1/accounts/{id}/unendorse", "write:accounts", mutes::unendorse),
    get("/api/v1/accounts/{id}/identity_proofs", Optional("read:accounts"), mutes::identity_proofs),
    get("/api/v1/accounts/{id}/featured_tags", Public, tags::of_account),
    get("/api/v1/accounts/{id}/lists", Token("read:lists"), lists::of_account),
    get("/api/v1/accounts/familiar_followers", Token("read:follows"), follows::familiar_followers),
    get("/api/v1/accounts/{id}/endorsements", Public, mutes::endorsements_of),
    get("/api/v1/follow_requests", Token("read:follows"), follows::follow_requests),
    post("/api/v1/follow_requests/{id}/authorize", "write:follows", follows::accept_request),
    post("/api/v1/follow_requests/{id}/reject", "write:follows", follows::reject_request),
    // Moving the account
    get("/api/pleroma/aliases", Token("read:accounts"), moving::aliases),
    route(Verb::Put, "/api/pleroma/aliases", Token("write:accounts"), moving::add_alias),
    route(Verb::Delete, "/api/pleroma/aliases", Token("write:accounts"), moving::remove_alias),
    Route { class: Class::Login, ..post("/api/pleroma/move_account", "write:accounts", moving::move_account) },
    route(Verb::Delete, "/api/pleroma/move_account", Token("write:accounts"), moving::cancel_move),
    // Statuses
    post("/api/v1/statuses", "write:statuses", posts::create),
    get("/api/v1/statuses", Optional("read:statuses"), posts::get_many),
    quick("/api/v1/statuses/{id}", Optional("read:statuses"), posts::get),
    route(Verb::Put, "/api/v1/statuses/{id}", Token("write:statuses"), posts::edit),
    route(Verb::Delete, "/api/v1/statuses/{id}", Token("write:statuses"), posts::delete),
    get("/api/v1/statuses/{id}/source", Token("read:statuses"), posts::source),
    get("/api/v1/statuses/{id}/history", Optional("read:statuses"), posts::history),
    quick("/api/v1/statuses/{id}/context", Optional("read:statuses"), posts::context),
    get("/api/v1/statuses/{id}/card", Optional("read:statuses"), posts::card),
    get("/api/v1/statuses/{id}/favourited_by", Optional("read:accounts"), interactions::favourited_by),
    get("/api/v1/statuses/{id}/reblogged_by", Optional("read:accounts"), interactions::boosted_by),
    post("/api/v1/statuses/{id}/favourite", "write:favourites", interactions::favourite),
    post("/api/v1/statuses/{id}/unfavourite", "write:favourites", interactions::unfavourite),
    post("/api/v1/statuses/{id}/reblog", "write:statuses", interactions::boost),
    post("/api/v1/statuses/{id}/unreblog", "write:statuses", interactions::unboost),
    post("/api/v1/statuses/{id}/bookmark", "write:bookmarks", interactions::bookmark),
    post("/api/v1/statuses/{id}/unbookmark", "write:bookmarks", interactions::unbookmark),
    post("/api/v1/statuses/{id}/translate", "read:statuses", translation::translate),
    post("/api/v1/statuses/{id}/mute", "write:mutes", interactions::mute),
    post("/api/v1/statuses/{id}/unmute", "write:mutes", interactions::unmute),
    post("/api/v1/statuses/{id}/pin", "write:accounts", interactions::pin),
    post("/api/v1/statuses/{id}/unpin", "write:accounts", interactions::unpin),
    post("/api/v1/statuses/{id}/react/{emoji}", "write:favourites", interactions::react),
    post("/api/v1/statuses/{id}/unreact/{emoji}", "write:favourites", interactions::unreact),
    route(
        Verb::Put,
        "/api/v1/statuses/{id}/interaction_policy",
        Token("write:statuses"),
        interactions::interaction_policy,
    ),
    get("/api/v1/statuses/{id}/quotes", Optional("read:statuses"), interactions::quotes),
    post("/api/v1/statuses/{id}/quotes/{quote}/revoke", "write:statuses", interactions::revoke_quote),
    // Polls
    get("/api/v1/polls/{id}", Optional("read:statuses"), polls::get),
    post("/api/v1/polls/{id}/votes", "write:statuses", polls::vote),
    // Reports
    post("/api/v1/reports", "write:reports", reports::create),
    // Media
    upload(Verb::Post, "/api/v1/media", "write:media", media::create),
    upload(Verb::Post, "/api/v2/media", "write:media", media::create),
    get("/api/v1/media/{id}", Token("write:media"), media::get),
    upload(Verb::Put, "/api/v1/media/{id}", "write:media", media::update),
    route(Verb::Delete, "/api/v1/media/{id}", Token("write:media"), media::delete),
    // Timelines
    quick("/api/v1/timelines/home", Token("read:statuses"), timelines::home),
    quick("/api/v1/timelines/public", Optional("read:statuses"), timelines::public),
    get("/api/v1/timelines/tag/{tag}", Optional("read:statuses"), timelines::tag),
    get("/api/v1/timelines/link", Optional("read:statuses"), timelines::link),
    quick("/api/v1/favourites", Token("read:favourites"), timelines::favourites),
    quick("/api/v1/bookmarks", Token("read:bookmarks"), timelines::bookmarks),
    get("/api/v1/timelines/list/{id}", Token("read:lists"), lists::timeline),
    // Scheduled posts
    get("/api/v1/scheduled_statuses", Token("read:statuses"), scheduled::list),
    get("/api/v1/scheduled_statuses/{id}", Token("read:statuses"), scheduled::get),
    route(Verb::Put, "/api/v1/scheduled_statuses/{id}", Token("write:statuses"), scheduled::update),
    route(Verb::Delete, "/api/v1/scheduled_statuses/{id}", Token("write:statuses"), scheduled::cancel),
    // Hashtags
    get("/api/v1/tags/{name}", Optional("read:follows"), tags::get),
    post("/api/v1/tags/{name}/follow", "write:follows", tags::follow),
    post("/api/v1/tags/{name}/unfollow", "write:follows", tags::unfollow),
    post("/api/v1/tags/{name}/feature", "write:accounts", tags::feature),
    post("/api/v1/tags/{name}/unfeature", "write:accounts", tags::unfeature),
    get("/api/v1/followed_tags", Token("read:follows"), tags::followed),
    get("/api/v1/featured_tags", Token("read:accounts"), tags::featured),
    post("/api/v1/featured_tags", "write:accounts", tags::add_featured),
    get("/api/v1/featured_tags/suggestions", Token("read:accounts"), tags::suggestions),
    route(Verb::Delete, "/api/v1/featured_tags/{id}", Token("write:accounts"), tags::remove_featured),
    // Lists
    get("/api/v1/lists", Token("read:lists"), lists::all),
    post("/api/v1/lists", "write:lists", lists::create),
    get("/api/v1/lists/{id}", Token("read:lists"), lists::get),
    route(Verb::Put, "/api/v1/lists/{id}", Token("write:lists"), lists::update),
    route(Verb::Delete, "/api/v1/lists/{id}", Token("write:lists"), lists::delete),
    get("/api/v1/lists/{id}/accounts", Token("read:lists"), lists::members),
    post("/api/v1/lists/{id}/accounts", "write:lists", lists::add_members),
    route(Verb::Delete, "/api/v1/lists/{id}/accounts", Token("write:lists"), lists::remove_members),
    // Notifications
    quick("/api/v1/notifications", Token("read:notifications"), notifications::list),
    quick("/api/v1/notifications/unread_count", Token("read:notifications"), notifications::unread_count),
    get("/api/v1/notifications/{id}", Token("read:notifications"), notifications::get),
    post("/api/v1/notifications/{id}/dismiss", "write:notifications", notifications::dismiss),
    post("/api/v1/notifications/clear", "write:notifications", notifications::clear),
    post("/api/v1/notifications/dismiss", "write:notifications", notifications::dismiss_one),
    route(
        Verb::Delete,
        "/api/v1/notifications/destroy_multiple",
        Token("write:notifications"),
        notifications::dismiss_many,
    ),
    quick("/api/v2/notifications", Token("read:notifications"), groups::list),
    quick("/api/v2/notifications/unread_count", Token("read:notifications"), groups::unread_count),
    quick("/api/v2/notifications/policy", Token("read:notifications"), policy::get),
    route(Verb::Patch, "/api/v2/notifications/policy", Token("write:notifications"), policy::update),
    route(Verb::Put, "/api/v2/notifications/policy", Token("write:notifications"), policy::update),
    get("/api/v2/notifications/{key}", Token("read:notifications"), groups::get),
    post("/api/v2/notifications/{key}/dismiss", "write:notifications", groups::dismiss),
    get("/api/v2/notifications/{key}/accounts", Token("write:notifications"), groups::accounts),
    get("/api/v1/notifications/policy", Token("read:notifications"), policy::get_v1),
    route(Verb::Patch, "/api/v1/notifications/policy", Token("write:notifications"), policy::update_v1),
    route(Verb::Put, "/api/v1/notifications/policy", Token("write:notifications"), policy::update_v1),
    get("/api/v1/notifications/requests", Token("read:notifications"), requests::list),
    post("/api/v1/notifications/requests/accept", "write:notifications", requests::accept_many),
    post("/api/v1/notifications/requests/dismiss", "write:notifications", requests::dismiss_many),
    get("/api/v1/notifications/requests/merged", Token("read:notifications"), requests::merged),
    get("/api/v1/notifications/requests/{id}", Token("read:notifications"), requests::get),
    post("/api/v1/notifications/requests/{id}/accept", "write:notifications", requests::accept),
    post("/api/v1/notifications/requests/{id}/dismiss", "write:notifications", requests::dismiss),
    // Filters
    get("/api/v2/filters", Token("read:filters"), filters_v2::list),
    post("/api/v2/filters", "write:filters", filters_v2::create),
    get("/api/v2/filters/{id}", Token("read:filters"), filters_v2::get),
    route(Verb::Put, "/api/v2/filters/{id}", Token("write:filters"), filters_v2::update),
    route(Verb::Delete, "/api/v2/filters/{id}", Token("write:filters"), filters_v2::remove),
    get("/api/v2/filters/{id}/keywords", Token("read:filters"), filters_v2::keywords),
    post("/api/v2/filters/{id}/keywords", "write:filters", filters_v2::add_keyword),
    get("/api/v2/filters/keywords/{id}", Token("read:filters"), filters_v2::get_keyword),
    route(Verb::Put, "/api/v2/filters/keywords/{id}", Token("write:filters"), filters_v2::edit_keyword),
    route(Verb::Delete, "/api/v2/filters/keywords/{id}", Token("write:filters"), filters_v2::remove_keyword),
    get("/api/v2/filters/{id}/statuses", Token("read:filters"), filters_v2::statuses),
    post("/api/v2/filters/{id}/statuses", "write:filters", filters_v2::add_status),
    get("/api/v2/filters/statuses/{id}", Token("read:filters"), filters_v2::get_status),
    route(Verb::Delete, "/api/v2/filters/statuses/{id}", Token("write:filters"), filters_v2::remove_status),
    get("/api/v1/filters", Token("read:filters"), filters_v1::list),
    post("/api/v1/filters", "write:filters", filters_v1::create),
    get("/api/v1/filters/{id}", Token("read:filters"), filters_v1::get),
    route(Verb::Put, "/api/v1/filters/{id}", Token("write:filters"), filters_v1::update),
    route(Verb::Delete, "/api/v1/filters/{id}", Token("write:filters"), filters_v1::remove),
    // Push
    post("/api/v1/push/subscription", "push", push::create),
    get("/api/v1/push/subscription", Token("push"), push::get),
    route(Verb::Put, "/api/v1/push/subscription", Token("push"), push::change),
    route(Verb::Delete, "/api/v1/push/subscription", Token("push"), push::remove),
    // Streaming
    get("/api/v1/streaming/health", Public, streaming::health),
    get("/api/v1/streaming", Token("read:statuses read:notifications"), streaming::open),
    get("/api/v1/streaming/user", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/user/notification", Token("read:notifications"), streaming::open),
    get("/api/v1/streaming/public", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/public/local", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/public/remote", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/hashtag", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/hashtag/local", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/list", Token("read:statuses"), streaming::open),
    get("/api/v1/streaming/direct", Token("read:statuses"), streaming::open),
    // Search
    get("/api/v2/search", Optional("read:search"), search::search),
    // Reading
    quick("/api/v1/markers", Token("read:statuses"), reading::markers),
    post("/api/v1/markers", "write:statuses", reading::set_markers),
    quick("/api/v1/preferences", Token("read:accounts"), reading::preferences),
    // Moderation, conversations, and lists that are always empty
    get("/api/v1/blocks", Token("read:blocks"), blocks::list),
    get("/api/v1/mutes", Token("read:mutes"), mutes::muted),
    get("/api/v1/domain_blocks", Token("read:blocks"), blocks::domains),
    post("/api/v1/domain_blocks", "write:blocks", blocks::block_domain),
    route(Verb::Delete, "/api/v1/domain_blocks", Token("write:blocks"), blocks::unblock_domain),
    quick("/api/v1/conversations", Token("read:statuses"), conversations::list),
    post("/api/v1/conversations/{id}/read", "write:conversations", conversations::read),
    post("/api/v1/conversations/{id}/unread", "write:conversations", conversations::unread),
    route(Verb::Delete, "/api/v1/conversations/{id}", Token("write:conversations"), conversations::remove),
    get("/api/v1/endorsements", Token("read:accounts"), mutes::endorsements),
    empty("/api/v1/announcements", "read"),
    route(Verb::Post, "/api/v1/announcements/{id}/dismiss", Token("write:accounts"), instance::no_announcement),
    get("/api/v1/suggestions", Token("read"), explore::suggestions_v1),
    get("/api/v2/suggestions", Token("read"), explore::suggestions),
    route(Verb::Delete, "/api/v1/suggestions/{id}", Token("read"), explore::dismiss),
    get("/api/v1/trends", Optional("read"), explore::tags),
    get("/api/v1/trends/tags", Optional("read"), explore::tags),
    get("/api/v1/trends/statuses", Optional("read"), explore::statuses),
    get("/api/v1/trends/links", Optional("read"), explore::links),
    get("/api/v1/directory", Public, explore::directory),
    get("/api/oembed", Public, oembed::get),
];
