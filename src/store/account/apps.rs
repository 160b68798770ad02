//! Registered apps, authorisation codes, access tokens, idempotency keys. Secrets are stored as SHA-256.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{AppId, StatusId, TokenId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::events::{self, StoreEvent};

/// A registered app.
#[derive(Debug, Clone)]
pub struct App {
    /// Our id for it.
    pub id: AppId,
    /// Its public id.
    pub client_id: String,
    /// SHA-256 of its secret, hex.
    pub client_secret: String,
    /// Its name as it gave it.
    pub name: String,
    /// Its page.
    pub website: Option<String>,
    /// The redirect URIs that it may use, byte-exact.
    pub redirect_uris: Vec<String>,
    /// Scopes it may ask for, space separated.
    pub scopes: String,
    /// When it registered.
    pub created_at: Timestamp,
    /// The client address that registered it, if that is known.
    pub address: Option<String>,
    /// When the owner last opened its authorization page or authorized it.
    pub used_at: Option<Timestamp>,
}

const APP_COLUMNS: &str =
    "id, client_id, client_secret, name, website, redirect_uris, scopes, created_at, address, used_at";

fn app_from_row(r: &Row<'_>) -> rusqlite::Result<App> {
    let redirects: String = r.get(5)?;
    Ok(App {
        id: r.get(0)?,
        client_id: r.get(1)?,
        client_secret: r.get(2)?,
        name: r.get(3)?,
        website: r.get(4)?,
        redirect_uris: redirects.lines().map(str::to_owned).collect(),
        scopes: r.get(6)?,
        created_at: r.get(7)?,
        address: r.get(8)?,
        used_at: r.get(9)?,
    })
}

/// Inserts an app.
pub fn insert(conn: &Conn, app: &App) -> Result<()> {
    conn.execute(
        "INSERT INTO apps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            app.id,
            app.client_id,
            app.client_secret,
            app.name,
            app.website,
            app.redirect_uris.join("\n"),
            app.scopes,
            app.created_at,
            app.address,
            app.used_at
        ],
    )?;
    Ok(())
}

/// The app with this public id.
pub fn by_client_id(conn: &Conn, client_id: &str) -> Result<Option<App>> {
    let sql = format!("SELECT {APP_COLUMNS} FROM apps WHERE client_id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([client_id], app_from_row).optional()?)
}

/// The app with this id.
pub fn get(conn: &Conn, id: AppId) -> Result<Option<App>> {
    let sql = format!("SELECT {APP_COLUMNS} FROM apps WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], app_from_row).optional()?)
}

/// Name and page of these apps.
pub fn names(conn: &Conn, ids: &IdList) -> Result<HashMap<AppId, (String, Option<String>)>> {
    let sql = "SELECT id, name, website FROM apps WHERE id IN (SELECT value FROM json_each(?1))";
    let read = |r: &Row<'_>| Ok((r.get(0)?, (r.get(1)?, r.get(2)?)));
    Ok(conn.prepare_cached(sql)?.query_map([ids], read)?.collect::<Result<_, _>>()?)
}

/// Notes that the owner opened the authorization page of an app, or authorized it.
pub fn touch(conn: &Conn, id: AppId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE apps SET used_at = ?2 WHERE id = ?1", params![id, now])?;
    Ok(())
}

/// Removes apps that the owner has no token of and no post by: those never used that were registered before `registered`,
/// and those last used before `used`.
pub fn purge_unused(conn: &Conn, registered: Timestamp, used: Timestamp) -> Result<()> {
    conn.execute(
        "DELETE FROM apps WHERE iif(used_at IS NULL, created_at < ?1, used_at < ?2) \
         AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.app_id = apps.id AND t.owner = 1) \
         AND NOT EXISTS (SELECT 1 FROM auth_codes c WHERE c.app_id = apps.id) \
         AND NOT EXISTS (SELECT 1 FROM statuses s WHERE s.app_id = apps.id)",
        [registered, used],
    )?;
    Ok(())
}

/// How many apps the owner has never used: of one client address, and of all.
pub fn count_unused(conn: &Conn, address: &str) -> Result<(i64, i64)> {
    let of_address = "SELECT count(*) FROM apps WHERE used_at IS NULL AND address = ?1";
    let of_all = "SELECT count(*) FROM apps WHERE used_at IS NULL";
    Ok((
        conn.prepare_cached(of_address)?.query_row([address], |r| r.get(0))?,
        conn.prepare_cached(of_all)?.query_row([], |r| r.get(0))?,
    ))
}

/// The oldest app that the owner has never used: of this client address, or of any. Returns its id and when it was
/// registered.
pub fn oldest_unused(conn: &Conn, address: Option<&str>) -> Result<Option<(AppId, Timestamp)>> {
    let row = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?));
    Ok(match address {
        Some(address) => conn
            .prepare_cached(
                "SELECT id, created_at FROM apps WHERE used_at IS NULL AND address = ?1 ORDER BY created_at LIMIT 1",
            )?
            .query_row([address], row),
        None => conn
            .prepare_cached("SELECT id, created_at FROM apps WHERE used_at IS NULL ORDER BY created_at LIMIT 1")?
            .query_row([], row),
    }
    .optional()?)
}

