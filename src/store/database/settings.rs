//! Facts about this server, one row each.

use rusqlite::OptionalExtension;

use crate::error::Result;
use crate::store::Conn;

/// The domain that all ids are built on; permanent.
pub const DOMAIN: &str = "domain";
/// The domain of the handle, where it differs from the server's; permanent.
pub const HANDLE_DOMAIN: &str = "handle_domain";
/// The id of the owner's actor row.
pub const OWNER: &str = "owner";
/// The id of the instance actor's row.
pub const INSTANCE_ACTOR: &str = "instance_actor";
/// The argon2id hash of the owner's password.
pub const PASSWORD: &str = "password";
/// SHA-256 of the token of the setup link, while there is no owner.
pub const SETUP_TOKEN: &str = "setup_token";
/// The key that marks browsers in which the owner has signed in.
pub const DEVICE_KEY: &str = "device_key";
/// The key by which push services know this server.
pub const VAPID_KEY: &str = "vapid_key";
/// The key that seals the access tokens of push subscriptions.
pub const SEALING_KEY: &str = "sealing_key";
/// The key of the addresses of remote files.
pub const REMOTE_FILES_KEY: &str = "remote_files_key";
/// Visibility of new posts.
pub const DEFAULT_VISIBILITY: &str = "default_visibility";
/// New posts hide their media.
pub const DEFAULT_SENSITIVE: &str = "default_sensitive";
/// Who may quote new posts.
pub const DEFAULT_QUOTE_POLICY: &str = "default_quote_policy";
/// `open` or `allow-list`, as it was at the last start.
pub const FEDERATION_MODE: &str = "federation_mode";
/// Language of new posts.
pub const DEFAULT_LANGUAGE: &str = "default_language";
/// The format in which the owner writes on the pages, as media type.
pub const DEFAULT_FORMAT: &str = "default_format";
/// The secret of the authenticator app, in base32; absent while sign-in takes a password only.
pub const TOTP_SECRET: &str = "totp_secret";
/// The step of the last code that was used.
pub const TOTP_STEP: &str = "totp_step";
/// A secret that the owner has not enabled yet.
pub const TOTP_OFFER: &str = "totp_offer";
/// SHA-256 of each unused recovery code, as JSON.
pub const RECOVERY_CODES: &str = "recovery_codes";
/// The colours of the pages for the owner: `auto`, `light` or `dark`.
pub const COLOUR_SCHEME: &str = "colour_scheme";
/// The language of the pages for the owner; absent if browsers state it.
pub const INTERFACE_LANGUAGE: &str = "interface_language";
/// Theme, accent colour and icon of the pages, as JSON.
pub const APPEARANCE: &str = "appearance";
/// The owner's style rules.
pub const OWN_CSS: &str = "own_css";
/// The name of the owner's time zone; absent until a browser has stated it.
pub const TIME_ZONE: &str = "time_zone";
/// `off` if the owner has switched off the keyboard shortcuts of the pages.
pub const KEYBOARD_SHORTCUTS: &str = "keyboard_shortcuts";
/// The notification policy, as JSON.
pub const NOTIFICATION_POLICY: &str = "notification_policy";
/// `false` if the owner has switched off previews of links.
pub const LINK_PREVIEWS: &str = "link_previews";
/// The number of changes to the owner's filters.
pub const FILTERS_VERSION: &str = "filters_version";

/// What the owner wrote about the server, as JSON.
pub const EXTENDED_DESCRIPTION: &str = "extended_description";
/// The privacy policy, as JSON.
pub const PRIVACY_POLICY: &str = "privacy_policy";
/// The terms of service, as JSON.
pub const TERMS_OF_SERVICE: &str = "terms_of_service";
/// The rules of the server, as JSON.
pub const RULES: &str = "rules";
/// The way in which statuses are indexed for search.
pub const SEARCH_VERSION: &str = "search_version";
/// While the search index is rebuilt: statuses below this id wait.
pub const SEARCH_REBUILT_FROM: &str = "search_rebuilt_from";
/// The languages that the translation service knows, as JSON.
pub const TRANSLATION_LANGUAGES: &str = "translation_languages";

/// The value of a setting.
pub fn get(conn: &Conn, key: &str) -> Result<Option<String>> {
    Ok(conn.prepare_cached("SELECT value FROM settings WHERE key = ?1")?.query_row([key], |r| r.get(0)).optional()?)
}

/// Sets a setting.
pub fn set(conn: &Conn, key: &str, value: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute([key, value])?;
    Ok(())
}

/// Forgets a setting.
pub fn remove(conn: &Conn, key: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM settings WHERE key = ?1")?.execute([key])?;
    Ok(())
}
