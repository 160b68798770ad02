//! Pages for the owner and for visitors. Everything works without JavaScript.

mod appearance;
mod assets;
mod avatar_placeholder;
pub mod locale;
mod look;
mod notices;
mod pages;
mod remote_files;
mod render;
mod script;
pub mod templates;
pub mod view;

pub use pages::account::login::require as require_sign_in;
pub use pages::errors::error_page;
pub use pages::posts::compose::{holds_text, is_compose, resume};
pub use remote_files::respond as respond_with_remote_file;

use crate::app::{Handler, Route};
use crate::error::Error;
use crate::http::{Access, Class, Surface, Verb};
use crate::limits;
use pages::account::{login, oauth_authorize, setup};
use pages::home::catch_up;
use pages::notifications::requests;
use pages::people::account_actions;
use pages::posts::{
    completion, compose, edit_history, embed, event, post_actions, share, shared_text, status, waiting,
};
use pages::{
    about, conversations, feed, filters, hashtags, home, installed, interact, library, lists, live, notifications,
    people, profile, search, settings, shortcuts, sitemap, tag, xray,
};

const fn page(path: &'static str, access: Access, handler: Handler) -> Route {
    Route { method: Verb::Get, path, surface: Surface::Web, access, class: Class::Page, body: 0, quick: false, handler }
}

/// A file that web apps of other origins show too.
const fn file(path: &'static str, handler: Handler) -> Route {
    Route { surface: Surface::Files, class: Class::Free, ..page(path, Access::Public, handler) }
}

const fn form(path: &'static str, handler: Handler) -> Route {
    Route { method: Verb::Post, body: limits::FORM_BODY, ..page(path, Access::Session, handler) }
}

const fn upload(path: &'static str, handler: Handler) -> Route {
    Route { body: limits::UPLOAD_BODY, ..form(path, handler) }
}

const fn open_form(path: &'static str, class: Class, handler: Handler) -> Route {
    Route { access: Access::PublicForm, class, ..form(path, handler) }
}

use Access::{OptionalSession, Public, Session};

/// The route of the paths that have none.
pub const NO_PAGE: Route = page("/{*path}", OptionalSession, |_, _| Err(Error::NotFound));

