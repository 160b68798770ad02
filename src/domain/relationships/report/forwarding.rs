//! Which servers get a report, and in which form.

use std::collections::HashMap;

use serde_json::json;

use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::{self, Recipients};
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Audience};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::software::Software;
use crate::store::actors::Actor;
use crate::store::queues::deliveries::Lane;
use crate::store::relationships::reports::Report;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, statuses};

/// The reason in a report to a community without a comment: Lemmy takes none without a reason.
const NO_COMMENT: &str = "No reason was given";

/// The software of hosts.
pub(crate) struct Known(HashMap<String, Software>);

impl Known {
    fn of(&self, host: &str) -> Software {
        self.0.get(host).cloned().unwrap_or_default()
    }
}

/// The software of each host that a report about these posts may go to. One that does not answer counts as unknown.
///
/// # Errors
/// When the database cannot be used.
pub(crate) fn software(domain: &Domain, target: ActorId, posts: &[StatusId]) -> Result<Known> {
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
            Err(e) => tracing::debug!(error = %e, %host, "the software of a host is not known"),
        }
    }
    Ok(Known(known))
}

fn community(conn: &Conn, status: &Status) -> Result<Option<Actor>> {
    Ok(recipients::community_of(conn, status)?.filter(|group| group.kind == ActorKind::Group))
}

/// Sends a report: about each post in a community to that community, and to the server of its target unless that reads
/// only reports of posts in communities. Returns `false` if there is nobody to send it to.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn send(
    conn: &Conn,
    domain: &Domain,
    report: &Report,
    (target, posts): (&Actor, &[Status]),
    known: &Known,
) -> Result<bool> {
    let owner = domain.owner()?;
    let at_target = known.of(&target.host);
    let mut reads_no_other = at_target.has_community_reports();
    let mut sent = false;
    for status in posts {
        let Some(group) = community(conn, status)? else { continue };
        let software = known.of(&group.host);
        // Without NodeInfo, a server of communities is probably of that kind.
        if !(software.has_community_reports() || software.is_unknown()) {
            continue;
        }
        let mut recipients = Recipients::actor(&group);
        if group.host == target.host {
            reads_no_other |= at_target.is_unknown();
        } else if at_target.has_community_reports() {
            recipients.add(target, false);
        }
        to_community(conn, domain, &owner, (report, status, &group), recipients)?;
        sent = true;
    }
    if reads_no_other {
        return Ok(sent);
    }
    to_server(conn, domain, report, target)?;
    Ok(true)
}

/// Lemmy's form: one post, a person, the community. The moderators learn who reports, which Mastodon's form keeps from
/// them; the owner has the choice in `forward`.
fn to_community(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    (report, status, group): (&Report, &Status, &Actor),
    recipients: Recipients,
) -> Result<()> {
    let mut document = write::activity(&OwnActivity {
        id: &OwnAction::Flag.of(&owner.uri, domain.next_id()),
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
    queue::send(conn, domain, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
}

/// Mastodon's form: the account and its posts, in the name of this server.
fn to_server(conn: &Conn, domain: &Domain, report: &Report, target: &Actor) -> Result<()> {
    let instance = domain.instance()?;
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
    queue::send_to(conn, domain, instance.id, target, document)
}
