//! Retention: what is removed when its time is over.

use std::time::Duration;

use super::context::WorkerContext;
use crate::domain::posts::scheduled;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::account::apps;
use crate::store::actors::{actor_gc, keys};
use crate::store::notifications::requests;
use crate::store::peers::{fetch_reports, hosts};
use crate::store::queues::inbox_queue;
use crate::store::statuses::{self, tombstones};
use crate::store::{Store, conversations, media, preview_cards, retention, search};

/// The interval of the retention rounds.
const ROUND: Duration = Duration::from_secs(3_600);
/// Uploads without a post are removed after this time.
const UPLOAD_AGE: Duration = Duration::from_secs(24 * 3_600);
/// Hosts without contact are removed after this time.
const HOST_AGE: Duration = Duration::from_secs(30 * 24 * 3_600);

pub(super) fn run(ctx: &WorkerContext) {
    let (mut next, mut next_save) = (Timestamp::default(), ctx.domain.now());
    let (mut looked_at, mut kept) = (ActorId(0), StatusId(0));
    while !ctx.is_stopping() {
        let now = ctx.domain.now();
        if ctx.domain.filters.has_expired(now) {
            ctx.domain.store.touch();
        }
        if now >= next_save {
            if let Err(e) = ctx.files.save() {
                tracing::warn!(error = %e, "the state of the file cache could not be stored; retrying");
            }
            next_save = now.plus(limits::REMOTE_FILES_SHOWN_INTERVAL);
        }
        if let Err(e) = remove_withdrawn(ctx, now) {
            tracing::warn!(error = %e, "files of deleted posts could not be removed; retrying");
        }
        if let Err(e) = rebuild_search_index(ctx) {
            tracing::warn!(error = %e, "the search index could not be rebuilt; retrying");
        }
        if now >= next {
            let removed = remove_expired(ctx, now).and_then(|()| collect_actors(&ctx.domain.store, looked_at, now));
            match removed {
                Ok(last) => looked_at = last,
                Err(e) => tracing::warn!(error = %e, "retention failed; retrying later"),
            }
            match remove_old_posts(ctx, kept, now) {
                Ok(last) => kept = last,
                Err(e) => tracing::warn!(error = %e, "old posts could not be removed; retrying later"),
            }
            if let Err(e) = ctx.files.maintain() {
                tracing::warn!(error = %e, "the file cache could not be checked; retrying later");
            }
            if let Err(e) = scheduled::requeue(&ctx.domain) {
                tracing::warn!(error = %e, "scheduled posts could not be queued again; retrying later");
            }
            next = now.plus(ROUND);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Adds some statuses to a search index that is being rebuilt, each step as a write of its own, so that others come between.
fn rebuild_search_index(ctx: &WorkerContext) -> Result<()> {
    let store = &ctx.domain.store;
    if !store.read(search::is_rebuilding)? {
        return Ok(());
    }
    for _ in 0..limits::REINDEXING_STEPS {
        if ctx.is_stopping() || !store.write(search::rebuild_some)? {
            break;
        }
    }
    Ok(())
}

/// Removes old unreferenced posts of unfollowed accounts among the next ones, and the oldest posts that mention the owner
/// when there are too many. Returns where the next round starts.
fn remove_old_posts(ctx: &WorkerContext, after: StatusId, now: Timestamp) -> Result<StatusId> {
    let store = &ctx.domain.store;
    let Ok(owner) = ctx.domain.owner() else { return Ok(StatusId(0)) };
    let before = now.minus(limits::UNFOLLOWED_POST_AGE);
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

fn remove_expired(ctx: &WorkerContext, now: Timestamp) -> Result<()> {
    let store = &ctx.domain.store;
    store.write_quietly(move |conn| {
        apps::purge_unused(conn, now.minus(limits::UNUSED_APP_AGE), now.minus(limits::USED_APP_AGE))
    })?;
    store.write_quietly(move |conn| {
        conversations::purge(conn)?;
        requests::purge(conn, limits::FILTERED_NOTIFICATIONS)?;
        apps::purge_codes(conn, now.minus(limits::AUTH_CODE_AGE * 6))?;
        inbox_queue::purge_seen(conn, now.minus(limits::REPLAY_MEMORY * 7))?;
        inbox_queue::purge_parked(conn, now.minus(limits::PARKED_ACTIVITY_AGE))?;
        hosts::purge(conn, now.minus(HOST_AGE))?;
        keys::purge_retired(conn, now.minus(limits::RETIRED_KEY_AGE))?;
        fetch_reports::purge(conn, now.minus(HOST_AGE))?;
        preview_cards::purge(conn, now.minus(limits::CARD_AGE))?;
        tombstones::purge_remote(conn, now.minus(HOST_AGE))
    })?;
    for upload in store.read(|c| media::abandoned(c, now.minus(UPLOAD_AGE)))? {
        remove_upload(ctx, upload)?;
    }
    Ok(())
}

/// Removes the files of deleted posts, removed attachments, and replaced pictures.
fn remove_withdrawn(ctx: &WorkerContext, now: Timestamp) -> Result<()> {
    for upload in ctx.domain.store.read(|c| media::to_remove(c, now))? {
        remove_upload(ctx, upload)?;
    }
    Ok(())
}

/// Removes the row of an upload, and its files if nothing else uses them.
fn remove_upload(ctx: &WorkerContext, upload: media::Media) -> Result<()> {
    let store = &ctx.domain.store;
    let id = upload.id;
    store.write_quietly(move |conn| media::delete(conn, id))?;
    for file in [upload.file, upload.preview].into_iter().flatten() {
        if !store.read(|c| media::is_used(c, &file))? {
            ctx.media.remove(&file)?;
        }
    }
    Ok(())
}

/// Removes unreferenced actors among the next ones. Returns where the next round starts.
fn collect_actors(store: &Store, after: ActorId, now: Timestamp) -> Result<ActorId> {
    let before = now.minus(limits::UNREFERENCED_ACTOR_AGE);
    let (found, last) = store.read(|c| actor_gc::unreferenced_after(c, after, before))?;
    for some in found.chunks(limits::ACTOR_GC_DELETIONS) {
        let some = some.to_vec();
        store
            .write(move |conn| some.iter().try_for_each(|actor| actor_gc::delete_unreferenced(conn, *actor, before)))?;
    }
    Ok(last.unwrap_or(ActorId(0)))
}