/// Removes an app with its tokens.
pub fn delete(conn: &Conn, id: AppId) -> Result<()> {
    conn.execute("DELETE FROM apps WHERE id = ?1", [id])?;
    events::record(StoreEvent::TokensRevoked);
    Ok(())
}

/// An authorisation code, before it is exchanged.
#[derive(Debug, Clone)]
pub struct AuthCode {
    /// The app it was given to.
    pub app_id: AppId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What it grants.
    pub scopes: String,
    /// The PKCE challenge (S256), if one was sent.
    pub code_challenge: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
    /// The token it was exchanged for.
    pub token_id: Option<TokenId>,
}

/// Stores a code under its hash.
pub fn insert_code(conn: &Conn, hash: &str, c: &AuthCode) -> Result<()> {
    conn.execute(
        "INSERT INTO auth_codes (code, app_id, redirect_uri, scopes, code_challenge, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![hash, c.app_id, c.redirect_uri, c.scopes, c.code_challenge, c.created_at],
    )?;
    Ok(())
}

/// The code with this hash.
pub fn code(conn: &Conn, hash: &str) -> Result<Option<AuthCode>> {
    Ok(conn
        .query_row(
            "SELECT app_id, redirect_uri, scopes, code_challenge, created_at, used_at, token_id FROM auth_codes WHERE code = ?1",
            [hash],
            |r| {
                Ok(AuthCode {
                    app_id: r.get(0)?,
                    redirect_uri: r.get(1)?,
                    scopes: r.get(2)?,
                    code_challenge: r.get(3)?,
                    created_at: r.get(4)?,
                    used_at: r.get(5)?,
                    token_id: r.get(6)?,
                })
            },
        )
        .optional()?)
}

/// Marks a code as exchanged for a token.
pub fn use_code(conn: &Conn, hash: &str, token: TokenId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE auth_codes SET used_at = ?2, token_id = ?3 WHERE code = ?1", params![hash, now, token])?;
    Ok(())
}

/// Forgets codes older than this.
pub fn purge_codes(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM auth_codes WHERE created_at < ?1", [before])?;
    Ok(())
}

/// An access token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Our id for it.
    pub id: TokenId,
    /// The app it was given to; none when it was made on the command line.
    pub app_id: Option<AppId>,
    /// It acts for the owner; otherwise for the app alone.
    pub owner: bool,
    /// What it grants, space separated.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within [`crate::limits::TOKEN_LAST_USE_INTERVAL`].
    pub used_at: Option<Timestamp>,
}

/// Stores a token under its hash, and drops the least recently used ones of the same app and kind beyond `keep`: a token
/// of an app alone never replaces one that acts for the owner.
pub fn insert_token(conn: &Conn, hash: &str, t: &Token, keep: i64) -> Result<()> {
    conn.execute(
        "INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![t.id, hash, t.app_id, t.owner, t.scopes, t.created_at, t.used_at],
    )?;
    let dropped = conn.execute(
        "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE app_id IS ?1 AND owner = ?2 \
         ORDER BY max(ifnull(used_at, 0), created_at) DESC, id DESC LIMIT -1 OFFSET ?3)",
        params![t.app_id, t.owner, keep],
    )?;
    if dropped > 0 {
        events::record(StoreEvent::TokensRevoked);
    }
    Ok(())
}

