//! What a job is: its kind, and what it is about.

use crate::protocol::ids::{ActorId, NotificationId, ScheduledId, StatusId};

/// Something to do later. Addresses are ActivityPub ids, unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Fetch the last posts of an actor.
    Backfill(String),
    /// Fetch the pinned posts of an actor.
    Featured(String),
    /// Fetch an actor's document again.
    RefreshActor(String),
    /// See whether an actor is really gone whose document was not found.
    ConfirmGone(String),
    /// Fetch a post that is mentioned, quoted or relayed.
    FetchObject(String),
    /// Fetch a post that a group passes on.
    FetchForGroup(ActorId, String),
    /// Fetch an activity that another actor passed on, and apply what its own server says.
    Relayed(String),
    /// See whether a post is really gone that another actor says was deleted.
    CheckGone(String),
    /// Fetch what is missing of the thread that a status is in.
    Thread(StatusId),
    /// See whether a quote has the approval that it claims.
    CheckQuote(StatusId),
    /// Tell the new counts of a poll of this server.
    PollCounts(StatusId),
    /// A poll of this server, or one that the owner voted in, ends.
    PollEnd(StatusId),
    /// Compare an actor's followers on our server, whose list is at this address, with what we know.
    SyncFollowers(ActorId, String),
    /// The mute of an actor ends.
    MuteEnd(ActorId),
    /// See whether the pages that the owner's profile links to link back.
    VerifyLinks(ActorId),
    /// Publish a scheduled post.
    Publish(ScheduledId),
    /// Fetch the page that posts link to, for its preview.
    PreviewCard(String),
    /// Send a notification to a push subscription.
    Push(i64, NotificationId),
    /// Erase what is stored for the deleted account.
    Erase,
}

impl Task {
    /// The name of its kind in the database.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Backfill(_) => "backfill",
            Self::Featured(_) => "featured",
            Self::RefreshActor(_) => "refresh_actor",
            Self::ConfirmGone(_) => "confirm_gone",
            Self::FetchObject(_) => "fetch_object",
            Self::FetchForGroup(..) => "fetch_for_group",
            Self::Relayed(_) => "relayed",
            Self::CheckGone(_) => "check_gone",
            Self::Thread(_) => "thread",
            Self::CheckQuote(_) => "check_quote",
            Self::PollCounts(_) => "poll_counts",
            Self::PollEnd(_) => "poll_end",
            Self::SyncFollowers(..) => "sync_followers",
            Self::MuteEnd(_) => "mute_end",
            Self::VerifyLinks(_) => "verify_links",
            Self::Publish(_) => "publish",
            Self::Push(..) => "push",
            Self::PreviewCard(_) => "preview_card",
            Self::Erase => "erase",
        }
    }

    /// What it is about, as the database has it: an address, an id of this server, or an id, a space and an address.
    pub fn subject(&self) -> String {
        match self {
            Self::Backfill(uri) | Self::RefreshActor(uri) | Self::ConfirmGone(uri) => uri.clone(),
            Self::Featured(uri) | Self::PreviewCard(uri) => uri.clone(),
            Self::FetchObject(uri) | Self::Relayed(uri) | Self::CheckGone(uri) => uri.clone(),
            Self::Thread(id) | Self::CheckQuote(id) | Self::PollCounts(id) | Self::PollEnd(id) => id.to_string(),
            Self::FetchForGroup(actor, uri) | Self::SyncFollowers(actor, uri) => format!("{actor} {uri}"),
            Self::MuteEnd(actor) | Self::VerifyLinks(actor) => actor.to_string(),
            Self::Publish(id) => id.to_string(),
            Self::Erase => String::new(),
            Self::Push(subscription, notification) => format!("{subscription} {notification}"),
        }
    }

    /// The address that it asks, if it names one.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            Self::Backfill(uri) | Self::RefreshActor(uri) | Self::ConfirmGone(uri) => Some(uri),
            Self::Featured(uri) | Self::PreviewCard(uri) => Some(uri),
            Self::FetchObject(uri) | Self::Relayed(uri) | Self::CheckGone(uri) => Some(uri),
            Self::FetchForGroup(_, uri) | Self::SyncFollowers(_, uri) => Some(uri),
            Self::Thread(_) | Self::CheckQuote(_) | Self::PollCounts(_) | Self::PollEnd(_) => None,
            Self::MuteEnd(_) | Self::VerifyLinks(_) | Self::Publish(_) | Self::Push(..) | Self::Erase => None,
        }
    }

    /// From kind and subject; nothing for what no Dassie has written.
    pub(crate) fn read(kind: &str, subject: &str) -> Option<Self> {
        let uri = || subject.to_owned();
        let status = || subject.parse().ok().map(StatusId);
        let of_actor = || {
            let (id, uri) = subject.split_once(' ')?;
            Some((ActorId(id.parse().ok()?), uri.to_owned()))
        };
        Some(match kind {
            "backfill" => Self::Backfill(uri()),
            "featured" => Self::Featured(uri()),
            "preview_card" => Self::PreviewCard(uri()),
            "refresh_actor" => Self::RefreshActor(uri()),
            "confirm_gone" => Self::ConfirmGone(uri()),
            "fetch_object" => Self::FetchObject(uri()),
            "fetch_for_group" => of_actor().map(|(actor, uri)| Self::FetchForGroup(actor, uri))?,
            "relayed" => Self::Relayed(uri()),
            "check_gone" => Self::CheckGone(uri()),
            "thread" => Self::Thread(status()?),
            "check_quote" => Self::CheckQuote(status()?),
            "poll_counts" => Self::PollCounts(status()?),
            "poll_end" => Self::PollEnd(status()?),
            "mute_end" => Self::MuteEnd(ActorId(subject.parse().ok()?)),
            "verify_links" => Self::VerifyLinks(ActorId(subject.parse().ok()?)),
            "push" => {
                let (subscription, notification) = subject.split_once(' ')?;
                Self::Push(subscription.parse().ok()?, NotificationId(notification.parse().ok()?))
            }
            "erase" => Self::Erase,
            "publish" => Self::Publish(ScheduledId(subject.parse().ok()?)),
            "sync_followers" => of_actor().map(|(actor, uri)| Self::SyncFollowers(actor, uri))?,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_read_as_it_was_written() {
        let (uri, actor, status) = (|| "https://a.example/1 2".to_owned(), ActorId(7), StatusId(8));
        let all = [
            Task::Backfill(uri()),
            Task::Featured(uri()),
            Task::RefreshActor(uri()),
            Task::ConfirmGone(uri()),
            Task::FetchObject(uri()),
            Task::FetchForGroup(actor, uri()),
            Task::Relayed(uri()),
            Task::CheckGone(uri()),
            Task::Thread(status),
            Task::CheckQuote(status),
            Task::PollCounts(status),
            Task::PollEnd(status),
            Task::SyncFollowers(actor, uri()),
            Task::MuteEnd(actor),
            Task::VerifyLinks(actor),
            Task::Publish(ScheduledId(9)),
            Task::Push(3, NotificationId(9)),
            Task::PreviewCard(uri()),
            Task::Erase,
        ];
        for task in all {
            assert_eq!(Task::read(task.kind(), &task.subject()).as_ref(), Some(&task));
        }
        assert_eq!(Task::read("thread", "x"), None);
        assert_eq!(Task::read("unknown", "1"), None);
    }
}
