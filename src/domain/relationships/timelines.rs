//! Which timelines of the owner a new status appears in: home, and the lists of its author.

use crate::domain::Domain;
use crate::domain::preview_cards::requests;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::account::followed_hashtags;
use crate::store::actors::Actor;
use crate::store::peers::domain_policies::Severity;
use crate::store::queues::jobs::Cause;
use crate::store::relationships::blocks;
use crate::store::relationships::follows::{self, Follow};
use crate::store::relationships::lists::{self, List, RepliesPolicy};
use crate::store::statuses::{self, Status};
use crate::store::{Conn, timelines};

/// A boost is not shown while its post, or another boost of it, is among this many newest statuses, as in Mastodon.
const NEAR_TOP: u32 = 40;

/// Adds a post or boost of the owner to the home timeline, and to the lists that the owner is a member of.
pub fn add_own(conn: &Conn, domain: &Domain, id: StatusId) -> Result<()> {
    let owner = domain.owner()?.id;
    let Some(status) = statuses::get(conn, id)? else { return Ok(()) };
    add(conn, timelines::HOME, &status)?;
    requests::request(conn, domain, &status, Cause::Owner)?;
    if status.visibility == Visibility::Direct {
        return Ok(());
    }
    add_to_lists(conn, owner, &lists::with_member(conn, owner)?, &status)
}

/// Adds a status of a followed author to the home timeline and to lists, if the owner's follow wants it. Returns `true` if
/// it does.
pub fn add_followed(conn: &Conn, domain: &Domain, follow: &Follow, status: &Status) -> Result<bool> {
    let owner = domain.owner()?.id;
    if !follow.accepted || !is_wanted(conn, owner, follow, status)? {
        return Ok(false);
    }
    add_by_member(conn, domain, status.actor_id, status)?;
    Ok(true)
}

/// Adds a public post to the home timeline if it has a followed hashtag. Posts of silenced or blocked authors are left out.
pub fn add_tagged(conn: &Conn, domain: &Domain, author: &Actor, status: &Status) -> Result<()> {
    let owner = domain.owner()?.id;
    let listed = status.visibility == Visibility::Public && author.limited == Severity::Allow;
    if listed && followed_hashtags::are_of(conn, status.id)? && !blocks::exists(conn, owner, author.id)? {
        add(conn, timelines::HOME, status)?;
        requests::request(conn, domain, status, Cause::Stranger)?;
    }
    Ok(())
}

/// Adds a post that a followed community announced to the home timeline and to the lists of the community.
pub fn add_of_community(conn: &Conn, domain: &Domain, community: ActorId, status: &Status) -> Result<()> {
    add_by_member(conn, domain, community, status)
}

/// Deletes a boost, and shows the next boost of the same post that the timelines left out because of it.
pub fn delete_boost(conn: &Conn, domain: &Domain, boost: &Status) -> Result<()> {
    let was_shown = !timelines::showing(conn, boost.id)?.is_empty();
    statuses::delete(conn, boost)?;
    let Some(post) = boost.boost_of.filter(|_| was_shown) else { return Ok(()) };
    let owner = domain.owner()?.id;
    for next in statuses::boosts_after(conn, post, boost.id, NEAR_TOP)? {
        if next.actor_id == owner {
            return add_own(conn, domain, next.id);
        }
        let follow = follows::between(conn, owner, next.actor_id)?;
        if let Some(follow) = follow
            && add_followed(conn, domain, &follow, &next)?
        {
            return Ok(());
        }
    }
    Ok(())
}

fn add(conn: &Conn, timeline: i64, status: &Status) -> Result<()> {
    match status.boost_of {
        Some(post) if timelines::shows_among_newest(conn, timeline, post, NEAR_TOP)? => Ok(()),
        _ => timelines::insert(conn, timeline, status.id),
    }
}

fn add_by_member(conn: &Conn, domain: &Domain, member: ActorId, status: &Status) -> Result<()> {
    let lists = lists::with_member(conn, member)?;
    if !lists.iter().any(|list| list.exclusive) {
        add(conn, timelines::HOME, status)?;
    }
    requests::request(conn, domain, status, Cause::Followed)?;
    add_to_lists(conn, domain.owner()?.id, &lists, status)
}

fn add_to_lists(conn: &Conn, owner: ActorId, lists: &[List], status: &Status) -> Result<()> {
    for list in lists {
        if shows_reply(conn, owner, list, status)? {
            add(conn, list.id.0, status)?;
        }
    }
    Ok(())
}

/// Returns `false` for direct posts, which appear only in notifications, for replies to actors that the owner does not
/// follow, as in Mastodon, and for boosts and languages that the follow excludes.
fn is_wanted(conn: &Conn, owner: ActorId, follow: &Follow, status: &Status) -> Result<bool> {
    if let Some(boosted) = status.boost_of {
        let language = statuses::get(conn, boosted)?.and_then(|s| s.language);
        return Ok(follow.show_boosts && follow.wants_language(language.as_deref()));
    }
    if status.visibility == Visibility::Direct || !follow.wants_language(status.language.as_deref()) {
        return Ok(false);
    }
    if status.in_reply_to_uri.is_none() {
        return Ok(true);
    }
    let Some(parent) = status.in_reply_to_actor else { return Ok(false) };
    Ok(parent == owner || parent == status.actor_id || follows::is_accepted(conn, owner, parent)?)
}

/// Returns `true` unless a status is a reply that the policy of a list excludes.
fn shows_reply(conn: &Conn, owner: ActorId, list: &List, status: &Status) -> Result<bool> {
    if status.in_reply_to_uri.is_none() {
        return Ok(true);
    }
    match (list.replies, status.in_reply_to_actor) {
        (RepliesPolicy::Followed, _) => Ok(true),
        (_, Some(parent)) if parent == owner || parent == status.actor_id => Ok(true),
        (RepliesPolicy::List, Some(parent)) => lists::has_member(conn, list.id, parent),
        _ => Ok(false),
    }
}
