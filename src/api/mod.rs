//! The Mastodon client API.

mod accounts;
mod blocks;
mod conversations;
pub mod entities;
mod instance;
pub(crate) mod media;
mod notifications;
mod oauth;
mod paging;
mod polls;
mod reading;
mod search;
mod statuses;
mod timelines;

use crate::app::{Handler, Route};
use crate::http::{Access, Class, Surface, Verb};
use crate::limits;

const fn route(method: Verb, path: &'static str, access: Access, handler: Handler) -> Route {
    Route { method, path, surface: Surface::Api, access, class: Class::Api, body: limits::FORM_BODY, handler }
}

const fn get(path: &'static str, access: Access, handler: Handler) -> Route {
    route(Verb::Get, path, access, handler)
}

const fn post(path: &'static str, scope: &'static str, handler: Handler) -> Route {
    route(Verb::Post, path, Access::Token(scope), handler)
}

const fn upload(method: Verb, path: &'static str, scope: &'static str, handler: Handler) -> Route {
    Route { body: limits::IMAGE_BYTES * 2 + limits::FORM_BODY, ..route(method, path, Access::Token(scope), handler) }
}

const fn empty(path: &'static str, scope: &'static str) -> Route {
    get(path, Access::Token(scope), instance::nothing)
}

use Access::{AnyToken, Optional, Public, Token};

