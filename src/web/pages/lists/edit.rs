//! Editing of a list: its settings and its members.

use std::sync::Arc;

use minijinja::context;

use super::{ListView, stored};
use crate::app::App;
use crate::domain::queries::accounts;
use crate::domain::queries::search::{self, SearchQuery};
use crate::domain::relationships::lists;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::ids::{ActorId, ListId};
use crate::store::actors::{Actor, Among};
use crate::store::database::pagination::Page;
use crate::store::relationships::follows::Direction;
use crate::store::relationships::lists as rows;
use crate::web::locale::Message;
use crate::web::view::{self, Person};
use crate::web::{pages, render};

/// Members, and accounts to add, on one page.
const SHOWN: u32 = 80;

/// `GET /lists/ID/edit`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let list = stored(app, request.id("id")?)?;
    show_form(app, request, &list, None)
}

fn show_form(app: &App, request: &Request, list: &ListView, error: Option<Message>) -> Result<Response> {
    let id: ListId = request.id("id")?;
    let form = request.form()?;
    let viewer = app.domain.as_owner()?;
    let page = Page::before(form.number("before"), SHOWN);
    let members = accounts::list_members(&app.domain, id, &page)?;
    let search = form.filled("q").unwrap_or_default().trim();
    let people =
        |actors: &[Arc<Actor>]| -> Vec<Person> { actors.iter().map(|a| view::person(app, a, viewer)).collect() };
    let context = context! {
        next => members.last().filter(|_| members.len() >= SHOWN as usize).map(|m| format!("/lists/{id}/edit?before={}", m.0)),
        members => people(&members.into_iter().map(|(_, actor)| actor).collect::<Vec<_>>()),
        candidates => people(&candidates(app, id, search)?),
        search,
        list,
        title_limit => limits::LIST_TITLE_CHARS,
        error,
    };
    render::page(app, request, "list_edit.html", context)
}

/// Followed accounts that are no members: the newest, or those that match a search.
fn candidates(app: &App, list: ListId, text: &str) -> Result<Vec<Arc<Actor>>> {
    let viewer = app.domain.as_owner()?;
    let found = if text.is_empty() {
        let owner = app.domain.owner()?.id;
        let page = Page::newest(SHOWN);
        let rows = accounts::follows(&app.domain, viewer, owner, Direction::Following, &page)?;
        rows.into_iter().map(|(_, actor)| actor).collect()
    } else {
        let query = SearchQuery::accounts(text, Among::Followed, SHOWN);
        search::search(&app.domain, viewer, &query)?.actors
    };
    app.domain.store.read(|c| {
        let mut others = Vec::with_capacity(found.len());
        for actor in found {
            if !rows::has_member(c, list, actor.id)? {
                others.push(actor);
            }
        }
        Ok(others)
    })
}

/// `POST /lists/ID/edit`. A rejected change is shown again in the form, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let id: ListId = request.id("id")?;
    let form = request.form()?;
    let entered = ListView::entered(Some(id), &form);
    match ListView::change(&form).and_then(|change| lists::update(&app.domain, id, change)) {
        Ok(_) => Ok(Response::see_other(&format!("/lists/{id}/edit?done=settings-saved"))),
        Err(e) => pages::rejected(&e, request, |message| show_form(app, request, &entered, Some(message))),
    }
}

/// `POST /lists/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: ListId = request.id("id")?;
    let named: Vec<ActorId> = request.form()?.exact_list("account_ids")?;
    let done = match request.param("action") {
        "add" => {
            lists::add_members(&app.domain, id, named)?;
            "list-added"
        }
        "remove" => {
            lists::remove_members(&app.domain, id, named)?;
            "list-removed"
        }
        "delete" => {
            lists::delete(&app.domain, id)?;
            return Ok(Response::see_other("/lists?done=list-deleted"));
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Response::see_other(&format!("/lists/{id}/edit?done={done}#members")))
}
