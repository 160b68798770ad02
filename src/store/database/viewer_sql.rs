//! SQL texts that depend on the viewer, each formatted once.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::protocol::ids::ActorId;
use crate::store::visibility::Viewer;

/// The text of one query for anonymous clients and for the owner, in `N` variants (such as both orders of a page). The text
/// for a signed peer contains its id and is not kept: there are as many as peers.
pub(in crate::store) struct ViewerSql<const N: usize = 1> {
    anonymous: [OnceLock<String>; N],
    owner: [OnceLock<(ActorId, String)>; N],
}

impl<const N: usize> ViewerSql<N> {
    /// Without any text yet.
    pub(in crate::store) const fn new() -> Self {
        Self { anonymous: [const { OnceLock::new() }; N], owner: [const { OnceLock::new() }; N] }
    }

    /// The text of a variant for a viewer. `build` makes it if it is not kept.
    pub(in crate::store) fn get(&self, viewer: Viewer, variant: usize, build: impl Fn() -> String) -> Cow<'_, str> {
        match viewer {
            Viewer::Anonymous => Cow::Borrowed(self.anonymous[variant].get_or_init(build)),
            Viewer::Peer(_) => Cow::Owned(build()),
            Viewer::Owner(owner) => match self.owner[variant].get_or_init(|| (owner, build())) {
                (of, sql) if *of == owner => Cow::Borrowed(sql),
                // Another server in the same process, as in tests.
                _ => Cow::Owned(build()),
            },
        }
    }
}