/// Everything that apps can reach.
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
    get("/api/v1/instance/rules", Public, instance::nothing),
    get("/api/v1/instance/peers", Public, instance::nothing),
    get("/api/v1/instance/extended_description", Public, instance::no_text),
    get("/api/v1/instance/privacy_policy", Public, instance::no_text),
    get("/api/v1/custom_emojis", Public, instance::nothing),
    // Accounts
    route(Verb::Post, "/api/v1/accounts", Public, instance::no_sign_up),
    get("/api/v1/accounts", Optional("read:accounts"), accounts::get_many),
    get("/api/v1/accounts/verify_credentials", Token("read:accounts profile"), accounts::verify_credentials),
    upload(Verb::Patch, "/api/v1/accounts/update_credentials", "write:accounts", accounts::update_credentials),
    route(Verb::Delete, "/api/v1/profile/avatar", Token("write:accounts"), accounts::remove_avatar),
    route(Verb::Delete, "/api/v1/profile/header", Token("write:accounts"), accounts::remove_header),
    get("/api/v1/accounts/lookup", Optional("read:accounts"), accounts::lookup),
    get("/api/v1/accounts/search", Token("read:accounts"), accounts::search),
    get("/api/v1/accounts/relationships", Token("read:follows"), accounts::relationships),
    get("/api/v1/accounts/{id}", Optional("read:accounts"), accounts::get),
    get("/api/v1/accounts/{id}/statuses", Optional("read:statuses"), accounts::statuses),
    get("/api/v1/accounts/{id}/followers", Optional("read:accounts"), accounts::followers),
    get("/api/v1/accounts/{id}/following", Optional("read:accounts"), accounts::following),
    post("/api/v1/accounts/{id}/follow", "write:follows", accounts::follow),
    post("/api/v1/accounts/{id}/unfollow", "write:follows", accounts::unfollow),
    post("/api/v1/accounts/{id}/block", "write:blocks", blocks::block),
    post("/api/v1/accounts/{id}/unblock", "write:blocks", blocks::unblock),
    post("/api/v1/accounts/{id}/remove_from_followers", "write:follows", accounts::remove_follower),
    get("/api/v1/accounts/{id}/featured_tags", Public, instance::nothing),
    empty("/api/v1/accounts/{id}/lists", "read:lists"),
    get("/api/v1/accounts/familiar_followers", Token("read:follows"), accounts::familiar_followers),
    get("/api/v1/accounts/{id}/endorsements", Public, instance::nothing),
    get("/api/v1/follow_requests", Token("read:follows"), accounts::follow_requests),
    post("/api/v1/follow_requests/{id}/authorize", "write:follows", accounts::accept_request),
    post("/api/v1/follow_requests/{id}/reject", "write:follows", accounts::reject_request),
    // Statuses
    post("/api/v1/statuses", "write:statuses", statuses::create),
    get("/api/v1/statuses", Optional("read:statuses"), statuses::get_many),
    get("/api/v1/statuses/{id}", Optional("read:statuses"), statuses::get),
    route(Verb::Put, "/api/v1/statuses/{id}", Token("write:statuses"), statuses::edit),
    route(Verb::Delete, "/api/v1/statuses/{id}", Token("write:statuses"), statuses::delete),
    get("/api/v1/statuses/{id}/source", Token("read:statuses"), statuses::source),
    get("/api/v1/statuses/{id}/history", Optional("read:statuses"), statuses::history),
    get("/api/v1/statuses/{id}/context", Optional("read:statuses"), statuses::context),
    get("/api/v1/statuses/{id}/card", Optional("read:statuses"), statuses::card),
    get("/api/v1/statuses/{id}/favourited_by", Optional("read:accounts"), statuses::favourited_by),
    get("/api/v1/statuses/{id}/reblogged_by", Optional("read:accounts"), statuses::boosted_by),
    post("/api/v1/statuses/{id}/favourite", "write:favourites", statuses::favourite),
    post("/api/v1/statuses/{id}/unfavourite", "write:favourites", statuses::unfavourite),
    post("/api/v1/statuses/{id}/reblog", "write:statuses", statuses::boost),
    post("/api/v1/statuses/{id}/unreblog", "write:statuses", statuses::unboost),
    post("/api/v1/statuses/{id}/bookmark", "write:bookmarks", statuses::bookmark),
    post("/api/v1/statuses/{id}/unbookmark", "write:bookmarks", statuses::unbookmark),
    post("/api/v1/statuses/{id}/mute", "write:mutes", statuses::mute),
    post("/api/v1/statuses/{id}/unmute", "write:mutes", statuses::unmute),
    post("/api/v1/statuses/{id}/pin", "write:accounts", statuses::pin),
    post("/api/v1/statuses/{id}/unpin", "write:accounts", statuses::unpin),
    post("/api/v1/statuses/{id}/react/{emoji}", "write:favourites", statuses::react),
    post("/api/v1/statuses/{id}/unreact/{emoji}", "write:favourites", statuses::unreact),
    route(Verb::Put, "/api/v1/statuses/{id}/interaction_policy", Token("write:statuses"), statuses::interaction_policy),
    get("/api/v1/statuses/{id}/quotes", Optional("read:statuses"), statuses::quotes),
    post("/api/v1/statuses/{id}/quotes/{quote}/revoke", "write:statuses", statuses::revoke_quote),
    // Polls
    get("/api/v1/polls/{id}", Optional("read:statuses"), polls::get),
    post("/api/v1/polls/{id}/votes", "write:statuses", polls::vote),
    // Complaints
    post("/api/v1/reports", "write:reports", blocks::report),
    // Media
    upload(Verb::Post, "/api/v1/media", "write:media", media::create),
    upload(Verb::Post, "/api/v2/media", "write:media", media::create),
    get("/api/v1/media/{id}", Token("write:media"), media::get),
    upload(Verb::Put, "/api/v1/media/{id}", "write:media", media::update),
    // Timelines
    get("/api/v1/timelines/home", Token("read:statuses"), timelines::home),
    get("/api/v1/timelines/public", Optional("read:statuses"), timelines::public),
    get("/api/v1/timelines/tag/{tag}", Optional("read:statuses"), timelines::tag),
    get("/api/v1/favourites", Token("read:favourites"), timelines::favourites),
    get("/api/v1/bookmarks", Token("read:bookmarks"), timelines::bookmarks),
    // Notifications
    get("/api/v1/notifications", Token("read:notifications"), notifications::list),
    get("/api/v1/notifications/unread_count", Token("read:notifications"), notifications::unread_count),
    get("/api/v1/notifications/{id}", Token("read:notifications"), notifications::get),
    post("/api/v1/notifications/{id}/dismiss", "write:notifications", notifications::dismiss),
    post("/api/v1/notifications/clear", "write:notifications", notifications::clear),
    empty("/api/v1/notifications/requests", "read:notifications"),
    // Search
    get("/api/v2/search", Optional("read:search"), search::search),
    // Reading
    get("/api/v1/markers", Token("read:statuses"), reading::markers),
    post("/api/v1/markers", "write:statuses", reading::set_markers),
    get("/api/v1/preferences", Token("read:accounts"), reading::preferences),
    // What is empty on this server, and what apps ask for at their start
    get("/api/v1/blocks", Token("read:blocks"), blocks::list),
    empty("/api/v1/mutes", "read:mutes"),
    get("/api/v1/domain_blocks", Token("read:blocks"), blocks::domains),
    post("/api/v1/domain_blocks", "write:blocks", blocks::block_domain),
    route(Verb::Delete, "/api/v1/domain_blocks", Token("write:blocks"), blocks::unblock_domain),
    empty("/api/v1/lists", "read:lists"),
    empty("/api/v1/filters", "read:filters"),
    empty("/api/v2/filters", "read:filters"),
    get("/api/v1/conversations", Token("read:statuses"), conversations::list),
    post("/api/v1/conversations/{id}/read", "write:conversations", conversations::read),
    route(Verb::Delete, "/api/v1/conversations/{id}", Token("write:conversations"), conversations::remove),
    empty("/api/v1/scheduled_statuses", "read:statuses"),
    empty("/api/v1/followed_tags", "read:follows"),
    empty("/api/v1/featured_tags", "read:accounts"),
    empty("/api/v1/endorsements", "read:accounts"),
    empty("/api/v1/announcements", "read"),
    empty("/api/v1/suggestions", "read"),
    empty("/api/v2/suggestions", "read"),
    get("/api/v1/trends", Public, instance::nothing),
    get("/api/v1/trends/tags", Public, instance::nothing),
    get("/api/v1/trends/statuses", Public, instance::nothing),
    get("/api/v1/trends/links", Public, instance::nothing),
    get("/api/v1/directory", Public, instance::nothing),
];
