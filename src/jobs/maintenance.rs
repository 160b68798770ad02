//! What must not grow without end, and what another process changed.

use std::time::Duration;

use super::WorkerContext;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::account::apps;
use crate::store::actors::{actor_gc, keys};
use crate::store::peers::{fetch_reports, hosts};
use crate::store::queues::inbox_queue;
use crate::store::statuses::{self, tombstones};
use crate::store::{Store, conversations, media, retention};

/// Between two rounds of tidying.
const ROUND: Duration = Duration::from_secs(3_600);
/// An upload that was never attached is kept for so long.
const UPLOAD_AGE: Duration = Duration::from_secs(24 * 3_600);
/// A host nothing was heard of is remembered for so long.
const HOST_AGE: Duration = Duration::from_secs(30 * 24 * 3_600);

pub(super) fn run(tools: &WorkerContext) {
    let mut next = Timestamp::default();
    let (mut looked_at, mut kept) = (ActorId(0), StatusId(0));
    let mut watch = tools.domain.store.watch().ok();
    while !tools.is_stopping() {
        // The command line writes to the same database: pages in memory are out of date then. Our own quiet writes
        // cannot be told apart here, so they too end what is kept, at most twice a second.
        if let Some(watch) = &mut watch
            && watch.changed().unwrap_or(false)
        {
            tools.domain.store.touch();
            // `dassie init` may have made the owner meanwhile, or `dassie keys` new keys.
            if keys_changed(tools).unwrap_or(false)
                && let Err(e) = tools.domain.reload()
            {
                tracing::warn!(error = %e, "the owner could not be read");
            }
        }
        let now = tools.domain.now();
        if let Err(e) = remove_withdrawn(tools, now) {
            tracing::warn!(error = %e, "the files of deleted posts could not be removed; it is tried again");
        }
        if now >= next {
            let tidied = tidy(tools, now).and_then(|()| forget_strangers(&tools.domain.store, looked_at, now));
            match tidied {
                Ok(last) => looked_at = last,
                Err(e) => tracing::warn!(error = %e, "tidying failed; it is tried again later"),
            }
            match remove_old_posts(tools, kept, now) {
                Ok(last) => kept = last,
                Err(e) => tracing::warn!(error = %e, "old posts could not be removed; it is tried again later"),
            }
            next = now.plus(ROUND);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Removes posts of unfollowed accounts that are old and unreferenced among the next ones, and the oldest of those that name
/// the owner when there are too many. Returns where the next round begins.
fn remove_old_posts(tools: &WorkerContext, after: StatusId, now: Timestamp) -> Result<StatusId> {
    let store = &tools.domain.store;
    let Ok(owner) = tools.domain.owner() else { return Ok(StatusId(0)) };
    let before = StatusId(now.minus(limits::UNFOLLOWED_POST_AGE).millis() << 16);
    let (mut found, last) = store.read(|c| retention::unreferenced(c, owner.id, after, before))?;
    found.extend(store.read(|c| retention::surplus_mentions(c, owner.id, limits::UNFOLLOWED_MENTION_BYTES))?);
    for some in found.chunks(limits::RETENTION_DELETIONS) {
        let some = some.to_vec();
        store.write(move |conn| {
            some.iter().try_for_each(|id| match statuses::get(conn, *id)? {
                Some(status) => statuses::delete(conn, &status),
                None => Ok(()),
            })
        })?;
    }
    Ok(last.unwrap_or(StatusId(0)))
}

fn keys_changed(tools: &WorkerContext) -> Result<bool> {
    let Ok(owner) = tools.domain.owner() else { return Ok(true) };
    let keys = tools.domain.store.read(|c| keys::own(c, owner.id))?;
    Ok(keys.iter().any(|k| k.id == owner.key_id && k.retired) || !keys.iter().any(|k| k.id == owner.key_id))
}

fn tidy(tools: &WorkerContext, now: Timestamp) -> Result<()> {
    let store = &tools.domain.store;
    store.write_quietly(move |conn| {
        apps::purge_unused(conn, now.minus(limits::UNUSED_APP_AGE), now.minus(limits::USED_APP_AGE))
    })?;
    store.write_quietly(move |conn| {
        conversations::purge(conn)?;
        apps::purge_codes(conn, now.minus(limits::AUTH_CODE_AGE * 6))?;
        inbox_queue::purge_seen(conn, now.minus(limits::REPLAY_MEMORY * 7))?;
        inbox_queue::purge_parked(conn, now.minus(limits::PARKED_ACTIVITY_AGE))?;
        hosts::purge(conn, now.minus(HOST_AGE))?;
        keys::purge_retired(conn, now.minus(limits::RETIRED_KEY_AGE))?;
        fetch_reports::purge(conn, now.minus(HOST_AGE))?;
        tombstones::purge_remote(conn, now.minus(HOST_AGE))
    })?;
    for upload in store.read(|c| media::abandoned(c, now.minus(UPLOAD_AGE)))? {
        remove_upload(tools, upload)?;
    }
    Ok(())
}

/// Removes the files of deleted posts, of attachments that were taken out, and of replaced pictures.
fn remove_withdrawn(tools: &WorkerContext, now: Timestamp) -> Result<()> {
    for upload in tools.domain.store.read(|c| media::to_remove(c, now))? {
        remove_upload(tools, upload)?;
    }
    Ok(())
}

/// Removes the row of an upload, and its files if nothing else needs them.
fn remove_upload(tools: &WorkerContext, upload: media::Media) -> Result<()> {
    let store = &tools.domain.store;
    let id = upload.id;
    store.write_quietly(move |conn| media::delete(conn, id))?;
    for file in [upload.file, upload.preview].into_iter().flatten() {
        if !store.read(|c| media::is_used(c, &file))? {
            tools.media.remove(&file)?;
        }
    }
    Ok(())
}

/// Forgets the strangers among the next actors, and answers where the round after this one goes on.
fn forget_strangers(store: &Store, after: ActorId, now: Timestamp) -> Result<ActorId> {
    let before = now.minus(limits::UNREFERENCED_ACTOR_AGE);
    let (found, last) = store.read(|c| actor_gc::unreferenced_after(c, after, before))?;
    for some in found.chunks(limits::ACTOR_GC_DELETIONS) {
        let some = some.to_vec();
        store
            .write(move |conn| some.iter().try_for_each(|actor| actor_gc::delete_unreferenced(conn, *actor, before)))?;
    }
    Ok(last.unwrap_or(ActorId(0)))
}
