//! Forwarding of reports: which servers get them, and in which form.

use std::collections::HashMap;

use serde_json::json;

use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::{self, Recipients};
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner, Tx};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Audience};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::discovery::software::Software;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::Actor;
use crate::store::queues::deliveries::Lane;
use crate::store::relationships::reports::Report;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, statuses};

/// The reason in a report without a comment to a community: Lemmy requires one.
const NO_COMMENT: &str = "No reason was given";

/// The software of hosts.
pub(crate) struct KnownSoftware(HashMap<String, Software>);

impl KnownSoftware {
    fn of(&self, host: &str) -> Software {
        self.0.get(host).cloned().unwrap_or_default()
    }
}

/// The software of each host that a report about these posts may be sent to; unknown for hosts that do not respond.
pub(crate) fn software(domain: &Domain, target: ActorId, posts: &[StatusId]) -> Result<KnownSoftware> {
    let hosts = domain.store.read(|c| {
        let mut hosts: Vec<String> = actors::get(c, target)?.into_iter().filter(|a| !a.local).map(|a| a.host).collect();
        for id in posts.iter().take(limits::REPORT_OBJECTS) {
            if let Some(status) = statuses::get(c, *id)? {
                hosts.extend(community(c, &status)?.map(|group| group.host));
            }
        }
        hosts.sort();
        hosts.dedup();
        Ok(hosts)
    })?;
    let mut known = HashMap::new();
    for host in hosts {
        match domain.remote()?.software(&host) {
            Ok(software) => drop(known.insert(host, software)),
            Err(Error::Internal(e)) => return Err(Error::Internal(e)),
            Err(e) => tracing::debug!(error = %e, %host, "software of the host is unknown"),
        }
    }
    Ok(KnownSoftware(known))
}

fn community(conn: &Conn, status: &Status) -> Result<Option<Actor>> {
    Ok(recipients::community_of(conn, status)?.filter(|group| group.kind == ActorKind::Group))
}

/// Sends a report: about each post in a community to that community, and to the server of its target unless that accepts
/// only reports of posts in communities. Returns `false` if there is no recipient.
pub(crate) fn send(
    tx: &Tx<'_>,
    report: &Report,
    (target, posts): (&Actor, &[Status]),
    known: &KnownSoftware,
) -> Result<bool> {
    let owner = tx.owner()?;
    let at_target = known.of(&target.host);
    let mut only_community_reports = at_target.has_community_reports();
    let mut sent = false;
    for status in posts {
        let Some(group) = community(tx, status)? else { continue };
        let software = known.of(&group.host);
        // A server of communities without NodeInfo probably expects this form.
        if !(software.has_community_reports() || software.is_unknown()) {
            continue;
        }
        let mut recipients = Recipients::actor(&group);
        if group.host == target.host {
            only_community_reports |= at_target.is_unknown();
        } else if at_target.has_community_reports() {
            recipients.add(target, false);
        }
        to_community(tx, &owner, (report, status, &group), recipients)?;
        sent = true;
    }
    if only_community_reports {
        return Ok(sent);
    }
    to_server(tx, report, target)?;
    Ok(true)
}

/// Lemmy's form: one post, sent by a person to the community. Unlike in Mastodon's form, the moderators learn who reports;
/// the owner decides with `forward`.
fn to_community(
    tx: &Tx<'_>,
    owner: &Owner,
    (report, status, group): (&Report, &Status, &Actor),
    recipients: Recipients,
) -> Result<()> {
    let mut document = write::activity(&OwnActivity {
        id: &OwnAction::Flag.of(&owner.uri, tx.next_id()),
        kind: "Flag",
        actor: &owner.uri,
        object: json!(status.uri),
        audience: Audience { to: vec![group.uri.clone()], cc: vec![] },
        published: None,
    });
    let comment = report.comment.trim();
    let reason = if comment.is_empty() { NO_COMMENT } else { comment };
    document["summary"] = json!(reason);
    document["content"] = json!(reason);
    document["audience"] = json!(group.uri);
    queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
}

/// Mastodon's form: the account and its posts, sent by the instance actor.
fn to_server(tx: &Tx<'_>, report: &Report, target: &Actor) -> Result<()> {
    let instance = tx.instance()?;
    let posts = report.objects.iter().map(String::as_str);
    let about: Vec<&str> = std::iter::once(target.uri.as_str()).chain(posts).collect();
    let mut document = write::activity(&OwnActivity {
        id: report.uri.as_deref().unwrap_or_default(),
        kind: "Flag",
        actor: &instance.uri,
        object: json!(about),
        audience: Audience { to: vec![target.uri.clone()], cc: vec![] },
        published: None,
    });
    document["content"] = json!(report.comment);
    queue::send_to(tx, instance.id, target, document)
}
