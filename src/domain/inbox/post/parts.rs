//! The parts of a post: media, hashtags, mentions, poll, search text and community.

use std::borrow::Cow;

use super::incoming::IncomingPost;
use crate::domain::federation_policy;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{ActorKind, Object, ObjectKind};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::queues::jobs;
use crate::store::statuses::{hashtags, mentions, polls};
use crate::store::{actors, media, search};

/// Replaces the media, hashtags, mentions, poll and search text of a stored status.
pub(super) fn attach(post: IncomingPost<'_>, id: StatusId) -> Result<()> {
    let IncomingPost { conn, domain, object, .. } = post;
    media::replace_remote(conn, id, &object.attachments, || domain.next_id(), domain.now())?;
    hashtags::replace(conn, id, &object.hashtags)?;
    set_mentions(post, id)?;
    if let (ObjectKind::Question, Some(poll)) = (object.kind, &object.poll) {
        polls::set(conn, id, poll)?;
    }
    search::index(conn, id, &object.plain)
}

/// Replaces the mentions of a stored status. Actors that were mentioned or addressed before keep access to it.
pub(super) fn set_mentions(post: IncomingPost<'_>, id: StatusId) -> Result<()> {
    let mut mentions = mentions(post)?;
    mentions.extend(mentions::of_status(post.conn, id)?.into_iter().map(|m| (m.actor_id, true)));
    mentions::replace(post.conn, id, &mentions)
}

/// The mentioned actors, and the actors that are only addressed, as silent mentions. Actors that are not stored are left out:
/// an unknown author must not cause fetches.
fn mentions(post: IncomingPost<'_>) -> Result<Vec<(ActorId, bool)>> {
    let IncomingPost { conn, domain, object, .. } = post;
    let owner = domain.owner()?;
    let named = || object.mentions.iter().map(|mention| &mention.href);
    let audiences = [Some(&object.audience), post.addressed];
    let addressed = || audiences.into_iter().flatten().flat_map(|a| a.to.iter().chain(&a.cc));
    let mut found = Vec::new();
    // The limits are for the others: a post for the owner is shown, whatever the owner's place among many.
    if named().any(|uri| *uri == owner.uri) {
        found.push((owner.id, false));
    } else if addressed().any(|uri| *uri == owner.uri) {
        found.push((owner.id, true));
    }
    for uri in named().take(limits::REMOTE_MENTIONS) {
        if let Some(id) = actors::id_by_uri(conn, uri)? {
            found.push((id, false));
        }
    }
    for uri in addressed().take(limits::REMOTE_MENTIONS * 2) {
        if let Some(id) = actors::id_by_uri(conn, uri)? {
            found.push((id, true));
        }
    }
    Ok(found)
}

/// The community that the object names, if it is stored.
pub(super) fn group_of(post: IncomingPost<'_>) -> Result<Option<ActorId>> {
    let Some(uri) = &post.object.group else { return Ok(None) };
    Ok(actors::by_uri(post.conn, uri)?.filter(|a| a.kind == ActorKind::Group).map(|a| a.id))
}

/// Fetches a post by a followed actor again, together with the community on the same server that is not stored yet.
pub(super) fn fetch_group(post: IncomingPost<'_>) -> Result<()> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    let Some(uri) = object.group.as_ref().filter(|uri| same_origin(uri, &author.uri)) else { return Ok(()) };
    if actors::id_by_uri(conn, uri)?.is_some() || !domain.owner_follows(conn, author.id)? {
        return Ok(());
    }
    let task = jobs::Task::FetchObject(object.id.clone());
    jobs::enqueue_for(conn, &task, jobs::Cause::Followed, domain.now()).map(|_| ())
}

/// The object without the media that the federation policy rejects.
pub(super) fn permitted(post: IncomingPost<'_>) -> Result<Cow<'_, Object>> {
    let IncomingPost { conn, domain, object, .. } = post;
    let place = post.author.place();
    let attachments = federation_policy::accepted_media(conn, domain, &place, &object.attachments, |a| &a.url)?;
    let emoji = federation_policy::accepted_media(conn, domain, &place, &object.emoji, |e| &e.url)?;
    if (attachments.len(), emoji.len()) == (object.attachments.len(), object.emoji.len()) {
        return Ok(Cow::Borrowed(object));
    }
    Ok(Cow::Owned(Object { attachments, emoji, ..object.clone() }))
}
