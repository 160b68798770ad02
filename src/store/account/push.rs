//! Push subscriptions, one for each token of an app and for each browser in which the owner is signed in.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{SessionId, TokenId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// Whose notifications are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushPolicy {
    /// Everyone's.
    All,
    /// Those of actors that the owner follows.
    Followed,
    /// Those of followers.
    Follower,
    /// None.
    None,
}

impl PushPolicy {
    /// All of them, in the order of their numbers in the database.
    pub const ALL: [Self; 4] = [Self::All, Self::Followed, Self::Follower, Self::None];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Followed => "followed",
            Self::Follower => "follower",
            Self::None => "none",
        }
    }

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == name)
    }
}

/// What an app wants to be notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushChoice {
    /// Bits of the kinds of notifications.
    pub alerts: i64,
    /// Whose.
    pub policy: PushPolicy,
}

/// The holder of a subscription, which ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushHolder {
    /// A token of an app.
    App(TokenId),
    /// A browser in which the owner is signed in.
    Browser(SessionId),
}

impl PushHolder {
    /// The column that names it, and its id.
    fn column(self) -> (&'static str, i64) {
        match self {
            Self::App(token) => ("token_id", token.0),
            Self::Browser(session) => ("session_id", session.0),
        }
    }
}

/// A subscription.
#[derive(Debug, Clone)]
pub struct PushSubscription {
    /// Its id; 0 before it is stored.
    pub id: i64,
    /// The holder.
    pub holder: PushHolder,
    /// The URL at the push service.
    pub endpoint: String,
    /// The public key of the app: a point of P-256.
    pub public_key: Vec<u8>,
    /// The shared secret of the app.
    pub auth: Vec<u8>,
    /// Messages are encrypted by the standard, and not by the draft before it.
    pub standard: bool,
    /// What it is for.
    pub choice: PushChoice,
    /// The access token of an app, sealed.
    pub sealed_token: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str =
    "id, token_id, endpoint, public_key, auth, standard, alerts, policy, sealed_token, created_at, session_id";

fn from_row(r: &Row<'_>) -> rusqlite::Result<PushSubscription> {
    let policy: i64 = r.get(7)?;
    Ok(PushSubscription {
        id: r.get(0)?,
        holder: match r.get::<_, Option<TokenId>>(1)? {
            Some(token) => PushHolder::App(token),
            None => PushHolder::Browser(r.get(10)?),
        },
        endpoint: r.get(2)?,
        public_key: r.get(3)?,
        auth: r.get(4)?,
        standard: r.get(5)?,
        choice: PushChoice {
            alerts: r.get(6)?,
            policy: usize::try_from(policy)
                .ok()
                .and_then(|p| PushPolicy::ALL.get(p))
                .copied()
                .unwrap_or(PushPolicy::None),
        },
        sealed_token: r.get(8)?,
        created_at: r.get(9)?,
    })
}

/// Stores a subscription in place of the one that its holder has, and drops the oldest beyond `keep`. Returns its id.
pub fn set(conn: &Conn, s: &PushSubscription, keep: i64) -> Result<i64> {
    remove_of(conn, s.holder)?;
    let (column, holder) = s.holder.column();
    let sql = format!(
        "INSERT INTO push_subscriptions ({column}, endpoint, public_key, auth, standard, alerts, policy, sealed_token, \
         created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    );
    conn.execute(
        &sql,
        params![
            holder,
            s.endpoint,
            s.public_key,
            s.auth,
            s.standard,
            s.choice.alerts,
            s.choice.policy as i64,
            s.sealed_token,
            s.created_at
        ],
    )?;
    let id = conn.last_insert_rowid();
    conn.execute(
        "DELETE FROM push_subscriptions WHERE id IN \
         (SELECT id FROM push_subscriptions ORDER BY id DESC LIMIT -1 OFFSET ?1)",
        [keep],
    )?;
    Ok(id)
}

/// Changes what the subscription of a holder is for. Returns `false` if it has none.
pub fn set_choice(conn: &Conn, holder: PushHolder, choice: PushChoice) -> Result<bool> {
    let (column, id) = holder.column();
    let sql = format!("UPDATE push_subscriptions SET alerts = ?2, policy = ?3 WHERE {column} = ?1");
    Ok(conn.execute(&sql, params![id, choice.alerts, choice.policy as i64])? == 1)
}

/// The subscription of a holder.
pub fn of(conn: &Conn, holder: PushHolder) -> Result<Option<PushSubscription>> {
    let (column, id) = holder.column();
    let sql = format!("SELECT {COLUMNS} FROM push_subscriptions WHERE {column} = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The subscription with this id.
pub fn get(conn: &Conn, id: i64) -> Result<Option<PushSubscription>> {
    let sql = format!("SELECT {COLUMNS} FROM push_subscriptions WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The ids of all subscriptions, with what they are for.
pub fn choices(conn: &Conn) -> Result<Vec<(i64, PushChoice)>> {
    let sql = format!("SELECT {COLUMNS} FROM push_subscriptions ORDER BY id");
    let rows = conn.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().map(|s| (s.id, s.choice)).collect())
}

/// Removes the subscription of a holder.
pub fn remove_of(conn: &Conn, holder: PushHolder) -> Result<()> {
    let (column, id) = holder.column();
    conn.execute(&format!("DELETE FROM push_subscriptions WHERE {column} = ?1"), [id])?;
    Ok(())
}

/// Removes a subscription.
pub fn remove(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM push_subscriptions WHERE id = ?1", [id])?;
    Ok(())
}

/// Counts a refused message. Returns how many were refused since the last that was accepted.
pub fn count_refusal(conn: &Conn, id: i64) -> Result<i64> {
    let sql = "UPDATE push_subscriptions SET refusals = refusals + 1 WHERE id = ?1 RETURNING refusals";
    Ok(conn.query_row(sql, [id], |r| r.get(0)).optional()?.unwrap_or(0))
}

/// Notes that a message was accepted.
pub fn accepted(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("UPDATE push_subscriptions SET refusals = 0 WHERE id = ?1 AND refusals > 0", [id])?;
    Ok(())
}
