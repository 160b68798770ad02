//! Reports of the owner to the servers of others.

mod forwarding;

use std::sync::Arc;

use crate::domain::urls::OwnAction;
use crate::domain::{Domain, instance};
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::relationships::reports::{self, Report};
use crate::store::visibility::Viewer;
use crate::store::{actors, statuses};

/// What the owner reports.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The reported account.
    pub target: ActorId,
    /// Posts of it.
    pub posts: Vec<StatusId>,
    /// Why.
    pub comment: String,
    /// `spam`, `legal`, `violation` or `other`.
    pub category: String,
    /// The rules of this server that it breaks.
    pub rules: Vec<u32>,
}

/// A report that was stored.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The report.
    pub report: Report,
    /// The reported posts: those of the account.
    pub posts: Vec<StatusId>,
    /// It was sent to another server.
    pub forwarded: bool,
}

/// Stores a report, and sends it to the server of its target if `forward` is set. The instance actor sends it, as in
/// Mastodon, so that the reported server does not learn who reports; reports of posts in a community are sent by the owner,
/// because Lemmy and similar software accept no others.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor or post, [`Error::Invalid`] if the comment is too long or a rule does not exist.
pub fn report(domain: &Arc<Domain>, new: NewReport, forward: bool) -> Result<Filed> {
    let NewReport { target, posts, comment, category, rules } = new;
    if comment.chars().count() > limits::REPORT_COMMENT_CHARS {
        let maximum = limits::REPORT_COMMENT_CHARS;
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::ReportComment, maximum }));
    }
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let software = if forward { Some(forwarding::software(domain, target, &posts)?) } else { None };
    domain.transact(move |tx| {
        let known = instance::rules(tx)?;
        if rules.iter().any(|id| known.iter().all(|rule| rule.id != *id)) {
            return Err(Error::invalid("Rule ids does not reference valid rules"));
        }
        let actor = actors::get(tx, target)?.filter(|a| !a.local).ok_or(Error::NotFound)?;
        let mut about = Vec::new();
        for id in posts.into_iter().take(limits::REPORT_OBJECTS) {
            let status = statuses::visible(tx, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
            if status.actor_id == target {
                about.push(status);
            }
        }
        let number = tx.next_id();
        let report = Report {
            id: number,
            uri: Some(OwnAction::Flag.of(&instance.uri, number)),
            actor: owner.id,
            target: Some(target),
            objects: about.iter().map(|s| s.uri.clone()).collect(),
            comment,
            created_at: tx.now(),
            closed_at: None,
            category,
            rules,
        };
        reports::insert(tx, &report)?;
        let forwarded = match &software {
            Some(software) => forwarding::send(tx, &report, (&actor, &about), software)?,
            None => false,
        };
        Ok(Filed { report, posts: about.iter().map(|s| s.id).collect(), forwarded })
    })
}
