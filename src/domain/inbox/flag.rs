//! Flag: another server reports the owner or posts of the owner.

use super::authorization::Action;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Refused};
use super::outcome::{Outcome, Reason};
use crate::domain::notifications;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::Item;
use crate::store::relationships::reports::{self, Report};
use crate::store::{quota, statuses};

pub(super) fn flag(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = inbound.owner()?;
    if let Some(reason) = inbound.refusal(Action::Report)? {
        return Ok(Refused(reason));
    }
    let mut names_owner = false;
    let mut objects = Vec::new();
    for id in activity.objects.iter().filter_map(Item::id) {
        if id == owner.uri {
            names_owner = true;
        } else if objects.len() < limits::REPORT_OBJECTS
            && statuses::by_uri(conn, id)?.is_some_and(|s| s.actor_id == owner.id)
        {
            objects.push(id.to_owned());
        }
    }
    if !names_owner && objects.is_empty() {
        return Ok(Ignored(Reason::NotTheOwner));
    }
    if reports::count_open_from(conn, &quota::key(conn, &signer.host)?)? >= limits::REPORTS_PER_HOST {
        return Ok(Refused(Reason::TooManyReports));
    }
    let report = Report {
        id: domain.next_id(),
        uri: activity.id.clone(),
        actor: signer.id,
        target: Some(owner.id),
        objects,
        comment: activity.content.clone().unwrap_or_default(),
        created_at: inbound.now(),
        closed_at: None,
        category: "other".into(),
        rules: Vec::new(),
    };
    if reports::insert(conn, &report)? {
        notifications::notify_of_report(conn, domain, signer.id, report.id)?;
    }
    Ok(Applied)
}