/// Notes that a token was used.
pub fn touch_token(conn: &Conn, id: TokenId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE tokens SET used_at = ?2 WHERE id = ?1", params![id, now])?;
    Ok(())
}

fn token_from_row(r: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        id: r.get(0)?,
        app_id: r.get(1)?,
        owner: r.get(2)?,
        scopes: r.get(3)?,
        created_at: r.get(4)?,
        used_at: r.get(5)?,
    })
}

/// The token with this hash.
pub fn token(conn: &Conn, hash: &str) -> Result<Option<Token>> {
    Ok(conn
        .prepare_cached("SELECT id, app_id, owner, scopes, created_at, used_at FROM tokens WHERE token = ?1")?
        .query_row([hash], token_from_row)
        .optional()?)
}

/// A token that acts for the owner, with the name and page of its app.
#[derive(Debug, Clone)]
pub struct OwnerToken {
    /// The token.
    pub token: Token,
    /// Its app; none when it was made on the command line.
    pub app: Option<(String, Option<String>)>,
}

/// The tokens that act for the owner, the last used first, at most `most`.
pub fn owner_tokens(conn: &Conn, most: u32) -> Result<Vec<OwnerToken>> {
    let sql = "SELECT t.id, t.app_id, t.owner, t.scopes, t.created_at, t.used_at, a.name, a.website FROM tokens t \
               LEFT JOIN apps a ON a.id = t.app_id WHERE t.owner = 1 \
               ORDER BY max(ifnull(t.used_at, 0), t.created_at) DESC, t.id DESC LIMIT ?1";
    let row = |r: &Row<'_>| {
        let name: Option<String> = r.get(6)?;
        let website: Option<String> = r.get(7)?;
        Ok(OwnerToken { token: token_from_row(r)?, app: name.map(|name| (name, website)) })
    };
    Ok(conn.prepare_cached(sql)?.query_map([most], row)?.collect::<Result<_, _>>()?)
}

/// Revokes one token of the owner. Returns `false` if it does not exist.
pub fn revoke_of_owner(conn: &Conn, id: TokenId) -> Result<bool> {
    let revoked = conn.execute("DELETE FROM tokens WHERE id = ?1 AND owner = 1", [id])? > 0;
    events::record(StoreEvent::TokensRevoked);
    Ok(revoked)
}

/// Revokes one token.
pub fn revoke(conn: &Conn, id: TokenId) -> Result<()> {
    conn.execute("DELETE FROM tokens WHERE id = ?1", [id])?;
    events::record(StoreEvent::TokensRevoked);
    Ok(())
}

/// Revokes every token.
pub fn revoke_all(conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM tokens", [])?;
    conn.execute("DELETE FROM auth_codes", [])?;
    events::record(StoreEvent::TokensRevoked);
    Ok(())
}

/// Which of these tokens are valid.
pub fn valid_tokens(conn: &Conn, ids: &IdList) -> Result<HashSet<TokenId>> {
    let sql = "SELECT id FROM tokens WHERE id IN (SELECT value FROM json_each(?1))";
    Ok(conn.prepare_cached(sql)?.query_map([ids], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// What an app says so that a request that it repeats has its effect once.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// SHA-256 of the key, hex.
    pub key: String,
    /// The token that sent it: each has keys of its own.
    pub token: TokenId,
    /// SHA-256 of what was posted, hex.
    pub digest: String,
}

/// The status that was posted with this idempotency key, and the digest of what was posted.
pub fn idempotent_status(
    conn: &Conn,
    request: &Idempotency,
    since: Timestamp,
) -> Result<Option<(StatusId, Option<String>)>> {
    Ok(conn
        .query_row(
            "SELECT status_id, request FROM idempotency_keys WHERE key = ?1 AND token_id = ?2 AND created_at >= ?3",
            params![request.key, request.token, since],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .optional()?)
}

/// Remembers an idempotency key, and forgets those older than `before`.
pub fn remember_idempotency(
    conn: &Conn,
    request: &Idempotency,
    status: StatusId,
    now: Timestamp,
    before: Timestamp,
) -> Result<()> {
    conn.execute("DELETE FROM idempotency_keys WHERE created_at < ?1", [before])?;
    conn.execute(
        "INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (key, token_id) DO UPDATE SET status_id = ?3, created_at = ?4, request = ?5",
        params![request.key, request.token, status, now, request.digest],
    )?;
    Ok(())
}
