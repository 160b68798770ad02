//! The entities of the client API, one file each. Every documented key is always present: typed apps lose a whole page if
//! one field is missing.

pub mod account;
pub mod filter;
pub mod hashtag;
pub mod instance;
pub mod media;
pub mod notification;
pub mod notification_group;
pub mod preview_card;
pub mod profile;
pub mod relationship;
pub mod status;

use crate::app::App;
use crate::domain::Domain;
use crate::domain::remote_files::{Audience, RemoteFile};
use crate::domain::urls::Site;

/// The context that entities are built in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The site: entities contain absolute URLs.
    pub site: &'a Site,
    /// The domain layer.
    pub domain: &'a Domain,
    /// The viewer is the owner: entities include the owner's interactions.
    pub owner: bool,
}

impl<'a> Context<'a> {
    /// The context of a request.
    pub fn of(app: &'a App, request: &crate::http::Request) -> Self {
        let owner = match &request.principal {
            crate::http::Principal::Token(bearer) => bearer.token.owner,
            crate::http::Principal::Browser(_) => true,
            crate::http::Principal::Anonymous => false,
        };
        Self { site: &app.domain.site, domain: &app.domain, owner }
    }

    /// Who is shown the entities.
    pub fn audience(&self) -> Audience {
        Audience::owner_if(self.owner)
    }

    /// The URL at which this server serves a file of another server.
    pub fn proxied(&self, file: RemoteFile, url: &str) -> String {
        self.domain.proxied(self.audience(), file, url)
    }
}
