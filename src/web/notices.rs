//! The notices that a page shows after an action of the owner: `?done=CODE` in the address that the form redirects to.

use super::locale::Message;

/// The notice of a code, or `None` if there is no such code.
pub(super) fn notice(code: &str) -> Option<Message> {
    let is_meant = |notice: &&Message| notice.id().strip_prefix(PREFIX) == Some(code);
    NOTICES.iter().find(is_meant).cloned()
}

/// What the ids of notices begin with.
const PREFIX: &str = "notice-";

/// Every notice. The rest of its id is its code.
const NOTICES: &[Message] = &[
    Message::new("notice-welcome"),
    Message::new("notice-posted"),
    Message::new("notice-deleted"),
    Message::new("notice-followed"),
    Message::new("notice-unfollowed"),
    Message::new("notice-saved"),
    Message::new("notice-settings-saved"),
    Message::new("notice-notify"),
    Message::new("notice-unnotify"),
    Message::new("notice-boosts-shown"),
    Message::new("notice-boosts-hidden"),
    Message::new("notice-muted"),
    Message::new("notice-unmuted"),
    Message::new("notice-noted"),
    Message::new("notice-blocked"),
    Message::new("notice-unblocked"),
    Message::new("notice-accepted"),
    Message::new("notice-rejected"),
    Message::new("notice-draft-saved"),
    Message::new("notice-draft-deleted"),
    Message::new("notice-scheduled"),
    Message::new("notice-cancelled"),
    Message::new("notice-conversation-removed"),
    Message::new("notice-tag-followed"),
    Message::new("notice-tag-unfollowed"),
    Message::new("notice-tag-featured"),
    Message::new("notice-tag-unfeatured"),
    Message::new("notice-described"),
    Message::new("notice-emoji-added"),
    Message::new("notice-emoji-removed"),
    Message::new("notice-signed-out"),
    Message::new("notice-signed-out-others"),
    Message::new("notice-passkey-added"),
    Message::new("notice-passkey-removed"),
    Message::new("notice-two-factor-off"),
    Message::new("notice-token-revoked"),
    Message::new("notice-tokens-revoked"),
    Message::new("notice-list-created"),
    Message::new("notice-list-added"),
    Message::new("notice-list-removed"),
    Message::new("notice-list-deleted"),
    Message::new("notice-filter-deleted"),
    Message::new("notice-filter-added"),
    Message::new("notice-request-accepted"),
    Message::new("notice-request-dismissed"),
    Message::new("notice-moved"),
    Message::new("notice-move-cancelled"),
    Message::new("notice-alias-added"),
    Message::new("notice-alias-removed"),
    Message::new("notice-refreshing"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_codes_have_a_notice() {
        assert!(notice("blocked").is_some_and(|n| n.id() == "notice-blocked"));
        assert_eq!(notice("<script>"), None);
    }
}
