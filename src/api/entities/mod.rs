//! The entities of the client API, one file each. Every documented key is always there: typed apps lose a whole
//! page to one missing field.

pub mod account;
pub mod instance;
pub mod media;
pub mod notification;
pub mod relationship;
pub mod status;

use crate::app::App;
use crate::domain::Domain;
use crate::domain::urls::Site;

/// What entities need to know of the server.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where we are: entities hold absolute URLs.
    pub site: &'a Site,
    /// What is stored.
    pub domain: &'a Domain,
    /// The viewer is the owner: what the owner did is told.
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
}
