//! Which channels show a status. Each asks the query of its timeline, so that blocks, silences and visibility apply in both.

use std::collections::HashSet;

use super::channel::Channel;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::store::database::column_types::IdList;
use crate::store::database::events::DeletedStatus;
use crate::store::database::pagination::Page;
use crate::store::statuses::Status;
use crate::store::statuses::hashtags::{self, HashtagQuery};
use crate::store::timelines::{self, PublicScope};
use crate::store::visibility::Viewer;
use crate::store::{Conn, statuses};

/// The page of a timeline on which only this status can be.
fn only(id: StatusId) -> Page {
    Page { below: id.0.saturating_add(1), above: id.0.saturating_sub(1), ..Page::newest(1) }
}

/// Which of the wanted channels show a new status that was added to these timelines.
pub fn showing_new(
    conn: &Conn,
    viewer: Viewer,
    wanted: &HashSet<Channel>,
    status: &Status,
    added_to: &[i64],
) -> Result<Vec<Channel>> {
    let mut found = Vec::new();
    let mut tags: Option<Vec<String>> = None;
    for channel in wanted {
        let shown = match channel {
            Channel::User => is_in(conn, viewer, timelines::HOME, status, added_to)?,
            Channel::List(list) => is_in(conn, viewer, *list, status, added_to)?,
            Channel::Public { scope, only_media } => {
                is_public(status)
                    && has_origin(*scope, status.local)
                    && !timelines::public(conn, viewer, *scope, *only_media, &only(status.id))?.is_empty()
            }
            Channel::Hashtag { tag, local } if is_public(status) && (status.local || !local) => {
                let tags = match &tags {
                    Some(tags) => tags,
                    None => tags.insert(tags_of(conn, status.id)?),
                };
                let scope = if *local { PublicScope::Local } else { PublicScope::All };
                let query = HashtagQuery::one(tag, scope);
                tags.contains(tag) && !hashtags::timeline(conn, viewer, &query, &only(status.id))?.is_empty()
            }
            Channel::Thread(first) => status.thread == *first && statuses::visible(conn, viewer, status.id)?.is_some(),
            Channel::Hashtag { .. } | Channel::Notifications | Channel::Direct => false,
        };
        if shown {
            found.push(channel.clone());
        }
    }
    Ok(found)
}

/// Which of the wanted channels show a status that was edited, or a boost of it.
pub fn showing_edit(conn: &Conn, viewer: Viewer, wanted: &HashSet<Channel>, status: &Status) -> Result<Vec<Channel>> {
    let mut found = showing_new(conn, viewer, wanted, status, &[])?;
    if statuses::visible(conn, viewer, status.id)?.is_some() {
        let timelines = timelines::showing(conn, status.id)?;
        found.extend(wanted.iter().filter(|channel| is_one_of(channel, &timelines)).cloned());
    }
    Ok(found)
}

/// Which of the wanted channels showed a status that was deleted.
pub fn showing_deleted(wanted: &HashSet<Channel>, deleted: &DeletedStatus) -> Vec<Channel> {
    let showed = |channel: &&Channel| match (channel, &deleted.public) {
        (Channel::Public { scope, .. }, Some(public)) => has_origin(*scope, public.local),
        (Channel::Hashtag { tag, local }, Some(public)) => (public.local || !local) && public.tags.contains(tag),
        (Channel::Thread(first), _) => deleted.thread == *first,
        _ => is_one_of(channel, &deleted.timelines),
    };
    wanted.iter().filter(showed).cloned().collect()
}

fn is_in(conn: &Conn, viewer: Viewer, timeline: i64, status: &Status, added_to: &[i64]) -> Result<bool> {
    Ok(added_to.contains(&timeline) && !timelines::read(conn, viewer, timeline, &only(status.id))?.is_empty())
}

fn is_one_of(channel: &Channel, timelines: &[i64]) -> bool {
    match channel {
        Channel::User => timelines.contains(&timelines::HOME),
        Channel::List(list) => timelines.contains(list),
        _ => false,
    }
}

fn is_public(status: &Status) -> bool {
    status.visibility == Visibility::Public && status.boost_of.is_none()
}

fn has_origin(scope: PublicScope, local: bool) -> bool {
    match scope {
        PublicScope::All => true,
        PublicScope::Local => local,
        PublicScope::Remote => !local,
    }
}

fn tags_of(conn: &Conn, id: StatusId) -> Result<Vec<String>> {
    Ok(hashtags::of_statuses(conn, &IdList::of_statuses([&id]))?.remove(&id).unwrap_or_default())
}
