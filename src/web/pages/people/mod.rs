//! Lists of accounts that the owner follows, is followed by, mutes or blocks, and what the owner can do with an account.

pub(crate) mod account_actions;

use std::sync::Arc;

use minijinja::context;
use serde::Serialize;

use super::{next, page};
use crate::app::App;
use crate::domain::queries::accounts;
use crate::domain::queries::timelines::WithCursors;
use crate::domain::relationships::relation::relations;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;
use crate::store::actors::Actor;
use crate::store::database::pagination::Page;
use crate::store::relationships::follows::Direction;
use crate::web::locale::Message;
use crate::web::render;
use crate::web::view::{self, Person, RelationView};

/// One list of accounts.
struct List {
    /// Its name in the address.
    name: &'static str,
    /// Its heading.
    heading: Message,
    /// The text of the empty list.
    empty: Message,
    /// Reads a page of it.
    read: fn(&App, &Page) -> Result<WithCursors<Arc<Actor>>>,
}

/// Every list, in the order of the tabs.
static LISTS: [List; 5] = [
    List {
        name: "followers",
        heading: Message::new("people-followers"),
        empty: Message::new("people-followers-empty"),
        read: |app, page| follows(app, Direction::Followers, page),
    },
    List {
        name: "following",
        heading: Message::new("people-following"),
        empty: Message::new("people-following-empty"),
        read: |app, page| follows(app, Direction::Following, page),
    },
    List {
        name: "requests",
        heading: Message::new("people-requests"),
        empty: Message::new("people-requests-empty"),
        read: |app, page| accounts::follow_requests(&app.domain, page),
    },
    List {
        name: "muted",
        heading: Message::new("people-muted"),
        empty: Message::new("people-muted-empty"),
        read: |app, page| {
            let rows = accounts::muted(&app.domain, page)?;
            Ok(rows.into_iter().map(|(cursor, (actor, _))| (cursor, actor)).collect())
        },
    },
    List {
        name: "blocked",
        heading: Message::new("people-blocked"),
        empty: Message::new("people-blocked-empty"),
        read: |app, page| accounts::blocked(&app.domain, page),
    },
];

fn follows(app: &App, side: Direction, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    let owner = app.domain.owner()?.id;
    accounts::follows(&app.domain, app.domain.as_owner()?, owner, side, page)
}

/// An account of a list, with the owner's relationship.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PersonRow {
    who: Person,
    relation: RelationView,
}

/// Accounts with the owner's relationships, read together.
pub(crate) fn rows(app: &App, actors: &[Arc<Actor>]) -> Result<Vec<PersonRow>> {
    let (owner, viewer) = (app.domain.owner()?.id, app.domain.as_owner()?);
    let ids: Vec<ActorId> = actors.iter().map(|a| a.id).collect();
    let found = app.domain.store.read(|c| relations(c, owner, &ids))?;
    let relation_of = |id: ActorId| found.iter().find(|(of, _)| *of == id).map(|(_, r)| r.clone()).unwrap_or_default();
    let row =
        |a: &Arc<Actor>| PersonRow { who: view::person(app, a, viewer), relation: view::relation(relation_of(a.id)) };
    Ok(actors.iter().map(row).collect())
}

/// The tabs of the lists, and of hashtags.
pub(crate) fn tabs() -> Vec<minijinja::Value> {
    let mut tabs: Vec<_> =
        LISTS.iter().map(|l| context! { path => format!("/people/{}", l.name), label => l.heading }).collect();
    tabs.insert(2, context! { path => "/hashtags", label => Message::new("people-hashtags") });
    tabs
}

/// `GET /people/LIST`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let list = LISTS.iter().find(|l| l.name == request.param("list")).ok_or(Error::NotFound)?;
    let page = page(request)?;
    let found = (list.read)(app, &page)?;
    let next = next(request, &page, found.len(), found.last().map(|(cursor, _)| *cursor));
    let actors: Vec<Arc<Actor>> = found.into_iter().map(|(_, actor)| actor).collect();
    let context = context! {
        heading => list.heading,
        empty => list.empty,
        tabs => tabs(),
        people => rows(app, &actors)?,
        next,
    };
    render::page(app, request, "people.html", context)
}
