//! How Dassie's small types stand in columns.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::protocol::activitystreams::types::{ActivityKind, ActorKind, Interaction, MediaKind};
use crate::protocol::ids::{
    ActorId, AppId, DraftId, FollowId, ListId, MediaId, NotificationId, PasskeyId, ScheduledId, SessionId, StatusId,
    TokenId,
};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;

/// Implements the conversions of types that are stored as integers.
macro_rules! integer_columns {
    ($($name:ty: $to:expr, $from:expr;)+) => {$(
        impl rusqlite::types::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                let to: fn(&$name) -> i64 = $to;
                Ok(to(self).into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                let from: fn(i64) -> Option<$name> = $from;
                let number = value.as_i64()?;
                from(number).ok_or(rusqlite::types::FromSqlError::OutOfRange(number))
            }
        }
    )+};
}
pub(in crate::store) use integer_columns;

integer_columns! {
    ActorId: |id| id.0, |n| Some(ActorId(n));
    StatusId: |id| id.0, |n| Some(StatusId(n));
    MediaId: |id| id.0, |n| Some(MediaId(n));
    NotificationId: |id| id.0, |n| Some(NotificationId(n));
    FollowId: |id| id.0, |n| Some(FollowId(n));
    AppId: |id| id.0, |n| Some(AppId(n));
    TokenId: |id| id.0, |n| Some(TokenId(n));
    SessionId: |id| id.0, |n| Some(SessionId(n));
    ListId: |id| id.0, |n| Some(ListId(n));
    ScheduledId: |id| id.0, |n| Some(ScheduledId(n));
    DraftId: |id| id.0, |n| Some(DraftId(n));
    PasskeyId: |id| id.0, |n| Some(PasskeyId(n));
    Timestamp: |t| t.millis(), |n| Some(Timestamp::from_millis(n));
    Visibility: |v| *v as i64, |n| by_index(&Visibility::ALL, n);
    ActorKind: |k| *k as i64, |n| by_index(&ACTOR_KINDS, n);
    MediaKind: |k| *k as i64, |n| by_index(&MEDIA_KINDS, n);
    Interaction: |i| *i as i64, |n| by_index(&Interaction::ALL, n);
}

impl ToSql for ActivityKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into_owned().into())
    }
}

impl FromSql for ActivityKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self::of(value.as_str()?))
    }
}

const ACTOR_KINDS: [ActorKind; 5] =
    [ActorKind::Person, ActorKind::Service, ActorKind::Group, ActorKind::Organization, ActorKind::Application];
const MEDIA_KINDS: [MediaKind; 5] =
    [MediaKind::Image, MediaKind::Gifv, MediaKind::Video, MediaKind::Audio, MediaKind::Unknown];

/// The value with this number in a list of all.
pub(in crate::store) fn by_index<T: Copy>(all: &[T], n: i64) -> Option<T> {
    usize::try_from(n).ok().and_then(|i| all.get(i)).copied()
}

/// A list or record that is kept as JSON text. What we wrote ourselves always reads back; a damaged cell reads
/// as the empty value rather than losing the whole row.
pub(crate) fn from_json<T: serde::de::DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// The JSON text of a list or record.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The JSON text of a record; `NULL` for `None`.
pub(crate) fn optional_json<T: serde::Serialize>(value: Option<&T>) -> Option<String> {
    value.map(to_json)
}

/// Reads what [`optional_json`] wrote.
pub(crate) fn from_optional_json<T: serde::de::DeserializeOwned>(value: ValueRef<'_>) -> FromSqlResult<Option<T>> {
    Ok(value.as_str_or_null()?.and_then(|text| serde_json::from_str(text).ok()))
}

/// The ids of the rows that one statement reads, as a JSON list: the statement stays the same, and cached, however many
/// they are.
#[derive(Debug, Clone)]
pub struct IdList(String);

impl IdList {
    /// A list of these ids.
    pub fn new(ids: impl IntoIterator<Item = i64>) -> Self {
        use std::fmt::Write as _;
        let mut list = String::from("[");
        for id in ids {
            // Writing to a string cannot fail.
            let _ = write!(list, "{}{id}", if list.len() > 1 { "," } else { "" });
        }
        list.push(']');
        Self(list)
    }

    /// A list of these statuses.
    pub fn of_statuses<'a>(ids: impl IntoIterator<Item = &'a StatusId>) -> Self {
        Self::new(ids.into_iter().map(|id| id.0))
    }

    /// A list of these actors.
    pub fn of_actors<'a>(ids: impl IntoIterator<Item = &'a ActorId>) -> Self {
        Self::new(ids.into_iter().map(|id| id.0))
    }
}

impl ToSql for IdList {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enum_columns_match_their_order() {
        assert!(ACTOR_KINDS.iter().enumerate().all(|(i, k)| *k as usize == i));
        assert!(MEDIA_KINDS.iter().enumerate().all(|(i, k)| *k as usize == i));
        assert!(Interaction::ALL.iter().enumerate().all(|(i, k)| *k as usize == i));
        assert!(Visibility::ALL.iter().enumerate().all(|(i, v)| *v as usize == i));
    }
}
