//! The notices that a page shows after an action of the owner: `?done=CODE` in the address that the form redirects to.

/// The notice of a code, or `None` if there is no such code.
pub(super) fn text(code: &str) -> Option<&'static str> {
    let (_, text) = NOTICES.iter().find(|(known, _)| *known == code)?;
    Some(text)
}

/// Every code with its text.
const NOTICES: &[(&str, &str)] = &[
    ("welcome", "Your server is ready. Write your first post below."),
    ("posted", "Your post is published."),
    ("deleted", "The post was deleted. Servers that received it are asked to delete it too."),
    ("followed", "Follow request sent. Posts appear at home once it is accepted."),
    ("unfollowed", "You no longer follow this account."),
    ("saved", "Saved. The servers of your followers will be notified."),
    ("settings-saved", "Saved."),
    ("notify", "You are notified of each post of this account."),
    ("unnotify", "You are no longer notified of each post of this account."),
    ("boosts-shown", "Boosts by this account appear at home."),
    ("boosts-hidden", "Boosts by this account no longer appear at home."),
    ("muted", "This account is muted: you see its posts only on its own page."),
    ("unmuted", "This account is no longer muted."),
    ("noted", "Your note is saved. Only you can see it."),
    ("blocked", "This account is blocked: it cannot follow you, and you see nothing of it."),
    ("unblocked", "This account is no longer blocked."),
    ("accepted", "The follow request was accepted."),
    ("rejected", "The follow request was rejected."),
    ("draft-saved", "The draft is saved."),
    ("draft-deleted", "The draft was deleted."),
    ("scheduled", "The post is scheduled."),
    ("cancelled", "The scheduled post was cancelled."),
    ("conversation-removed", "Removed from the list. Its posts are kept, and it returns with a new one."),
    ("tag-followed", "Posts with this hashtag appear at home."),
    ("tag-unfollowed", "You no longer follow this hashtag."),
    ("tag-featured", "This hashtag is shown on your profile."),
    ("tag-unfeatured", "This hashtag is no longer shown on your profile."),
    ("described", "The description is saved."),
    ("emoji-added", "The emoji was added."),
    ("emoji-removed", "The emoji was removed."),
    ("signed-out", "That browser is signed out."),
    ("signed-out-others", "All other browsers are signed out."),
    ("passkey-added", "The passkey is added. You can sign in with it from now on."),
    ("passkey-removed", "The passkey is removed: it no longer signs in. Remove it on your device too."),
    ("two-factor-off", "Two-factor authentication is off."),
    ("token-revoked", "The token was revoked: the app is signed out."),
    ("tokens-revoked", "All tokens were revoked: every app is signed out."),
    ("list-created", "The list was created. Add members to it below."),
    ("list-added", "Added to the list."),
    ("list-removed", "Removed from the list."),
    ("list-deleted", "The list was deleted."),
    ("filter-deleted", "The filter was deleted."),
    ("filter-added", "The post was added to this filter."),
    ("request-accepted", "Accepted. This account's notifications appear among the others from now on."),
    ("request-dismissed", "Dismissed. These notifications were removed."),
    ("moved", "Your account has moved. The servers of your followers are asked to follow the new account."),
    ("move-cancelled", "The move is cancelled. You can post and be followed here again."),
    ("alias-added", "The alias is added. Now start the move on the other account."),
    ("alias-removed", "The alias is removed."),
    ("refreshing", "New posts are being fetched. Reload this page in a moment."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_codes_have_a_text() {
        assert!(text("blocked").is_some_and(|t| t.contains("blocked")));
        assert_eq!(text("<script>"), None);
    }
}
