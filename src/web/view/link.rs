//! Links to posts.

use crate::domain::queries::status_view::StatusView;
use crate::store::visibility::Viewer;

/// The page of a post: on this server for posts of the owner and if the owner is signed in, else on the post's server.
pub(super) fn link(view: &StatusView, viewer: Viewer) -> String {
    match (view.status.local, viewer.is_owner()) {
        (true, _) => format!("/@{}/{}", view.author.username, view.status.id),
        (false, true) => format!("/t/{}", view.status.id),
        (false, false) => view.page().to_owned(),
    }
}
