//! The script of the demo: who appears, and what happens. It is in `story/`.

use serde::Deserialize;

use crate::error::{Error, Result};

/// An account of another server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    /// Its user name, by which the script refers to it.
    pub key: String,
    pub host: String,
    pub name: String,
    pub bio: String,
    /// How many days ago the account was made.
    pub joined: u64,
    /// The number of its face; it has no picture if `None`.
    pub face: Option<u32>,
    /// The scene of its header.
    pub header: Option<String>,
    /// The type of the actor; a person if `None`.
    pub kind: Option<String>,
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// Custom emoji in its name.
    #[serde(default)]
    pub emoji: Vec<String>,
}

/// Something that happens.
#[derive(Debug, Deserialize)]
pub(super) struct Scene {
    /// How many minutes ago.
    pub ago: u64,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Event {
    /// The owner follows accounts, which accept.
    Follow {
        who: Vec<String>,
        #[serde(default)]
        notify: bool,
    },
    /// Accounts follow the owner.
    Followed {
        who: Vec<String>,
    },
    /// The owner posts.
    Own(Box<OwnPost>),
    /// Another account posts.
    Post(Box<PeerPost>),
    /// A group passes on the post of a member.
    Group {
        key: String,
        by: String,
        author: String,
        html: String,
    },
    /// Another account edits its post.
    Edit(Box<PeerEdit>),
    /// Others favourite a post of the owner.
    Like {
        post: String,
        who: Vec<String>,
    },
    /// Others boost a post of the owner.
    Boost {
        post: String,
        who: Vec<String>,
    },
    /// Others react to a post of the owner.
    React {
        post: String,
        who: Vec<String>,
        emoji: String,
    },
    /// Others vote in a poll of the owner.
    Vote {
        post: String,
        option: String,
        who: Vec<String>,
    },
    /// A poll of the owner ends.
    EndPoll {
        post: String,
    },
    Favourite {
        post: String,
    },
    Bookmark {
        post: String,
    },
    Boosted {
        post: String,
    },
    Pin {
        post: String,
    },
    ReactOwn {
        post: String,
        emoji: String,
    },
    /// The owner votes.
    Choose {
        post: String,
        option: usize,
    },
    Mute {
        who: Vec<String>,
    },
    /// Another server reports a post of the owner.
    Report {
        by: String,
        post: String,
        comment: String,
    },
    /// The owner approves followers by hand, or no longer.
    Lock {
        on: bool,
    },
    /// Messages of unknown accounts are held back from now on.
    FilterStrangers,
}

/// A picture in a post.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Picture {
    pub scene: String,
    pub alt: String,
    pub focus: Option<(f32, f32)>,
}

/// The video in a post.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Video {
    pub alt: String,
}

/// A poll of another account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeerPoll {
    pub options: Vec<String>,
    pub votes: Vec<u64>,
    /// How long it runs.
    pub minutes: u64,
}

/// A poll of the owner.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnPoll {
    pub options: Vec<String>,
    /// How long it runs.
    pub minutes: u64,
}

/// Who receives a post of another account.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Readers {
    #[default]
    Public,
    Followers,
    Owner,
}

/// A post of another account. Posts refer to each other by key.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PeerPost {
    pub key: String,
    pub by: String,
    pub html: String,
    #[serde(default)]
    pub to: Readers,
    pub cw: Option<String>,
    #[serde(default)]
    pub sensitive: bool,
    pub language: Option<String>,
    pub reply_to: Option<String>,
    pub quote: Option<String>,
    #[serde(default)]
    pub mentions: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub emoji: Vec<String>,
    #[serde(default)]
    pub pictures: Vec<Picture>,
    pub video: Option<Video>,
    pub poll: Option<PeerPoll>,
}

impl PeerPost {
    /// A public post with nothing but a text.
    pub(super) fn plain(key: String, by: String, html: String) -> Self {
        Self { key, by, html, ..Self::default() }
    }
}

/// A new text of a post of another account.
#[derive(Debug, Deserialize)]
pub(super) struct PeerEdit {
    pub by: String,
    pub post: String,
    pub html: String,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A post of the owner.
#[derive(Debug, Deserialize)]
pub(super) struct OwnPost {
    pub key: String,
    pub text: String,
    pub format: Option<String>,
    pub cw: Option<String>,
    pub visibility: Option<String>,
    pub reply_to: Option<String>,
    pub quote: Option<String>,
    #[serde(default)]
    pub pictures: Vec<Picture>,
    pub poll: Option<OwnPoll>,
}

/// The accounts of the script.
pub(super) fn cast() -> Result<Vec<Role>> {
    read("cast", include_str!("story/cast.json"))
}

/// Its events, in the order of time.
pub(super) fn story() -> Result<Vec<Scene>> {
    read("story", include_str!("story/story.json"))
}

fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("the {name} of the demo: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_in_chronological_order_with_known_accounts() {
        let (cast, story) = (cast().unwrap(), story().unwrap());
        assert!(story.windows(2).all(|two| two[0].ago > two[1].ago));
        for scene in &story {
            if let Event::Post(post) = &scene.event {
                assert!(cast.iter().any(|role| role.key == post.by), "{}", post.by);
            }
        }
    }
}
