//! Registered apps, authorisation codes, access tokens, idempotency keys. Secrets are stored as SHA-256.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use crate::error::Result;
use crate::protocol::ids::{AppId, StatusId, TokenId};
use crate::protocol::time::Timestamp;

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
    /// Where answers may go, byte-exact.
    pub redirect_uris: Vec<String>,
    /// Scopes it may ask for, space separated.
    pub scopes: String,
    /// When it registered.
    pub created_at: Timestamp,
}

const APP_COLUMNS: &str = "id, client_id, client_secret, name, website, redirect_uris, scopes, created_at";

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
    })
}

/// Inserts an app.
///
/// # Errors
/// When the database cannot be written.
pub fn insert(conn: &Conn, app: &App) -> Result<()> {
    conn.execute(
        "INSERT INTO apps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            app.id,
            app.client_id,
            app.client_secret,
            app.name,
            app.website,
            app.redirect_uris.join("\n"),
            app.scopes,
            app.created_at
        ],
    )?;
    Ok(())
}

/// The app with this public id.
///
/// # Errors
/// When the database cannot be read.
pub fn by_client_id(conn: &Conn, client_id: &str) -> Result<Option<App>> {
    let sql = format!("SELECT {APP_COLUMNS} FROM apps WHERE client_id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([client_id], app_from_row).optional()?)
}

/// The app with this id.
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &Conn, id: AppId) -> Result<Option<App>> {
    let sql = format!("SELECT {APP_COLUMNS} FROM apps WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], app_from_row).optional()?)
}

/// Removes apps that nobody has signed in with: those older than `before`, and the oldest beyond `keep`.
///
/// # Errors
/// When the database cannot be written.
pub fn purge_unused(conn: &Conn, before: Timestamp, keep: i64) -> Result<()> {
    const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM tokens t WHERE t.app_id = apps.id) \
         AND NOT EXISTS (SELECT 1 FROM statuses s WHERE s.app_id = apps.id)";
    conn.execute(&format!("DELETE FROM apps WHERE created_at < ?1 AND {UNUSED}"), [before])?;
    conn.execute(
        &format!(
            "DELETE FROM apps WHERE id IN (SELECT id FROM apps WHERE {UNUSED} ORDER BY id DESC LIMIT -1 OFFSET ?1)"
        ),
        [keep],
    )?;
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
///
/// # Errors
/// When the database cannot be written.
pub fn insert_code(conn: &Conn, hash: &str, c: &AuthCode) -> Result<()> {
    conn.execute(
        "INSERT INTO auth_codes (code, app_id, redirect_uri, scopes, code_challenge, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![hash, c.app_id, c.redirect_uri, c.scopes, c.code_challenge, c.created_at],
    )?;
    Ok(())
}

/// The code with this hash.
///
/// # Errors
/// When the database cannot be read.
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
///
/// # Errors
/// When the database cannot be written.
pub fn use_code(conn: &Conn, hash: &str, token: TokenId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE auth_codes SET used_at = ?2, token_id = ?3 WHERE code = ?1", params![hash, now, token])?;
    Ok(())
}

/// Forgets codes older than this.
///
/// # Errors
/// When the database cannot be written.
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
}

/// Stores a token under its hash, and drops the least recently used ones beyond `keep`.
///
/// # Errors
/// When the database cannot be written.
pub fn insert_token(conn: &Conn, hash: &str, t: &Token, keep: i64) -> Result<()> {
    conn.execute(
        "INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
        params![t.id, hash, t.app_id, t.owner, t.scopes, t.created_at],
    )?;
    conn.execute(
        "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens ORDER BY max(ifnull(used_at, 0), created_at) DESC, id DESC LIMIT -1 OFFSET ?1)",
        [keep],
    )?;
    Ok(())
}

/// The token with this hash.
///
/// # Errors
/// When the database cannot be read.
pub fn token(conn: &Conn, hash: &str) -> Result<Option<Token>> {
    Ok(conn
        .prepare_cached("SELECT id, app_id, owner, scopes, created_at FROM tokens WHERE token = ?1")?
        .query_row([hash], |r| {
            Ok(Token { id: r.get(0)?, app_id: r.get(1)?, owner: r.get(2)?, scopes: r.get(3)?, created_at: r.get(4)? })
        })
        .optional()?)
}

/// Revokes one token.
///
/// # Errors
/// When the database cannot be written.
pub fn revoke(conn: &Conn, id: TokenId) -> Result<()> {
    conn.execute("DELETE FROM tokens WHERE id = ?1", [id])?;
    Ok(())
}

/// Revokes every token.
///
/// # Errors
/// When the database cannot be written.
pub fn revoke_all(conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM tokens", [])?;
    conn.execute("DELETE FROM auth_codes", [])?;
    Ok(())
}

/// The status that was posted with this idempotency key.
///
/// # Errors
/// When the database cannot be read.
pub fn idempotent_status(conn: &Conn, key: &str, token: TokenId, since: Timestamp) -> Result<Option<StatusId>> {
    Ok(conn
        .query_row(
            "SELECT status_id FROM idempotency_keys WHERE key = ?1 AND token_id = ?2 AND created_at >= ?3",
            params![key, token, since],
            |r| r.get(0),
        )
        .optional()?)
}

/// Remembers an idempotency key, and forgets those older than `before`.
///
/// # Errors
/// When the database cannot be written.
pub fn remember_idempotency(
    conn: &Conn,
    key: &str,
    token: TokenId,
    status: StatusId,
    now: Timestamp,
    before: Timestamp,
) -> Result<()> {
    conn.execute("DELETE FROM idempotency_keys WHERE created_at < ?1", [before])?;
    conn.execute(
        "INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key, token_id) DO UPDATE SET status_id = ?3, created_at = ?4",
        params![key, token, status, now],
    )?;
    Ok(())
}
