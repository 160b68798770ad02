//! The lists of one account.

use minijinja::context;

use crate::app::App;
use crate::domain::relationships::lists;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::{ActorId, ListId};
use crate::store::actors;
use crate::store::relationships::lists as rows;
use crate::web::{render, view};

/// `GET /accounts/ID/lists`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    let (actor, all, of_actor) = app.domain.store.read(|c| {
        let actor = actors::get(c, id)?.ok_or(Error::NotFound)?;
        Ok((actor, rows::all(c)?, rows::with_member(c, id)?))
    })?;
    let lists = all.iter().map(|list| {
        context! { id => list.id.to_string(), title => list.title, is_member => of_actor.iter().any(|l| l.id == list.id) }
    });
    let context = context! {
        who => view::person(app, &actor, app.domain.as_owner()?),
        lists => lists.collect::<Vec<_>>(),
    };
    render::page(app, request, "membership.html", context)
}

/// `POST /accounts/ID/lists`: the account is a member of these lists and no others.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    let wanted: Vec<ListId> = request.form()?.exact_list("list_ids")?;
    let before: Vec<ListId> = app.domain.store.read(|c| rows::with_member(c, id))?.iter().map(|l| l.id).collect();
    for list in wanted.iter().filter(|list| !before.contains(list)) {
        lists::add_members(&app.domain, *list, vec![id])?;
    }
    for list in before.iter().filter(|list| !wanted.contains(list)) {
        lists::remove_members(&app.domain, *list, vec![id])?;
    }
    Ok(Response::see_other(&format!("/accounts/{id}/lists?done=settings-saved")))
}