/// Every page.
pub const ROUTES: &[Route] = &[
    // Public pages
    page("/", OptionalSession, profile::front),
    page("/@{name}", OptionalSession, profile::posts),
    page("/@{name}/with_replies", OptionalSession, profile::with_replies),
    page("/@{name}/media", OptionalSession, profile::media),
    page("/@{name}/pinned", OptionalSession, profile::pinned),
    page("/@{name}/tagged/{tag}", OptionalSession, profile::tagged),
    page("/@{name}/feed.atom", Public, feed::atom),
    page("/@{name}/feed.rss", Public, feed::rss),
    page("/@{name}/feed.json", Public, feed::json_feed),
    page("/@{name}/tagged/{tag}/feed.atom", Public, feed::atom),
    page("/@{name}/tagged/{tag}/feed.rss", Public, feed::rss),
    page("/@{name}/tagged/{tag}/feed.json", Public, feed::json_feed),
    page("/@{name}/{id}", OptionalSession, status::own),
    page("/@{name}/{id}/history", OptionalSession, edit_history::own),
    page("/@{name}/{id}/embed", Public, embed::show),
    page("/users/{name}", Public, profile::redirect),
    page("/users/{name}/statuses/{id}", Public, status::redirect),
    page("/tags/{tag}", OptionalSession, tag::tag),
    page("/about", OptionalSession, about::about),
    open_form("/follow", Class::Page, interact::follow),
    page("/interact", OptionalSession, interact::interact),
    open_form("/interact", Class::Page, interact::send),
    page("/authorize_interaction", Session, interact::authorize),
    Route { class: Class::Free, ..page("/static/{*file}", Public, assets::static_file) },
    file("/avatars/{file}", avatar_placeholder::picture),
    Route { class: Class::Free, ..page("/icons/{file}", Public, appearance::icon) },
    Route { class: Class::Free, ..page("/favicon.ico", Public, appearance::icon) },
    Route { class: Class::Free, ..page("/custom.css", Public, appearance::own_css) },
    Route { class: Class::Free, ..page("/manifest.webmanifest", Public, installed::manifest) },
    Route { class: Class::Free, ..page("/sw.js", Public, installed::service_worker) },
    page("/offline", Public, installed::offline),
    Route { class: Class::Free, ..page("/themes/{file}", Public, appearance::preview) },
    file("/media/{*file}", assets::media_file),
    file("/proxy/{subject}/{code}/{url}", remote_files::file),
    Route { class: Class::Free, ..page("/robots.txt", Public, sitemap::robots) },
    page("/sitemap.xml", Public, sitemap::sitemap),
    // Setup, sign-in and authorization
    page("/setup", Public, setup::show),
    open_form("/setup", Class::Login, setup::submit),
    page("/login", OptionalSession, login::show),
    open_form("/login", Class::Login, login::submit),
    open_form("/login/passkey", Class::Login, login::submit_passkey),
    form("/logout", login::logout),
    page("/oauth/authorize", Session, oauth_authorize::show),
    form("/oauth/authorize", oauth_authorize::submit),
    // Pages of the owner
    page("/home", Session, home::home),
    page("/notifications", Session, notifications::all),
    page("/notifications/{tab}", Session, notifications::tab),
    page("/notifications/groups/{key}", Session, notifications::group),
    page("/notifications/requests", Session, requests::list),
    page("/notifications/requests/{id}", Session, requests::show),
    form("/notifications/requests/{id}", requests::act),
    form("/notifications/requests/{id}/{action}", requests::act),
    page("/catch-up", Session, catch_up::show),
    page("/bookmarks", Session, home::bookmarks),
    page("/favourites", Session, home::favourites),
    page("/search", Session, search::search),
    page("/lists", Session, lists::index),
    form("/lists", lists::create),
    page("/lists/{id}", Session, lists::timeline),
    page("/lists/{id}/edit", Session, lists::edit::show),
    form("/lists/{id}/edit", lists::edit::save),
    form("/lists/{id}/{action}", lists::edit::act),
    page("/accounts/{id}/lists", Session, lists::membership::show),
    form("/accounts/{id}/lists", lists::membership::save),
    page("/filters", Session, filters::index),
    form("/filters", filters::edit::create),
    page("/filters/new", Session, filters::edit::new),
    page("/filters/{id}", Session, filters::edit::show),
    form("/filters/{id}", filters::edit::save),
    form("/filters/{id}/{action}", filters::edit::act),
    page("/posts/{id}/filter", Session, filters::posts::show),
    form("/posts/{id}/filter", filters::posts::add),
    page("/live", Session, live::stream),
    page("/live/new", Session, live::new),
    page("/live/posts/{id}", Session, live::post),
    page("/compose", Session, compose::show),
    page("/complete", Session, completion::complete),
    upload("/posts", compose::submit),
    Route { access: Access::Shared, ..upload(shared_text::PATH, share::receive) },
    page("/drafts", Session, waiting::drafts),
    page("/drafts/{id}", Session, waiting::draft),
    form("/drafts/{id}/{action}", waiting::act_on_draft),
    page("/scheduled", Session, waiting::scheduled),
    page("/scheduled/{id}", Session, waiting::scheduled_post),
    form("/scheduled/{id}/{action}", waiting::act_on_scheduled),
    page("/posts/{id}", Session, post_actions::more),
    page("/posts/{id}/edit", Session, compose::edit),
    upload("/posts/{id}/edit", compose::save),
    form("/posts/{id}", post_actions::act),
    form("/posts/{id}/{action}", post_actions::act),
    page("/t/{id}", Session, status::thread),
    page("/t/{id}/history", Session, edit_history::any),
    page("/u/{handle}", Session, profile::remote),
    page("/u/{handle}/{tab}", Session, profile::remote),
    form("/accounts/{id}", account_actions::act),
    form("/accounts/{id}/{action}", account_actions::act),
    page("/people/{list}", Session, people::show),
    page("/hashtags", Session, hashtags::list),
    form("/hashtags/{action}", hashtags::act),
    page("/conversations", Session, conversations::list),
    form("/conversations/{id}", conversations::act),
    form("/conversations/{id}/{action}", conversations::act),
    page("/library", Session, library::list),
    form("/library/{id}", library::describe),
    page("/x/{id}", Session, xray::show),
    page("/t/{id}/event.ics", Session, event::calendar),
    page("/shortcuts", Session, shortcuts::show),
    form("/shortcuts", shortcuts::save),
    // Settings
    page("/settings", Session, settings::index),
    page("/settings/profile", Session, settings::profile::show),
    upload("/settings/profile", settings::profile::save),
    page("/settings/appearance", Session, settings::appearance::show),
    upload("/settings/appearance", settings::appearance::save),
    form("/settings/appearance/css", settings::appearance::save_css),
    page("/settings/posting", Session, settings::posting::show),
    form("/settings/posting", settings::posting::save),
    form("/settings/time-zone", settings::posting::save_time_zone),
    page("/settings/privacy", Session, settings::privacy::show),
    form("/settings/privacy", settings::privacy::save),
    page("/settings/notifications", Session, settings::notifications::show),
    form("/settings/notifications", settings::notifications::save),
    form("/settings/notifications/browser/{action}", settings::browser_push::act),
    page("/settings/security", Session, settings::security::show),
    Route { class: Class::Login, ..form("/settings/security/password", settings::security::change_password) },
    form("/settings/security/sessions/end-others", settings::security::end_others),
    form("/settings/security/sessions/{id}/end", settings::security::end),
    page("/settings/two-factor", Session, settings::two_factor::show),
    Route { class: Class::Login, ..form("/settings/two-factor/{action}", settings::two_factor::act) },
    page("/settings/passkeys", Session, settings::passkeys::show),
    Route { class: Class::Login, ..form("/settings/passkeys/new", settings::passkeys::start) },
    form("/settings/passkeys", settings::passkeys::add),
    form("/settings/passkeys/{id}/remove", settings::passkeys::remove),
    page("/settings/apps", Session, settings::apps::show),
    form("/settings/apps/revoke-all", settings::apps::revoke_all),
    form("/settings/apps/{id}/revoke", settings::apps::revoke),
    page("/settings/development", Session, settings::apps::development),
    form("/settings/development", settings::apps::create),
    page("/settings/emoji", Session, settings::emoji::show),
    upload("/settings/emoji", settings::emoji::add),
    upload("/settings/emoji/import", settings::emoji::import),
    form("/settings/emoji/copy", settings::emoji::copy),
    page("/settings/emoji/{id}", Session, settings::emoji::edit),
    upload("/settings/emoji/{id}", settings::emoji::save),
    form("/settings/emoji/{id}/remove", settings::emoji::remove),
    page("/settings/move", Session, settings::move_account::show),
    Route { class: Class::Login, ..form("/settings/move", settings::move_account::submit) },
    form("/settings/move/cancel", settings::move_account::cancel),
    form("/settings/move/aliases", settings::move_account::add_alias),
    form("/settings/move/aliases/remove", settings::move_account::remove_alias),
    page("/settings/about", Session, settings::about::show),
    form("/settings/about", settings::about::save),
    page("/settings/server", Session, settings::server::show),
];
