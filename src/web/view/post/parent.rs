//! The post that a post replies to.

use serde::Serialize;

use crate::domain::queries::status_view::StatusView;
use crate::store::statuses::Status;
use crate::web::locale::Message;

/// A post that is replied to and is not stored.
#[derive(Debug, Clone, Serialize)]
pub struct AbsentParent {
    /// Its id.
    pub uri: String,
    /// It was deleted, or its server does not provide it.
    pub gone: bool,
}

/// The post that a status replies to, if that is not stored.
pub(super) fn absent_parent(s: &Status) -> Option<AbsentParent> {
    let uri = s.in_reply_to_uri.as_ref().filter(|_| s.in_reply_to.is_none())?;
    Some(AbsentParent { uri: uri.clone(), gone: s.parent_gone })
}

/// Whom a reply is to. Only those who are mentioned are named, because their names are loaded with the post.
pub(super) fn reply(view: &StatusView) -> Option<Message> {
    let s = &view.status;
    s.in_reply_to_uri.as_ref()?;
    let mentioned = s.in_reply_to_actor.and_then(|id| view.mentions.iter().find(|mention| mention.actor_id == id));
    Some(match mentioned {
        _ if s.in_reply_to_actor == Some(s.actor_id) => Message::new("post-continues"),
        Some(mention) => Message::new("post-reply-to-html").with("name", format!("@{}", mention.username)),
        None => Message::new("post-is-reply"),
    })
}
