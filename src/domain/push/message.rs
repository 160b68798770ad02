//! Messages: a notification as a push service receives it, and what its response means.

use serde::Serialize;
use url::Url;

use crate::domain::Domain;
use crate::domain::queries;
use crate::domain::queries::status_view::NotificationView;
use crate::domain::remote_files::{Audience, RemoteFile};
use crate::error::Result;
use crate::limits;
use crate::protocol::html::to_text;
use crate::protocol::ids::NotificationId;
use crate::protocol::web_push::{Encryption, Subscriber};
use crate::store::account::push::{self, PushHolder, PushSubscription};
use crate::store::account::sessions;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::notifications::{NotificationKind, Selection};

/// The content of a message, as Mastodon's.
#[derive(Debug, Serialize)]
struct PushMessage<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    /// What a click opens in a browser, which has no token.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    preferred_locale: &'static str,
    /// A number: Ice Cubes reads no other type.
    notification_id: i64,
    notification_type: &'static str,
    icon: String,
    title: String,
    body: String,
}

/// An encrypted message with its request.
#[derive(Debug)]
pub struct PreparedPush {
    /// The URL at the push service.
    pub endpoint: String,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Prepares the message of a notification to a subscription. Returns `None` if either no longer exists, or the notification
/// is too old to be of interest.
///
/// # Errors
/// [`Error::Internal`](crate::Error::Internal) if the message cannot be encrypted.
pub fn prepare(domain: &Domain, subscription: i64, id: NotificationId) -> Result<Option<PreparedPush>> {
    let Some(subscription) = domain.store.read(|c| push::get(c, subscription))? else { return Ok(None) };
    let only = Page { below: id.0.saturating_add(1), above: id.0.saturating_sub(1), ..Page::newest(1) };
    let views = queries::notifications::list(domain, &Selection::all(), &only)?;
    let oldest = domain.now().minus(limits::PUSH_AGE);
    let Some(view) = views.views.into_iter().next().filter(|view| view.row.created_at >= oldest) else {
        return Ok(None);
    };
    let keys = domain.push_keys()?;
    let token = match (&subscription.holder, &subscription.sealed_token) {
        (PushHolder::Browser(session), _) => {
            let since = domain.now().minus(limits::SESSION_AGE);
            if domain.store.read(|c| sessions::valid(c, &IdList::new([session.0]), since))?.is_empty() {
                return Ok(None);
            }
            None
        }
        (PushHolder::App(_), sealed) => {
            let open = |sealed: &Vec<u8>| String::from_utf8(keys.sealing.open(sealed)?).ok();
            let Some(token) = sealed.as_ref().and_then(open) else { return Ok(None) };
            Some(token)
        }
    };
    encrypted(domain, subscription, &text(domain, &view, token.as_deref())).map(Some)
}

fn encrypted(domain: &Domain, subscription: PushSubscription, text: &[u8]) -> Result<PreparedPush> {
    let unusable = || crate::Error::internal("the keys of a push subscription are damaged");
    let subscriber = Subscriber::new(subscription.public_key, subscription.auth).ok_or_else(unusable)?;
    let encryption = if subscription.standard { Encryption::Aes128Gcm } else { Encryption::AesGcm };
    let message = subscriber.encrypt(encryption, text)?;
    let endpoint = Url::parse(&subscription.endpoint).map_err(|_| unusable())?;
    let vapid = &domain.push_keys()?.vapid;
    let mut headers = vapid.headers(&endpoint, &domain.site.base(), domain.now(), (encryption, &message))?;
    headers.push(("Content-Type", "application/octet-stream".to_owned()));
    headers.push(("TTL", limits::PUSH_AGE.as_secs().to_string()));
    headers.push(("Urgency", "normal".to_owned()));
    Ok(PreparedPush { endpoint: subscription.endpoint, headers, body: message.body })
}

/// The message as JSON of a limited size: push services accept 4 KiB.
fn text(domain: &Domain, view: &NotificationView, token: Option<&str>) -> Vec<u8> {
    let avatar = view.actor.avatar.as_deref();
    let message = PushMessage {
        access_token: token,
        url: token.is_none().then(|| page(view)),
        preferred_locale: "en",
        notification_id: view.row.id.0,
        // Typed apps do not know reactions.
        notification_type: match view.row.kind {
            NotificationKind::Reaction => NotificationKind::Favourite.as_str(),
            kind => kind.as_str(),
        },
        icon: match avatar {
            Some(file) if view.actor.local => domain.site.media(file),
            Some(url) => domain.proxied(Audience::Owner, RemoteFile::Picture(view.actor.id), url),
            None => domain.site.url("/static/avatar.png"),
        },
        title: title(view),
        body: cut(&body(view), limits::PUSH_BODY_CHARS),
    };
    // A struct of strings and a number can always be serialised.
    let bytes = serde_json::to_vec(&message).unwrap_or_default();
    if bytes.len() <= limits::PUSH_MESSAGE {
        return bytes;
    }
    let icon = domain.site.url("/static/avatar.png");
    serde_json::to_vec(&PushMessage { icon, body: String::new(), ..message }).unwrap_or_default()
}

/// The page of a notification.
fn page(view: &NotificationView) -> String {
    match (&view.status, view.row.kind) {
        (Some(post), _) => format!("/t/{}", post.content().status.id),
        (None, NotificationKind::FollowRequest) => "/people/requests".to_owned(),
        (None, _) => "/notifications".to_owned(),
    }
}

/// The title, in Mastodon's words.
fn title(view: &NotificationView) -> String {
    let name = cut(view.actor.shown_name(), limits::PUSH_NAME_CHARS);
    match view.row.kind {
        NotificationKind::Mention => format!("{name} mentioned you"),
        NotificationKind::Boost => format!("{name} boosted your post"),
        NotificationKind::Favourite => format!("{name} favorited your post"),
        NotificationKind::Follow => format!("{name} is now following you"),
        NotificationKind::FollowRequest => format!("{name} has requested to follow you"),
        NotificationKind::Poll => "A poll has ended".to_owned(),
        NotificationKind::Update => format!("{name} edited a post"),
        NotificationKind::Status => format!("{name} just posted"),
        NotificationKind::Reaction => format!("{name} reacted to your post"),
        NotificationKind::Quote => format!("{name} quoted your post"),
        NotificationKind::Report => format!("{name} reported you"),
        NotificationKind::QuotedUpdate => format!("{name} edited a post you have quoted"),
        NotificationKind::Severed => "Follows have ended".to_owned(),
    }
}

/// The content warning or text of the post, or the biography of a follower.
fn body(view: &NotificationView) -> String {
    match &view.status {
        Some(post) if !post.content().status.summary.is_empty() => post.content().status.summary.clone(),
        Some(post) => to_text(&post.content().status.content),
        None => to_text(&view.actor.note),
    }
}

/// At most this many characters, with an ellipsis if some are left out.
fn cut(text: &str, most: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// What the response of a push service means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushOutcome {
    /// The message was accepted.
    Accepted,
    /// The subscription does not exist any longer, or may not be contacted.
    Expired,
    /// The message was refused. A subscription that refuses several in a row is removed.
    Refused,
}

/// Records the outcome of a message.
pub fn finish(domain: &Domain, subscription: i64, outcome: PushOutcome) -> Result<()> {
    domain.store.write_quietly(move |conn| match outcome {
        PushOutcome::Accepted => push::accepted(conn, subscription),
        PushOutcome::Expired => push::remove(conn, subscription),
        PushOutcome::Refused if push::count_refusal(conn, subscription)? >= limits::PUSH_REFUSALS => {
            push::remove(conn, subscription)
        }
        PushOutcome::Refused => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(cut(" héllo ", 5), "héllo");
        assert_eq!(cut("héllo!", 5), "héll…");
    }
}
